"""At closing time: whoever holds a number is served, carried over or given up, or it is recorded that he was not."""

from __future__ import annotations

from datetime import datetime

import pytest

from portal.basis import By
from portal.hall import operations
from portal.hall.model.tickets import NumberOfAnotherDay, Outcome, Ticket, TicketFactUnfit, TicketState
from portal.hall.model.windows import WindowBusy, WindowState
from portal.hall.operations.consent import WrongCode
from portal.hall.operations.planning import Cause
from portal.hall.places import place
from portal.hall.queries.desk import desk
from portal.hall.queries.figures import figures, together
from portal.hall.queries.reports import day_report
from portal.hall.queries.steering import steering
from portal.hall.queries.tickets import ticket
from portal.hall.standing import handlings_of, stands_of
from portal.ledger import queries as ledger
from portal.ledger.model import Event
from portal.store import transaction
from tests.cases.city import at, on
from tests.hall.hall_city import (
    CLOSES,
    HALL,
    MANAGER,
    WINDOWS,
    at_the_window,
    called,
    citizen,
    clerk,
    issued,
    minutes,
    seat,
    serve,
    tried,
)

pytestmark = pytest.mark.usefixtures("database")
BEFORE = CLOSES - minutes(120)
AFTER = CLOSES + minutes(1)


def ended(moment: datetime = AFTER) -> int:
    with transaction():
        return operations.close_days(moment)


def end_of(one: Ticket) -> Event:
    return ledger.events(f"ticket/{one.id}")[-1]


def test_who_still_waits_when_everybody_has_gone_home_was_not_served_and_the_cause_is_named() -> None:
    by = seat(1)
    slips = [issued(BEFORE) for _ in range(3)]
    serve(by, BEFORE + minutes(5))
    assert ended(CLOSES - minutes(1)) == 0
    assert ended(CLOSES + minutes(59)) == 0  # somebody is at a window still and may serve on
    assert ended(CLOSES + minutes(60)) > 0
    states = [ticket(slip.ticket.id).state for slip in slips]
    assert states == [TicketState.SERVED, TicketState.CLOSED_UNSERVED, TicketState.CLOSED_UNSERVED]
    last = end_of(slips[2].ticket)
    assert (last.text("cause"), last.text("fault_office")) == ("longer-service", "social-insurance")
    day = [event for event in ledger.events(f"hall/{HALL}") if event.kind == "hall-closed"]
    assert [(e.integer("issued"), e.integer("served"), e.integer("unserved")) for e in day] == [(3, 1, 2)]
    assert ended(CLOSES + minutes(90)) == 0  # once


def test_the_office_that_withdrew_its_window_answers_for_it() -> None:
    by = seat(1)
    slip = issued(BEFORE)
    with transaction():
        operations.close_window(HALL, WINDOWS[0], "left early", by=by, at=BEFORE + minutes(5))
    ended()
    last = end_of(slip.ticket)
    assert (last.text("cause"), last.text("fault_office"), last.text("fault_window")) == (
        "window-withdrawn", "social-insurance", WINDOWS[0],
    )  # fmt: skip


def test_a_window_that_came_back_was_not_withdrawn() -> None:
    by = seat(1)
    slip = issued(BEFORE)
    with transaction():
        operations.pause_window(HALL, WINDOWS[0], "fetching a form", by=by, at=BEFORE + minutes(5))
        operations.open_window(HALL, WINDOWS[0], by=by, at=BEFORE + minutes(9))
    ended(CLOSES + minutes(60))
    assert end_of(slip.ticket).text("cause") == "longer-service"


def test_what_was_issued_beyond_capacity_is_the_hall_managers() -> None:
    seat(1)
    issued(CLOSES - minutes(2))  # this one can be called at once
    slip = issued(CLOSES - minutes(2), by=MANAGER, override="came from far away")
    ended(CLOSES + minutes(61))
    last = end_of(slip.ticket)
    assert (last.text("cause"), last.text("fault_office")) == ("over-capacity", "government-services")


def test_an_emergency_that_shuts_the_hall_is_the_cause() -> None:
    seat(1)
    slip = issued(BEFORE)
    with transaction():
        operations.declare_closure(
            HALL, Cause.EMERGENCY, BEFORE + minutes(5), CLOSES + minutes(60), "burst pipe", by=MANAGER,
            at=BEFORE + minutes(4),
        )  # fmt: skip
    assert ended(BEFORE + minutes(126)) > 0
    assert end_of(slip.ticket).text("cause") == "closure"


def test_whoever_is_being_served_at_closing_time_is_served_to_the_end() -> None:
    _, slip = at_the_window(CLOSES - minutes(1), issued_at=BEFORE)
    ended(CLOSES + minutes(61))
    assert ticket(slip.ticket.id).state is TicketState.SERVING


