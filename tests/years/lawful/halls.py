"""Days of a hall on which every promise is kept, and every guard of the rules about halls is put to use."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from portal.basis import SYSTEM
from tests.years.city import Crew, applicant
from tests.years.days import after, is_worked
from tests.years.hall import HallDay, Number
from tests.years.journal import Journal, Row

AS_OF = datetime(2020, 7, 31, 17)
FIRST = date(2020, 6, 1)
MINUTE = timedelta(minutes=1)
OUTCOMES = ("information", "written-refusal", "case", "inquiry")

Ending = Callable[[Number, datetime, Random], None]


def lawful_days(seed: int = 1, days: int = 3, numbers: int = 520) -> list[Row]:
    """So many days of one hall with ``numbers`` numbers each; the same seed gives the same rows."""
    rng, journal = Random(seed), Journal()
    on = FIRST
    for k in range(days):
        hall = HallDay(
            journal, f"L{seed}", on, Crew(f"office-{k % 2}", k), item_version=None if k % 2 else "tax-card@1"
        )
        _declarations(hall, surge=k % 3 == 1)
        _queue(hall, rng, numbers, surge=k % 3 == 1)
        hall.close("17:45")
        on = after(on, 1)
    for k in range(30):
        _appointment(journal, seed, k, rng)
    return journal.close()


def _declarations(hall: HallDay, *, surge: bool) -> None:
    """Windows that stood empty for a quarter of an hour, or while a drill held them; issuing that stopped in time."""
    if surge:
        hall.note("surge-declared", "08:40", day=hall.on, reason="last day of the subsidy")
    hall.declare("11:00", "11:00", "11:20", "drill", closure=f"drill-{hall.on}")
    for told, from_, until in (("10:15", "10:00", "10:15"), ("11:21", "10:58", "11:21")):
        hall.of_office("window-left-empty", told, at_window="w1", from_at=hall.at(from_), until_at=hall.at(until))
    hall.of_office("window-left-empty", "14:10", at_window="w2", from_at=hall.at("14:05"))
    hall.of_office("window-opened", "14:20", at_window="w2")
    hall.of_office("ticket-refused", "11:05", empty_windows=["w1"], reason="closed")  # during the drill
    hall.of_office("ticket-refused", "16:35", empty_windows=[], reason="stopped")
    hall.note("issuing-stopped", "11:01", closes_at=hall.at("17:00"), backlog_minutes=0, reason="drill")
    hall.note("issuing-resumed", "11:20")
    hall.note("issuing-stopped", "13:00", closes_at=hall.at("17:00"), backlog_minutes=20)
    hall.note("issuing-resumed", "13:30")  # half an hour turned nobody away
    computed = {"closes_at": hall.at("17:00"), "backlog_minutes": 31, "is_computed": True}
    hall.note("issuing-stopped", "15:59", SYSTEM, **computed)
    hall.note("issuing-resumed", "16:05")
    hall.note("issuing-stopped", "16:30", closes_at=hall.at("17:00"), backlog_minutes=0)


def _queue(hall: HallDay, rng: Random, count: int, *, surge: bool) -> None:
    """Numbers come all day and are called in turn a little later, several windows at a time."""
    came = sorted(hall.at("09:00") + timedelta(seconds=rng.randint(0, 7 * 3600)) for _ in range(count))
    queue: list[tuple[datetime, Number]] = []
    for k, moment in enumerate(came):
        facts: dict[str, Any] = {}
        turn = moment
        match k % 40:
            case 7:
                turn, facts = moment - 30 * MINUTE, {"rank": "priority", "ground": "over-70"}
            case 17:
                facts = {"rank": "appointment", "appointment": f"A{k}", "turn_at": moment}
            case 27:
                turn, facts = moment - 60 * MINUTE, {"rank": "carried-over", "from_ticket": f"T{k}"}
        number = hall.issue(moment, **{"turn_at": turn, "by": hall.crew.portal, **facts})
        queue.append((turn, number))
        while len(queue) > 6:
            _next(queue, moment, rng, surge=surge)
    last = hall.at("16:30")
    while queue:
        last += timedelta(seconds=40)
        _next(queue, last, rng, surge=surge)


def _next(queue: list[tuple[datetime, Number]], moment: datetime, rng: Random, *, surge: bool) -> None:
    """The one whose turn it is; every thirteenth is passed over for a recorded ground, and called right after."""
    queue.sort(key=lambda held: (held[0], held[1].subject))
    ground = None
    chosen = 0
    if len(queue) > 2 and rng.random() < 0.08:
        chosen, ground = 1, "child with fever"
    _, number = queue.pop(chosen)
    _finish(number, moment, rng, waited=rng.choice((90, 200)) if surge else min(rng.choice((0, 5, 20, 30)), 30),
            ground=ground)  # fmt: skip


def _finish(number: Number, moment: datetime, rng: Random, *, waited: int, ground: str | None) -> None:
    way = rng.choices(WAYS, [60, 6, 6, 4, 4, 4, 4, 4])[0]
    if way in (_released, _voided, _carried, _emergency_free):
        way(number, moment, rng)
        return
    number.call(moment, waited=waited, ground=ground)
    way(number, moment, rng)


def _served(number: Number, moment: datetime, rng: Random) -> None:
    number.note("started", moment + MINUTE)
    end = moment + rng.randint(2, 12) * MINUTE
    outcome = rng.choice(OUTCOMES)
    facts: dict[str, Any] = {"outcome": outcome, "is_confirmed": True if outcome == "information" else None}
    if outcome == "written-refusal":
        facts["reference"] = f"R-{number.subject}"
    if outcome in ("case", "inquiry"):
        facts["reference"] = _recorded(number, outcome, end, rng)
    number.serve(end, **facts)


def _recorded(number: Number, outcome: str, end: datetime, rng: Random) -> str:
    """A case or inquiry of before, of the moment, or of the last minute of the next working day; at once withdrawn or
    answered, so that no other clock speaks."""
    reference = f"330100-2020-{number.subject.removeprefix('ticket/')}"
    late = datetime.combine(after(end.date(), 1), datetime.max.time().replace(microsecond=0))
    when = rng.choice((end - timedelta(days=2), end - MINUTE, late))
    who = applicant(len(reference) + rng.randint(0, 10**6))
    journal = number.hall.journal
    if outcome == "case":
        for kind, moment in (("submitted", when), ("withdrawn", when)):
            journal.note(f"case/{reference}", kind, moment, who, channel="web")
        return reference
    journal.note(f"inquiry/{reference}", "inquired", when, who, channel="web", applicant=who.actor, matter="tax-card")
    covers = ("conditions", "item", "limit", "materials", "place")
    facts: dict[str, Any] = {"outcome": "answered", "covers": covers, "cited_version": "tax-card@1"}
    journal.note(f"inquiry/{reference}", "inquiry-answered", when, number.hall.crew.portal, channel="web",
                 item_version="tax-card@1", **facts)  # fmt: skip
    return reference if rng.random() < 0.5 else f"inquiry/{reference}"


def _absent(number: Number, moment: datetime, rng: Random) -> None:
    for k in (3, 6):
        number.call(moment + k * MINUTE)
    number.note("absent", moment + 9 * MINUTE)
    if rng.random() < 0.3:
        number.note("returned", moment + 12 * MINUTE)
        number.call(moment + 12 * MINUTE + timedelta(seconds=5))
        number.serve(moment + 15 * MINUTE)


def _parked(number: Number, moment: datetime, rng: Random) -> None:
    number.note("started", moment)
    number.note("parked", moment + 2 * MINUTE, reason="copies")
    number.note("resumed", moment + 10 * MINUTE)
    number.serve(moment + rng.randint(11, 20) * MINUTE)


def _transferred(number: Number, moment: datetime, rng: Random) -> None:
    """To the window that alone can go on, where nobody else waits; the others of this hall wait for any window."""
    number.note("started", moment)
    number.note("transferred", moment + 2 * MINUTE, to_window=f"w-{number.subject}", reason="seal")
    number.call(moment + rng.randint(3, 9) * MINUTE)
    number.serve(moment + 12 * MINUTE)


def _released(number: Number, moment: datetime, rng: Random) -> None:
    if rng.random() < 0.5:
        number.note("released", min(moment, number.hall.at("17:00")))
    else:
        number.by_holder("released", moment)


def _voided(number: Number, moment: datetime, rng: Random) -> None:
    number.note("voided", min(moment, number.hall.at("17:00")), reason=rng.choice(("printed twice", "paper jam")))


def _carried(number: Number, moment: datetime, rng: Random) -> None:
    consent = rng.choice(("code", "signature"))
    number.note("carried-over", moment, consent=consent)


def _emergency_free(number: Number, moment: datetime, rng: Random) -> None:
    """Never called, because an emergency closed the hall for that moment."""
    hall = number.hall
    until = moment + 3 * MINUTE
    facts: dict[str, Any] = {
        "closure": f"e-{number.subject}",
        "cause": "emergency",
        "from_at": moment - MINUTE,
        "until_at": until,
    }
    hall.note("closure-declared", moment, **facts)
    number.note("closed-unserved", moment, SYSTEM, cause="closure")
    assert rng


WAYS: tuple[Ending, ...] = (
    _served, _absent, _parked, _transferred, _released, _voided, _carried, _emergency_free,
)  # fmt: skip


def _appointment(journal: Journal, seed: int, k: int, rng: Random) -> None:
    """Cancelled by the office a day before, by its holder at the last minute, or by a closure announced in time."""
    on = FIRST + timedelta(days=10 + k % 7)
    hall = HallDay(journal, f"L{seed}", on, Crew("office-0", k))
    subject, slot = f"appointment/{seed}-{k}", hall.at("10:00")
    booked: dict[str, Any] = {"hall": hall.code, "item": "tax-card", "slot_at": slot}
    journal.note(subject, "appointment-booked", slot - timedelta(days=9), applicant(k), channel="web", **booked)
    match k % 4:
        case 0:
            journal.note(subject, "appointment-cancelled", slot - timedelta(hours=24), hall.manager)
        case 1:
            late = slot - rng.randint(1, 600) * MINUTE
            journal.note(subject, "appointment-cancelled", late, applicant(k), channel="web")
        case 2:
            closure = f"a-{subject}"
            hall.declare(slot - timedelta(hours=24), "08:00", "12:00", "announced", closure=closure)
            journal.note(subject, "appointment-cancelled", slot - timedelta(hours=23), hall.manager, closure=closure)
        case _:
            journal.note(subject, "appointment-missed", slot + 20 * MINUTE, SYSTEM)
    assert is_worked(FIRST)
