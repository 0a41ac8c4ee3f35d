"""A number's life: issued with a promise, called in turn, served or ended with a trace."""

from __future__ import annotations

from dataclasses import asdict, replace
from itertools import pairwise

import pytest

from portal.basis import By, NotAllowed
from portal.hall import operations
from portal.hall.model import appointments
from portal.hall.model.ranks import Ground, Rank
from portal.hall.model.tickets import (
    NOT_POSSIBLE_WHILE,
    TRANSITIONS,
    CalledTooSoon,
    NotAbsentYet,
    NumberOfAnotherOffice,
    Outcome,
    Ticket,
    TicketFactUnfit,
    TicketNotFound,
    TicketState,
    TicketStep,
    TicketStepNotPossible,
    fold_ticket,
)
from portal.hall.model.windows import ItemNotServedHere, WindowBusy, WindowNotYours
from portal.hall.operations import Denied
from portal.hall.operations.consent import WrongCode
from portal.hall.operations.issuing import Denial, HasOneAlready
from portal.hall.queries.queue import waiting
from portal.hall.queries.tickets import ticket
from portal.ledger import queries as ledger
from portal.store import transaction
from tests.cases.city import at
from tests.hall.hall_city import (
    CLOSES,
    HALL,
    ITEM,
    MANAGER,
    OPENS,
    TEN,
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


def test_a_number_says_who_is_before_it_until_when_it_holds_and_how_long_it_may_take() -> None:
    seat(1)
    seat(2)
    first, second = issued(), issued()
    assert (first.ticket.printed, second.ticket.printed) == ("A001", "A002")
    assert (first.ticket.ahead, second.ticket.ahead) == (0, 1)
    assert second.ticket.is_guaranteed
    assert second.ticket.closes_at == CLOSES
    assert second.ticket.low_at is not None
    assert second.ticket.high_at is not None
    assert TEN <= second.ticket.low_at <= second.ticket.high_at <= CLOSES


def test_without_anybody_at_a_window_the_wait_is_unknown_and_not_guessed() -> None:
    slip = issued(OPENS)
    assert (slip.ticket.low_at, slip.ticket.high_at) == (None, None)


def test_numbers_begin_at_one_in_each_series_and_each_day_and_id_and_number_are_apart() -> None:
    seat(1)
    seat(1, window="market-1", office="market-supervision")
    plain, grey, other = issued(), issued(rank=Rank.PRIORITY, ground=Ground.ELDERLY), issued(item="food-licence")
    assert [slip.ticket.printed for slip in (plain, grey, other)] == ["A001", "Y001", "C001"]
    assert issued(OPENS + minutes(24 * 60)).ticket.printed == "A001"
    assert len({slip.ticket.id for slip in (plain, grey, other)}) == 3


def test_a_double_tap_is_one_number() -> None:
    seat(1)
    who = citizen()
    first = issued(by=who, idempotency_key="k" * 24)
    again = issued(TEN + minutes(1), by=who, idempotency_key="k" * 24)
    assert again.is_repeat
    assert (again.ticket.id, again.code) == (first.ticket.id, first.code)
    assert len(waiting(HALL, first.ticket.day)) == 1


def test_who_holds_a_number_for_the_service_gets_no_second_one() -> None:
    seat(1)
    who = citizen()
    held = issued(by=who, holder=who.actor)
    with pytest.raises(HasOneAlready, match=held.ticket.printed):
        tried(by=who, holder=who.actor)


@pytest.mark.parametrize(
    ("moment", "because"),
    [
        ("Tuesday 2026-03-03 08:29", Denial.CLOSED),  # half an hour before the hall opens numbers are issued
        ("Tuesday 2026-03-03 17:00", Denial.CLOSED),
        ("Sunday 2026-03-01 10:00", Denial.CLOSED),
        ("Tuesday 2026-03-03 16:59", Denial.UNMANNED),  # nobody has been at a window all day
    ],
)
def test_no_number_is_issued_that_could_not_hold_and_the_refusal_is_counted(moment: str, because: Denial) -> None:
    denied = tried(at(moment))
    assert isinstance(denied, Denied)
    assert denied.because is because
    (event,) = ledger.events(f"hall/{HALL}")
    assert (event.kind, event.text("reason"), event.text("item")) == ("ticket-refused", because.value, ITEM)


def test_on_a_make_up_working_day_the_hall_is_open() -> None:
    seat(1, at("Sunday 2020-09-27 09:00"))
    assert issued(at("Sunday 2020-09-27 10:00")).ticket.printed == "A001"


def test_a_number_is_refused_once_the_windows_cannot_call_it_any_more() -> None:
    """Two windows that never call: each number takes 12 minutes of the 75 that each has left."""
    seat(1)
    seat(2)
    moment = CLOSES - minutes(75)
    given = 0
    while not isinstance(found := tried(moment), Denied):
        given += 1
    assert found.because is Denial.FULL
    assert 6 <= given <= 9  # 150 minutes of windows, less the margin
    assert found.verdict is not None
    assert found.verdict.needed > found.verdict.left
    assert found.verdict.ahead == given


def test_the_hall_manager_may_issue_it_all_the_same_with_a_reason_that_stays() -> None:
    seat(1)
    late = CLOSES - minutes(3)
    issued(late)  # a window is free: whoever can be called at once is not kept waiting by a formula
    assert isinstance(tried(late), Denied)
    with pytest.raises(NotAllowed):
        tried(late, by=clerk(), override="a friend")
    with pytest.raises(TicketFactUnfit):
        tried(late, by=MANAGER, override=" ")
    slip = issued(late, by=MANAGER, override="came from far away")
    assert (slip.ticket.is_guaranteed, slip.ticket.override) == (False, "came from far away")


def test_a_service_that_no_window_takes_is_not_a_number() -> None:
    with pytest.raises(ItemNotServedHere):
        tried(hall="centre-a-hall", item="no-such-item")


def test_priority_needs_its_ground() -> None:
    with pytest.raises(TicketFactUnfit):
        tried(rank=Rank.PRIORITY)


@pytest.mark.parametrize("many", [0, 6])
def test_one_number_stands_for_one_to_five_matters(many: int) -> None:
    with pytest.raises(TicketFactUnfit, match="at most 5"):
        tried(matters=many)


def test_calls_go_by_turn_priority_before_arrival_and_nobody_starves() -> None:
    by = seat(1)
    patient = issued(TEN)
    normal = issued(TEN + minutes(35))
    urgent = issued(TEN + minutes(40), rank=Rank.PRIORITY, ground=Ground.DISABLED)
    order = [serve(by, TEN + minutes(60 + 6 * turn)).id for turn in range(3)]
    # half an hour of credit: before who came five minutes earlier, not before who has waited for forty
    assert order == [patient.ticket.id, urgent.ticket.id, normal.ticket.id]


def test_a_window_calls_only_what_it_serves() -> None:
    by = seat(1)
    seat(1, window="market-1", office="market-supervision")
    issued(item="food-licence")
    assert called(by, TEN) is None


def test_only_who_sits_at_the_window_calls_and_one_at_a_time() -> None:
    by = seat(1)
    issued(), issued()
    with pytest.raises(WindowNotYours):
        called(clerk(2), TEN)
    assert called(by, TEN) is not None
    with pytest.raises(WindowBusy, match="A001"):
        called(by, TEN + minutes(1))


def test_three_calls_three_minutes_apart_then_absent_and_back_in_the_old_place() -> None:
    by = seat(1)
    gone, stays = issued(), issued(TEN + minutes(1))
    first = called(by, TEN + minutes(2))
    assert first is not None
    with transaction(), pytest.raises(NotAbsentYet):
        operations.mark_absent(gone.ticket.id, by=by, at=TEN + minutes(9))
    with transaction(), pytest.raises(CalledTooSoon):
        operations.recall(gone.ticket.id, by=by, at=TEN + minutes(4))
    for moment in (5, 8):
        with transaction():
            operations.recall(gone.ticket.id, by=by, at=TEN + minutes(moment))
    with transaction(), pytest.raises(CalledTooSoon):
        operations.mark_absent(gone.ticket.id, by=by, at=TEN + minutes(9))
    with transaction():
        operations.mark_absent(gone.ticket.id, by=by, at=TEN + minutes(11))
    with transaction():
        back = operations.bring_back(gone.ticket.id, by=by, at=TEN + minutes(12))
    assert (back.state, back.turn_at) == (TicketState.WAITING, gone.ticket.turn_at)
    assert [one.id for one in waiting(HALL, back.day)] == [gone.ticket.id, stays.ticket.id]


def test_who_is_called_out_of_turn_is_called_on_a_recorded_ground() -> None:
    by = seat(1)
    issued()
    later = issued(TEN + minutes(1))
    with transaction():
        found = operations.call(later.ticket.id, WINDOWS[0], Ground.DISABLED, by=by, at=TEN + minutes(2))
    assert found.state is TicketState.CALLED
    assert ledger.events(f"ticket/{found.id}")[-1].text("ground") == "disabled"


def test_a_number_of_yesterday_is_not_called_today() -> None:
    seat(1)
    old = issued()
    tomorrow = TEN + minutes(24 * 60)
    by = seat(1, tomorrow)
    with transaction(), pytest.raises(TicketNotFound):
        operations.call(old.ticket.id, WINDOWS[0], Ground.DISABLED, by=by, at=tomorrow)
    assert called(by, tomorrow) is None


def test_parking_frees_the_window_and_keeps_the_place() -> None:
    by = seat(1)
    one, two = issued(), issued(TEN + minutes(1))
    called(by, TEN)
    with transaction():
        operations.start(one.ticket.id, by=by, at=TEN)
        operations.park(one.ticket.id, "fills in a form", by=by, at=TEN + minutes(3))
    assert serve(by, TEN + minutes(4)).id == two.ticket.id
    with transaction():
        operations.resume(one.ticket.id, WINDOWS[0], by=by, at=TEN + minutes(10))
        done = operations.serve(one.ticket.id, Outcome.INFORMATION, by=by, at=TEN + minutes(12), is_confirmed=True)
    assert done.served_seconds == 5 * 60  # three minutes before, two after


def test_passing_on_keeps_the_turn() -> None:
    by = seat(1)
    other = seat(1, window="market-1", office="market-supervision")
    one = issued()
    called(by, TEN)
    with transaction():
        passed = operations.transfer(one.ticket.id, by=by, at=TEN + minutes(1), to_item="food-licence", reason="other")
    assert (passed.state, passed.item, passed.turn_at) == (TicketState.WAITING, "food-licence", one.ticket.turn_at)
    issued(TEN + minutes(2), item="food-licence")
    with transaction():
        found = operations.call_next(HALL, "market-1", by=other, at=TEN + minutes(3))
    assert found is not None
    assert found.id == one.ticket.id


def test_a_window_that_does_not_take_it_gets_nobody_passed_on() -> None:
    by = seat(1)
    one = issued()
    called(by, TEN)
    with transaction(), pytest.raises(ItemNotServedHere):
        operations.transfer(one.ticket.id, by=by, at=TEN, to_window="market-1")


@pytest.mark.parametrize(
    "facts",
    [
        {"outcome": Outcome.INFORMATION},
        {"outcome": Outcome.CASE},
        {"outcome": Outcome.INQUIRY, "reference": "  "},
        {"outcome": Outcome.WRITTEN_REFUSAL},
    ],
)
def test_nobody_is_finished_with_without_a_trace(facts: dict[str, object]) -> None:
    by, one = at_the_window()
    with transaction(), pytest.raises(TicketFactUnfit):
        operations.serve(one.ticket.id, by=by, at=TEN, **facts)  # type: ignore[arg-type]


def test_the_holder_gives_a_number_up_with_the_code_on_its_slip() -> None:
    seat(1)
    one = issued()
    with transaction(), pytest.raises(WrongCode):
        operations.release(one.ticket.id, "22222222", by=citizen(), at=TEN)
    with transaction():
        ended = operations.release(one.ticket.id, one.code.lower(), by=citizen(), at=TEN)
    assert ended.state is TicketState.RELEASED


def test_a_void_number_keeps_its_place_with_the_reason_and_is_not_given_again() -> None:
    by = seat(1)
    one = issued()
    with transaction():
        operations.void(one.ticket.id, "the printer failed", by=by, at=TEN)
    assert issued().ticket.printed == "A002"
    kept = ticket(one.ticket.id)
    assert (kept.state, kept.reason, kept.number) == (TicketState.VOID, "the printer failed", 1)


@pytest.mark.parametrize("step", ["void", "transfer"])
def test_a_number_is_ended_or_sent_away_by_its_office_the_window_that_called_it_or_the_hall_manager(step: str) -> None:
    stranger = seat(1, window="market-1", office="market-supervision")
    anybody = seat(1, window="comprehensive-1", office="government-services")
    own = clerk(7)  # of the office, and at no window
    elsewhere = replace(MANAGER, office="market-supervision", post="another-hall.manager")

    def tries(one: Ticket, by: By) -> None:
        with transaction():
            if step == "void":
                operations.void(one.id, "the printer failed", by=by, at=TEN)
            else:
                operations.transfer(one.id, to_item="food-licence", by=by, at=TEN)

    waits = issued().ticket
    for by in (stranger, anybody, elsewhere):
        with pytest.raises((NumberOfAnotherOffice, NotAllowed)):
            tries(waits, by)
    with pytest.raises(NumberOfAnotherOffice, match="of another office"):
        tries(waits, stranger)
    assert ticket(waits.id).state is TicketState.WAITING
    for by in (own, MANAGER):
        tries(waits, by)
        waits = issued().ticket
    with transaction():
        found = operations.call(waits.id, "comprehensive-1", Ground.ELDERLY, by=anybody, at=TEN)
    with pytest.raises(NumberOfAnotherOffice):
        tries(found, stranger)
    tries(found, anybody)


def test_a_number_that_was_passed_on_is_of_the_office_that_it_went_to() -> None:
    stranger = seat(1, window="market-1", office="market-supervision")
    seat(1)
    one = issued().ticket
    with transaction():
        operations.transfer(one.id, to_item="food-licence", by=clerk(7), at=TEN)
    with transaction(), pytest.raises(NumberOfAnotherOffice):
        operations.void(one.id, "mine no more", by=clerk(7), at=TEN)
    with transaction():
        operations.void(one.id, "the printer failed", by=stranger, at=TEN)
    assert ticket(one.id).state is TicketState.VOID


def test_carried_over_with_the_holders_code_it_comes_first_the_next_open_day() -> None:
    friday = at("Friday 2026-03-06 16:00")
    seat(1, friday)
    one = issued(friday)
    with transaction():
        slip = operations.carry_over(one.ticket.id, by=citizen(), at=friday, code=one.code)
    assert (slip.ticket.printed, slip.ticket.day.isoformat()) == ("S001", "2026-03-09")  # Monday
    monday = at("Monday 2026-03-09 09:00")
    early = issued(monday - minutes(29))
    by = seat(1, monday)
    first = called(by, monday)
    assert first is not None
    assert first.id == slip.ticket.id != early.ticket.id
    kept = ticket(one.ticket.id)
    assert (kept.state, kept.to_ticket) == (TicketState.CARRIED_OVER, slip.ticket.id)


def test_the_states_lead_where_the_table_says_and_every_step_has_a_place() -> None:
    steps = {step for steps in TRANSITIONS.values() for step in steps}
    assert steps == set(TicketStep)
    goals = {goal for steps in TRANSITIONS.values() for goal in steps.values()}
    assert goals == set(TicketState) - {TicketState.NEW}


@pytest.mark.parametrize(
    "state", [TicketState.SERVED, TicketState.RELEASED, TicketState.VOID, TicketState.CARRIED_OVER]
)
def test_what_has_ended_stays_ended(state: TicketState) -> None:
    assert state not in TRANSITIONS


def test_a_step_that_cannot_be_says_in_plain_words_how_the_number_stands() -> None:
    by = seat(1)
    one = issued()
    called(by, TEN)
    with transaction(), pytest.raises(TicketStepNotPossible, match="visit has not begun"):
        operations.serve(one.ticket.id, Outcome.INFORMATION, by=by, at=TEN, is_confirmed=True)


def test_every_state_has_a_sentence_for_what_cannot_be() -> None:
    assert set(NOT_POSSIBLE_WHILE) == set(TicketState)
    assert set(appointments.NOT_POSSIBLE_WHILE) == set(appointments.AppointmentState)


def test_nobody_who_is_being_served_is_made_void() -> None:
    by, one = at_the_window()
    with transaction(), pytest.raises(TicketStepNotPossible):
        operations.void(one.ticket.id, "sent away", by=by, at=TEN)


def test_a_number_that_another_window_has_called_is_not_called_before_its_turn() -> None:
    first, second = seat(1), seat(2)
    one = issued()
    called(first, TEN)
    with transaction(), pytest.raises(TicketStepNotPossible):
        operations.call(one.ticket.id, WINDOWS[1], Ground.ELDERLY, by=second, at=TEN)


def test_rows_are_what_the_ledger_says_and_come_back_when_they_are_made_again() -> None:
    by, other = seat(1), seat(2)
    slips = [issued(TEN + minutes(turn)) for turn in range(6)]
    serve(by, TEN + minutes(10), lasting=7)
    serve(other, TEN + minutes(11), lasting=9, window=WINDOWS[1])
    with transaction():
        operations.release(slips[4].ticket.id, slips[4].code, by=citizen(), at=TEN + minutes(20))
        operations.set_shift(HALL, WINDOWS[1], slips[0].ticket.day, ["09:00-12:00"], by=MANAGER, at=TEN)
    before = everything()
    for slip in slips:
        assert asdict(ticket(slip.ticket.id)) == asdict(fold_ticket(ledger.events(f"ticket/{slip.ticket.id}")))
    with transaction():
        assert operations.rebuild_halls() == 6
    assert everything() == before


def everything() -> dict[str, list[tuple[object, ...]]]:
    from portal.hall import tables
    from portal.store import db

    named = ("TicketRow", "WindowRow", "ShiftRow", "HandlingRow", "HallDayRow", "TurnedAwayRow", "AppointmentRow")
    found = {}
    for name in named:
        table = getattr(tables, name).__table__
        found[name] = sorted((tuple(row) for row in db.session.execute(table.select())), key=repr)
    return found


def test_handling_is_learnt_from_visits() -> None:
    from portal.hall.standing import handlings_of

    by = seat(1)
    for turn in range(5):
        issued(TEN + minutes(turn))
    for turn in range(5):
        serve(by, TEN + minutes(10 + 31 * turn), lasting=30)
    known = handlings_of(HALL)[ITEM]
    assert known.count == 5
    assert 12 < known.mean < 30


def test_moments_of_one_ticket_are_in_order() -> None:
    by = seat(1)
    one = issued()
    done = serve(by, TEN + minutes(3))
    assert done.id == one.ticket.id
    moments = [done.issued_at, done.called_at, done.ended_at]
    assert all(a is not None and b is not None and a <= b for a, b in pairwise(moments))
    assert done.waited == 3
