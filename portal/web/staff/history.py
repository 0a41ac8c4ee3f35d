"""What an event says, line by line, for those who handle and those who supervise: each key by its name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum

from flask_babel import gettext

from portal import vault
from portal.appeals.model import OUTCOME_TITLES, AnswerOutcome
from portal.basis import N_, Fen, mask_known
from portal.catalogue.model import ItemUnknown, ItemVersion, PauseKind, VersionUnknown
from portal.catalogue.queries import catalogue
from portal.ledger.kinds import COMMON, KINDS, Key, Shape
from portal.ledger.model import Event
from portal.web.staff.people import office_name, person_name
from portal.web.wording import clock_name, day, moment, said, word, yuan

LABELS: Mapping[str, str] = {
    "situation": N_("Situation"),
    "materials": N_("Materials"),
    "authorisation": N_("Authorisation"),
    "receipt_no": N_("Receipt number"),
    "counted_from": N_("Counted after"),
    "target_at": N_("Promised for"),
    "notice_no": N_("Notice number"),
    "demands": N_("Asked for"),
    "determinable": N_("Already to be seen in the first hand-in"),
    "approved_by": N_("Consent by"),
    "is_law_changed": N_("The law has changed"),
    "is_new_fact": N_("Follows from something new"),
    "is_complete": N_("Complete"),
    "document_no": N_("Document"),
    "document_on": N_("Dated"),
    "is_sealed": N_("With the seal"),
    "is_instant": N_("Decided in the same visit"),
    "reason": N_("Reason"),
    "basis": N_("Legal basis"),
    "remedies": N_("Remedies"),
    "right_authority": N_("Competent office"),
    "deferred": N_("May follow later"),
    "due_on": N_("Due on"),
    "promise_no": N_("Promise"),
    "conclusion": N_("Conclusion"),
    "to_office": N_("To"),
    "summary": N_("Summary"),
    "is_outside_jurisdiction": N_("Outside of this office's jurisdiction"),
    "assignee": N_("Given to"),
    "clock": N_("Clock"),
    "level": N_("Level"),
    "place": N_("Asked where"),
    "amount_fen": N_("Sum"),
    "rule_version": N_("Version of the item"),
    "is_in_favour": N_("Corrected in the applicant's favour"),
    "inspectors": N_("Inspectors"),
    "department": N_("Department"),
    "pause_type": N_("Special procedure"),
    "from_on": N_("First day"),
    "until_on": N_("Last day"),
    "days": N_("Days"),
    "licence_no": N_("Licence number"),
    "delivery_channel": N_("Delivered by"),
    "proof": N_("Proof"),
    "score": N_("Score"),
    "outage": N_("Outage"),
    "channels": N_("Ways in that were down"),
    "evidence": N_("Evidence"),
    "wish_no": N_("Applicant's signed wish"),
    "of": N_("Duplicate of"),
    "old_on": N_("Date until now"),
    "new_on": N_("New date"),
    "calendar": N_("Calendar"),
    "cause": N_("Cause"),
    "notice": N_("Holiday notice"),
    "is_self_reported": N_("Told by the citizen"),
    "outcome": N_("Outcome"),
    "is_written": N_("In writing"),
    "covers": N_("The answer covers"),
    "cited_version": N_("Guide cited"),
    "is_chat": N_("Not about an item"),
    "severity": N_("Grade"),
    "last_seq": N_("Last event"),
    "state": N_("State"),
    "from_at": N_("From"),
    "until_at": N_("Until"),
    "vantage": N_("Seen from"),
    "function": N_("Function"),
    "since_at": N_("Failing since"),
    "failures": N_("Failures"),
    "fault": N_("Fault"),
    "functions": N_("Every function tried"),
    "load_test": N_("Tried under load"),
    "rollback": N_("Going back rehearsed"),
    "offline_days": N_("Days that the counter stays open"),
    "offered": N_("Ways offered"),
    "element": N_("Element"),
    "ground": N_("Ground"),
    "evidence_seq": N_("Event that excuses it"),
    "order_by_on": N_("To be ordered by"),
    "repeats": N_("Repeats finding"),
    "words": N_("Published words"),
    "statement": N_("Statement"),
    "measure": N_("To be put right"),
}
_OF_FINDINGS = {"rule_version": N_("Version of the rule")}  # elsewhere it is the version of the item
_UNTOLD = frozenset({"applicant", "matter", "materials_hash", "bundle_hash", *(COMMON.keys() - {"authorisation"})})
_OFFICES = frozenset({"to_office", "right_authority"})
_PEOPLE = frozenset({"approved_by", "assignee", "inspectors"})
_MATERIALS = frozenset({"materials", "demands", "determinable", "deferred"})
WORDS: Mapping[str, str] = {
    "approve": N_("approve"),
    "reject": N_("reject"),
    "correct": N_("let it be corrected"),
    "grant": N_("grant"),
    "deny": N_("deny"),
    "agreed": N_("agreed"),
    "not-agreed": N_("not agreed"),
    "true": N_("the promise was kept"),
    "false": N_("the promise was not kept"),
    "soon": N_("due soon"),
    "overdue": N_("overdue"),
    "window": N_("at the window"),
    "phone": N_("by telephone"),
    "web": N_("online"),
    "post": N_("by post"),
    "item": N_("the item"),
    "conditions": N_("conditions"),
    "materials": N_("materials"),
    "limit": N_("time limit"),
    "place": N_("place"),
    "calendar": N_("the calendar has changed"),
    "app": N_("in the app"),
    "kiosk": N_("at a machine"),
    "village": N_("in the village"),
    "notice": N_("notice"),
    "yellow": N_("yellow card"),
    "red": N_("red card"),
    "pilot": N_("on trial"),
    "live": N_("works"),
    "maintenance": N_("maintenance"),
    "down": N_("down"),
    "stopped": N_("stopped"),
    "sign-in": N_("sign in"),
    "submit": N_("hand in"),
    "refresh": N_("load a page again"),
    "query": N_("follow a request"),
    "only-online": N_("to the online way only"),
    "only-window": N_("to the counter only"),
    "limits": N_("time limits"),
    "fees": N_("fees"),
    "inside": N_("from the office network"),
    "outside": N_("from outside"),
    "no answer in time": N_("no answer in time"),
    "not reached": N_("not reached"),
    "unfounded": N_("unfounded"),
    "guard": N_("excused by an event"),
    "first-minor": N_("first minor breach"),
    "upheld": N_("the finding stands"),
    "overturned": N_("the finding does not stand"),
    "passed": N_("put right"),
    "failed": N_("not put right"),
}
_CODED = frozenset({
    "conclusion", "level", "place", "delivery_channel", "covers", "severity", "cause", "channels", "state", "function",
    "offered", "element", "reason", "vantage", "ground",
})  # fmt: skip
_STATUS_AT = re.compile(r"(\d{3}) at (\S+)")  # a fault that a probe wrote down
_LEDGER_ENTRY = re.compile(r"\S+/\S+ (\d+)")


class _Kind(StrEnum):
    PROMISED = "promised"
    STATUTORY = "statutory"


_STANDARDS = {_Kind.PROMISED: N_("promised"), _Kind.STATUTORY: N_("by law")}


def details(event: Event, version: ItemVersion | None = None) -> list[tuple[str, str]]:
    """The facts of an event as (name, value) in words, in the order of the list of kinds."""
    keys = {"authorisation": COMMON["authorisation"], **KINDS[event.kind].keys}
    return facts_in_words(keys, event.payload, version)


def facts_in_words(
    keys: Mapping[str, Key], payload: Mapping[str, object], version: ItemVersion | None = None
) -> list[tuple[str, str]]:
    labels = LABELS if "rule" not in keys else {**LABELS, **_OF_FINDINGS}
    return [
        (gettext(labels[name]), _value(name, key.shape, payload[name], version))
        for name, key in keys.items()
        if name in labels and name not in _UNTOLD and payload.get(name) not in (None, False, [], "")
    ]


def _value(name: str, shape: Shape, value: object, version: ItemVersion | None) -> str:
    match shape:
        case Shape.DATE:
            return day(date.fromisoformat(str(value)))
        case Shape.INSTANT:
            return moment(datetime.fromisoformat(str(value)))
        case Shape.FLAG:
            return str(gettext("yes"))
        case Shape.TEXTS:
            members = value if isinstance(value, list) else [value]
            return str(gettext(", ").join(_text(name, str(member), version) for member in members))
        case Shape.INTEGER:
            return yuan(Fen(int(str(value)))) if name == "amount_fen" else str(value)
        case Shape.TEXT:
            return _text(name, str(value), version)


def _text(name: str, text: str, version: ItemVersion | None) -> str:
    if name in _OFFICES:
        return office_name(text)
    if name in _PEOPLE:
        return person_name(text)
    if name in _MATERIALS:
        return material_name(version, text)
    if name in _CODED:
        return str(gettext(WORDS[text])) if text in WORDS else text
    match name:
        case "situation":
            situation = version.situation(text) if version else None
            return text if situation is None else said(situation.name)
        case "clock":
            return clock_text(text)
        case "rule_version" | "cited_version":
            return version_said(text)
        case "pause_type" if text in set(PauseKind):
            return word(PauseKind(text))
        case "fault":
            return fault_said(text)
        case "evidence" if entry := _LEDGER_ENTRY.fullmatch(text):
            return str(gettext("entry %(seq)s of the ledger", seq=entry[1]))
        case "outcome" if text in set(AnswerOutcome):
            return str(gettext(OUTCOME_TITLES[AnswerOutcome(text)]))
        case _:
            return text


def fault_said(text: str) -> str:
    """What a probe met, in words; what it cannot name stays as it was written down."""
    if answer := _STATUS_AT.fullmatch(text):
        return str(gettext("%(path)s answered %(status)s", path=answer[2], status=answer[1]))
    what, colon, how = text.partition(": ")
    return f"{gettext(WORDS[what])}{gettext(': ') if colon else ''}{how}" if what in WORDS else text


def vantage_said(vantage: str) -> str:
    """A place from which probes look has the name that a deployment gave it."""
    return str(gettext(WORDS[vantage])) if vantage in WORDS else vantage


def version_said(reference: str) -> str:
    """``unemployment-benefit@1`` as its name and its number; a version of a rule stays as it is."""
    try:
        version = catalogue().version(reference)
    except (ItemUnknown, VersionUnknown):
        return reference
    return str(gettext("%(item)s, version %(n)s", item=said(version.name), n=version.number))


def clock_text(key: str) -> str:
    """Moves name a clock by its key (``feedback.1.promised``), extensions by its name."""
    name, *rest = key.rsplit(".", 2)
    standard = rest[-1] if rest else ""
    if standard in set(_Kind):
        words = {"clock": clock_name(name), "standard": gettext(_STANDARDS[_Kind(standard)])}
        return str(gettext("%(clock)s (%(standard)s)", **words))
    return clock_name(name)


def material_name(version: ItemVersion | None, code: str) -> str:
    material = version.material(code) if version else None
    return said(material.name) if material else code


def sealed_words(event: Event, known: Iterable[str] = ()) -> Mapping[str, str]:
    """What was written with a step for eyes of staff alone, such as a comment."""
    if not event.sealed or event.kind == "submitted":
        return {}
    unsealed = vault.words(event.sealed, vault.purpose_of(event.subject, event.kind))
    found: Mapping[str, str] = unsealed.get("personal", {})
    return {name: mask_known(text, known) for name, text in found.items()}
