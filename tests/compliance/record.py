"""Makers for tests of the rules: short ledger-form events in local words, a log of them, and what the engine finds."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from portal.compliance.engine import Finding, judge
from portal.compliance.load import log_of
from portal.compliance.log import Frame, Log
from portal.compliance.rule import Rule

SHANGHAI = ZoneInfo("Asia/Shanghai")
EPOCH = date(1970, 1, 1)


def at(text: str, zone: str = "Asia/Shanghai") -> datetime:
    """``"Monday 2020-09-14 10:00"``, on the clocks of the zone; a wrong weekday is a mistake in the test."""
    *weekday, day, clock = text.split()
    moment = datetime.fromisoformat(f"{day} {clock}").replace(tzinfo=ZoneInfo(zone))
    assert weekday in ([], [moment.strftime("%A")]), f"{text}: that day is a {moment:%A}"
    return moment


def on(text: str) -> int:
    """``"Monday 2020-09-21"`` as the rules see a day."""
    *weekday, day = text.split()
    value = date.fromisoformat(day)
    assert weekday in ([], [value.strftime("%A")]), f"{text}: that day is a {value:%A}"
    return (value - EPOCH).days


def spoken(day: int) -> str:
    return f"{EPOCH + timedelta(days=day):%A %Y-%m-%d}"


def event(
    kind: str,
    when: str,
    *,
    subject: str = "case/1",
    actor: str = "clerk",
    role: str = "clerk",
    office: str | None = "office",
    item_version: str | None = "item@1",
    **payload: Any,
) -> dict[str, Any]:
    """One event; :func:`record` gives it its number."""
    return {
        "subject": subject,
        "kind": kind,
        "actor": actor,
        "role": role,
        "office": office,
        "channel": "window",
        "occurred_at": at(when),
        "item_version": item_version,
        "payload": {key: (value if not _is_day(value) else value.split()[-1]) for key, value in payload.items()},
    }


def _is_day(value: Any) -> bool:
    return isinstance(value, str) and value.split(" ")[0].endswith("day") and len(value.split()) == 2


def limit(clock: str, n: int, unit: str = "working-day", **more: Any) -> dict[str, Any]:
    facts = {"item_version": "item@1", "item": "item", "item_type": "benefit", "area": "990100"}
    return {**facts, "clock": clock, "n": n, "unit": unit, **more}


def record(events: list[dict[str, Any]], *limits: dict[str, Any], as_of: str | None = None, **facts: Any) -> Log:
    """A log of these events in the order given, judged at ``as_of`` (the last event's moment when not given)."""
    numbered = [{"seq": number, **entry} for number, entry in enumerate(events, 1)]
    facts = {"area": "990100", "item_type": "benefit", **facts}
    return log_of(numbered, limits=limits, as_of=None if as_of is None else at(as_of), **facts)


def rows(frame: Frame, *order: str) -> list[dict[str, Any]]:
    table: pl.DataFrame = frame.collect().to_native()
    return table.sort(order or table.columns).to_dicts()


def row(frame: Frame) -> dict[str, Any]:
    found = rows(frame)
    assert len(found) == 1, found
    return found[0]


def found(log: Log, *rules: Rule, **options: Any) -> list[Finding]:
    return judge(log, rules, **options).findings
