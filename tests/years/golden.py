"""The golden scenarios: 张女士 (Z1), 李先生 (Z2), a platform (Z3), a contribution base (Z4), a hall at closing (Z5)."""

from __future__ import annotations

from datetime import date, datetime
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


# clock, number, what happened to it, more
_Z5: tuple[tuple[str, int, str, dict[str, Any]], ...] = (
    ("09:02", 1, "issued", {}),
    ("09:05", 1, "called", {"waited": 3}),
    ("09:06", 1, "started", {}),
    ("09:18", 1, "served", {"outcome": "information", "is_confirmed": True}),
    ("13:40", 2, "issued", {}),
    ("13:41", 3, "issued", {}),
    ("13:44", 2, "called", {"waited": 4}),
    ("13:45", 3, "called", {"waited": 4}),
    ("13:48", 3, "called", {"nth": 2}),
    ("13:51", 3, "called", {"nth": 3}),
    ("13:54", 3, "absent", {}),
    ("13:58", 2, "served", {"outcome": "written-refusal", "reference": "SI-2020-0042"}),
    ("15:10", 4, "issued", {}),
    ("15:12", 5, "issued", {}),
    *((f"15:{minute}", number, "issued", {}) for number, minute in enumerate((20, 24, 28, 33, 38, 45, 52), start=6)),
    ("15:30", 4, "called", {"waited": 20}),
    ("16:00", 5, "released", {}),
    ("16:55", 4, "served", {"outcome": "information", "is_confirmed": True}),
)


def z5() -> list[Row]:
    """A hall closes on Friday 2020-09-25 at 17:00. Twelve numbers were guaranteed; at 15:55 the social insurance office
    withdrew one of its two windows, one long service held the other, and seven people are sent home."""
    journal = Journal()
    crew = Crew("social-insurance")
    portal, clerk = crew.portal, crew.clerk
    day, closes = date(2020, 9, 25), datetime(2020, 9, 25, 17)
    names = {number: f"ticket/wulin-20200925-A{number:03}" for number in range(1, 13)}
    for clock, number, kind, more in _Z5:
        when = datetime.fromisoformat(f"{day} {clock}")
        facts: dict[str, Any] = {"nth": 1} | more if kind == "called" else more
        if kind == "issued":
            facts = {
                "hall": "wulin", "day": day, "series": "A", "number": number, "source": "walk-in", "item": "pension",
                "rank": "normal", "turn_at": when, "closes_at": closes, "is_guaranteed": True,
            }  # fmt: skip
        journal.note(names[number], f"ticket-{kind}", when, portal if kind == "issued" else clerk, **facts)
    hall = "hall/wulin"
    journal.note(hall, "window-closed", "Friday 2020-09-25 15:55", clerk, at_window="w2", reason="meeting", broken=7)
    fault: dict[str, Any] = {"cause": "window-withdrawn", "fault_office": crew.office, "fault_window": "w2"}
    for number in range(6, 13):
        journal.note(names[number], "ticket-closed-unserved", "2020-09-25 17:05", portal, **fault)
    told: dict[str, Any] = {"day": day, "issued": 12, "served": 3, "refused": 0, "unserved": 7}
    journal.note(hall, "hall-closed", "2020-09-25 17:10", By("system", Role.SYSTEM, "wulin-centre"), **told)
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
