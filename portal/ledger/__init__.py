"""What happened: append-only events, hashed as stored, and the list of everything that may be written."""
