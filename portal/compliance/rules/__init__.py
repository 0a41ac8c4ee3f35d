"""The rules: one module is one rule, found by its being here."""
