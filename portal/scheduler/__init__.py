"""The portal's own clock: whoever holds the lease brings outcomes about and has the rules judge what changed.

APScheduler only keeps time. Every job reads the clock once, opens a transaction and calls operations that add nothing
when they are run again, so that a missed run is caught up and a doubled one does no harm.
"""
