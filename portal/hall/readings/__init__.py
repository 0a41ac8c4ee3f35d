"""Readings of queues that somebody else published: who was left waiting, where nobody served, how long waits were."""
