"""What happens to a case, from its hand-in to the archive."""

from __future__ import annotations

from portal.basis import N_
from portal.ledger.kinds.listing import Sort, day, flag, instant, integer, kind, text, texts

# A table: each kind as it reads best, its keys below it.
# fmt: off
# --- hand-in, receipt, acceptance --------------------------------------------------------------------------------
kind("submitted", Sort.CASE, "submit", N_("Handed in"), ("V05", "V12", "fold"), {
    "applicant": text("vocabulary"),  # pseudonymous account id
    "matter": text("vocabulary"),  # item + situation: what is the same matter for run-around and duplicates
    "situation": text("vocabulary", "fold"),
    "materials": texts("V05", "fold"),  # codes of the materials handed in
    "materials_hash": text("V11", "fold"),  # digest of their content, the same for a re-scan of the same document
})
kind("received", Sort.CASE, "receive", N_("Received"), ("V04", "V08", "V12", "fold", "clocks"), {
    "receipt_no": text("fold"),
    "counted_from": day("vocabulary", "clocks"),  # day of receipt by the channel's rule; it is not counted
    "target_at": instant("vocabulary", "clocks"),  # an explicit promise for this case, instead of a limit
})
kind("correction-noticed", Sort.CASE, "notice_correction", N_("Correction asked for"),
      ("V04", "V05", "V12", "fold", "clocks"), {
    "notice_no": text("fold"),
    "demands": texts("V05", "fold"),  # everything that is missing or wrong, told once
    "determinable": texts("V05"),  # those that the first hand-in already showed
    "approved_by": text("fold"),  # a second notice needs the supervisor
    "is_law_changed": flag("V05"),
    "is_new_fact": flag("V05"),  # the demand follows from something the applicant brought later
})
kind("correction-submitted", Sort.CASE, "submit_correction", N_("Correction handed in"),
      ("V05", "V12", "fold", "clocks"), {
    "materials": texts("V05", "fold"),
    "materials_hash": text("V11", "fold"),
    "is_complete": flag("vocabulary", "fold", "clocks"),
    "counted_from": day("vocabulary", "clocks"),
})
kind("accepted", Sort.CASE, "accept", N_("Accepted"), ("V04", "V06", "V09", "V12", "fold", "clocks"), {
    "document_no": text("V06"),
    "document_on": day("V06"),
    "is_sealed": flag("V06"),
    "is_instant": flag("V06", "V31", "fold"),  # 即办: decided in the same visit
    "counted_from": day("vocabulary", "clocks"),
})
kind("refused", Sort.CASE, "refuse", N_("Not accepted"), ("V04", "V06", "V12", "fold", "clocks"), {
    "document_no": text("V06"),
    "document_on": day("V06"),
    "is_sealed": flag("V06"),
    "reason": text("V06", "fold"),
    "basis": text("V06"),
    "remedies": text("V06"),
    "right_authority": text("fold"),
})
kind("deemed-accepted", Sort.CASE, "deem_accepted", N_("Deemed accepted"), ("V04", "V09", "fold", "clocks"), {
    "counted_from": day("vocabulary", "clocks"),  # the day of receipt: deemed acceptance is retroactive
})
kind("deemed-withdrawn", Sort.CASE, "deem_withdrawn", N_("Deemed withdrawn"), ("fold", "clocks"))
kind("deemed-renewed", Sort.CASE, "deem_renewed", N_("Deemed renewed"), ("fold", "clocks"))
kind("tolerantly-accepted", Sort.CASE, "accept_tolerantly", N_("Accepted with deferred material"),
      ("V04", "V06", "V09", "V12", "fold", "clocks"), {
    "document_no": text("V06"),
    "document_on": day("V06"),
    "is_sealed": flag("V06"),
    "deferred": texts("fold"),  # 容缺材料
    "due_on": day("fold", "clocks"),
    "counted_from": day("vocabulary", "clocks"),
})
kind("supplied", Sort.CASE, "supply", N_("Deferred material handed in"), ("V12", "fold", "clocks"), {
    "materials": texts("fold"),
    "materials_hash": text("V11", "fold"),
})
kind("promise-accepted", Sort.CASE, "accept_promise", N_("Accepted on the applicant's promise"),
      ("V04", "V06", "V12", "fold", "clocks"), {
    "document_no": text("V06"),
    "document_on": day("V06"),
    "is_sealed": flag("V06"),
    "promise_no": text("fold"),
    "counted_from": day("vocabulary", "clocks"),
})
kind("post-checked", Sort.CASE, "post_check", N_("Checked after the promise"), ("fold",), {
    "conclusion": text("fold"),
})

