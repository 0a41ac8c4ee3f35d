"""Runs rules over a log: what each finds, no graver than its sources and the calendar allow, in one fixed order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from typing import Any

import narwhals as nw
from narwhals import col

from portal.basis import N_, LegalSource
from portal.compliance.log import Frame, Log
from portal.compliance.rule import FINDING, Rule, Severity, takes_judged

Number = int | str | None
_EPOCH = date(1970, 1, 1)
_CONTROL = (*FINDING, "name", "area", "item_type", "calendar", "is_certain", "is_open", "variant", "leg")


@dataclass(frozen=True, slots=True)
class Finding:
    """One suspected breach. ``numbers`` are whole numbers (days and instants since the epoch) and texts, by name."""

    rule: str
    version: int
    subject: str
    first_seq: int
    last_seq: int
    severity: Severity
    on: date
    office: str | None
    post: str | None
    actor: str | None
    numbers: Mapping[str, Number]
    calendar: str
    is_open: bool = False
    variant: str | None = None
    lowered: str | None = None  # why it is only a notice: "source" or "calendar"

    @property
    def key(self) -> tuple[str, str, int]:
        return (self.rule, self.subject, self.first_seq)


@dataclass(frozen=True, slots=True)
class Population:
    """What a rule of clocks judged: closed and open spans, and how many of each were late."""

    closed: int
    closed_late: int
    open: int
    open_late: int


@dataclass(frozen=True, slots=True)
class NotAsked:
    """Why a rule could not be put to a log: a msgid and what it names."""

    message: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Judgement:
    """``beside``: what is still open in an extract, listed and not judged."""

    findings: list[Finding] = field(default_factory=list)
    beside: list[Finding] = field(default_factory=list)
    not_applicable: dict[str, NotAsked] = field(default_factory=dict)
    populations: dict[str, Population] = field(default_factory=dict)


def judge(
    log: Log,
    rules: Iterable[Rule],
    *,
    parameters: Mapping[str, Mapping[str, int]] | None = None,
    opens: str = "judge",
    sources: Mapping[str, tuple[LegalSource, ...]] | None = None,
    counting: bool = True,
    progress: Callable[[str], object] = str,
) -> Judgement:
    """Put every rule to the log.

    ``parameters`` and ``sources`` are a deployment's or a log's own, by code; ``opens="beside"``: it is an extract.
    """
    judgement = Judgement()
    for rule in rules:
        progress(rule.code)
        reason = unasked(rule, log)
        if reason is not None:
            judgement.not_applicable[rule.code] = reason
            continue
        if rule.begins_with and not log.present.intersection(rule.begins_with):
            continue
        given = (parameters or {}).get(rule.code)
        grounds = (*rule.sources, *(sources or {}).get(rule.code, ()))
        judged = log.settle(rule.counts(log, **rule.values(rule.counts, given))) if rule.counts else None
        found = _findings(rule, log, _arguments(rule, given, judged), grounds)
        aside = opens == "beside"
        judgement.beside += [finding for finding in found if aside and finding.is_open]
        judgement.findings += [finding for finding in found if not (aside and finding.is_open)]
        if counting and judged is not None:
            judgement.populations[rule.code] = _population(judged)
    for found in (judgement.findings, judgement.beside):
        found.sort(key=lambda finding: finding.key)
    return judgement


def unasked(rule: Rule, log: Log) -> NotAsked | None:
    """Why this rule cannot be put to this log, if it cannot."""
    missing = [kind for kind in rule.needs if kind not in log.kinds]
    if missing:
        return NotAsked(N_("The log records no events of kind %(kinds)s."), {"kinds": ", ".join(missing)})
    if rule.clocks and not set(rule.clocks) & log.clocks:
        clocks = ", ".join(clock for clock in rule.clocks if clock != "target")
        return NotAsked(
            N_("The log states neither a limit for %(clocks)s nor a target of its own."), {"clocks": clocks}
        )
    return None


def rows_of(frame: Frame) -> list[dict[str, Any]]:
    """The rows of a lazy frame on whatever engine it lives."""
    native = frame.to_native()
    if hasattr(native, "fetchall"):
        names = frame.collect_schema().names()
        return [dict(zip(names, row, strict=True)) for row in native.fetchall()]
    return list(frame.collect().iter_rows(named=True))


def _arguments(rule: Rule, given: Mapping[str, int] | None, judged: Frame | None) -> dict[str, Any]:
    """What the check is called with besides the log: its parameters, and what was judged if it asks for that."""
    assert rule.asks is not None
    arguments = rule.values(rule.asks, given)
    return arguments | {"judged": judged} if takes_judged(rule.asks) else arguments


def _findings(rule: Rule, log: Log, arguments: Mapping[str, Any], grounds: tuple[LegalSource, ...]) -> list[Finding]:
    assert rule.asks is not None
    frame = rule.asks(log, **arguments)
    columns = frame.collect_schema().names()
    missing = [name for name in FINDING if name not in columns]
    if missing:
        raise TypeError(f"{rule.name}: the check must return the columns {', '.join(missing)}")
    if "calendar" not in columns:
        known = frame.with_columns(_known_on=nw.lit(log.as_of.day).cast(nw.Int64))
        frame = log.with_calendar(known, "_known_on").drop("_known_on")
    facts = log.subjects.select("subject", "name", "area", "item_type")
    frame = frame.join(facts, on="subject", how="inner").filter(~col("severity").is_null())
    found = [_finding(rule, log, row, grounds) for row in rows_of(log.settle(frame))]
    return _worst_of_each([finding for finding in found if _is_in_force(rule, finding.on)])


def _finding(rule: Rule, log: Log, row: Mapping[str, Any], grounds: tuple[LegalSource, ...]) -> Finding:
    on = _EPOCH + timedelta(days=int(row["on"]))
    finding = Finding(
        rule=rule.code,
        version=rule.version,
        subject=row["name"],
        first_seq=int(row["first_seq"]),
        last_seq=int(row["last_seq"]),
        severity=Severity(row["severity"]),
        on=on,
        office=row["office"],
        post=row["post"],
        actor=row["actor"],
        numbers={name: _number(value) for name, value in sorted(row.items()) if name not in _CONTROL},
        calendar=log.calendars.get(row["calendar"], ""),
        is_open=bool(row.get("is_open")),
        variant=row.get("variant"),
    )
    if finding.severity is Severity.NOTICE:
        return finding
    if row.get("is_certain") == 0:
        return replace(finding, severity=Severity.NOTICE, lowered="calendar")
    if not has_ground(grounds, on, row["area"], row["item_type"]):
        return replace(finding, severity=Severity.NOTICE, lowered="source")
    return finding


def _number(value: Any) -> Number:
    return value if value is None or isinstance(value, str) else int(value)


@cache
def has_ground(sources: tuple[LegalSource, ...], on: date, area: str | None, item_type: str | None) -> bool:
    """Whether one of the sources applies there and then; the law of China judges no foreign office."""
    place = area or "CN"
    if place != "CN" and not place.isdigit():
        sources = tuple(source for source in sources if source.area != "CN")
    return any(source.applies(on=on, area=place, item_type=item_type) for source in sources)


def _is_in_force(rule: Rule, on: date) -> bool:
    return rule.in_force_from <= on and (rule.until is None or on < rule.until)


def _worst_of_each(found: Sequence[Finding]) -> list[Finding]:
    """One finding per key: the gravest, then the longest overdue, then the earliest to end."""
    worst: dict[tuple[str, str, int], Finding] = {}
    for finding in found:
        held = worst.get(finding.key)
        if held is None or _weight(finding) > _weight(held):
            worst[finding.key] = finding
    return list(worst.values())


def _weight(finding: Finding) -> tuple[int, int, int]:
    overdue = finding.numbers.get("overdue")
    return (finding.severity.rank, overdue if isinstance(overdue, int) else 0, -finding.last_seq)


def _population(spans: Frame) -> Population:
    cases = spans.group_by("subject", "first_seq").agg(col("is_open").max(), col("is_late").max())
    totals = cases.group_by("is_open", "is_late").agg(cases=nw.len().cast(nw.Int64))
    counted = {(row["is_open"], row["is_late"]): row["cases"] for row in rows_of(totals)}
    in_time, late = counted.get((0, 0), 0), counted.get((0, 1), 0)
    waiting, overdue = counted.get((1, 0), 0), counted.get((1, 1), 0)
    return Population(in_time + late, late, waiting + overdue, overdue)
