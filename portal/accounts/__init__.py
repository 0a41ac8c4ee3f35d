"""Who people are, which posts they held when, and what each role may do to what."""