def test_a_scheduler_that_was_away_for_days_closes_each_day() -> None:
    seat(1)
    first = issued(BEFORE)
    seat(1, at("Wednesday 2026-03-04 09:00"))
    second = issued(at("Wednesday 2026-03-04 16:00"))
    ended(at("Friday 2026-03-06 12:00"))
    assert {ticket(slip.ticket.id).state for slip in (first, second)} == {TicketState.CLOSED_UNSERVED}
    days = [event.date("day") for event in ledger.events(f"hall/{HALL}") if event.kind == "hall-closed"]
    assert [str(day) for day in days] == ["2026-03-03", "2026-03-04"]


def test_not_served_is_made_good_with_the_first_number_of_the_next_day_if_the_holder_wants_it() -> None:
    seat(1)
    slip = issued(BEFORE)
    ended(CLOSES + minutes(61))
    with transaction(), pytest.raises(WrongCode):
        operations.carry_over(slip.ticket.id, by=citizen(), at=CLOSES + minutes(70), code="AAAAAAAA")
    with transaction():
        new = operations.carry_over(slip.ticket.id, by=citizen(), at=CLOSES + minutes(70), code=slip.code)
    assert (new.ticket.printed, str(new.ticket.day), new.ticket.from_ticket) == ("S001", "2026-03-04", slip.ticket.id)
    # that he agreed afterwards does not undo that the hall closed on him
    kinds = [event.kind for event in ledger.events(f"ticket/{slip.ticket.id}")]
    assert kinds == ["ticket-issued", "ticket-closed-unserved", "ticket-carried-over"]


@pytest.mark.parametrize("by", [clerk(), MANAGER])
def test_a_signature_on_paper_is_consent_too(by: By) -> None:
    seat(1)
    slip = issued(BEFORE)
    with transaction():
        operations.carry_over(slip.ticket.id, by=by, at=BEFORE + minutes(5), is_signed=True)
    assert end_of(slip.ticket).text("consent") == "signature"


def test_the_hall_manager_ends_the_day_but_not_before_its_time() -> None:
    seat(1)
    issued(BEFORE)
    with transaction(), pytest.raises(TicketFactUnfit):
        operations.close_hall(HALL, by=MANAGER, at=CLOSES - minutes(1))
    with transaction():
        assert operations.close_hall(HALL, by=MANAGER, at=CLOSES) == 3  # a number, a window, the day


def test_what_is_called_within_the_hour_after_closing_is_served() -> None:
    by = seat(1)
    slip = issued(BEFORE)
    assert serve(by, CLOSES + minutes(20)).id == slip.ticket.id
    ended(CLOSES + minutes(61))
    assert ticket(slip.ticket.id).state is TicketState.SERVED


NEXT = at("Wednesday 2026-03-04 09:00")


def left_at_the_window() -> tuple[By, Ticket]:
    """Somebody is being served when the day ends, and the clerk goes home without finishing."""
    by, slip = at_the_window(CLOSES - minutes(1), issued_at=BEFORE)
    ended(CLOSES + minutes(61))
    return by, slip.ticket


def test_who_was_left_at_a_window_overnight_is_seen_there_and_finished_before_the_next_is_called() -> None:
    by, left = left_at_the_window()
    new = issued(NEXT + minutes(1))
    shown = desk(place(HALL), WINDOWS[0], NEXT + minutes(2))
    assert shown.ticket is not None
    assert shown.ticket.id == left.id
    with transaction(), pytest.raises(WindowBusy):
        operations.call_next(HALL, WINDOWS[0], by=by, at=NEXT + minutes(2))
    with transaction():
        operations.serve(left.id, Outcome.INFORMATION, is_confirmed=True, by=by, at=NEXT + minutes(3))
    following = called(by, NEXT + minutes(3))
    assert following is not None
    assert following.id == new.ticket.id


def test_a_number_of_an_earlier_day_is_finished_and_not_made_to_wait_again() -> None:
    by, left = left_at_the_window()
    with transaction(), pytest.raises(NumberOfAnotherDay):
        operations.park(left.id, "a form", by=by, at=NEXT)
    with transaction(), pytest.raises(NumberOfAnotherDay):
        operations.transfer(left.id, to_window=WINDOWS[1], by=by, at=NEXT)


def test_a_forgotten_visit_teaches_nothing_about_how_long_visits_last() -> None:
    by, left = left_at_the_window()
    before = handlings_of(HALL).get(left.item)
    with transaction():
        operations.serve(left.id, Outcome.INFORMATION, is_confirmed=True, by=by, at=NEXT + minutes(3))
    assert handlings_of(HALL).get(left.item) == before


def test_a_number_that_comes_to_wait_after_the_day_was_ended_is_ended_too() -> None:
    by, slip = at_the_window(CLOSES - minutes(1), issued_at=BEFORE)
    with transaction():
        operations.close_hall(HALL, by=MANAGER, at=CLOSES + minutes(1))
        operations.park(slip.ticket.id, "a form", by=by, at=CLOSES + minutes(5))
    assert ended(CLOSES + minutes(59)) == 0  # the window is open: it may still be taken up again
    assert ended(CLOSES + minutes(61)) > 0
    assert ticket(slip.ticket.id).state is TicketState.CLOSED_UNSERVED
    assert [one.state for one in stands_of(HALL).values()] == [WindowState.SHUT]
    assert ended(CLOSES + minutes(62)) == 0
    days = [event for event in ledger.events(f"hall/{HALL}") if event.kind == "hall-closed"]
    assert len(days) == 1


