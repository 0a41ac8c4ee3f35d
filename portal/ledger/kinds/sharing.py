"""Data shared between offices: a request, its answer, and faults of the data that are reported back.

Nothing writes these yet: the data directory to come will, and logs may be imported today. The subject is
``share/<number>``; what is shared never stands here.
"""

from __future__ import annotations

from functools import partial

from portal.basis import N_
from portal.ledger.kinds.listing import Sort, flag, kind, text

coming = partial(kind, is_to_come=True)

# A table: each kind as it reads best, its keys below it.
# fmt: off
coming("share-requested", Sort.SHARE, "request_share", N_("Data requested from another office"), ("V32",), {
    "to_office": text("V32"),
    "is_published": flag("V32"),  # the data stand in the directory already
})
coming("share-answered", Sort.SHARE, "answer_share", N_("Request for data answered"), ("V32",), {
    "outcome": text("V32"),  # granted, refused
    "reason": text("V32"),
})
coming("share-found-secret", Sort.SHARE, "find_share_secret", N_("Data may not be shared"), ("V32",), {
    "basis": text("V32"),
})
coming("share-withdrawn", Sort.SHARE, "withdraw_share", N_("Request for data withdrawn"), ("V32",))
coming("share-fault-reported", Sort.SHARE, "report_share_fault", N_("Fault of the data reported"), ("V32",), {
    "fault": text("V32"),  # its number
})
coming("share-fault-fixed", Sort.SHARE, "fix_share_fault", N_("Fault of the data answered"), ("V32",), {
    "fault": text("V32"),
})
