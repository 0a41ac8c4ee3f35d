"""Windows: who sits there, whose promises break when it leaves, and that nobody sits at two."""

from __future__ import annotations

from dataclasses import replace

import pytest

from portal.basis import NotAllowed, Role
from portal.hall import operations
from portal.hall.model.tickets import TicketState
from portal.hall.model.windows import ColleagueUnfit, WindowBusy, WindowNotYours, WindowState, WindowTaken
from portal.hall.operations.windows import PromisesWouldBreak
from portal.hall.places import place, places
from portal.hall.queries.tickets import ticket
from portal.hall.standing import seats_of, stands_of
from portal.ledger import queries as ledger
from portal.store import transaction
from tests.hall.hall_city import (
    CLOSES,
    HALL,
    ITEM,
    MANAGER,
    OPENS,
    SOCIAL,
    TEN,
    WINDOWS,
    called,
    citizen,
    clerk,
    hired,
    issued,
    minutes,
    seat,
    serve,
    tried,
)

pytestmark = pytest.mark.usefixtures("database")


def test_a_window_has_one_person_and_a_person_one_window() -> None:
    by = seat(1)
    with transaction(), pytest.raises(WindowTaken):
        operations.open_window(HALL, WINDOWS[0], by=clerk(2), at=TEN)
    with transaction():
        operations.open_window(HALL, WINDOWS[1], by=by, at=TEN)
    stands = stands_of(HALL)
    assert (stands[WINDOWS[0]].state, stands[WINDOWS[1]].state) == (WindowState.SHUT, WindowState.OPEN)


def test_a_clerk_of_another_office_does_not_open_the_window() -> None:
    with transaction(), pytest.raises(NotAllowed):
        operations.open_window(HALL, "market-1", by=clerk(), at=TEN)


def test_before_a_window_leaves_the_promises_that_would_break_are_named() -> None:
    """An hour before closing two windows have promised what one alone cannot keep."""
    moment = CLOSES - minutes(60)
    by = seat(1)
    seat(2)
    slips = []
    while not isinstance(found := tried(moment), operations.Denied):
        slips.append(found)
    with transaction(), pytest.raises(PromisesWouldBreak) as refused:
        operations.close_window(HALL, WINDOWS[0], "", by=by, at=moment)
    broken = [one.id for one in refused.value.tickets]
    assert broken == [one.ticket.id for one in slips[len(slips) - len(broken) :]]  # those who come last
    assert 0 < len(broken) < len(slips)
    with transaction():
        operations.close_window(HALL, WINDOWS[0], "taken ill", by=by, at=moment)
    event = ledger.events(f"hall/{HALL}")[-1]
    assert (event.kind, event.text("reason"), event.integer("broken")) == ("window-closed", "taken ill", len(broken))


def test_a_window_that_breaks_nothing_leaves_without_a_reason() -> None:
    by = seat(1)
    seat(2)
    issued()
    with transaction():
        assert operations.pause_window(HALL, WINDOWS[0], "", by=by, at=TEN).state is WindowState.PAUSED
    with pytest.raises(WindowNotYours):
        called(by, TEN)
    with transaction():
        assert operations.open_window(HALL, WINDOWS[0], by=by, at=TEN + minutes(5)).state is WindowState.OPEN
    assert called(by, TEN + minutes(5)) is not None


def test_the_hall_manager_closes_any_window_and_another_clerk_none() -> None:
    seat(1)
    with transaction(), pytest.raises(WindowNotYours):
        operations.close_window(HALL, WINDOWS[0], "", by=clerk(2), at=TEN)
    with transaction():
        assert operations.close_window(HALL, WINDOWS[0], "", by=MANAGER, at=TEN).state is WindowState.SHUT


def test_a_window_is_handed_over_with_whoever_is_being_served_there() -> None:
    by = seat(1)
    one = issued()
    called(by, TEN)
    hired(clerk(2))
    with transaction():
        operations.start(one.ticket.id, by=by, at=TEN)
        operations.pass_window(HALL, WINDOWS[0], clerk(2).actor, by=by, at=TEN + minutes(1))
    with transaction(), pytest.raises(WindowNotYours):
        operations.park(one.ticket.id, "", by=by, at=TEN + minutes(2))
    with transaction():
        parked = operations.park(one.ticket.id, "", by=clerk(2), at=TEN + minutes(2))
    assert parked.state is TicketState.PARKED


