"""Every row of the hall follows from the ledger: a whole day with all that can happen in it, made again."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from portal.hall import operations
from portal.hall.model.ranks import Ground, Rank
from portal.hall.model.tickets import Outcome
from portal.hall.operations import Denied, PaperLine
from portal.hall.operations.planning import Cause
from portal.hall.tables import (
    AppointmentRow,
    ClosureRow,
    HallDayRow,
    HandlingRow,
    KioskRow,
    MergeRow,
    ShiftRow,
    TicketRow,
    TurnedAwayRow,
    WindowRow,
)
from portal.store import db, transaction
from tests.cases.city import at
from tests.hall.hall_city import (
    CLOSES,
    HALL,
    ITEM,
    MANAGER,
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
TABLES = (
    TicketRow,
    AppointmentRow,
    ClosureRow,
    HallDayRow,
    HandlingRow,
    KioskRow,
    MergeRow,
    ShiftRow,
    TurnedAwayRow,
    WindowRow,
)


def rows() -> dict[str, list[Any]]:
    return {
        table.__tablename__: sorted(
            (tuple(row) for row in db.session.execute(select(*table.__table__.columns))), key=repr
        )
        for table in TABLES
    }


def a_day() -> None:
    by, other = seat(1), seat(2)
    slips = [issued(TEN + minutes(turn), situation="by-agent" if turn % 2 else None) for turn in range(8)]
    grey = issued(TEN, rank=Rank.PRIORITY, ground=Ground.ELDERLY, matters=2)
    served = serve(by, TEN + minutes(10), lasting=7)
    assert served.id == grey.ticket.id
    here = called(other, TEN + minutes(12), WINDOWS[1])
    assert here is not None
    with transaction():
        operations.start(here.id, by=other, at=TEN + minutes(13))
        operations.park(here.id, "a form", by=other, at=TEN + minutes(14))
        operations.resume(here.id, WINDOWS[1], by=other, at=TEN + minutes(16))
        operations.transfer(here.id, to_window=WINDOWS[0], reason="a colleague knows", by=other, at=TEN + minutes(17))
        operations.release(slips[4].ticket.id, slips[4].code, by=citizen(), at=TEN + minutes(20))
        operations.void(slips[5].ticket.id, "the printer failed", by=by, at=TEN + minutes(20))
        operations.carry_over(slips[6].ticket.id, code=slips[6].code, by=citizen(), at=TEN + minutes(20))
        operations.replace_slip(slips[7].ticket.id, "not printed", by=citizen(), at=TEN + minutes(8))
    colleague = hired(clerk(9))
    gone = called(other, TEN + minutes(21), WINDOWS[1])
    assert gone is not None
    with transaction():
        for nth in (3, 6):
            operations.recall(gone.id, by=other, at=TEN + minutes(21 + nth))
        operations.mark_absent(gone.id, by=other, at=TEN + minutes(30))
        operations.bring_back(gone.id, by=other, at=TEN + minutes(31))
        operations.pause_window(HALL, WINDOWS[1], "tea", by=other, at=TEN + minutes(32))
        operations.open_window(HALL, WINDOWS[1], by=other, at=TEN + minutes(35))
        operations.pass_window(HALL, WINDOWS[1], colleague.actor, by=other, at=TEN + minutes(40))


def plans() -> None:
    slot = at("Wednesday 2026-03-04 09:00")
    with transaction():
        kept, moved, cancelled, missed = (
            operations.book(
                HALL, ITEM, slot + minutes(30 * nth), by=citizen(), at=TEN, matters=1 + nth % 2, situation="by-agent"
            )
            for nth in range(4)
        )
        operations.move(moved.appointment.number, slot + minutes(150), by=citizen(), code=moved.code, at=TEN)
        operations.cancel(cancelled.appointment.number, by=citizen(), code=cancelled.code, at=TEN)
        operations.set_shift(HALL, WINDOWS[1], slot.date(), ["09:00-12:00"], by=MANAGER, at=TEN, who="clerk-2")
        first, _ = operations.declare_closure(
            HALL,
            Cause.EMERGENCY,
            TEN + minutes(50),
            TEN + minutes(60),
            "drill",
            by=MANAGER,
            at=TEN,
            windows=[WINDOWS[1]],
        )
        operations.withdraw_closure(HALL, first.number, by=MANAGER, at=TEN)
        operations.declare_closure(
            HALL, Cause.EMERGENCY, slot + minutes(240), slot + minutes(300), "pipe", by=MANAGER, at=TEN
        )
        operations.stop_issuing(HALL, "too many", by=MANAGER, at=TEN + minutes(41))
    assert isinstance(tried(TEN + minutes(42)), Denied)
    with transaction():
        operations.resume_issuing(HALL, by=MANAGER, at=TEN + minutes(43))
        operations.declare_surge(HALL, "a fair", by=MANAGER, at=TEN + minutes(43))
        operations.enrol_kiosk(HALL, "entrance", by=MANAGER, at=TEN)
        operations.declare_block(HALL, "7", TEN, TEN + minutes(40), "no network", by=MANAGER, at=TEN + minutes(45))
        line = PaperLine(
            3, ITEM, TEN + minutes(1), TEN + minutes(5), TEN + minutes(11), WINDOWS[0], Outcome.INFORMATION
        )
        operations.enter(HALL, "7", [line, PaperLine(4, ITEM, TEN + minutes(2))], by=clerk(), at=TEN + minutes(45))
        operations.merge_windows(HALL, WINDOWS[0], WINDOWS[1], "tea", by=MANAGER, at=TEN + minutes(46))
    with transaction():
        operations.close_days(CLOSES + minutes(61))
        operations.remind_and_miss(slot - minutes(60))
    with transaction():
        operations.check_in(kept.appointment.number, by=citizen(), code=kept.code, at=slot)
        operations.remind_and_miss(slot + minutes(200))
    assert missed.appointment.number


def test_a_day_with_all_that_can_happen_comes_back_row_for_row() -> None:
    a_day()
    plans()
    before = rows()
    assert all(before.values()), [name for name, held in before.items() if not held]
    with transaction():
        operations.rebuild_halls()
    after = rows()
    for name, held in before.items():
        assert after[name] == held, name