def test_a_window_that_nobody_left_is_shut_after_the_day_also_if_nobody_came() -> None:
    seat(1)
    assert ended(CLOSES + minutes(59)) == 0
    assert ended(CLOSES + minutes(60)) == 1
    assert stands_of(HALL)[WINDOWS[0]].state is WindowState.SHUT


def test_ending_a_day_late_leaves_the_windows_of_today_alone() -> None:
    seat(2)
    left = issued(BEFORE)
    seat(1, NEXT)
    ended(NEXT + minutes(5))
    assert ticket(left.ticket.id).state is TicketState.CLOSED_UNSERVED
    assert [stands_of(HALL)[window].state for window in WINDOWS] == [WindowState.OPEN, WindowState.SHUT]


def test_who_did_not_come_on_the_day_gets_no_first_place_on_a_later_one() -> None:
    by = seat(1)
    slip = issued(BEFORE)
    called(by, BEFORE)
    with transaction():
        for nth in (3, 6):
            operations.recall(slip.ticket.id, by=by, at=BEFORE + minutes(nth))
        operations.mark_absent(slip.ticket.id, by=by, at=BEFORE + minutes(9))
    with transaction(), pytest.raises(NumberOfAnotherDay):
        operations.carry_over(slip.ticket.id, by=citizen(), at=NEXT, code=slip.code)


def test_a_broken_promise_stays_in_the_figures_of_the_hall_after_it_was_made_good() -> None:
    seat(1)
    slip, later = issued(BEFORE), CLOSES + minutes(70)
    ended(CLOSES + minutes(61))
    assert published(later) == (1, 1)
    with transaction():
        operations.carry_over(slip.ticket.id, by=citizen(), at=later, code=slip.code)
    assert ticket(slip.ticket.id).state is TicketState.CARRIED_OVER
    assert published(later) == (1, 1)


@pytest.mark.parametrize(
    ("asked", "refused", "out_of_hours"),
    [
        ("Tuesday 2026-03-03 03:00", 0, 1),  # by night
        ("Tuesday 2026-03-03 08:29", 0, 1),  # half an hour before opening the first numbers are issued
        ("Tuesday 2026-03-03 16:59", 1, 0),  # it could not be guaranteed any more
        ("Tuesday 2026-03-03 17:00", 0, 1),
        ("Saturday 2026-03-07 10:00", 0, 1),
        ("Saturday 2026-02-28 10:00", 1, 0),  # a working Saturday, and nobody at a window
        ("Sunday 2026-02-15 10:00", 0, 1),  # a festival
        ("Thursday 2026-03-05 10:00", 1, 0),  # closed within its hours, for training
        ("Thursday 2026-03-05 20:00", 0, 1),
    ],
)
def test_who_asks_outside_the_published_hours_is_counted_beside_the_refused(
    asked: str, refused: int, out_of_hours: int
) -> None:
    with transaction():
        operations.declare_closure(
            HALL, Cause.ANNOUNCED, at("Thursday 2026-03-05 09:00"), at("Thursday 2026-03-05 23:00"), "全员培训",
            by=MANAGER, at=at("Friday 2026-02-13 10:00"),
        )  # fmt: skip
    assert isinstance(tried(at(asked)), operations.Denied)
    moment = at("Monday 2026-03-09 10:00")
    all_days = together(figures(place(HALL), moment))
    assert (all_days.refusals, all_days.asked, all_days.out_of_hours) == (refused, refused, out_of_hours)
    report = day_report(place(HALL), on(" ".join(asked.split()[:2])), moment)
    assert (len(report.refused), len(report.out_of_hours)) == (refused, out_of_hours)
    steered = steering(place(HALL), at(asked))
    assert sum(sum(one.refused.values()) for one in steered.services) == refused


def test_the_end_of_a_day_counts_the_refused_and_not_who_asked_after_it() -> None:
    assert isinstance(tried(at("Tuesday 2026-03-03 03:00")), operations.Denied)
    seat()
    issued(BEFORE)
    for asked in ("16:59", "17:00"):
        assert isinstance(tried(at(f"Tuesday 2026-03-03 {asked}")), operations.Denied)
    ended(AFTER + minutes(120))
    closed = [event for event in ledger.events(f"hall/{HALL}") if event.kind == "hall-closed"]
    assert [event.integer("refused") for event in closed] == [1]


def published(moment: datetime) -> tuple[int, int]:
    """Issued, and of those not served when the hall closed."""
    all_days = together(figures(place(HALL), moment))
    return all_days.issued, all_days.unserved
