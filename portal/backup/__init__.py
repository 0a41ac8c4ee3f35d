"""Backups: one encrypted file that holds the database, the uploads and the sealed ledger, and the way back from it."""
