"""Makers for tests of the rules about channels: states, probes, closures, in local words."""

from __future__ import annotations

from typing import Any

from tests.compliance.record import at, event

PLATFORM = "channel/platform:web"
WEB, WINDOW = "channel/item:web", "channel/item:window"
SYSTEM = {"actor": "system", "role": "system"}
HEAD = {"actor": "head", "role": "head"}
Row = dict[str, Any]


def changed(when: str, subject: str, state: str, **more: Any) -> Row:
    item, _, way = subject.removeprefix("channel/").partition(":")
    version = None if item == "platform" else f"{item}@1"
    facts = {"item": item, "way": way, "state": state, **HEAD, **more}
    for name in ("from_at", "until_at"):
        if name in facts:
            facts[name] = at(facts[name])
    return event("channel-changed", when, subject=subject, item_version=version, **facts)


def listed(when: str = "Wednesday 2020-07-01 08:00", **window: Any) -> list[Row]:
    """The platform and both ways of one item, as the portal lists them."""
    return [
        changed(when, PLATFORM, "live", **SYSTEM),
        changed(when, WEB, "live", **SYSTEM),
        changed(when, WINDOW, "live", **SYSTEM, **window),
    ]


def failing(
    since: str,
    until: str | None,
    *,
    subject: str = PLATFORM,
    vantages: str = "ab",
    function: str = "sign-in",
    **more: Any,
) -> list[Row]:
    """Seen from each vantage point over the same stretch; ``failures`` in a row when it was written."""
    key: list[Row] = [{"subject": subject, "vantage": vantage, "function": function, **SYSTEM} for vantage in vantages]
    rows = [
        event("probe-failed", since, since_at=at(since), **dict[str, Any]({"failures": 2, **more, **each}))
        for each in key
    ]
    return rows + [event("probe-recovered", until, **each) for each in key if until]


def counted(day: str, probes: int, failures: int, *, function: str = "query", subject: str = PLATFORM) -> Row:
    facts: Row = {"function": function, "counted_on": day, "probes": probes, "failures": failures}
    return event("probes-counted", f"{day} 23:59", subject=subject, **facts, **SYSTEM)


def closure(when: str, hall: str, from_at: str, until_at: str, **more: Any) -> Row:
    facts = {"closure": "C1", "cause": "announced", "from_at": at(from_at), "until_at": at(until_at), **more}
    return event("closure-declared", when, subject=f"hall/{hall}", item_version=None, **facts)


def in_order(*rows: Row) -> list[Row]:
    return sorted(rows, key=lambda row: row["occurred_at"])
