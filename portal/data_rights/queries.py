"""Reads of one's own data: the copy, who looked at it, what was asked; and the lists of who answers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from portal import vault
from portal.cases.queries import case_page
from portal.data_rights.model import Asked, Wish, data_subject
from portal.data_rights.tables import DataRequestRow, RetentionRunRow
from portal.ledger import queries as ledger
from portal.ledger.canonical import instant_text
from portal.ledger.model import Event
from portal.store import db

LOOKS = ("viewed", "data-copied")
_HIDDEN = frozenset({"viewed", "commented", "reminded", "assigned"})


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody saw the data in full: which office, post and person, when, and the reason given."""

    at: datetime
    actor: str
    office: str | None
    post: str | None
    reason: str | None
    fields: tuple[str, ...]
    is_own: bool


@dataclass(frozen=True, slots=True)
class DataRequest:
    """One line of the list of wishes that wait."""

    seq: int
    about: str
    wish: Wish
    asked_at: datetime
    due_on: date


@dataclass(frozen=True, slots=True)
class RetentionRun:
    ran_at: datetime
    sort: str
    ended_before: date
    erased: int


def looks_at(about: str) -> tuple[Look, ...]:
    """Everybody who saw these data in full, the newest first."""
    events = [*ledger.events(about), *ledger.events(data_subject(about))]
    looked = sorted((e for e in events if e.kind in LOOKS), key=lambda e: (e.occurred_at, e.seq), reverse=True)
    return tuple(
        Look(
            at=event.occurred_at,
            actor=event.actor,
            office=event.office,
            post=event.post,
            reason=event.text("reason") or event.text("form"),
            fields=event.texts("fields"),
            is_own=event.kind == "data-copied",
        )
        for event in looked
    )


def asked_about(about: str) -> tuple[Asked, ...]:
    return fold_asked(ledger.events(data_subject(about)))


def fold_asked(events: Iterable[Event]) -> tuple[Asked, ...]:
    """Wishes about one matter in the order of asking, each with its answer."""
    found: dict[int, Asked] = {}
    for event in events:
        if event.kind == "data-requested":
            due_on = event.date("due_on")
            assert due_on is not None, "a wish has its clock"
            found[event.seq] = Asked(event.seq, Wish(event.text("wish") or ""), event.occurred_at, due_on, event)
        elif event.kind == "data-request-answered" and (asked := found.get(event.integer("request") or 0)):
            found[asked.seq] = replace(asked, answer=event)
    return tuple(found.values())


def words_of(event: Event) -> Mapping[str, Any]:
    """What was sealed with a wish or its answer: ``text``, ``corrected``."""
    return vault.words(event.sealed, vault.purpose_of(event.subject, event.kind))


def open_requests(*, offices: Collection[str] | None = None, limit: int = 200) -> list[DataRequest]:
    """Wishes that wait for an answer, the first due first."""
    statement = select(DataRequestRow).where(DataRequestRow.is_open.is_(True))
    if offices is not None:
        statement = statement.where(DataRequestRow.office.in_(sorted(offices)))
    rows = db.session.scalars(statement.order_by(DataRequestRow.due_on, DataRequestRow.seq).limit(limit))
    return [DataRequest(row.seq, row.about, Wish(row.wish), row.asked_at, row.due_on) for row in rows]


def retention_runs(limit: int = 30) -> list[RetentionRun]:
    statement = select(RetentionRunRow).order_by(RetentionRunRow.ran_at.desc(), RetentionRunRow.id).limit(limit)
    return [RetentionRun(row.ran_at, row.sort, row.ended_before, row.erased) for row in db.session.scalars(statement)]


def own_data(abouts: Sequence[str], *, at: datetime) -> dict[str, Any]:
    """Everything kept about these matters, ready for JSON; the caller has shown that they are the person's own."""
    return {
        "portal": "yinuo",
        "made_at": instant_text(at),
        "matters": [_case(about, at) if about.startswith("case/") else _matter(about) for about in abouts],
    }


def _case(about: str, at: datetime) -> dict[str, Any]:
    found = case_page(about.partition("/")[2], at=at)
    return {
        **_matter(about),
        "item": found.version.version,
        "service": str(found.version.name),
        "state": found.case.state.value,
        "personal": dict(found.personal),
        "answers": dict(found.answers),
        "files": [
            {"material": p.code, "name": p.file_name, "size": p.size, "added_at": instant_text(p.added_at)}
            for p in found.papers
        ],
    }


def _matter(about: str) -> dict[str, Any]:
    events = [event for event in ledger.events(about) if event.kind not in _HIDDEN]
    return {
        "number": about.partition("/")[2],
        "pseudonym": next((event.text("applicant") for event in events if event.text("applicant")), None),
        "data": vault.state_of(about),
        "history": [_told(event) for event in events],
        "looked_at_by": [
            {"at": instant_text(look.at), "office": look.office, "post": look.post, "reason": look.reason}
            for look in looks_at(about)
        ],
        "requests": [
            {
                "wish": asked.wish.value,
                "asked_at": instant_text(asked.asked_at),
                "due_on": asked.due_on.isoformat(),
                "words": dict(words_of(asked.event)),
                "outcome": asked.outcome.value if asked.outcome else None,
                "answer": dict(words_of(asked.answer)) if asked.answer else {},
            }
            for asked in asked_about(about)
        ],
    }


def _told(event: Event) -> dict[str, Any]:
    words = vault.words(event.sealed, vault.purpose_of(event.subject, event.kind))
    return {
        "seq": event.seq,
        "kind": event.kind,
        "at": instant_text(event.occurred_at),
        "office": event.office,
        "words": {} if event.kind == "submitted" else dict(words.get("personal", {})),
    }