# --- passing on ---------------------------------------------------------------------------------------------------
kind("designated", Sort.CASE, "designate", N_("Assigned by the dispatcher"), ("V07", "fold"), {
    "to_office": text("V07", "fold"),
})
kind("handed-over", Sort.CASE, "hand_over", N_("Handed over"), ("V04", "V07", "V12", "fold", "clocks"), {
    "to_office": text("V07", "fold"),
    "reason": text("V07", "fold"),
    "summary": text("fold"),
    "is_outside_jurisdiction": flag("V04"),
})
kind("handover-acknowledged", Sort.CASE, "acknowledge", N_("Hand-over acknowledged"), ("V07", "V12", "fold", "clocks"))
kind("handover-returned", Sort.CASE, "return_handover", N_("Hand-over sent back"), ("V07", "V12", "fold", "clocks"), {
    "reason": text("V07", "fold"),
})
kind("objection-upheld", Sort.CASE, "uphold_objection", N_("Objection to the hand-over upheld"), ("V07", "fold"))

# --- review ---------------------------------------------------------------------------------------------------------
kind("assigned", Sort.CASE, "assign", N_("Given to a reviewer"), ("V12", "fold"), {
    "assignee": text("fold"),
})
kind("opened", Sort.CASE, "open", N_("Taken up"), ("V12", "fold"))
kind("viewed", Sort.CASE, "view", N_("Viewed"), ("V47", "page"), {
    "fields": texts("V47", "page"),  # names of what was shown in full, never the values
    "reason": text("page"),
})
kind("commented", Sort.CASE, "comment", N_("Commented"), ("page",))
kind("reminded", Sort.CASE, "remind", N_("Reminded"), ("page",), {
    "clock": text("clocks"),
    "level": text("clocks"),
})
kind("chased", Sort.CASE, "chase", N_("Applicant asked where it stands"), ("V12", "page"), {
    "place": text("V12"),  # window, phone or web
})
kind("reviewed", Sort.CASE, "review", N_("Reviewed"), ("V11", "V12", "fold", "clocks"), {
    "conclusion": text("V11", "fold"),  # approve, reject or correct
    "demands": texts("V11"),
    "amount_fen": integer("V11"),
    "materials_hash": text("V11"),
    "rule_version": text("V11"),
    "is_in_favour": flag("V11"),  # corrects an earlier opinion in the applicant's favour
})
kind("site-checked", Sort.CASE, "check_site", N_("Checked on site"), ("V12", "V31", "fold"), {
    "inspectors": texts("V31", "fold"),
})
kind("joint-opinion-given", Sort.CASE, "give_joint_opinion", N_("Opinion of another department"), ("V12", "fold"), {
    "department": text("fold"),
    "conclusion": text("fold"),
})
kind("paused", Sort.CASE, "pause", N_("Special procedure began"), ("vocabulary", "V12", "V13", "fold", "clocks"), {
    "pause_type": text("vocabulary", "V13", "fold"),
    "from_on": day("vocabulary", "clocks"),  # first day not counted
    "days": integer("vocabulary", "V13", "clocks"),  # declared length, in working days
    "notice_no": text("V13"),  # the written notice that told the applicant
    "approved_by": text("vocabulary"),
})
kind("resumed", Sort.CASE, "resume", N_("Special procedure ended"), ("vocabulary", "V13", "fold", "clocks"), {
    "until_on": day("vocabulary", "clocks"),  # last day not counted
})
kind("extended", Sort.CASE, "extend", N_("Limit extended"), ("vocabulary", "V14", "fold", "clocks"), {
    "clock": text("vocabulary", "V14", "clocks"),
    "days": integer("vocabulary", "V14", "clocks"),
    "approved_by": text("V14"),
    "reason": text("V14"),
    "notice_no": text("V14"),
})

