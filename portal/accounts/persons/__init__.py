"""Persons and firms: their identity documents, checked and sealed, and how they are reached."""
