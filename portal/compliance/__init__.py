"""Judges the ledger: frames, rules, findings. Knows no room, so any log in the ledger's form can be judged."""