def test_a_window_is_handed_over_to_nobody_who_may_not_run_it_or_sits_elsewhere() -> None:
    by, free = seat(1), hired(clerk(3))
    hired(clerk(2))
    seat(2)
    hired(clerk(4, "market-supervision"))
    hired(replace(clerk(5), actor="a-head", role=Role.HEAD, post=f"{SOCIAL}.head"))
    refused = {
        by.actor: "You sit there yourself",
        clerk(2).actor: "sits at another window",
        clerk(4, "market-supervision").actor: "of this office",
        "a-head": "of this office",
        "nobody": "of this office",
    }
    for actor, message in refused.items():
        with transaction(), pytest.raises(ColleagueUnfit, match=message):
            operations.pass_window(HALL, WINDOWS[0], actor, by=by, at=TEN)
    assert stands_of(HALL)[WINDOWS[0]].actor == by.actor
    with transaction():
        assert operations.pass_window(HALL, WINDOWS[0], free.actor, by=by, at=TEN).actor == free.actor


def test_who_sits_down_elsewhere_leaves_a_window_and_is_asked_for_the_promises_of_it() -> None:
    """What only the first window takes would wait there for nobody."""
    moment = CLOSES - minutes(60)
    by = seat(1)
    for window in place(HALL).windows_for(ITEM) - {WINDOWS[0]}:
        shut_for_the_day(window)
    slips = []
    while not isinstance(found := tried(moment), operations.Denied):
        slips.append(found)
    with transaction(), pytest.raises(PromisesWouldBreak) as refused:
        operations.open_window(HALL, WINDOWS[1], by=by, at=moment)
    assert [one.id for one in refused.value.tickets] == [one.ticket.id for one in slips]
    assert stands_of(HALL)[WINDOWS[0]].state is WindowState.OPEN
    with transaction():
        operations.open_window(HALL, WINDOWS[1], by=by, at=moment, reason="the other screen is broken")
    closed = next(event for event in reversed(ledger.events(f"hall/{HALL}")) if event.kind == "window-closed")
    assert (closed.text("reason"), closed.integer("broken")) == ("the other screen is broken", len(slips))


def test_who_sits_down_at_a_window_that_can_call_the_same_people_breaks_nothing() -> None:
    """The minutes of the window that he comes to count from now on, though nobody was there for an hour."""
    by = seat(1)
    slips = [issued(TEN + minutes(60)) for _ in range(3)]
    with transaction():
        operations.open_window(HALL, WINDOWS[1], by=by, at=TEN + minutes(61))
    assert called(by, TEN + minutes(61), WINDOWS[1]) is not None
    assert len(slips) == 3


def test_nobody_sits_in_two_halls_at_once() -> None:
    by = seat(1)
    where = next(one for one in places() if one.code != HALL and one.windows)
    window = next(iter(where.windows.values()))
    with transaction():
        operations.open_window(where.code, window.code, by=replace(by, office=window.office), at=TEN)
    assert [(one.hall, one.window) for one in seats_of(by.actor)] == [(where.code, window.code)]


def shut_for_the_day(window: str) -> None:
    with transaction():
        operations.set_shift(HALL, window, TEN.date(), [], by=MANAGER, at=OPENS)


def test_the_last_free_window_does_not_leave_somebody_it_could_call_this_moment_without_a_reason() -> None:
    """Minutes before closing no formula would promise it; the window that stands free does."""
    moment = CLOSES - minutes(8)
    busy = seat(1)
    by = seat(2)
    issued(moment - minutes(20))
    assert called(busy, moment - minutes(19)) is not None
    slip = issued(moment)
    with transaction(), pytest.raises(PromisesWouldBreak) as refused:
        operations.close_window(HALL, WINDOWS[1], "", by=by, at=moment)
    assert [one.id for one in refused.value.tickets] == [slip.ticket.id]
    hit = operations.whom_it_hits(HALL, moment, moment + minutes(4), (WINDOWS[1],), moment)
    assert [one.id for one in hit.tickets] == [slip.ticket.id]
    hit = operations.whom_it_hits(HALL, moment + minutes(2), CLOSES, (WINDOWS[1],), moment)
    assert hit.tickets == (), "it can still be called before that"


