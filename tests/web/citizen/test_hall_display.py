"""The screen in the hall: the last call first, both languages, what is unchanged costs nothing, closures are told."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from portal.hall import operations
from portal.hall.operations.planning import Cause
from portal.hall.queries.queue import last_called
from portal.store import transaction
from tests.cases.city import at
from tests.hall.hall_city import HALL, MANAGER, clerk
from tests.web.citizen.hall_visits import PATH, TEN, call, sit, take
from tests.web.citizen.visits import Visitor, Watch, texts


@pytest.fixture(autouse=True)
def _two_clerks(visitor: Visitor, watch: Watch) -> None:
    watch.now = TEN
    sit(visitor, 2)


def shown(visitor: Visitor) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(visitor.get(f"{PATH}/display.json").data)
    return found


def call_three(visitor: Visitor) -> None:
    for number in (1, 2):
        take(Visitor(visitor.app.test_client(), visitor.app, visitor.watch))
        visitor.watch.now += timedelta(minutes=1)
        call(visitor, number)


def test_the_last_called_stands_first_with_its_window_in_both_languages(visitor: Visitor) -> None:
    call_three(visitor)
    calls = shown(visitor)["calls"]
    assert [one["number"] for one in calls] == ["A002", "A001"]
    assert (calls[0]["zh"], calls[0]["en"]) == ("社保窗口2", "Social insurance window 2")
    assert calls[0]["say_en"] == "Number A 0 0 2, please come to Social insurance window 2."
    assert calls[0]["at"] == "10:02"
    page = texts(visitor.get(f"{PATH}/display"))
    assert "A002 社保窗口2" in page
    assert "Social insurance window 2" in page


def test_the_screen_asks_again_every_three_seconds(visitor: Visitor) -> None:
    assert 'data-every="3"' in visitor.get(f"{PATH}/display").text


def number_called(call: dict[str, Any]) -> str:
    """The id of a number that the screen shows by what is printed on the slip."""
    return next(one.id for one in last_called(HALL, TEN.date()) if one.printed == call["number"])


def test_the_screen_does_not_say_where_a_number_has_its_own_page(visitor: Visitor) -> None:
    call_three(visitor)
    with visitor.app.app_context():
        ids = [one.id for one in last_called(HALL, TEN.date())]
    told = visitor.get(f"{PATH}/display.json").text + visitor.get(f"{PATH}/display").text
    assert len(ids) == 2
    assert not [one for one in ids if one in told]


def test_a_recall_is_a_call_of_its_own(visitor: Visitor) -> None:
    call_three(visitor)
    before = shown(visitor)["calls"]
    visitor.watch.now += timedelta(minutes=3)
    with visitor.app.app_context(), transaction():
        operations.recall(number_called(before[1]), by=clerk(1), at=visitor.watch.now)
    after = shown(visitor)["calls"]
    assert after[0]["number"] == "A001"
    assert after[0]["key"] not in {one["key"] for one in before}


def test_what_has_not_changed_is_not_sent_again(visitor: Visitor) -> None:
    call_three(visitor)
    tag = visitor.get(f"{PATH}/display.json").headers["ETag"]
    visitor.watch.now += timedelta(seconds=30)
    again = visitor.client.get(f"{PATH}/display.json", headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    take(visitor)
    visitor.watch.now += timedelta(minutes=4)
    with visitor.app.app_context(), transaction():
        first = operations.recall(number_called(shown(visitor)["calls"][0]), by=clerk(2), at=visitor.watch.now)
    assert first.calls == 2
    assert visitor.client.get(f"{PATH}/display.json", headers={"If-None-Match": tag}).status_code == 200


def test_the_notice_names_closing_time_last_numbers_and_closures(visitor: Visitor, watch: Watch) -> None:
    assert shown(visitor)["notice"]["en"] == "No numbers for some services now. Closes at 17:00."
    watch.now = at("Tuesday 2026-03-03 16:57")
    assert "Last numbers for some services" in shown(visitor)["notice"]["en"]  # a free window calls at once
    for number in (1, 2):
        take(Visitor(visitor.app.test_client(), visitor.app, watch))
        call(visitor, number)
    assert "No more numbers today" in shown(visitor)["notice"]["en"]
    watch.now = TEN
    with visitor.app.app_context(), transaction():
        operations.declare_closure(
            HALL, Cause.EMERGENCY, at("Tuesday 2026-03-03 14:00"), at("Tuesday 2026-03-03 15:00"), "消防演练",
            by=MANAGER, at=TEN,
        )  # fmt: skip
    assert shown(visitor)["notice"]["en"] == "Closed from 14:00 to 15:00: 消防演练"
    watch.now = at("Tuesday 2026-03-03 19:00")
    assert "closed" in shown(visitor)["notice"]["en"]


@pytest.mark.parametrize(
    ("time", "zh", "en"), [("08:40", "09:00开门", "Opens at 09:00"), ("12:30", "13:30恢复开放", "Open again at 13:30")]
)
def test_before_the_first_opening_the_hall_opens_and_after_lunch_it_opens_again(
    visitor: Visitor, watch: Watch, time: str, zh: str, en: str
) -> None:
    watch.now = at(f"Tuesday 2026-03-03 {time}")
    assert shown(visitor)["notice"] == {"zh": zh, "en": en}


def test_without_scripts_the_screen_loads_itself_again(visitor: Visitor) -> None:
    page = visitor.get(f"{PATH}/display").text
    assert '<noscript><meta http-equiv="refresh" content="10"></noscript>' in page
    assert "<h1" in page


def test_yesterdays_calls_are_gone(visitor: Visitor, watch: Watch) -> None:
    call_three(visitor)
    watch.now += timedelta(days=1)
    assert shown(visitor)["calls"] == []
