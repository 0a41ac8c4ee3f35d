"""Carried over to another day: promised there by the formula, or said to be no promise, and counted by all others."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import pytest

from portal.basis import NotAllowed
from portal.hall import operations
from portal.hall.model.appointments import Appointment, SlotTaken
from portal.hall.model.capacity import Windows
from portal.hall.model.tickets import IN_THE_HALL, Ticket, TicketFactUnfit, TicketState
from portal.hall.operations.consent import DayPromisedAway, WrongCode
from portal.hall.operations.issuing import HasOneAlready
from portal.hall.places import place
from portal.hall.queries.appointments import appointment, booked_between, first_free_slots, free_slots
from portal.hall.queries.carrying import NoDayHoldsIt, days_to_choose
from portal.hall.queries.queue import in_the_hall
from portal.hall.queries.tickets import ticket
from portal.hall.standing import STANDARD_MINUTES, day_of, standing
from portal.ledger import queries as ledger
from portal.store import transaction
from tests.cases.city import at
from tests.hall.flow import done
from tests.hall.hall_city import (
    CLOSES,
    HALL,
    ITEM,
    MANAGER,
    OPENS,
    TEN,
    WINDOWS,
    called,
    citizen,
    clerk,
    issued,
    minutes,
    seat,
    tried,
)

pytestmark = pytest.mark.usefixtures("database")
WEDNESDAY, THURSDAY = date(2026, 3, 4), date(2026, 3, 5)


def rostered(day: date, **spans: str) -> None:
    """Only these windows are staffed on a day."""
    with transaction():
        for window in place(HALL).windows:
            span = spans.get(window.replace("-", "_"))
            operations.set_shift(HALL, window, day, [span] if span else [], by=MANAGER, at=TEN)


def carried(slip: operations.Slip, moment: datetime = TEN, **facts: object) -> Ticket:
    by = facts.pop("by", None) or citizen()
    with transaction():
        return operations.carry_over(slip.ticket.id, by=by, at=moment, code=slip.code, **facts).ticket  # type: ignore[arg-type]


def fifty_minutes_on_wednesday() -> list[operations.Slip]:
    """One window on Wednesday with time for one visit and its margin; three people who hold numbers of Tuesday."""
    rostered(WEDNESDAY, social_insurance_1="09:00-09:50")
    seat(1)
    return [issued() for _ in range(3)]


def test_a_day_that_cannot_hold_the_number_is_passed_over_and_the_next_is_promised() -> None:
    one, two, _ = fifty_minutes_on_wednesday()
    first, second = carried(one), carried(two)
    assert (first.day, first.is_guaranteed) == (WEDNESDAY, True)
    assert (second.day, second.is_guaranteed, second.printed) == (THURSDAY, True, "S001")
    days = days_to_choose(place(HALL), two.ticket, TEN)
    assert [(day.day, day.fits) for day in days[:2]] == [(WEDNESDAY, False), (THURSDAY, True)]


def test_who_agreed_to_a_day_that_filled_meanwhile_is_asked_again_and_keeps_his_number() -> None:
    one, two, _ = fifty_minutes_on_wednesday()
    carried(one, to_day=WEDNESDAY)
    with transaction(), pytest.raises(DayPromisedAway) as refused:
        operations.carry_over(two.ticket.id, by=citizen(), at=TEN, code=two.code, to_day=WEDNESDAY)
    assert (refused.value.day, refused.value.other) == (WEDNESDAY, THURSDAY)
    assert ticket(two.ticket.id).state is TicketState.WAITING


def test_beyond_the_formula_only_with_the_hall_managers_reason_and_then_it_is_no_guarantee() -> None:
    one, two, three = fifty_minutes_on_wednesday()
    carried(one)
    signed = {"at": TEN, "is_signed": True, "to_day": WEDNESDAY}
    with transaction(), pytest.raises(NotAllowed):
        operations.carry_over(two.ticket.id, by=clerk(1), override="leaves on Thursday", **signed)  # type: ignore[arg-type]
    with transaction(), pytest.raises(TicketFactUnfit):
        operations.carry_over(two.ticket.id, by=MANAGER, override=" ", **signed)  # type: ignore[arg-type]
    with transaction():
        new = operations.carry_over(two.ticket.id, by=MANAGER, override="leaves on Thursday", **signed).ticket  # type: ignore[arg-type]
    assert (new.day, new.is_guaranteed, new.override) == (WEDNESDAY, False, "leaves on Thursday")
    event = ledger.events(f"ticket/{new.id}")[-1]
    assert (event.text("manager_office"), event.has("is_guaranteed")) == ("government-services", False)
    with transaction():  # a reason where none is needed makes no promise smaller
        other = operations.carry_over(
            three.ticket.id, by=MANAGER, at=TEN, is_signed=True, to_day=THURSDAY, override="to be sure"
        ).ticket
    assert (other.is_guaranteed, other.override) == (True, None)


@pytest.mark.parametrize("day", [date(2026, 3, 3), date(2026, 3, 8), date(2026, 5, 20)])
def test_only_an_open_day_to_come_is_asked_for(day: date) -> None:
    seat(1)
    one = issued()
    with transaction(), pytest.raises(TicketFactUnfit, match="not open on that day"):
        operations.carry_over(one.ticket.id, by=citizen(), at=TEN, code=one.code, to_day=day)


def test_where_no_day_of_a_month_can_hold_it_that_is_said_and_the_number_stays() -> None:
    seat(1)
    one = issued(matters=5)
    for ahead in range(1, 31):
        rostered(TEN.date() + timedelta(ahead), social_insurance_1="09:00-09:50")
    with transaction(), pytest.raises(NoDayHoldsIt, match="promised away"):
        operations.carry_over(one.ticket.id, by=citizen(), at=TEN, code=one.code)
    assert ticket(one.ticket.id).state is TicketState.WAITING


def test_the_minutes_of_who_was_carried_over_are_promised_to_nobody_else() -> None:
    one, *_ = fifty_minutes_on_wednesday()
    opening = at("Wednesday 2026-03-04 09:00")
    slots = first_free_slots(HALL, ITEM, TEN, 1)
    assert slots == [opening]
    first = carried(one)
    assert free_slots(HALL, ITEM, WEDNESDAY, TEN) == {}
    with transaction(), pytest.raises(SlotTaken) as refused:
        operations.book(HALL, ITEM, opening, by=citizen(), at=TEN)
    assert refused.value.free[0].date() == THURSDAY
    assert isinstance(tried(opening - minutes(10)), operations.Denied)
    by = seat(1, opening)
    assert isinstance(tried(opening), operations.Denied)
    found = called(by, opening)
    assert found is not None
    assert found.id == first.id


def test_an_agents_number_stays_an_agents_when_it_is_carried_over() -> None:
    seat(1)
    assert carried(issued(is_for_others=True)).is_for_others


def work_promised(day: date, moment: datetime) -> dict[Windows, int]:
    """Whole minutes of guaranteed numbers and booked appointments of a day, for each set of windows."""
    where = place(HALL)
    spans = day_of(where, day).spans
    found: dict[Windows, int] = {}
    held = [one for one in in_the_hall(HALL, day) if one.is_guaranteed and one.state in IN_THE_HALL]
    booked = [one for one in booked_between(HALL, spans[0][0], spans[-1][1]) if one.until_at and one.until_at > moment]
    promised: list[Ticket | Appointment] = [*held, *booked]
    for one in promised:
        windows = where.serving[one.item]
        found[windows] = found.get(windows, 0) + int(STANDARD_MINUTES) * one.matters
    return found


@pytest.mark.parametrize("seed", range(6))
def test_however_numbers_are_carried_over_booked_and_issued_no_day_promises_more_than_its_roster_holds(
    seed: int,
) -> None:
    chance = Random(seed)
    evening, morning = CLOSES - minutes(5), at("Wednesday 2026-03-04 08:45")
    where = place(HALL)
    items = sorted(where.serving)
    for day in (WEDNESDAY, THURSDAY):
        names = chance.sample(sorted(where.windows), 3)
        rostered(day, **{name.replace("-", "_"): f"09:00-09:{chance.randint(30, 59)}" for name in names})
    seat(1)
    slips = [issued(OPENS + minutes(nth / 2), chance.choice(items), matters=chance.randint(1, 2)) for nth in range(24)]
    outcomes, appointments = set(), list[str]()
    for slip in slips:
        act = chance.choice(("carry", "book", "move"))
        with transaction():
            if act == "carry":
                day = operations.carry_over(slip.ticket.id, by=citizen(), at=evening, code=slip.code).ticket.day
                outcomes.add(day)
            elif act == "move" and appointments:
                moved_at_random(chance, chance.choice(appointments), evening)
            elif slots := first_free_slots(HALL, slip.ticket.item, evening, 1):
                booked = operations.book(HALL, slip.ticket.item, slots[0], by=citizen(), at=evening)
                appointments.append(booked.appointment.number)
        still_held(evening)
    for _ in range(12):
        with transaction():
            operations.issue(HALL, chance.choice(items), by=citizen(), at=morning)
        still_held(morning)
    assert outcomes - {WEDNESDAY}, "nothing was ever full: the test shows nothing"


def moved_at_random(chance: Random, number: str, moment: datetime) -> None:
    one = appointment(number)
    day = chance.choice((WEDNESDAY, THURSDAY))
    if slots := list(free_slots(HALL, one.item, day, moment, one.matters, moving=one)):
        operations.move(number, chance.choice(slots), by=MANAGER, at=moment)


def still_held(moment: datetime) -> None:
    for day in (WEDNESDAY, THURSDAY):
        now = standing(place(HALL), day, moment)
        work = work_promised(day, moment)
        left = {window: int(many) for window, many in now.minutes_left().items()}
        assert done(work, left) == sum(work.values()), (day, work, left)


def test_a_whole_crowd_not_served_on_one_day_is_spread_over_the_days_that_can_hold_it() -> None:
    """Before, all of them were promised the next morning, whatever its roster."""
    seat(1)
    slips = [issued(TEN, matters=2) for _ in range(8)]
    rostered(WEDNESDAY, **{WINDOWS[0].replace("-", "_"): "09:00-11:00"})
    rostered(THURSDAY, **{WINDOWS[0].replace("-", "_"): "09:00-11:00"})
    with transaction():
        operations.close_hall(HALL, by=MANAGER, at=CLOSES + minutes(1))
    days = [carried(slip, CLOSES + minutes(2)).day for slip in slips]
    assert len(set(days)) >= 3
    assert days == sorted(days)
    for day in set(days):
        held = [one for one in in_the_hall(HALL, day) if one.is_guaranteed]
        assert [one.printed for one in held] == [f"S{nth:03d}" for nth in range(1, len(held) + 1)]


MORNING = at("Wednesday 2026-03-04 09:20")


def not_served(**facts: Any) -> operations.Slip:
    """A number of Tuesday with which nobody was called, its day ended."""
    seat(1)
    slip = issued(TEN, **facts)
    with transaction():
        operations.close_hall(HALL, by=MANAGER, at=CLOSES + minutes(1))
    assert ticket(slip.ticket.id).state is TicketState.CLOSED_UNSERVED
    return slip


def test_who_was_not_served_and_comes_the_next_morning_is_called_today_before_those_who_come_now() -> None:
    slip = not_served(matters=2)
    by = seat(1, at("Wednesday 2026-03-04 09:00"))
    ten = at("Wednesday 2026-03-04 10:00")
    early, late = issued(ten - minutes(61)), issued(ten - minutes(1))
    days = days_to_choose(place(HALL), slip.ticket, ten)
    assert [(day.day, day.fits) for day in days[:2]] == [(WEDNESDAY, True), (THURSDAY, True)]
    new = carried(slip, ten)
    assert (new.day, new.printed, new.ground, new.rank) == (WEDNESDAY, "S001", "carried-over", "carried-over")
    assert (new.is_guaranteed, new.closes_at, new.ahead) == (True, at("Wednesday 2026-03-04 17:00"), 1)
    assert new.low_at is not None, "he is told about when, as whoever takes a number today"
    order = []
    for later in range(3):
        found = called(by, ten + minutes(later))
        assert found is not None
        order.append(found.id)
        with transaction():
            operations.park(found.id, "", by=by, at=ten + minutes(later))
    # an hour's credit, and no more: who has waited longer goes first all the same
    assert order == [early.ticket.id, new.id, late.ticket.id]


def test_where_today_has_no_room_he_gets_the_next_day_that_has() -> None:
    slip = not_served()
    rostered(WEDNESDAY, social_insurance_1="09:00-09:50")  # half an hour is left, and a visit with its margin takes 34
    assert [(day.day, day.fits) for day in days_to_choose(place(HALL), slip.ticket, MORNING)[:2]] == [
        (WEDNESDAY, False),
        (THURSDAY, True),
    ]
    with transaction(), pytest.raises(DayPromisedAway) as refused:
        operations.carry_over(slip.ticket.id, by=citizen(), at=MORNING, code=slip.code, to_day=WEDNESDAY)
    assert (refused.value.day, refused.value.other) == (WEDNESDAY, THURSDAY)
    assert carried(slip, MORNING).day == THURSDAY


def test_once_the_hall_has_closed_or_issues_no_more_numbers_today_is_not_given() -> None:
    slip = not_served()
    with transaction():
        operations.stop_issuing(HALL, "too many", by=MANAGER, at=MORNING)
    assert [(day.day, day.fits, day.is_stopped) for day in days_to_choose(place(HALL), slip.ticket, MORNING)[:2]] == [
        (WEDNESDAY, False, True),
        (THURSDAY, True, False),
    ]
    evening = at("Wednesday 2026-03-04 17:00")
    assert days_to_choose(place(HALL), slip.ticket, evening)[0].day == THURSDAY
    assert carried(slip, MORNING).day == THURSDAY


def test_who_comes_before_his_day_was_ended_has_it_recorded_first_that_he_was_not_served() -> None:
    """The job that ends days may have stood still over night; that is not his fault."""
    seat(1)
    slip, other = issued(TEN), issued(TEN)
    with transaction(), pytest.raises(WrongCode):
        operations.carry_over(slip.ticket.id, by=citizen(), at=MORNING, code="AAAAAAAA")
    assert ticket(slip.ticket.id).state is TicketState.WAITING
    assert carried(slip, MORNING).day == WEDNESDAY
    kinds = [event.kind for event in ledger.events(f"ticket/{slip.ticket.id}")]
    assert kinds == ["ticket-issued", "ticket-closed-unserved", "ticket-carried-over"]
    assert ticket(other.ticket.id).state is TicketState.CLOSED_UNSERVED
    assert [event.integer("unserved") for event in ledger.events(f"hall/{HALL}") if event.kind == "hall-closed"] == [2]


def test_who_took_another_number_today_gives_it_up_before_he_is_carried_over_to_today() -> None:
    who = citizen()
    slip = not_served(by=who, holder=who.actor)
    seat(1, MORNING)
    again = issued(MORNING, by=who, holder=who.actor)
    with transaction(), pytest.raises(HasOneAlready):
        operations.carry_over(slip.ticket.id, by=who, at=MORNING, code=slip.code)
    with transaction():
        operations.release(again.ticket.id, again.code, by=who, at=MORNING)
    assert carried(slip, MORNING, by=who).day == WEDNESDAY


@pytest.mark.parametrize("seed", range(3))
def test_however_many_come_back_in_the_morning_today_promises_no_more_than_its_roster_holds(seed: int) -> None:
    chance = Random(seed)
    seat(1)
    slips = [issued(OPENS + minutes(nth / 2), matters=chance.randint(1, 3)) for nth in range(20)]
    span = f"09:00-1{chance.randint(0, 2)}:30"
    for day in (WEDNESDAY, THURSDAY):
        rostered(day, social_insurance_1=span, comprehensive_1="09:00-10:00")
    with transaction():
        operations.close_hall(HALL, by=MANAGER, at=CLOSES + minutes(1))
    seat(1, MORNING)
    seat(7, MORNING, window="comprehensive-1", office="government-services")
    days = set()
    for slip in slips:
        if chance.random() < 0.3:
            tried(MORNING, ITEM, matters=chance.randint(1, 2))
        days.add(carried(slip, MORNING).day)
        still_held(MORNING)
    assert len(days) > 2, "today was never full: the test shows nothing"
