"""Two windows become one for the rest of a day: services, bound numbers and hours go along, and what breaks is told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.basis import NotAllowed, Role
from portal.hall import operations
from portal.hall.model.tickets import TicketState
from portal.hall.model.windows import MergeUnfit, WindowBusy, WindowState
from portal.hall.operations.windows import PromisesWouldBreak
from portal.hall.places import joined, place
from portal.hall.queries.desk import desk
from portal.hall.queries.tickets import ticket
from portal.hall.standing import day_of, serving_on, standing, stands_of
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
    called,
    clerk,
    issued,
    minutes,
    seat,
    tried,
)

pytestmark = pytest.mark.usefixtures("database")
ONE, TWO = WINDOWS
ANY = "comprehensive-1"


def merged(window: str = ONE, into: str = TWO, reason: str = "", moment: object = TEN, by: object = MANAGER) -> None:
    with transaction():
        operations.merge_windows(HALL, window, into, reason, by=by, at=moment)  # type: ignore[arg-type]


def bound(window: str, moment: object = TEN) -> operations.Slip:
    """A number that only this window may call."""
    slip = issued(moment)  # type: ignore[arg-type]
    with transaction():
        operations.transfer(slip.ticket.id, by=MANAGER, at=moment, to_window=window)  # type: ignore[arg-type]
    return slip


def test_the_other_window_takes_the_services_the_bound_numbers_and_the_hours_to_come() -> None:
    with transaction():
        operations.set_shift(HALL, ONE, TEN.date(), ["09:00-12:00", "13:30-17:00"], by=MANAGER, at=OPENS)
        operations.set_shift(HALL, TWO, TEN.date(), ["09:30-11:00"], by=MANAGER, at=OPENS)
    seat(1)
    other = seat(2)
    slip = bound(ONE)
    second = bound(ONE)
    assert called(other, TEN, TWO) is None, "both wait for the first window alone"
    merged(moment=TEN)
    assert stands_of(HALL)[ONE].state is WindowState.SHUT
    plan = day_of(place(HALL), TEN.date())
    assert plan.rostered[ONE] == ((OPENS, TEN),)
    assert plan.rostered[TWO] == (
        (OPENS + minutes(30), at("Tuesday 2026-03-03 12:00")),
        (at("Tuesday 2026-03-03 13:30"), CLOSES),
    )
    assert [ticket(one.ticket.id).to_window for one in (slip, second)] == [TWO, TWO]
    found = called(other, TEN, TWO)
    assert found is not None
    assert found.id == slip.ticket.id
    event = next(one for one in reversed(ledger.events(f"hall/{HALL}")) if one.kind == "windows-merged")
    assert (event.text("into_window"), event.integer("broken")) == (TWO, 0)


def test_a_comprehensive_window_that_names_its_own_services_takes_those_of_a_merged_one_too() -> None:
    """And only for that day."""
    by = seat(1, window="market-1", office="market-supervision")
    any_by = seat(1, window=ANY, office="government-services")
    where = joined(place(HALL), [("market-1", ANY)])
    assert where.items[ANY] >= where.items["market-1"]
    assert by.office != any_by.office
    merged("market-1", ANY)
    today = serving_on(place(HALL), TEN.date())
    tomorrow = serving_on(place(HALL), TEN.date() + timedelta(days=1))
    assert today.merged == {"market-1": ANY}
    assert tomorrow.merged == {}
    item = min(today.items["market-1"])
    slip = issued(TEN, item)
    found = called(any_by, TEN, ANY)
    assert found is not None
    assert found.id == slip.ticket.id


def test_who_is_parked_and_bound_to_a_merged_window_stays_work_of_the_other() -> None:
    by = seat(1)
    seat(2)
    slip = bound(ONE)
    called(by, TEN)
    with transaction():
        operations.start(slip.ticket.id, by=by, at=TEN)
        operations.park(slip.ticket.id, "a form", by=by, at=TEN)
    merged()
    loads = standing(place(HALL), TEN.date(), TEN).loads()
    assert loads[frozenset((TWO,))].count == 1
    with transaction():
        found = operations.resume(slip.ticket.id, TWO, by=clerk(2), at=TEN)
    assert found.state is TicketState.SERVING


def test_the_promises_that_would_break_are_named_before_and_a_reason_is_recorded() -> None:
    moment = CLOSES - minutes(60)
    seat(1)
    seat(2)
    slips = []
    while not isinstance(found := tried(moment), operations.Denied):
        slips.append(found)
    would = operations.merging(HALL, ONE, TWO, moment)
    lost = [one.id for one in would.lost]
    assert 0 < len(lost) < len(slips)
    assert lost == [one.ticket.id for one in slips[-len(lost) :]]  # those who come last
    with transaction(), pytest.raises(PromisesWouldBreak) as refused:
        operations.merge_windows(HALL, ONE, TWO, " ", by=MANAGER, at=moment)
    assert [one.id for one in refused.value.tickets] == lost
    assert stands_of(HALL)[ONE].state is WindowState.OPEN
    merged(reason="taken ill", moment=moment)
    event = ledger.events(f"hall/{HALL}")[-1]
    assert (event.kind, event.text("reason"), event.integer("broken")) == ("windows-merged", "taken ill", len(lost))
    with transaction():
        operations.close_hall(HALL, by=MANAGER, at=CLOSES)
    last = ledger.events(f"ticket/{lost[-1]}")[-1]
    assert (last.text("cause"), last.text("fault_office"), last.text("fault_window")) == (
        "window-withdrawn", "government-services", ONE,
    )  # fmt: skip


def test_after_a_merge_no_more_is_promised_than_the_window_that_stays_can_keep() -> None:
    moment = CLOSES - minutes(60)
    seat(1)
    seat(2)
    for window in place(HALL).windows_for(ITEM) - {ONE, TWO}:
        with transaction():
            operations.set_shift(HALL, window, TEN.date(), [], by=MANAGER, at=OPENS)
    before = standing(place(HALL), TEN.date(), moment).verdict(ITEM)
    merged(moment=moment)
    after = standing(place(HALL), TEN.date(), moment).verdict(ITEM)
    assert (before.left, after.left) == (120.0, 60.0)
    assert after.spare < before.spare


@pytest.mark.parametrize(
    ("window", "into", "message"),
    [
        (ONE, ONE, "another one"),
        (ONE, "market-1", "of another office"),
        (ONE, "low-counter", "Nobody calls at that window"),
    ],
)
def test_windows_that_do_not_go_together_are_not_merged(window: str, into: str, message: str) -> None:
    seat(1)
    seat(1, window="market-1", office="market-supervision")
    with transaction(), pytest.raises(MergeUnfit, match=message):
        operations.merge_windows(HALL, window, into, "", by=MANAGER, at=TEN)


def test_nobody_is_left_before_a_window_that_ends_and_only_the_hall_manager_merges() -> None:
    by = seat(1)
    seat(2)
    issued()
    called(by, TEN)
    with transaction(), pytest.raises(WindowBusy):
        operations.merge_windows(HALL, ONE, TWO, "home", by=MANAGER, at=TEN)
    with transaction(), pytest.raises(NotAllowed):
        operations.merge_windows(HALL, ONE, TWO, "home", by=by, at=TEN)
    assert by.role is Role.CLERK


def test_a_merged_window_that_is_opened_again_calls_as_before_and_there_is_nothing_left_to_merge_till_then() -> None:
    by = seat(1)
    seat(2)
    merged()
    with transaction(), pytest.raises(MergeUnfit, match="nothing left"):
        operations.merge_windows(HALL, ONE, TWO, "", by=MANAGER, at=TEN + minutes(1))
    slip = issued(TEN + minutes(2))
    seat(1, TEN + minutes(3))
    found = called(by, TEN + minutes(3))
    assert found is not None
    assert found.id == slip.ticket.id


def test_windows_merged_one_after_the_other_hand_everything_on() -> None:
    seat(1)
    seat(2)
    by = seat(1, window=ANY, office="government-services")
    slip = bound(ONE)
    merged(ONE, TWO)
    merged(TWO, ANY, moment=TEN + minutes(1))
    assert serving_on(place(HALL), TEN.date()).merged == {ONE: ANY, TWO: ANY}
    shown = desk(place(HALL), ANY, TEN + minutes(2))
    assert [one.id for one in shown.queue] == [slip.ticket.id]
    found = called(by, TEN + minutes(2), ANY)
    assert found is not None
    assert found.id == slip.ticket.id
