"""The vocabulary of the rules: an event log as frames of whole numbers and texts, and the words a norm is written in.

Everything here is pure and lazy: the same expression runs on Polars, DuckDB and PySpark through Narwhals. A rule meets
no zone, no timestamp and no clock: instants are Int64 microseconds since 1970-01-01T00:00Z (``at``, ``…_at``), days are
Int64 local days since 1970-01-01 (``day``, ``…_on``), flags are 0 and 1.
"""

from portal.compliance.log.frames import ENVELOPE, Frame, Log, Moment
from portal.compliance.log.passages import HOLDERS, gaps, holders, hops, reversals, runs
from portal.compliance.log.pauses import PAUSE_TYPES, merged_pauses, pauses
from portal.compliance.log.spans import spans, targets

__all__ = [
    "ENVELOPE",
    "HOLDERS",
    "PAUSE_TYPES",
    "Frame",
    "Log",
    "Moment",
    "gaps",
    "holders",
    "hops",
    "merged_pauses",
    "pauses",
    "reversals",
    "runs",
    "spans",
    "targets",
]
