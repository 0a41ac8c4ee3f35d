"""An order of the hotline: who called, to which office it went, what was replied, and whether that was true.

Nothing writes these yet: the appeals to come will, and logs may be imported today (an appeal that is handled as a case
has a case's events). The subject is ``appeal/<number>``; the caller is a pseudonym.
"""

from __future__ import annotations

from functools import partial

from portal.basis import N_
from portal.ledger.kinds.listing import Sort, flag, integer, kind, text

coming = partial(kind, is_to_come=True)

# A table: each kind as it reads best, its keys below it.
# fmt: off
coming("appeal-dispatched", Sort.APPEAL, "dispatch_appeal", N_("Sent to an office"), ("V44", "V45"), {
    "to_office": text("V44", "V45"),
})
coming("appeal-extended", Sort.APPEAL, "extend_appeal", N_("More time for the appeal"), ("V44",), {
    "days": integer("V44"),
})
coming("appeal-limit-cited", Sort.APPEAL, "cite_appeal_limit", N_("A longer limit by law"), ("V44",), {
    "days": integer("V44"),  # working days
    "basis": text("V44"),  # the article that sets them
})
coming("appeal-declared-hard", Sort.APPEAL, "declare_appeal_hard", N_("Hard to solve"), ("V44",))
coming("appeal-interim-answered", Sort.APPEAL, "answer_appeal_meanwhile", N_("Told how it stands"), ("V44",))
coming("appeal-replied", Sort.APPEAL, "reply_to_appeal", N_("Replied to"), ("V44", "V17"), {
    "is_done": flag("V44"),  # 0: replied, but nothing was done yet
    "text_digest": text("V17"),  # of the reply
})
coming("appeal-called-back", Sort.APPEAL, "call_back", N_("Caller asked whether it was done"), ("V17",), {
    "outcome": text("V17"),  # done, not-done, unreachable
})
coming("appeal-reopened", Sort.APPEAL, "reopen_appeal", N_("Appeal opened again"), ("V17",))
coming("appeal-withdrawn", Sort.APPEAL, "withdraw_appeal", N_("Withdrawn by the caller"), ("V44",))
coming("closing-disproved", Sort.APPEAL, "disprove_closing", N_("Found on the spot not to be done"), ("V17",))
coming("demand-set-aside", Sort.APPEAL, "set_demand_aside", N_("Demand set aside as unreasonable"), ("V17",))
# --- what is done to somebody who complained ------------------------------------------------------------------------
coming("adverse-act-noted", Sort.APPEAL, "note_adverse_act", N_("Act against who complained"), ("V45",), {
    "by_office": text("V45"),  # which acted: a check, a fine, a refusal
})
coming("adverse-act-explained", Sort.APPEAL, "explain_adverse_act", N_("The act had a cause of its own"), ("V45",), {
    "trigger": text("V45"),  # number of what called for it: a plan, an alarm, another's complaint
})
coming("adverse-act-confirmed", Sort.APPEAL, "confirm_adverse_act", N_("Found to be revenge"), ("V45",))
