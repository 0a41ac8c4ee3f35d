"""Every kind of event, its typed payload keys, the step that writes it and who reads each key.

The payload holds facts that rules read and nothing personal; personal bytes go into the event's ``sealed`` part.
``COMMON`` keys may stand on any kind. A reader is a rule code (``"V08"``), ``"vocabulary"`` (compliance/log.py),
``"fold"`` (the state of a case or an inquiry), ``"clocks"`` (the projection of due moments), ``"register"``
(compliance/findings) or ``"page"``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from portal.basis import N_


class Sort(StrEnum):
    """What an event is about: the part of ``subject`` before the slash (``case/330106-2020-000017``)."""

    CASE = "case"
    INQUIRY = "inquiry"
    FINDING = "finding"
    CALENDAR = "calendar"
    OFFICE = "office"
    LEDGER = "ledger"
    AUTHORISATION = "authorisation"
    DATA = "data"  # personal data of a case or inquiry: data/case:330106-2020-000017


class Shape(StrEnum):
    """How a payload value is written in the ledger, and (in brackets) its column in a frame."""

    TEXT = "text"  # str (String)
    INTEGER = "integer"  # int (Int64)
    FLAG = "flag"  # bool (Int64, 0 or 1)
    INSTANT = "instant"  # RFC 3339 text in UTC (Int64, microseconds since 1970-01-01T00:00Z)
    DATE = "date"  # YYYY-MM-DD, local (Int64, days since 1970-01-01)
    TEXTS = "texts"  # list of str (String, sorted and joined by "|")


@dataclass(frozen=True, slots=True)
class Key:
    shape: Shape
    read_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """``step`` names the operation that writes it; ``title`` is what the timeline of the subject shows."""

    name: str
    sort: Sort
    step: str
    title: str
    keys: Mapping[str, Key]
    read_by: tuple[str, ...]


def _text(*read_by: str) -> Key:
    return Key(Shape.TEXT, read_by)


def _integer(*read_by: str) -> Key:
    return Key(Shape.INTEGER, read_by)


def _flag(*read_by: str) -> Key:
    return Key(Shape.FLAG, read_by)


def _instant(*read_by: str) -> Key:
    return Key(Shape.INSTANT, read_by)


def _date(*read_by: str) -> Key:
    return Key(Shape.DATE, read_by)


def _texts(*read_by: str) -> Key:
    return Key(Shape.TEXTS, read_by)


COMMON: Mapping[str, Key] = {
    "post": _text("vocabulary"),  # the post (岗位) the actor held when acting
    "authorisation": _text("fold", "page"),  # number of the authorisation on which an agent acted
    "sync_batch": _text("V16"),  # id of an offline batch: late recording is no back-dating if it was declared
}

KINDS: dict[str, Kind] = {}


def _kind(
    name: str, sort: Sort, step: str, title: str, read_by: tuple[str, ...], keys: Mapping[str, Key] | None = None
) -> None:
    if name in KINDS:
        raise ValueError(f"kind {name} is listed twice; give the new one another name")
    KINDS[name] = Kind(name, sort, step, title, dict(keys or {}), read_by)


_CASE, _INQUIRY = Sort.CASE, Sort.INQUIRY

# A table: each kind as it reads best, its keys below it.
# fmt: off
# --- hand-in, receipt, acceptance --------------------------------------------------------------------------------
_kind("submitted", _CASE, "submit", N_("Handed in"), ("V05", "V12", "fold"), {
    "applicant": _text("vocabulary"),  # pseudonymous account id
    "matter": _text("vocabulary"),  # item + situation: what is the same matter for run-around and duplicates
    "situation": _text("vocabulary", "fold"),
    "materials": _texts("V05", "fold"),  # codes of the materials handed in
    "materials_hash": _text("V11", "fold"),  # digest of their content, the same for a re-scan of the same document
})
_kind("received", _CASE, "receive", N_("Received"), ("V04", "V08", "V12", "fold", "clocks"), {
    "receipt_no": _text("fold"),
    "counted_from": _date("vocabulary", "clocks"),  # day of receipt by the channel's rule; it is not counted
    "target_at": _instant("vocabulary", "clocks"),  # an explicit promise for this case, instead of a limit
})
_kind("correction-noticed", _CASE, "notice_correction", N_("Correction asked for"),
      ("V04", "V05", "V12", "fold", "clocks"), {
    "notice_no": _text("fold"),
    "demands": _texts("V05", "fold"),  # everything that is missing or wrong, told once
    "determinable": _texts("V05"),  # those that the first hand-in already showed
    "approved_by": _text("fold"),  # a second notice needs the supervisor
    "is_law_changed": _flag("V05"),
    "is_new_fact": _flag("V05"),  # the demand follows from something the applicant brought later
})
_kind("correction-submitted", _CASE, "submit_correction", N_("Correction handed in"),
      ("V05", "V12", "fold", "clocks"), {
    "materials": _texts("V05", "fold"),
    "materials_hash": _text("V11", "fold"),
    "is_complete": _flag("vocabulary", "fold", "clocks"),
    "counted_from": _date("vocabulary", "clocks"),
})
_kind("accepted", _CASE, "accept", N_("Accepted"), ("V04", "V06", "V09", "V12", "fold", "clocks"), {
    "document_no": _text("V06"),
    "document_on": _date("V06"),
    "is_sealed": _flag("V06"),
    "is_instant": _flag("V06", "fold"),  # 即办: decided in the same visit
    "counted_from": _date("vocabulary", "clocks"),
})
_kind("refused", _CASE, "refuse", N_("Not accepted"), ("V04", "V06", "V12", "fold", "clocks"), {
    "document_no": _text("V06"),
    "document_on": _date("V06"),
    "is_sealed": _flag("V06"),
    "reason": _text("V06", "fold"),
    "basis": _text("V06"),
    "remedies": _text("V06"),
    "right_authority": _text("fold"),
})
_kind("deemed-accepted", _CASE, "deem_accepted", N_("Deemed accepted"), ("V04", "V09", "fold", "clocks"), {
    "counted_from": _date("vocabulary", "clocks"),  # the day of receipt: deemed acceptance is retroactive
})
_kind("deemed-withdrawn", _CASE, "deem_withdrawn", N_("Deemed withdrawn"), ("fold", "clocks"))
_kind("deemed-renewed", _CASE, "deem_renewed", N_("Deemed renewed"), ("fold", "clocks"))
_kind("tolerantly-accepted", _CASE, "accept_tolerantly", N_("Accepted with deferred material"),
      ("V04", "V06", "V09", "V12", "fold", "clocks"), {
    "document_no": _text("V06"),
    "document_on": _date("V06"),
    "is_sealed": _flag("V06"),
    "deferred": _texts("fold"),  # 容缺材料
    "due_on": _date("fold", "clocks"),
    "counted_from": _date("vocabulary", "clocks"),
})
_kind("supplied", _CASE, "supply", N_("Deferred material handed in"), ("V12", "fold", "clocks"), {
    "materials": _texts("fold"),
    "materials_hash": _text("V11", "fold"),
})
_kind("promise-accepted", _CASE, "accept_promise", N_("Accepted on the applicant's promise"),
      ("V04", "V06", "V12", "fold", "clocks"), {
    "document_no": _text("V06"),
    "document_on": _date("V06"),
    "is_sealed": _flag("V06"),
    "promise_no": _text("fold"),
    "counted_from": _date("vocabulary", "clocks"),
})
_kind("post-checked", _CASE, "post_check", N_("Checked after the promise"), ("fold",), {
    "conclusion": _text("fold"),
})

# --- passing on ---------------------------------------------------------------------------------------------------
_kind("designated", _CASE, "designate", N_("Assigned by the dispatcher"), ("V07", "fold"), {
    "to_office": _text("V07", "fold"),
})
_kind("handed-over", _CASE, "hand_over", N_("Handed over"), ("V04", "V07", "V12", "fold", "clocks"), {
    "to_office": _text("V07", "fold"),
    "reason": _text("V07", "fold"),
    "summary": _text("fold"),
    "is_outside_jurisdiction": _flag("V04"),
})
_kind("handover-acknowledged", _CASE, "acknowledge", N_("Hand-over acknowledged"), ("V07", "V12", "fold", "clocks"))
_kind("handover-returned", _CASE, "return_handover", N_("Hand-over sent back"), ("V07", "V12", "fold", "clocks"), {
    "reason": _text("V07", "fold"),
})
_kind("objection-upheld", _CASE, "uphold_objection", N_("Objection to the hand-over upheld"), ("V07", "fold"))

# --- review ---------------------------------------------------------------------------------------------------------
_kind("assigned", _CASE, "assign", N_("Given to a reviewer"), ("V12", "fold"), {
    "assignee": _text("fold"),
})
_kind("opened", _CASE, "open", N_("Taken up"), ("V12", "fold"))
_kind("viewed", _CASE, "view", N_("Viewed"), ("V47", "page"), {
    "fields": _texts("V47", "page"),  # names of what was shown in full, never the values
    "reason": _text("page"),
})
_kind("commented", _CASE, "comment", N_("Commented"), ("page",))
_kind("reminded", _CASE, "remind", N_("Reminded"), ("page",), {
    "clock": _text("clocks"),
    "level": _text("clocks"),
})
_kind("chased", _CASE, "chase", N_("Applicant asked where it stands"), ("V12", "page"), {
    "place": _text("V12"),  # window, phone or web
})
_kind("reviewed", _CASE, "review", N_("Reviewed"), ("V11", "V12", "fold", "clocks"), {
    "conclusion": _text("V11", "fold"),  # approve, reject or correct
    "demands": _texts("V11"),
    "amount_fen": _integer("V11"),
    "materials_hash": _text("V11"),
    "rule_version": _text("V11"),
    "is_in_favour": _flag("V11"),  # corrects an earlier opinion in the applicant's favour
})
_kind("site-checked", _CASE, "check_site", N_("Checked on site"), ("V12", "fold"), {
    "inspectors": _texts("fold"),
})
_kind("joint-opinion-given", _CASE, "give_joint_opinion", N_("Opinion of another department"), ("V12", "fold"), {
    "department": _text("fold"),
    "conclusion": _text("fold"),
})
_kind("paused", _CASE, "pause", N_("Special procedure began"), ("vocabulary", "V12", "V13", "fold", "clocks"), {
    "pause_type": _text("vocabulary", "V13", "fold"),
    "from_on": _date("vocabulary", "clocks"),  # first day not counted
    "days": _integer("vocabulary", "V13", "clocks"),  # declared length, in working days
    "notice_no": _text("V13"),  # the written notice that told the applicant
    "approved_by": _text("vocabulary"),
})
_kind("resumed", _CASE, "resume", N_("Special procedure ended"), ("vocabulary", "V13", "fold", "clocks"), {
    "until_on": _date("vocabulary", "clocks"),  # last day not counted
})
_kind("extended", _CASE, "extend", N_("Limit extended"), ("vocabulary", "V14", "fold", "clocks"), {
    "clock": _text("vocabulary", "V14", "clocks"),
    "days": _integer("vocabulary", "V14", "clocks"),
    "approved_by": _text("V14"),
    "reason": _text("V14"),
    "notice_no": _text("V14"),
})

# --- result ---------------------------------------------------------------------------------------------------------
_kind("decided", _CASE, "decide", N_("Decided"), ("V09", "V10", "V11", "V12", "V15", "fold", "clocks"), {
    "conclusion": _text("V11", "fold"),  # grant or deny
    "amount_fen": _integer("V11"),
    "materials_hash": _text("V11"),
    "rule_version": _text("V11"),
    "reason": _text("V06", "fold"),
    "basis": _text("V06"),
    "remedies": _text("V06"),
    "document_no": _text("V06", "fold"),
    "document_on": _date("V06"),
    "is_sealed": _flag("V06"),
})
_kind("licence-produced", _CASE, "produce_licence", N_("Licence produced"), ("V15", "fold"), {
    "licence_no": _text("fold"),
})
_kind("collection-noticed", _CASE, "notice_collection", N_("Applicant told to collect"), ("V15", "fold"))
_kind("delivered", _CASE, "deliver", N_("Result delivered"), ("V08", "V15", "fold", "clocks"), {
    "delivery_channel": _text("fold"),
    "proof": _text("fold"),
})
_kind("rated", _CASE, "rate", N_("Rated"), ("fold", "clocks"), {
    "score": _integer("fold", "clocks"),  # 5 very satisfied … 1 very dissatisfied
})
_kind("rating-contacted", _CASE, "contact_rater", N_("Rater contacted"), ("clocks",))
_kind("rating-fixed", _CASE, "fix_rating", N_("Bad rating put right"), ("clocks",))
_kind("archived", _CASE, "archive", N_("Archived"), ("fold",), {
    "bundle_hash": _text("fold"),
})

# --- leaving and returning -----------------------------------------------------------------------------------------
_kind("withdrawn", _CASE, "withdraw", N_("Withdrawn"), ("vocabulary", "V05", "V12", "fold", "clocks"), {
    "wish_no": _text("vocabulary", "page"),  # the applicant's signed wish, where staff write the withdrawal down
})
_kind("terminated", _CASE, "terminate", N_("Terminated"), ("vocabulary", "V05", "V12", "fold", "clocks"), {
    "reason": _text("fold"),
    "approved_by": _text("vocabulary", "fold"),  # somebody other than who terminated it
})
_kind("reopened", _CASE, "reopen", N_("Re-opened"), ("vocabulary", "fold", "clocks"), {
    "reason": _text("fold"),
})

# --- what excuses, each by somebody other than the accused ---------------------------------------------------------
_kind("wait-requested", _CASE, "request_wait", N_("Applicant asked to wait"), ("vocabulary", "fold", "clocks"), {
    "from_on": _date("vocabulary", "clocks"),
    "until_on": _date("vocabulary", "clocks"),
})
_kind("outage-linked", _CASE, "link_outage", N_("Outage made up for"), ("vocabulary", "clocks"), {
    "outage": _text("vocabulary"),  # number of the declared outage; one outage counts once per clock
    "from_on": _date("vocabulary", "clocks"),
    "until_on": _date("vocabulary", "clocks"),
    "cause": _text("page"),  # what was down, for the applicant to read
})
_kind("marked-duplicate", _CASE, "mark_duplicate", N_("Marked as a duplicate"), ("vocabulary", "fold"), {
    "of": _text("fold"),
})
_kind("marked-test", _CASE, "mark_test", N_("Marked as a test"), ("vocabulary", "fold"))
_kind("due-moved", _CASE, "move_due", N_("Due date computed again"), ("page",), {
    "clock": _text("clocks"),
    "old_on": _date("clocks"),
    "new_on": _date("clocks"),
    "calendar": _text("clocks"),
    "cause": _text("page"),
})

# --- inquiries: somebody asked; no case is needed -------------------------------------------------------------------
_kind("inquired", _INQUIRY, "inquire", N_("Asked"), ("V01", "V02", "fold"), {
    "applicant": _text("vocabulary"),
    "matter": _text("vocabulary"),
    "is_self_reported": _flag("fold"),  # the citizen's own "I asked and was sent away"
})
_kind("inquiry-answered", _INQUIRY, "answer", N_("Answered"), ("V01", "V02", "V03", "fold"), {
    "outcome": _text("V01", "V02", "V03", "fold"),  # answered, accepted, told-elsewhere, refused, no-reply
    "right_authority": _text("vocabulary"),  # the competent office named in writing
    "is_written": _flag("vocabulary"),
    "covers": _texts("V03"),  # of: item, conditions, materials, limit, place
    "cited_version": _text("V03"),  # the item version that the answer links
    "is_chat": _flag("V03"),  # nothing about an item was asked
})
_kind("inquiry-marked-unclear", _INQUIRY, "mark_unclear", N_("The applicant found the answer unclear"), ("V03", "fold"))
_kind("inquiry-handed-over", _INQUIRY, "hand_over_inquiry", N_("Inquiry handed over"), ("vocabulary", "V07", "fold"), {
    "to_office": _text("vocabulary", "fold"),
    "reason": _text("fold"),
    "summary": _text("fold"),
})
_kind("inquiry-acknowledged", _INQUIRY, "acknowledge_inquiry", N_("Inquiry taken over"), ("vocabulary", "V02", "fold"))
_kind("inquiry-told", _INQUIRY, "tell_inquirer", N_("The applicant was told who answers now"), ("fold",))
_kind("inquiry-chased", _INQUIRY, "chase_inquiry", N_("The applicant asked again"), ("fold",))

# --- agents: who lets whom act, on what, from when until when -------------------------------------------------------
_kind("authorised", Sort.AUTHORISATION, "authorise", N_("Authorised an agent"), ("fold",), {
    "principal": _text("fold"),
    "agent": _text("fold"),
    "agent_sort": _text("fold"),  # village-agent, family, firm-clerk
    "items": _texts("fold"),  # none means every service
    "from_on": _date("fold"),
    "until_on": _date("fold"),  # the last day
    "confirmed_by": _text("page"),  # what the principal showed: password, or password and second factor
})
_kind("authorisation-revoked", Sort.AUTHORISATION, "revoke_authorisation", N_("Authorisation revoked"), ("fold",))

# --- personal data: what a person asks about them, and what becomes of them -----------------------------------------
_kind("data-requested", Sort.DATA, "request_data", N_("Asked about personal data"), ("page",), {
    "applicant": _text("page"),
    "wish": _text("page"),  # correct or erase
    "due_on": _date("page"),
})
_kind("data-request-answered", Sort.DATA, "answer_data_request", N_("Answered about personal data"), ("page",), {
    "request": _integer("page"),  # seq of the wish
    "outcome": _text("page"),
})
_kind("data-corrected", Sort.DATA, "correct_data", N_("Personal data corrected"), ("page",), {
    "fields": _texts("page"),
})
_kind("data-copied", Sort.DATA, "copy_data", N_("A copy was taken"), ("page",), {
    "form": _text("page"),  # page or file
})
_kind("data-locked", Sort.DATA, "lock_data", N_("Personal data locked"), ("page",), {
    "why": _text("page"),
})
_kind("data-erased", Sort.DATA, "erase_data", N_("Personal data erased"), ("page",), {
    "why": _text("page"),  # asked, kept-long-enough
})

# --- findings, calendars, offices -----------------------------------------------------------------------------------
_FINDING_KEYS: Mapping[str, Key] = {
    "rule": _text("register"),
    "rule_version": _text("register"),
    "calendar": _text("register"),
    "about": _text("register"),  # the subject judged
    "first_seq": _integer("register"),
    "last_seq": _integer("register"),
    "severity": _text("register"),
    "began_on": _date("register"),  # the day on which the conduct began; its law judges
    "responsible_office": _text("register"),
    "responsible_post": _text("register"),
    "accused": _text("register"),
    "numbers": _text("register"),  # canonical JSON of what the rule computed
    "variant": _text("register"),  # which of the rule's sentences explains it
    "is_open": _flag("register"),  # what it accuses goes on
}
_kind("finding-raised", Sort.FINDING, "raise_finding", N_("Suspected"), ("register",), _FINDING_KEYS)
_kind("finding-changed", Sort.FINDING, "change_finding", N_("Judged again"), ("register",), _FINDING_KEYS)
_kind("finding-cleared", Sort.FINDING, "clear_finding", N_("No longer found"), ("register",), _FINDING_KEYS)
_kind("calendar-amended", Sort.CALENDAR, "amend_calendar", N_("Calendar amended"), ("clocks",), {
    "calendar": _text("clocks"),
    "notice": _text("page"),
})
_kind("sync-batch-declared", Sort.OFFICE, "declare_sync_batch", N_("Work without the network declared"), ("V16",), {
    "batch": _text("V16"),  # what the acts then name as their sync_batch
    "from_at": _instant("V16"),
    "until_at": _instant("V16"),
    "cause": _text("page"),
})
_kind("outage-declared", Sort.OFFICE, "declare_outage", N_("Outage declared"), ("page",), {
    "outage": _text("page"),
    "from_on": _date("page"),
    "until_on": _date("page"),
    "channels": _texts("page"),  # none means all
    "cause": _text("page"),
    "evidence": _text("page"),  # where it can be checked: number of a report, of a probe's record
})
_kind("emergency-declared", Sort.LEDGER, "declare_emergency", N_("Work goes on although nothing is sealed"),
      ("page",), {
    "until_at": _instant("page"),
    "reason": _text("page"),
    "approved_by": _text("page"),  # a second person, always
})
_kind("ledger-doubted", Sort.LEDGER, "doubt_ledger", N_("The ledger is not as it was sealed"), ("V48",), {
    "fault_seq": _integer("V48"),  # of the first event at fault; none where no single one can be named
    "fault": _text("page"),
})
_kind("clock-set-back", Sort.LEDGER, "note_clock", N_("The machine's clock went back"), ("V48",), {
    "seconds": _integer("V48"),
})
