"""Appointments: one slot, one person; moved, cancelled, missed; whoever comes joins the one queue."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from portal.basis import SYSTEM, NotAllowed
from portal.catalogue.queries import version_on
from portal.hall import operations
from portal.hall.model.appointments import (
    Appointment,
    AppointmentState,
    AppointmentStepNotPossible,
    NoRoomThatDay,
    NotYet,
    SlotTaken,
    SlotUnfit,
    TooLate,
    TooManyAppointments,
)
from portal.hall.model.tickets import TicketFactUnfit
from portal.hall.operations import Confirmation, planning
from portal.hall.operations import appointments as appointing
from portal.hall.operations.consent import WrongCode
from portal.hall.operations.planning import Cause
from portal.hall.places import place
from portal.hall.queries.appointments import appointment, first_free_slots, free_slots
from portal.ledger import queries as ledger
from portal.store import transaction
from tests.cases.city import at
from tests.hall.hall_city import (
    HALL,
    ITEM,
    MANAGER,
    TEN,
    WINDOWS,
    called,
    citizen,
    clerk,
    issued,
    minutes,
    seat,
)

pytestmark = pytest.mark.usefixtures("database")
SLOT = at("Wednesday 2026-03-04 09:00")


def booked(slot: datetime = SLOT, **facts: object) -> Confirmation:
    by = facts.pop("by", None) or citizen()
    with transaction():
        return operations.book(HALL, ITEM, slot, by=by, at=TEN, **facts)  # type: ignore[arg-type]


def test_slots_follow_from_hours_windows_and_how_long_a_visit_lasts() -> None:
    slots = free_slots(HALL, ITEM, SLOT.date(), TEN)
    # five windows take it; every other quarter of an hour of three hours and three and a half is for appointments
    assert len(slots) == 6 + 7
    assert {len(windows) for windows in slots.values()} == {5}
    assert free_slots(HALL, ITEM, at("Sunday 2026-03-08 09:00").date(), TEN) == {}


def test_a_slot_is_booked_once_for_each_window_and_then_the_next_free_ones_are_told() -> None:
    taken = [booked().appointment.window for _ in range(5)]
    assert len(set(taken)) == 5
    with pytest.raises(SlotTaken) as refused:
        booked()
    assert refused.value.free[0] == SLOT + minutes(30)


@pytest.mark.parametrize(
    "slot",
    [
        "Wednesday 2026-03-04 09:15",  # kept for whoever walks in
        "Wednesday 2026-03-04 12:00",
        "Sunday 2026-03-08 09:00",
        "Tuesday 2026-03-03 09:00",  # over
        "Thursday 2026-03-19 09:00",  # more than fourteen days ahead
    ],
)
def test_what_is_no_slot_cannot_be_booked(slot: str) -> None:
    with pytest.raises(SlotUnfit):
        booked(at(slot))


def test_several_matters_have_their_time_one_after_the_other_and_no_window_is_given_twice() -> None:
    for _ in range(5):
        one = booked(matters=5).appointment
        assert one.until_at == SLOT + minutes(75)
    assert first_free_slots(HALL, ITEM, TEN, 1) == [SLOT + minutes(90)]  # 9:30 and 10:00 are theirs too
    with pytest.raises(SlotTaken, match="5 matters") as refused:
        booked(at("Wednesday 2026-03-04 11:30"), matters=5)  # noon is lunch
    assert at("Wednesday 2026-03-04 10:30") in refused.value.free
    with transaction():
        moved = operations.move(one.number, at("Wednesday 2026-03-04 14:00"), by=MANAGER, at=TEN, reason="lunch")
    assert moved.until_at == at("Wednesday 2026-03-04 15:15")


def only(span: str) -> None:
    """On Wednesday one window alone is staffed."""
    with transaction():
        for window in place(HALL).windows:
            spans = [span] if window == WINDOWS[0] else []
            operations.set_shift(HALL, window, SLOT.date(), spans, by=MANAGER, at=TEN)


def moved(one: Confirmation, slot: datetime) -> Appointment:
    with transaction():
        return operations.move(one.appointment.number, slot, by=citizen(), at=TEN, code=one.code)


def test_the_formula_is_asked_for_a_day_that_has_no_numbers_yet() -> None:
    only("09:00-09:20")  # a slot of it is free, and one visit with its margin takes 34 minutes
    assert free_slots(HALL, ITEM, SLOT.date(), TEN) == {}
    with pytest.raises(NoRoomThatDay) as refused:
        booked()
    assert refused.value.free[0] == at("Thursday 2026-03-05 09:00")
    only("09:00-09:40")
    assert booked().appointment.slot_at == SLOT


def test_appointments_alone_fill_a_day_and_several_matters_may_be_too_many_where_one_is_not() -> None:
    only("09:00-09:50")
    with pytest.raises(SlotTaken, match="3 matters"):
        booked(matters=3)  # 45 minutes are free; three visits with their margin take 74
    booked()
    with pytest.raises(NoRoomThatDay):
        booked(SLOT + minutes(30))


def test_an_appointment_that_moves_within_a_full_day_is_not_in_its_own_way() -> None:
    only("09:00-09:50")
    one = booked()
    assert free_slots(HALL, ITEM, SLOT.date(), TEN) == {}, "for anybody else it is full"
    assert list(free_slots(HALL, ITEM, SLOT.date(), TEN, moving=one.appointment)) == [SLOT + minutes(30)]
    assert moved(one, SLOT + minutes(30)).slot_at == SLOT + minutes(30)
    other = booked(at("Thursday 2026-03-05 09:00"))
    with pytest.raises(NoRoomThatDay):
        moved(other, SLOT)  # of another day: it adds its minutes to this one


def test_an_appointment_moves_into_time_that_is_its_own_already() -> None:
    only("09:00-12:00")
    one = booked(matters=5)  # until 10:15
    later = moved(one, SLOT + minutes(30))
    assert (later.window, later.until_at) == (WINDOWS[0], SLOT + minutes(105))
    with pytest.raises(SlotTaken):
        booked(SLOT + minutes(30))


def test_the_same_wish_is_one_appointment() -> None:
    who = citizen()
    one = booked(by=who, idempotency_key="k" * 24)
    again = booked(by=who, idempotency_key="k" * 24)
    assert again.is_repeat
    assert again.appointment.number == one.appointment.number


def test_the_situation_told_at_booking_is_the_numbers_when_its_holder_comes() -> None:
    one = booked(situation="by-agent")
    assert appointment(one.appointment.number).situation == "by-agent"
    assert ledger.events(f"appointment/{one.appointment.number}")[0].text("situation") == "by-agent"
    seat(1, SLOT)
    with transaction():
        slip = operations.check_in(one.appointment.number, by=citizen(), at=SLOT, code=one.code)
        again = operations.replace_slip(slip.ticket.id, "not printed", by=SYSTEM, at=SLOT + minutes(1))
    assert (slip.ticket.situation, again.ticket.situation) == ("by-agent", "by-agent")
    assert (slip.ticket.item_version, again.ticket.item_version) == (f"{ITEM}@2", f"{ITEM}@2")
    with pytest.raises(TicketFactUnfit, match="no such situation"):
        booked(situation="made-up")


def test_who_booked_for_a_situation_that_the_service_has_no_more_gets_his_number_without_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one = booked(situation="by-agent")
    seat(1, SLOT)
    now = version_on(ITEM, SLOT.date())
    assert now is not None
    fewer = replace(now, situations=tuple(one for one in now.situations if one.code != "by-agent"))
    monkeypatch.setattr(appointing, "version_on", lambda *_: fewer)
    with transaction():
        slip = operations.check_in(one.appointment.number, by=citizen(), at=SLOT, code=one.code)
    assert (slip.ticket.situation, slip.ticket.is_guaranteed) == (None, True)


def test_nobody_hoards_slots() -> None:
    who = citizen()
    for later in (0, 30, 60):
        booked(SLOT + minutes(later), by=who, holder=who.actor)
    with pytest.raises(TooManyAppointments):
        booked(SLOT + minutes(90), by=who, holder=who.actor)


def test_moving_frees_the_old_slot() -> None:
    one = booked()
    with transaction(), pytest.raises(WrongCode):
        operations.move(one.appointment.number, SLOT + minutes(30), by=citizen(), at=TEN, code="22222222")
    with transaction():
        moved = operations.move(one.appointment.number, SLOT + minutes(30), by=citizen(), at=TEN, code=one.code)
    assert moved.slot_at == SLOT + minutes(30)
    assert len(free_slots(HALL, ITEM, SLOT.date(), TEN)[SLOT]) == 5


def test_the_holder_cancels_without_a_reason_and_the_office_only_with_one() -> None:
    one, two = booked(), booked()
    with transaction():
        gone = operations.cancel(one.appointment.number, by=citizen(), at=TEN, code=one.code)
    assert gone.state is AppointmentState.CANCELLED
    with transaction(), pytest.raises(NotAllowed):
        operations.cancel(two.appointment.number, by=clerk(), at=TEN, reason="ill")
    with transaction(), pytest.raises(TicketFactUnfit):
        operations.cancel(two.appointment.number, by=MANAGER, at=TEN)
    with transaction():
        operations.cancel(two.appointment.number, by=MANAGER, at=TEN, reason="the clerk is ill")
    with transaction(), pytest.raises(AppointmentStepNotPossible):
        operations.move(two.appointment.number, SLOT + minutes(30), by=citizen(), at=TEN, code=two.code)


@pytest.mark.parametrize(("early", "refusal"), [(-31, NotYet), (16, TooLate)])
def test_one_checks_in_from_half_an_hour_before_to_a_quarter_after(early: int, refusal: type[Exception]) -> None:
    one = booked()
    with transaction(), pytest.raises(refusal):
        operations.check_in(one.appointment.number, by=citizen(), at=SLOT + minutes(early), code=one.code)


def test_who_checks_in_is_called_at_the_slot_among_all_others() -> None:
    by = seat(1, SLOT)
    early = issued(SLOT - minutes(30))
    one = booked(SLOT + minutes(30))
    with transaction():
        slip = operations.check_in(one.appointment.number, by=citizen(), at=SLOT + minutes(1), code=one.code)
    late = issued(SLOT + minutes(12))
    assert slip.ticket.printed == "P001"
    assert appointment(one.appointment.number).ticket == slip.ticket.id
    order = []
    for later in (30, 31, 32):
        found = called(by, SLOT + minutes(later))
        assert found is not None
        order.append(found.id)
        with transaction():
            operations.park(found.id, "", by=by, at=SLOT + minutes(later))
    assert order == [early.ticket.id, slip.ticket.id, late.ticket.id]


def test_an_appointment_is_kept_even_when_no_numbers_are_issued_any_more() -> None:
    one = booked()
    seat(1, SLOT)
    with transaction():
        operations.stop_issuing(HALL, "too many", by=MANAGER, at=SLOT - minutes(5))
        slip = operations.check_in(one.appointment.number, by=citizen(), at=SLOT, code=one.code)
    assert slip.ticket.is_guaranteed


def test_who_does_not_come_is_marked_once_and_who_comes_tomorrow_is_reminded_once() -> None:
    one = booked()
    for moment in (SLOT - minutes(24 * 60 + 1), SLOT - minutes(24 * 60), SLOT - minutes(60), SLOT + minutes(15)):
        with transaction():
            operations.remind_and_miss(moment)
    assert appointment(one.appointment.number).state is AppointmentState.BOOKED
    for _ in range(2):
        with transaction():
            operations.remind_and_miss(SLOT + minutes(16))
    kinds = [event.kind for event in ledger.events(f"appointment/{one.appointment.number}")]
    assert kinds == ["appointment-booked", "appointment-reminded", "appointment-missed"]


def test_booked_time_is_not_promised_to_those_who_walk_in() -> None:
    from portal.hall.standing import standing

    seat(1, SLOT)
    moment = SLOT + minutes(1)
    before = standing(place(HALL), SLOT.date(), moment).verdict(ITEM).spare
    for later in (30, 60, 90, 120, 150):
        booked(SLOT + minutes(later))
    after = standing(place(HALL), SLOT.date(), moment).verdict(ITEM).spare
    assert before - after >= 5


def test_a_closure_names_whom_it_hits_before_it_is_saved_and_their_slots_are_gone() -> None:
    one = booked()
    begin, end = SLOT - minutes(30), SLOT + minutes(60)
    hit = operations.whom_it_hits(HALL, begin, end, (), TEN)
    assert [found.number for found in hit.appointments] == [one.appointment.number]
    assert len(ledger.events(f"hall/{HALL}")) == 0
    with transaction(), pytest.raises(TicketFactUnfit, match="24 hours"):
        operations.declare_closure(HALL, Cause.ANNOUNCED, begin, end, "stocktaking", by=MANAGER, at=TEN)
    with transaction():
        closure, _ = operations.declare_closure(HALL, Cause.EMERGENCY, begin, end, "no power", by=MANAGER, at=TEN)
    assert min(free_slots(HALL, ITEM, SLOT.date(), TEN)) == end
    assert first_free_slots(HALL, ITEM, TEN)[0] == end
    with transaction():
        operations.withdraw_closure(HALL, closure.number, by=MANAGER, at=TEN)
    assert SLOT in free_slots(HALL, ITEM, SLOT.date(), TEN)


def test_whoever_stood_before_a_shut_door_has_not_missed_the_appointment() -> None:
    one, other = booked().appointment, booked(SLOT + minutes(120)).appointment
    with transaction():
        closure, _ = operations.declare_closure(
            HALL, Cause.EMERGENCY, SLOT, SLOT + minutes(60), "burst pipe", by=MANAGER, at=SLOT - minutes(30)
        )
    with transaction():
        operations.remind_and_miss(SLOT + minutes(180))
    kept = appointment(one.number)
    assert (kept.state, kept.reason) == (AppointmentState.CANCELLED, "burst pipe")
    assert ledger.events(f"appointment/{one.number}")[-1].text("closure") == closure.number
    assert appointment(other.number).state is AppointmentState.MISSED


def test_the_appointment_follows_a_number_that_was_issued_anew_because_it_was_not_printed() -> None:
    one = booked()
    seat(1, SLOT)
    with transaction():
        slip = operations.check_in(one.appointment.number, by=citizen(), at=SLOT, code=one.code)
        new = operations.replace_slip(slip.ticket.id, "not printed", by=SYSTEM, at=SLOT + minutes(1))
    assert new.ticket.id != slip.ticket.id
    kept = appointment(one.appointment.number)
    assert (kept.ticket, kept.state) == (new.ticket.id, AppointmentState.CHECKED_IN)
    kinds = [event.kind for event in ledger.events(f"appointment/{one.appointment.number}")]
    assert kinds == ["appointment-booked", "appointment-checked-in", "appointment-renumbered"]
    other = booked(SLOT + minutes(60)).appointment
    with transaction(), pytest.raises(AppointmentStepNotPossible):
        operations.renumber(other.number, new.ticket.id, by=SYSTEM, at=SLOT)


def test_a_closure_hits_an_appointment_whose_service_has_left_the_hall_and_names_its_version(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one = booked().appointment
    assert one.item_version == f"{ITEM}@2"
    left = replace(place(HALL), serving={})
    monkeypatch.setattr(planning, "place", lambda _: left)
    begin, end = SLOT - minutes(30), SLOT + minutes(60)
    hit = operations.whom_it_hits(HALL, begin, end, (one.window,), TEN)
    assert [(found.number, found.item_version) for found in hit.appointments] == [(one.number, f"{ITEM}@2")]
    assert operations.whom_it_hits(HALL, begin, end, ("low-counter",), TEN).appointments == ()


def test_a_closure_of_a_day_to_come_names_the_numbers_carried_over_to_it() -> None:
    seat(1, TEN)
    slip = issued(TEN)
    with transaction():
        carried = operations.carry_over(slip.ticket.id, by=citizen(), at=TEN, code=slip.code).ticket
    hit = operations.whom_it_hits(HALL, SLOT, SLOT + minutes(480), (), TEN)
    assert [found.id for found in hit.tickets] == [carried.id]
    assert operations.whom_it_hits(HALL, SLOT, SLOT + minutes(30), (), TEN).tickets == (), "he is called after it"
