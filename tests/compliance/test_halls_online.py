"""What the scheduler says of a hall, look by look, is what the whole ledger says; a look reads a day, not a year."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from portal.basis import By, Role
from portal.catalogue import queries as catalogue
from portal.compliance.engine import judge
from portal.compliance.findings import operations, queries, reading
from portal.compliance.load import from_events
from portal.compliance.registry import all_rules
from portal.compliance.sentences import plain
from portal.ledger import queries as ledger
from portal.ledger.operations import append
from portal.store import reading as reads
from portal.store import transaction
from tests.years.city import Crew
from tests.years.hall import HallDay, Number
from tests.years.journal import SHANGHAI, Journal, Row

TUESDAY = datetime(2020, 6, 2)


def at(clock: str, days: int = 0) -> datetime:
    return datetime.fromisoformat(f"{TUESDAY + timedelta(days):%Y-%m-%d} {clock}").replace(tzinfo=SHANGHAI)


def write(rows: Iterable[Row]) -> None:
    with transaction():
        for row in rows:
            by = By(row["actor"], Role(row["role"]), row["office"], row["payload"].get("post"))
            append(
                row["subject"], row["kind"], row["payload"], by=by, at=row["occurred_at"], channel="web",
                item_version=row["item_version"],
            )  # fmt: skip


def look(moment: datetime, *silent: str) -> int:
    """As the scheduler does: what changed since the mark, what fell silent, and the open ones after midnight."""
    with reads():
        mark = queries.mark()
        named = set(ledger.subjects_changed_after(mark.seq if mark else 0)) | set(silent)
        if mark and mark.at.astimezone(SHANGHAI).date() != moment.astimezone(SHANGHAI).date():
            named |= {*queries.subjects_open(), *queries.subjects_waiting()}
        last = ledger.last_seq()
    with transaction():
        written = operations.examine(named, at=moment)
        operations.set_mark(seq=last, at=moment)
    return len(written)


def everything_judged(moment: datetime) -> dict[Any, Any]:
    with reads():
        limits = catalogue.limits_table(catalogue.catalogue())
        log = from_events(ledger.stream(), limits=limits, as_of=moment).log
        return {found.key: (found.severity.value, plain(found.numbers)) for found in judge(log, all_rules()).findings}


def everything_standing() -> dict[Any, Any]:
    with reads():
        held = queries.findings(limit=1000)
        return {(one.rule, one.about, one.first_seq): (one.severity.value, dict(one.numbers)) for one in held}


def agrees(moment: datetime, *silent: str) -> dict[Any, Any]:
    look(moment, *silent)
    standing = everything_standing()
    assert standing == everything_judged(moment)
    assert look(moment) == 0
    return standing


def codes(found: dict[Any, Any]) -> list[tuple[str, str]]:
    return sorted((rule, severity) for (rule, _, _), (severity, _) in found.items())


def hall_day(days: int = 0) -> HallDay:
    return HallDay(Journal(), "H", (TUESDAY + timedelta(days)).date(), Crew("tax"))


def told(hall: HallDay) -> list[Row]:
    rows = hall.journal.close()
    hall.journal.acts.clear()
    return rows


def test_five_numbers_turn_red_together_and_pale_again_one_by_one(database: Flask) -> None:
    assert database
    hall = hall_day()
    numbers = [hall.issue(f"10:0{k}") for k in range(5)]
    write(told(hall))
    assert agrees(at("16:00")) == {}
    # at closing four are named by whoever keeps the time, the fifth hangs together with them
    subjects = [number.subject for number in numbers]
    assert codes(agrees(at("17:01"), *subjects)) == [("V23", "red")] * 5
    numbers[0].by_holder("released", "17:05")
    write(told(hall))
    assert codes(agrees(at("17:06"))) == [("V23", "yellow")] * 4
    assert codes(agrees(at("09:00", 1))) == [("V23", "yellow")] * 4


def test_a_surge_declared_later_that_day_clears_what_was_said_of_its_numbers(database: Flask) -> None:
    assert database
    hall = hall_day()
    for k in range(3):
        number = hall.issue(f"09:0{k}")
        number.call("11:00", waited=70 + k)
        number.serve("11:10")
    write(told(hall))
    assert codes(agrees(at("12:00"))) == [("V25", "yellow")] * 3
    hall.note("surge-declared", "13:00", day=hall.on)
    write(told(hall))
    assert agrees(at("13:01")) == {}


def test_a_halls_day_is_judged_when_it_ends(database: Flask) -> None:
    assert database
    hall = hall_day()
    for k in range(10):
        number = hall.issue(f"09:0{k}")
        number.call(f"10:0{k}", waited=40)
        number.serve("11:10")
    write(told(hall))
    assert agrees(at("17:00")) == {}
    hall.close("17:10")
    write(told(hall))
    assert codes(agrees(at("17:11"))) == [("V25", "notice")]
    later = hall_day(1)
    later.of_office("window-left-empty", "10:20", at_window="w1", from_at=later.at("10:00"))
    write(told(later))
    assert codes(agrees(at("10:21", 1))) == [("V24", "yellow"), ("V25", "notice")]
    later.of_office("window-opened", "10:30", at_window="w1")
    write(told(later))
    assert codes(agrees(at("10:31", 1))) == [("V24", "yellow"), ("V25", "notice")]
    assert codes(agrees(at("09:00", 3))) == [("V24", "yellow"), ("V25", "notice")]


def test_a_served_number_waits_for_its_case_until_the_next_working_day_is_over(database: Flask) -> None:
    assert database
    hall = hall_day()
    number = hall.issue("09:00")
    number.call("09:05")
    number.serve("09:10", outcome="case", reference="990100-2020-000001")
    write(told(hall))
    assert agrees(at("10:00")) == {}
    assert agrees(at("23:59", 1)) == {}
    assert codes(agrees(at("00:01", 2))) == [("V52", "yellow")]
    case = Journal()
    case.note("case/990100-2020-000001", "submitted", at("08:59"), By("li", Role.APPLICANT), channel="web")
    case.note("case/990100-2020-000001", "withdrawn", at("09:00"), By("li", Role.APPLICANT), channel="web")
    write(case.close())
    assert agrees(at("00:02", 2)) == {}
    with reads():
        assert queries.subjects_waiting() == [number.subject]  # until it is looked at again
    assert agrees(at("00:02", 3)) == {}
    with reads():
        assert queries.subjects_waiting() == []


def test_a_closure_excuses_the_appointments_that_name_it(database: Flask) -> None:
    assert database
    hall = hall_day(2)
    booked: dict[str, Any] = {"hall": "H", "item": "tax-card", "slot_at": hall.at("10:00")}
    hall.journal.note("appointment/1", "appointment-booked", at("08:00"), By("li", Role.APPLICANT), **booked)
    hall.declare(at("09:00"), "09:00", "12:00", "announced")
    hall.journal.note("appointment/1", "appointment-cancelled", at("11:00", 1), hall.manager, closure="c-H")
    hall.journal.note("appointment/2", "appointment-booked", at("08:00"), By("li", Role.APPLICANT), **booked)
    hall.journal.note("appointment/2", "appointment-cancelled", at("11:00", 1), hall.manager)
    write(told(hall))
    found = agrees(at("11:01", 1))
    assert [about for _, about, _ in found] == ["appointment/2"]


def test_a_jumped_queue_is_told_when_the_call_is_made(database: Flask) -> None:
    assert database
    hall = hall_day()
    first, second = hall.issue("09:00"), hall.issue("09:05")
    write(told(hall))
    second.call("09:10")
    write(told(hall))
    found = agrees(at("09:11"))
    assert [(rule, about) for rule, about, _ in found] == [("V51", second.subject)]
    assert first.subject


def test_a_look_at_one_number_reads_its_halls_day_and_no_other(
    database: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert database
    for days in range(4):
        hall = hall_day(days)
        for k in range(5):
            number = hall.issue(f"09:0{k}", by=By("system", Role.SYSTEM, "tax"))
            number.call(f"09:1{k}", By(f"clerk-{days}", Role.CLERK, "tax"))
            number.serve(f"09:2{k}", By(f"clerk-{days}", Role.CLERK, "tax"))
        hall.of_office("window-opened", "08:59", at_window="w1")
        hall.close("17:10")
        write(told(hall))
        look(at("18:00", days))
    read: list[str] = []
    events_of = reading.events_of

    def counted(subjects: Any, days: Any) -> Any:
        found = events_of(subjects, days)
        read.extend(subject for subject, events in found.items() if events)
        return found

    for module in (operations, reading):
        monkeypatch.setattr(module, "events_of", counted)
    with transaction():
        operations.examine(["ticket/H-0605-001"], at=at("18:01", 3))
    others = [f"ticket/H-0605-00{k}" for k in range(2, 6)]
    assert set(read) == {"hall/H", "ticket/H-0605-001", *others}
    assert all(read.count(other) == 1 for other in others), "once for all rules, whatever they span"


@pytest.mark.parametrize("seed", range(4))
def test_of_random_days_every_look_says_what_the_whole_ledger_says(
    seed: int,
    sqlite_database: Flask,  # noqa: ARG001
) -> None:
    """Two days with jumped queues, long waits, releases, windows left, stops and closures, a look every few events."""
    dice = random.Random(seed)
    found: set[str] = set()
    for days in range(2):
        hall = hall_day(days)
        lived_through(hall, dice)
        rows = told(hall)
        while rows:
            some = dice.randint(1, 9)
            write(rows[:some])
            found |= {rule for rule, _, _ in agrees(rows[some - 1 if some <= len(rows) else -1]["recorded_at"])}
            rows = rows[some:]
    assert found, "a day without a fault shows nothing"


def lived_through(hall: HallDay, dice: random.Random) -> None:
    clerks = (hall.crew.clerk, hall.crew.other_clerk)
    for k in range(dice.randint(6, 10)):
        clock = at("09:00", (hall.on - TUESDAY.date()).days) + timedelta(minutes=7 * k + dice.randint(0, 20))
        number, by = hall.issue(clock, turn_at=clock + timedelta(minutes=dice.choice((0, 0, 15)))), dice.choice(clerks)
        ways = [_is_served, _is_served, _is_served, _gives_up, _is_passed_on, lambda *_: None]
        dice.choice(ways)(number, clock + timedelta(minutes=dice.randint(1, 100)), by, dice)
    if dice.random() < 0.5:
        hall.note("surge-declared", "13:00", day=hall.on)
    if dice.random() < 0.5:
        hall.declare("11:00", "14:00", "15:00", dice.choice(("announced", "power")))
    hall.of_office("window-opened", "08:59", at_window="w1")
    hall.close("17:10")


def _is_served(number: Number, clock: datetime, by: By, dice: random.Random) -> None:
    number.call(clock, by, waited=dice.randint(1, 100))
    number.note("started", clock + timedelta(minutes=1), by)
    end = clock + timedelta(minutes=dice.randint(2, 30))
    number.serve(end, by, **dice.choice(({}, {}, {"is_confirmed": None}, {"outcome": "case", "reference": "none"})))


def _gives_up(number: Number, clock: datetime, _: By, __: random.Random) -> None:
    number.by_holder("released", clock)


def _is_passed_on(number: Number, clock: datetime, by: By, dice: random.Random) -> None:
    number.call(clock, by, waited=dice.randint(1, 100))
    number.note("transferred", clock + timedelta(minutes=3), by, to_window="w2")
    number.call(clock + timedelta(minutes=40), by)
