"""What people do about a finding: who was told and answered, who confirmed or dismissed it, and what was published.

What people wrote stands in the sealed part of each event; the payload holds days, grounds and conclusions alone. The
order to put right is a subject of its own (orders.py), ``order/<number of the finding>``.
"""

from __future__ import annotations

from portal.basis import N_
from portal.ledger.kinds.listing import Sort, day, integer, kind, text

# A table: each kind as it reads best, its keys below it.
# fmt: off
kind("finding-notified", Sort.FINDING, "notify_finding", N_("The office was asked to answer"), ("fold",), {
    "to_office": text("fold"),
    "due_on": day("fold"),  # last day of the answer
})
kind("finding-explained", Sort.FINDING, "explain_finding", N_("The office has answered"), ("fold",), {
    "due_on": day("fold"),  # last day to judge the answer
})
kind("finding-confirmed", Sort.FINDING, "confirm_finding", N_("Confirmed"), ("fold",), {
    "due_on": day("fold"),  # last day of an appeal
    "order_by_on": day("fold"),  # last day to order that it be put right, if nobody appeals
    "repeats": text("fold"),  # number of the finding that was put right before
})
kind("finding-appeal-waived", Sort.FINDING, "waive_appeal", N_("The office does not appeal"), ("fold",), {
    "due_on": day("fold"),  # last day to order that it be put right
})
kind("finding-appealed", Sort.FINDING, "appeal_finding", N_("The office appeals"), ("fold",), {
    "due_on": day("fold"),  # last day to decide the appeal
})
kind("finding-appeal-decided", Sort.FINDING, "decide_appeal", N_("The appeal is decided"), ("fold",), {
    "conclusion": text("fold"),  # upheld: the finding stands; overturned: it does not
    "due_on": day("fold"),  # last day to order that it be put right; none where it was overturned
})
kind("finding-dismissal-proposed", Sort.FINDING, "propose_dismissal", N_("Dismissal proposed"), ("fold",), {
    "ground": text("fold"),  # unfounded, guard, first-minor
    "evidence_seq": integer("page"),  # of the event that excuses it
    "due_on": day("fold"),  # last day for the second person
})
kind("finding-dismissed", Sort.FINDING, "dismiss_finding", N_("Dismissed"), ("fold",), {
    "ground": text("fold"),
})
kind("finding-dismissal-refused", Sort.FINDING, "refuse_dismissal", N_("Not dismissed"), ("fold",))
kind("finding-published", Sort.FINDING, "publish_finding", N_("Published"), ("fold",), {
    "words": text("page"),  # masked; everybody reads them
})
