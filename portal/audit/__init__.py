"""Reports: one log, one period, every rule; whoever runs them again gets the same bytes."""

from portal.audit.names import own_names
from portal.audit.run import Audit, audit, write

__all__ = ["Audit", "audit", "own_names", "write"]
