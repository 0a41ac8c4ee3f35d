"""What a page of the hall asks of the database does not grow with its numbers: ten or a hundred, as many statements."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from portal.hall import operations
from portal.hall.model.ranks import Ground
from portal.hall.model.tickets import Outcome
from portal.hall.operations.planning import Cause
from portal.hall.places import place
from portal.hall.queries.reports import LISTS, day_report
from portal.hall.queries.rosters import half_hours
from portal.hall.standing import day_of, days_of
from portal.store import db, reading, transaction
from tests.hall.hall_city import HALL, ITEM, MANAGER, TEN, WINDOWS, clerk, minutes
from tests.web.clerk.hall_pages import PAGE, manager
from tests.web.office import OfficeHouse

AFTER = TEN + minutes(421)  # a minute after closing
DAY = TEN.date()


@contextmanager
def counted() -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def statements(read: Callable[..., object], *of: object) -> int:
    """Of the second time: what is kept from one request to the next is there then."""
    read(*of)
    with counted() as asked:
        read(*of)
    return len(asked)


def lived(many: int, since: int) -> None:
    """Each nth: a number served, one that waits in vain, one refused, and a block of paper."""
    for nth in range(since, since + many):
        with transaction():
            one = operations.issue(HALL, ITEM, by=clerk(), at=TEN, is_promised=True)
            assert isinstance(one, operations.Slip)
            operations.call(one.ticket.id, WINDOWS[1], Ground.ELDERLY, by=clerk(2), at=TEN)
            operations.start(one.ticket.id, by=clerk(2), at=TEN)
            operations.serve(one.ticket.id, Outcome.INFORMATION, by=clerk(2), at=TEN + minutes(1), is_confirmed=True)
            operations.issue(HALL, ITEM, by=clerk(), at=TEN, is_promised=True)
            operations.issue(HALL, "food-licence", by=clerk(), at=AFTER)
            operations.declare_block(HALL, f"{nth}", TEN - minutes(30), TEN, "no network", by=MANAGER, at=TEN)


PAGES = (
    f"{PAGE}/end",  # why each would not be served
    f"{PAGE}/days/{DAY}",
    *(f"{PAGE}/days/{DAY}/{which}" for which in LISTS),
    f"{PAGE}/paper",
    f"{PAGE}/paper/0",
    f"/halls/{HALL}/figures",
    f"/halls/{HALL}",
)


def test_with_a_hundred_numbers_the_pages_of_the_hall_ask_as_often_as_with_ten(house: OfficeHouse) -> None:
    client = manager(house, TEN)
    with transaction():
        for nth in (1, 2):
            operations.open_window(HALL, WINDOWS[nth - 1], by=clerk(nth), at=TEN - minutes(10))
    lived(10, 0)
    with transaction():
        operations.close_window(HALL, WINDOWS[0], by=clerk(1), at=TEN + minutes(60), reason="taken ill")
    few = {page: statements(seen, client, page) for page in PAGES}
    lived(90, 10)
    assert {page: statements(seen, client, page) for page in PAGES} == few
    report = day_report(place(HALL), DAY, AFTER)
    assert (len(report.of("served")), len(report.out_of_hours), len(operations.blocks(HALL))) == (100, 100, 100)


def seen(client: FlaskClient, page: str) -> None:
    assert client.get(page).status_code == 200, page


@pytest.mark.usefixtures("house")
def test_ending_a_day_reads_why_once_for_all_who_are_left() -> None:
    """Each that is left costs its own writes; what happened to the hall is read once."""
    told = []
    for day, many in ((0, 10), (1, 100)):
        moment = TEN + timedelta(days=day)
        with transaction():
            operations.open_window(HALL, WINDOWS[0], by=clerk(1), at=moment)
            for _ in range(many):
                operations.issue(HALL, ITEM, by=clerk(), at=moment, is_promised=True)
            operations.close_window(HALL, WINDOWS[0], by=clerk(1), at=moment + minutes(60), reason="taken ill")
        with counted() as asked, reading():
            left = operations.unserved(HALL, moment + minutes(70))
        told.append(len(asked))
        assert [cause for _, cause, *_ in left] == ["window-withdrawn"] * many
        with transaction():
            operations.close_days(moment + timedelta(hours=9))
    assert told[0] == told[1]


@pytest.mark.usefixtures("house")
def test_windows_needed_are_read_for_a_hundred_days_as_for_ten() -> None:
    with transaction():
        operations.set_shift(HALL, WINDOWS[0], DAY + timedelta(days=1), ["09:00-10:00"], by=MANAGER, at=TEN)
        operations.declare_closure(
            HALL, Cause.DRILL, TEN + timedelta(days=2), TEN + timedelta(days=2, hours=1), "drill", by=MANAGER, at=TEN
        )
    days = [DAY + timedelta(days=ahead) for ahead in range(100)]
    with reading():
        told = [statements(half_hours, place(HALL), days[:many]) for many in (10, 100)]
        assert told[0] == told[1]
        assert days_of(place(HALL), days) == {day: day_of(place(HALL), day) for day in days}


@pytest.mark.usefixtures("house")
def test_a_number_and_its_call_ask_for_shifts_and_merged_windows_in_one_statement() -> None:
    with transaction():
        operations.open_window(HALL, WINDOWS[0], by=clerk(1), at=TEN)
    for act in (
        lambda: operations.issue(HALL, ITEM, by=clerk(), at=TEN, is_promised=True),
        lambda: operations.call_next(HALL, WINDOWS[0], by=clerk(1), at=TEN),
    ):
        with counted() as asked, transaction():
            assert act() is not None
        plans = [text for text in asked if "hall_merges" in text or "hall_shifts" in text]
        assert len(plans) == 1
        assert "hall_merges" in plans[0]
        assert "hall_shifts" in plans[0]


def test_eight_lines_of_paper_ask_as_often_as_one_what_was_declared(house: OfficeHouse) -> None:
    client = manager(house, TEN + minutes(60))
    with transaction():
        operations.declare_block(HALL, "7", TEN, TEN + minutes(50), "no network", by=MANAGER, at=house.now)
    told, number = [], 0
    for many in (1, 8):
        sent = dict[str, str]()
        for nth in range(1, many + 1):
            number += 1
            typed = {"number": str(number), "item": ITEM, "issued": f"10:{number:02d}"}
            sent |= {f"line{nth}-{name}": value for name, value in typed.items()}
        with counted() as asked:
            assert client.post(f"{PAGE}/paper/7", data=sent).status_code == 303
        told.append(sum("FROM events" in text and "events.subject = " in text for text in asked))
    assert told[0] == told[1] > 0


def test_windows_to_choose_from_are_read_for_four_as_for_one(house: OfficeHouse) -> None:
    house.now = TEN
    one, four = (house.signed_in("clerk", office) for office in ("approval-bureau", "government-services"))
    told = [statements(seen, client, "/clerk/window/") for client in (one, four)]
    assert four.get("/clerk/window/").text.count('class="desk-windows__one"') == 4
    assert told[0] == told[1]
