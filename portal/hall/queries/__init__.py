"""Reads of the hall, shaped for who asks."""
