"""Synthetic years: ledgers in which everything, or exactly one thing, is known to be lawful or wrong."""
