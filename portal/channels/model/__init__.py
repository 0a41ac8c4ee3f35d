"""The ways to an item without a database: what a channel is, what its events come to, what probes say. Pure."""
