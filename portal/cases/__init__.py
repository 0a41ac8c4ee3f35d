"""Cases (办件): the life cycle of what a citizen handed in, its clocks, and what they bring about."""