def test_a_rostered_window_left_empty_for_more_than_a_quarter_of_an_hour_is_recorded_once_and_its_end() -> None:
    by = seat(1)
    with transaction():
        operations.close_window(HALL, WINDOWS[0], "", by=by, at=TEN)
    for later in (10, 15, 16, 20):
        with transaction():
            operations.note_empty_windows(TEN + minutes(later))
    seat(1, TEN + minutes(30))
    for later in (31, 32):
        with transaction():
            operations.note_empty_windows(TEN + minutes(later))
    told = [event for event in ledger.events(f"hall/{HALL}") if event.kind == "window-left-empty"]
    assert [(event.text("at_window"), event.instant("from_at"), event.instant("until_at")) for event in told] == [
        (WINDOWS[0], TEN, None),
        (WINDOWS[0], TEN, TEN + minutes(31)),
    ]


def test_lunch_is_not_an_empty_window() -> None:
    by = seat(1)
    noon = OPENS + minutes(180)
    with transaction():
        operations.close_window(HALL, WINDOWS[0], "", by=by, at=noon)
        assert operations.note_empty_windows(noon + minutes(60)) == 0


def test_a_window_nobody_sits_at_is_not_promised_to_anybody() -> None:
    """A quarter of an hour after opening time its minutes count no more; then a number needs the others'."""
    from portal.hall.places import place
    from portal.hall.standing import standing

    seat(1)
    day = TEN.date()
    early = standing(place(HALL), day, OPENS + minutes(14)).minutes_left()
    late = standing(place(HALL), day, OPENS + minutes(15)).minutes_left()
    assert early[WINDOWS[1]] > 0
    assert (late[WINDOWS[1]], late[WINDOWS[0]]) == (0.0, early[WINDOWS[0]] - 1)


def test_a_busy_window_serves_on_after_a_visit() -> None:
    by = seat(1)
    issued(), issued()
    serve(by, TEN)
    second = serve(by, TEN + minutes(6))
    assert ticket(second.id).state is TicketState.SERVED


def test_nobody_leaves_a_window_at_which_somebody_is_being_served() -> None:
    by = seat(1)
    issued()
    assert called(by, TEN) is not None
    with transaction(), pytest.raises(WindowBusy):
        operations.close_window(HALL, WINDOWS[0], "home", by=by, at=TEN + minutes(1))
    with transaction(), pytest.raises(WindowBusy):
        operations.open_window(HALL, WINDOWS[1], by=by, at=TEN + minutes(1))
    with transaction():  # a clerk who fell ill
        operations.close_window(HALL, WINDOWS[0], "ill", by=MANAGER, at=TEN + minutes(1))


def test_a_shift_that_takes_minutes_from_promises_is_not_set_without_a_reason() -> None:
    for window in place(HALL).windows_for(ITEM) - set(WINDOWS):
        shut_for_the_day(window)
    seat(1), seat(2)
    moment = CLOSES - minutes(60)
    while isinstance(tried(moment), operations.Slip):
        pass
    plan = ["09:00-16:00"]
    with transaction(), pytest.raises(PromisesWouldBreak) as refused:
        operations.set_shift(HALL, WINDOWS[1], TEN.date(), plan, by=MANAGER, at=moment)
    with transaction():  # longer, or the same, breaks nothing
        operations.set_shift(HALL, WINDOWS[1], TEN.date(), ["09:00-12:00", "13:30-17:00"], by=MANAGER, at=moment)
        event = operations.set_shift(HALL, WINDOWS[1], TEN.date(), plan, by=MANAGER, at=moment, reason="ill")
    assert (event.text("reason"), event.integer("broken")) == ("ill", len(refused.value.tickets))


def test_a_shift_of_tomorrow_is_asked_about_by_whoever_was_carried_over_to_it() -> None:
    seat(1)
    slip = issued()
    with transaction():
        new = operations.carry_over(slip.ticket.id, by=citizen(), at=TEN, code=slip.code).ticket
    last, *others = sorted(place(HALL).windows_for(ITEM))
    with transaction():
        for window in others:
            operations.set_shift(HALL, window, new.day, [], by=MANAGER, at=TEN)
    with transaction(), pytest.raises(PromisesWouldBreak) as refused:
        operations.set_shift(HALL, last, new.day, [], by=MANAGER, at=TEN)
    assert [one.id for one in refused.value.tickets] == [new.id]
