"""The golden scenarios, minute by minute: 张女士 (Z1), 李先生 (Z2), a platform (Z3) and a contribution base (Z4)."""

from __future__ import annotations

from datetime import date
from typing import Any

from portal.basis import By, Role
from tests.years.city import Crew, Item, limit_row
from tests.years.journal import Journal, Row, at
from tests.years.lawful.asking import Asking
from tests.years.story import Story

INSURANCE_CHANGE = Item("insurance-change@1", "service", "990100")
UNEMPLOYMENT_SUBSIDY = Item("unemployment-subsidy@1", "benefit", "990100")
CONTRIBUTION_BASE = Item("contribution-base@1", "service", "990100")
ITEMS = (INSURANCE_CHANGE, UNEMPLOYMENT_SUBSIDY, CONTRIBUTION_BASE)
LIMITS: list[dict[str, Any]] = [limit_row(UNEMPLOYMENT_SUBSIDY, "feedback", "received", "delivered", 5)]


def _clerk(name: str, office: str) -> By:
    return By(name, Role.CLERK, office, f"{office}/counter", f"{office}-1")


def z1() -> list[Row]:
    """Told elsewhere, refused, answered vaguely, told elsewhere again, and at the fifth try accepted."""
    journal = Journal()
    a1, b1, c1, a2, d1 = (
        _clerk("a1", "centre-a"), _clerk("b1", "centre-b"), _clerk("c1", "centre-c"),
        _clerk("a2", "centre-a"), _clerk("d1", "centre-d"),
    )  # fmt: skip
    asking = Asking(journal, 1, Crew("centre-a"), "insurance-change/enterprise", INSURANCE_CHANGE.version)
    for asked, answered, clerk, outcome, facts in (
        ("Monday 2020-09-07 10:00", "2020-09-07 10:05", a1, "told-elsewhere", {}),
        ("Wednesday 2020-09-09 14:30", "2020-09-09 14:36", b1, "refused", {}),
        ("Tuesday 2020-09-15 09:40", "2020-09-15 09:50", c1, "answered", {"covers": ["conditions", "place"]}),
        ("Friday 2020-09-18 11:00", "2020-09-18 11:03", a2, "told-elsewhere", {}),
        ("Tuesday 2020-09-22 10:15", "2020-09-22 10:25", d1, "accepted", {}),
    ):
        asking.answer(asking.ask(asked, by=clerk), answered, outcome, by=clerk, **facts)
    return journal.close()


def z2() -> list[Row]:
    """失业补助金: five working days became seventeen."""
    journal = Journal()
    story = Story(journal, UNEMPLOYMENT_SUBSIDY, 2, Crew("social-insurance"))
    story.hand_in("Monday 2020-09-14 10:00")
    story.accept("Tuesday 2020-09-15 10:00")
    story.deliver("Tuesday 2020-10-13 16:00")
    return journal.close()


def z4() -> list[Row]:
    """核定申报: received, looked at once, asked after twice, and left where it lay."""
    journal = Journal()
    story = Story(journal, CONTRIBUTION_BASE, 4, Crew("social-insurance"))
    story.hand_in("Wednesday 2020-07-01 09:30")
    story.chase("Wednesday 2020-07-08 10:00")
    story.note("viewed", "Friday 2020-07-10 15:00", story.crew.clerk)
    story.chase("Wednesday 2020-07-15 10:00")
    return journal.close()


# Z3, after what the inspectors found in Xining (西宁): a platform for social insurance went online unfinished while the
# counter stopped; one could not sign in, not submit, not refresh, and "nowhere could it be done" (哪都办不了). The days
# are chosen. Each line: when it happened (and was written), channel, kind, who, facts.
_SYSTEM = By("system", Role.SYSTEM, "social-insurance")
_OWNER = By("p1", Role.HEAD, "social-insurance", "social-insurance/head")
_WATCHER = By("s1", Role.SUPERVISOR, "social-insurance")
_PLATFORM, _WEB, _WINDOW = "platform:web", "contribution-base:web", "contribution-base:window"


def _channel(number: str, state: str, **facts: Any) -> dict[str, Any]:
    item, _, way = number.partition(":")
    return {"item": item, "way": way, "state": state, **facts}


def _failed(vantage: str, function: str, since: str) -> dict[str, Any]:
    return {"vantage": vantage, "function": function, "since_at": at(since), "failures": 2, "fault": "timeout"}


