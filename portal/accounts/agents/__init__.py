"""Agents: who lets whom act, for which services, from when until when; and the village agents of the offices."""
