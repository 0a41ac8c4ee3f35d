"""Examine subjects: put the rules to all that they span, and record only what is new, changed or gone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from portal.basis import SYSTEM
from portal.catalogue import queries as catalogue
from portal.compliance.engine import Finding, judge
from portal.compliance.findings.reading import ENDLESS, Days, Record, days_to_judge, events_of
from portal.compliance.findings.tables import FindingRow, MarkRow
from portal.compliance.findings.ties import chunks, concerned, spanned, tie
from portal.compliance.load import from_events
from portal.compliance.procedure.rows import follow
from portal.compliance.registry import all_rules
from portal.compliance.rule import Rule, Scope
from portal.compliance.sentences import plain
from portal.ledger import queries as ledger
from portal.ledger.canonical import canonical
from portal.ledger.model import Event
from portal.ledger.operations import append
from portal.store import db

# An office is never accused, but what it declares excuses acts.
_JUDGED = ("case/", "inquiry/", "office/", "ledger/", "ticket/", "hall/", "appointment/", "channel/")

Facts = dict[str, str | int | date | None]
_Key = tuple[str, str, int]  # rule, subject, number of the first event


@dataclass(frozen=True, slots=True)
class News:
    """What the rules say of a key otherwise than the register does; no finding where they say nothing any more."""

    key: _Key
    finding: Finding | None


def examine(subjects: Collection[str], *, at: datetime, rules: Sequence[Rule] | None = None) -> list[Event]:
    """Judge these subjects as of ``at``, with every member of a matter, a day or equal cases that a rule spans.

    Returns the events written: a second call at the same instant writes none.
    """
    tie_new(subjects, at=at)
    return record(news(subjects, at=at, rules=rules), at=at, known_seq=ledger.last_seq())


def tie_new(subjects: Collection[str], *, at: datetime) -> None:
    """Note what ties these subjects to others: the one thing that must be written before anybody can judge them."""
    named = _named(subjects)
    tie(events_of(named, days_to_judge(named, at)))


def news(subjects: Collection[str], *, at: datetime, rules: Sequence[Rule] | None = None) -> list[News]:
    """What the rules say of these subjects, whose ties are noted, otherwise than the register does.

    Nothing is written: to judge takes long, and those who write need not wait for it.
    """
    named, found = _named(subjects), list[News]()
    since, read_so_far = days_to_judge(named, at), Record()
    for scope, of_scope in _by_scope(all_rules() if rules is None else rules).items():
        waiting, done, days = concerned(named, scope), set[str](), since
        while waiting:
            done |= waiting
            read = read_so_far.of(waiting, days)
            days = days.and_of({about: events for about, events in read.items() if not about.startswith(ENDLESS)})
            span = spanned(read, scope)
            touched: set[str] = set()
            found += _judge(waiting, read_so_far.of(span, days), days, of_scope, at, touched)
            waiting = touched - done
    return found


def record(found: Collection[News], *, at: datetime, known_seq: int) -> list[Event]:
    """Write what was found when the newest event was of that number; returns the events.

    A subject that has changed since is left to the next look, which judges it with what it did.
    """
    if not found:
        return []
    changed = set(ledger.subjects_changed_after(known_seq))
    standing = [one for one in found if one.key[1] not in changed]
    held = _held({one.key[1] for one in standing}, {one.key[0] for one in standing})
    new = [one for one in standing if _differs(one.finding, held.get(one.key))]
    written = [_record(one.finding, held.get(one.key), at) for one in new]
    follow(event for event in written if event.kind != "finding-raised")
    return written


def _named(subjects: Collection[str]) -> set[str]:
    return {subject for subject in subjects if subject.startswith(_JUDGED)}


def _judge(
    named: set[str],
    span: Mapping[str, Sequence[Event]],
    days: Days,
    rules: Sequence[Rule],
    at: datetime,
    touched: set[str],
) -> Iterator[News]:
    """What is new of the named; ``touched`` gets the others of whom the rules now seem to say something else.

    Only of the named is everything loaded that a rule may see; the others must be judged in their own turn.
    """
    found = _findings(span, rules, at)
    judged = {finding.key: finding for finding in found if days.judges(finding.subject, finding.on)}
    held = _held(span, {rule.code for rule in rules})
    held = {key: row for key, row in held.items() if days.judges(row.about, row.began_on)}
    for key in sorted(judged.keys() | held.keys()):
        finding = judged.get(key)
        if not _differs(finding, held.get(key)):
            continue
        if key[1] in named:
            yield News(key, finding)
        else:
            touched.add(key[1])


def _findings(span: Mapping[str, Sequence[Event]], rules: Sequence[Rule], at: datetime) -> list[Finding]:
    """A log is made only if one of the rules can find anything in it: making one takes as long as asking a rule."""
    kinds = {event.kind for events in span.values() for event in events}
    asked = [rule for rule in rules if not rule.begins_with or kinds.intersection(rule.begins_with)]
    if not asked:
        return []
    known = catalogue.catalogue()
    limits, halls = catalogue.limits_table(known), catalogue.halls_table(known)
    log = from_events([_in_order(span)], limits=limits, halls=halls, as_of=at).log
    return judge(log, asked, counting=False).findings


def set_mark(*, seq: int, at: datetime) -> None:
    """Note that everything up to this event and instant was judged."""
    row = db.session.get(MarkRow, 1)
    if row is None:
        db.session.add(MarkRow(id=1, seq=seq, at=at))
    else:
        row.seq, row.at = seq, at


def rebuild_findings() -> int:
    """Make the register again from the finding events alone; returns how many findings there are."""
    standing: dict[str, Event] = {}
    raised: dict[str, Event] = {}
    for batch in ledger.stream(kinds=("finding-raised", "finding-changed", "finding-cleared")):
        for event in batch:
            raised.setdefault(event.number, event)
            standing[event.number] = event
    db.session.query(FindingRow).delete()
    for number, event in standing.items():
        db.session.add(_row_of(event, raised[number]))
    return len(standing)


def _by_scope(rules: Iterable[Rule]) -> dict[Scope, list[Rule]]:
    found: dict[Scope, list[Rule]] = {}
    for rule in rules:
        found.setdefault(rule.scope, []).append(rule)
    return found


def _in_order(read: Mapping[str, Sequence[Event]]) -> list[Event]:
    return sorted((event for events in read.values() for event in events), key=lambda event: event.seq)


def _held(subjects: Collection[str], codes: set[str]) -> dict[_Key, FindingRow]:
    held: dict[_Key, FindingRow] = {}
    for about in chunks(sorted(subjects)):
        statement = select(FindingRow).where(FindingRow.about.in_(about), FindingRow.rule.in_(codes))
        held |= {(row.rule, row.about, row.first_seq): row for row in db.session.scalars(statement)}
    return held


def _differs(finding: Finding | None, row: FindingRow | None) -> bool:
    if finding is None:
        return row is not None and row.is_standing
    return row is None or not row.is_standing or _facts(finding) != _facts_held(row)


def _record(finding: Finding | None, row: FindingRow | None, at: datetime) -> Event:
    if row is None:
        assert finding is not None
        number = f"{(db.session.scalar(select(func.count()).select_from(FindingRow)) or 0) + 1:06d}"
        event = append(f"finding/{number}", "finding-raised", _facts(finding), by=SYSTEM, at=at)
        db.session.add(_row_of(event, event))
        db.session.flush()
        return event
    if finding is None:
        event = append(f"finding/{row.number}", "finding-cleared", _facts_held(row), by=SYSTEM, at=at)
    else:
        event = append(f"finding/{row.number}", "finding-changed", _facts(finding), by=SYSTEM, at=at)
    _fill(row, event)
    return event


def _facts(finding: Finding) -> Facts:
    return {
        "rule": finding.rule,
        "rule_version": str(finding.version),
        "calendar": finding.calendar,
        "about": finding.subject,
        "first_seq": finding.first_seq,
        "last_seq": finding.last_seq,
        "severity": finding.severity.value,
        "began_on": finding.on,
        "responsible_office": finding.office,
        "responsible_post": finding.post,
        "accused": finding.actor,
        "numbers": canonical(plain(finding.numbers)).decode(),
        "variant": finding.variant,
        "is_open": finding.is_open,
    }


def _facts_held(row: FindingRow) -> Facts:
    return {
        "rule": row.rule,
        "rule_version": str(row.rule_version),
        "calendar": row.calendar,
        "about": row.about,
        "first_seq": row.first_seq,
        "last_seq": row.last_seq,
        "severity": row.severity,
        "began_on": row.began_on,
        "responsible_office": row.office,
        "responsible_post": row.post,
        "accused": row.accused,
        "numbers": row.numbers,
        "variant": row.variant,
        "is_open": row.is_open,
    }


def _row_of(event: Event, raised: Event) -> FindingRow:
    row = FindingRow(number=event.number, raised_at=raised.occurred_at)
    _fill(row, event)
    return row


def _fill(row: FindingRow, event: Event) -> None:
    """Everything of a row but its number and the moment it was raised stands in its newest event."""
    row.rule = event.text("rule") or ""
    row.rule_version = int(event.text("rule_version") or 0)
    row.about = event.text("about") or ""
    row.first_seq = event.integer("first_seq") or 0
    row.last_seq = event.integer("last_seq") or 0
    row.severity = event.text("severity") or ""
    row.began_on = event.date("began_on") or event.occurred_at.date()
    row.office, row.post = event.text("responsible_office"), event.text("responsible_post")
    row.accused = event.text("accused")
    row.numbers = event.text("numbers") or "{}"
    row.variant = event.text("variant")
    row.calendar = event.text("calendar") or ""
    row.is_open = event.has("is_open")
    row.is_standing = event.kind != "finding-cleared"
    row.changed_at = event.occurred_at
