"""The verbs of the `portal` command: each module calls one operation or one report, and is found by its name."""
