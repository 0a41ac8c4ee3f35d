"""Findings as they stand: what the rules found in the ledger, kept so that people can answer to it."""