def _well(vantage: str, function: str) -> dict[str, Any]:
    return {"vantage": vantage, "function": function}


def _counted(function: str, day: date, failures: int) -> dict[str, Any]:
    return {"function": function, "counted_on": day, "probes": 480, "failures": failures}


_MON, _TUE, _WED = date(2020, 8, 3), date(2020, 8, 4), date(2020, 8, 5)
Z3: tuple[tuple[str, str, str, By, dict[str, Any]], ...] = (
    ("Wednesday 2020-07-29 09:00", _PLATFORM, "channel-changed", _SYSTEM, _channel(_PLATFORM, "pilot")),
    ("Wednesday 2020-07-29 09:00", _WEB, "channel-changed", _SYSTEM, _channel(_WEB, "pilot")),
    ("Wednesday 2020-07-29 09:00", _WINDOW, "channel-changed", _SYSTEM, _channel(_WINDOW, "live", halls=["hall-1"])),
    ("Monday 2020-08-03 08:30", _PLATFORM, "channel-changed", _OWNER, _channel(_PLATFORM, "live")),
    ("Monday 2020-08-03 08:30", _WEB, "channel-changed", _SYSTEM, _channel(_WEB, "live")),
    ("Monday 2020-08-03 09:00", _WINDOW, "channel-changed", _OWNER, _channel(_WINDOW, "stopped", reason="online only")),
    ("Monday 2020-08-03 09:32", _PLATFORM, "probe-failed", _SYSTEM, _failed("a", "sign-in", "2020-08-03 09:30")),
    ("Monday 2020-08-03 09:34", _PLATFORM, "probe-failed", _SYSTEM, _failed("b", "sign-in", "2020-08-03 09:32")),
    ("Monday 2020-08-03 10:15", _WINDOW, "channel-refused", _WATCHER,
     {"reason": "only-online", "way": "window", "offered": ["web", "window"], "evidence": "visit 4"}),
    ("Monday 2020-08-03 11:48", _PLATFORM, "probe-recovered", _SYSTEM, _well("b", "sign-in")),
    ("Monday 2020-08-03 11:50", _PLATFORM, "probe-recovered", _SYSTEM, _well("a", "sign-in")),
    ("Tuesday 2020-08-04 00:05", _PLATFORM, "probes-counted", _SYSTEM, _counted("query", _MON, 0)),
    ("Tuesday 2020-08-04 00:05", _PLATFORM, "probes-counted", _SYSTEM, _counted("sign-in", _MON, 139)),
    ("Tuesday 2020-08-04 14:02", _PLATFORM, "probe-failed", _SYSTEM, _failed("a", "submit", "2020-08-04 14:00")),
    ("Tuesday 2020-08-04 14:04", _PLATFORM, "probe-failed", _SYSTEM, _failed("b", "submit", "2020-08-04 14:02")),
    ("Tuesday 2020-08-04 14:20", _PLATFORM, "probe-recovered", _SYSTEM, _well("a", "submit")),
    ("Tuesday 2020-08-04 14:22", _PLATFORM, "probe-recovered", _SYSTEM, _well("b", "submit")),
    ("Wednesday 2020-08-05 08:00", _WINDOW, "channel-changed", _OWNER, _channel(_WINDOW, "live", reason="reopened")),
    ("Wednesday 2020-08-05 10:02", _PLATFORM, "probe-failed", _SYSTEM, _failed("a", "refresh", "2020-08-05 10:00")),
    ("Wednesday 2020-08-05 10:04", _PLATFORM, "probe-failed", _SYSTEM, _failed("b", "refresh", "2020-08-05 10:02")),
    ("Wednesday 2020-08-05 11:02", _PLATFORM, "probe-recovered", _SYSTEM, _well("a", "refresh")),
    ("Wednesday 2020-08-05 11:04", _PLATFORM, "probe-recovered", _SYSTEM, _well("b", "refresh")),
)  # fmt: skip


def z3() -> list[Row]:
    """Live without a checklist, the counter stopped: for a morning it could be done nowhere."""
    journal = Journal()
    for when, number, kind, by, facts in Z3:
        version = None if number == _PLATFORM else CONTRIBUTION_BASE.version
        journal.note(f"channel/{number}", kind, when, by, channel="system", item_version=version, **facts)
    return journal.close()
