"""Handing in: the version in force is pinned, the number given, and what came online is received at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from portal import vault
from portal.basis import N_, SYSTEM, By, Role
from portal.cases.almanac import counted_from, hours_of
from portal.cases.duties import require_new
from portal.cases.model import FactUnfit, HoursKnownOn, Receipt, Submission
from portal.cases.model.handin import checked_materials, query_code
from portal.cases.operations import materials, numbering
from portal.cases.operations.papers import receipt_no
from portal.cases.operations.projection import project, subject_of
from portal.catalogue.model import Channel as Offered
from portal.catalogue.model import FieldKind, ItemVersion, Situation, name_of
from portal.catalogue.queries import catalogue
from portal.ledger import queries as ledger
from portal.ledger.canonical import canonical
from portal.ledger.gate import require_sealed
from portal.ledger.model import Event
from portal.ledger.operations import append
from portal.store import Wish, keep, once
from portal.worktime import OfficeHours

UNATTENDED: Final = frozenset({"web", "app", "kiosk"})  # no clerk stands there: the portal receives (收件) by itself
NAME_FIELDS: Final = ("name", "applicant-name", "firm-name")
_SORTS: Final = {FieldKind.IDENTITY: "identity", FieldKind.PHONE: "phone"}  # purposes of the blind index
SHORTEST_KEY: Final = 16  # characters; the query code is made from it


def submit(submission: Submission, *, by: By, at: datetime, known_on: HoursKnownOn | None = None) -> Receipt:
    """Hand in; the same ``idempotency_key`` of the same applicant gives the same case and the same receipt.

    :raises Refusal: the item is not in force, a question is unanswered, or a material is not asked for.
    """
    catalogue_now = catalogue()
    local = hours_of(submission.office)(at.date())
    on = at.astimezone(local.zone).date()
    version = catalogue_now.in_force(submission.item, on, submission.area)
    situation = version.situation_of(submission.answers)
    missing = checked_materials(submission.materials, version, situation)
    _check_channel(submission, version)
    _check_key(submission)
    office = catalogue_now.office_as_of(submission.office or version.office, on)
    require_new(by, submission, office.code, on)
    repeated = _repeated(submission, missing)
    if repeated:
        return repeated
    require_sealed(at)
    hours = (known_on or hours_of(version.office))(on)
    number = numbering.next_number(office.area, on.year)
    code = numbering.grant_access(number, submission.applicant, submission.idempotency_key)
    event = _submitted(number, submission, version, situation, office.code, by=by, at=at)
    materials.keep(number, submission.applicant, event.seq, submission.materials, by=by.actor, at=at)
    events = [event]
    if submission.channel in UNATTENDED:
        events.append(_received(number, submission, version, office.code, hours, at=at))
    project(events, at=at, known_on=known_on, is_new=True)
    if submission.idempotency_key is not None:
        keep(_wish(submission, submission.idempotency_key), number, at=at)
    return Receipt(number, code, events[-1].text("receipt_no"), missing)


def _submitted(
    number: str,
    submission: Submission,
    version: ItemVersion,
    situation: Situation,
    office: str,
    *,
    by: By,
    at: datetime,
) -> Event:
    facts = {
        "applicant": submission.applicant,
        "matter": f"{version.code}:{situation.code}",
        "situation": situation.code,
        "materials": sorted({handed_in.code for handed_in in submission.materials}),
        "materials_hash": materials.hash_with(number, submission.materials),
        "authorisation": submission.authorisation or by.authorisation,
    }
    subject = subject_of(number)
    words = canonical({"personal": dict(submission.personal), "answers": dict(submission.answers)})
    holder = vault.Holder(submission.applicant, subject)
    sealed = vault.seal(holder, vault.purpose_of(subject, "submitted"), words, at=at)
    vault.note(subject, _findable(submission, version))
    return append(
        subject,
        "submitted",
        facts,
        by=replace(by, office=office if by.role is Role.AGENT else by.office or office),
        at=at,
        channel=submission.channel,
        item_version=version.version,
        sealed=sealed,
    )


def _findable(submission: Submission, version: ItemVersion) -> list[tuple[str, str]]:
    """By what the case can be looked up, exactly as typed: the applicant's name, numbers and telephone."""
    sorts = {field.name: _SORTS.get(field.kind) for field in version.fields}
    found = {**sorts, **dict.fromkeys(NAME_FIELDS, "name"), "credit-code": "identity"}
    return [(sort, value) for name, value in submission.personal.items() if (sort := found.get(name))]


def _received(
    number: str, submission: Submission, version: ItemVersion, office: str, hours: OfficeHours, *, at: datetime
) -> Event:
    facts = {
        "receipt_no": receipt_no(number),
        "counted_from": counted_from(at, submission.channel, hours),
        "target_at": submission.target_at,
    }
    return append(
        subject_of(number),
        "received",
        facts,
        by=replace(SYSTEM, office=office),
        at=at,
        channel=submission.channel,
        item_version=version.version,
    )


def _check_channel(submission: Submission, version: ItemVersion) -> None:
    """What an item does not offer online cannot come online; a window takes everything (条例722号 第三十七条)."""
    offered = {channel.value for channel in version.channels} | ({"app"} if Offered.WEB in version.channels else set())
    if submission.channel in UNATTENDED and submission.channel not in offered:
        raise FactUnfit(
            N_("This item is not handled over this channel; choose one of %(channels)s."),
            field="channel",
            values={"channels": tuple(name_of(way) for way in version.channels)},
        )


def _check_key(submission: Submission) -> None:
    if submission.idempotency_key is not None and len(submission.idempotency_key) < SHORTEST_KEY:
        raise FactUnfit(
            N_("The key of a hand-in has at least %(n)s characters; make it at random."),
            field="idempotency_key",
            values={"n": SHORTEST_KEY},
        )


def _wish(submission: Submission, key: str) -> Wish:
    """Papers count by their identity, so that the same ones scanned anew are the same hand-in."""
    papers = sorted(handed_in.identity for handed_in in submission.materials)
    said = {"answers": dict(submission.answers), "personal": dict(submission.personal), "papers": papers}
    return Wish("submit", key, submission.applicant, canonical({"item": submission.item, **said}))


def _repeated(submission: Submission, missing: tuple[str, ...]) -> Receipt | None:
    """The receipt of a key that has counted already, for as long as the case stands.

    :raises SentOtherwise: the key came with other content.
    """
    key = submission.idempotency_key
    number = numbering.number_of_key(numbering.key_digest(submission.applicant, key)) if key else None
    if key is None or number is None:
        return None
    once(_wish(submission, key))
    events = ledger.events(subject_of(number))
    receipt = next((event.text("receipt_no") for event in events if event.kind == "received"), None)
    return Receipt(number, query_code(key, number), receipt, missing, is_repeat=True)