# --- result ---------------------------------------------------------------------------------------------------------
kind("decided", Sort.CASE, "decide", N_("Decided"), ("V09", "V10", "V11", "V12", "V15", "fold", "clocks"), {
    "conclusion": text("V11", "fold"),  # grant or deny
    "amount_fen": integer("V11"),
    "materials_hash": text("V11"),
    "rule_version": text("V11"),
    "reason": text("V06", "fold"),
    "basis": text("V06"),
    "remedies": text("V06"),
    "document_no": text("V06", "fold"),
    "document_on": day("V06"),
    "is_sealed": flag("V06"),
})
kind("licence-produced", Sort.CASE, "produce_licence", N_("Licence produced"), ("V15", "fold"), {
    "licence_no": text("fold"),
})
kind("collection-noticed", Sort.CASE, "notice_collection", N_("Applicant told to collect"), ("V15", "fold"))
kind("delivered", Sort.CASE, "deliver", N_("Result delivered"), ("V08", "V15", "fold", "clocks"), {
    "delivery_channel": text("fold"),
    "proof": text("fold"),
})
kind("rated", Sort.CASE, "rate", N_("Rated"), ("fold", "clocks"), {
    "score": integer("fold", "clocks"),  # 5 very satisfied … 1 very dissatisfied
})
kind("rating-contacted", Sort.CASE, "contact_rater", N_("Rater contacted"), ("clocks",))
kind("rating-fixed", Sort.CASE, "fix_rating", N_("Bad rating put right"), ("clocks",))
kind("archived", Sort.CASE, "archive", N_("Archived"), ("fold",), {
    "bundle_hash": text("fold"),
})

# --- leaving and returning -----------------------------------------------------------------------------------------
kind("withdrawn", Sort.CASE, "withdraw", N_("Withdrawn"), ("vocabulary", "V05", "V12", "fold", "clocks"), {
    "wish_no": text("vocabulary", "page"),  # the applicant's signed wish, where staff write the withdrawal down
})
kind("terminated", Sort.CASE, "terminate", N_("Terminated"), ("vocabulary", "V05", "V12", "fold", "clocks"), {
    "reason": text("fold"),
    "approved_by": text("vocabulary", "fold"),  # somebody other than who terminated it
})
kind("reopened", Sort.CASE, "reopen", N_("Re-opened"), ("vocabulary", "fold", "clocks"), {
    "reason": text("fold"),
})

# --- what excuses, each by somebody other than the accused ---------------------------------------------------------
kind("wait-requested", Sort.CASE, "request_wait", N_("Applicant asked to wait"), ("vocabulary", "fold", "clocks"), {
    "from_on": day("vocabulary", "clocks"),
    "until_on": day("vocabulary", "clocks"),
})
kind("outage-linked", Sort.CASE, "link_outage", N_("Outage made up for"), ("vocabulary", "clocks"), {
    "outage": text("vocabulary"),  # number of the declared outage; one outage counts once per clock
    "from_on": day("vocabulary", "clocks"),
    "until_on": day("vocabulary", "clocks"),
    "cause": text("page"),  # what was down, for the applicant to read
})
kind("marked-duplicate", Sort.CASE, "mark_duplicate", N_("Marked as a duplicate"), ("vocabulary", "fold"), {
    "of": text("fold"),
})
kind("marked-test", Sort.CASE, "mark_test", N_("Marked as a test"), ("vocabulary", "fold"))
kind("due-moved", Sort.CASE, "move_due", N_("Due date computed again"), ("page",), {
    "clock": text("clocks"),
    "old_on": day("clocks"),
    "new_on": day("clocks"),
    "calendar": text("clocks"),
    "cause": text("page"),
})
