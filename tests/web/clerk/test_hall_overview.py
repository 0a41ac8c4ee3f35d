"""The staff's list: who may see which hall, what it says, and that it does not grow with the queue."""

from __future__ import annotations

from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from portal.hall import operations
from portal.hall.model.ranks import Ground, Rank
from portal.hall.places import place
from portal.hall.queries.steering import at_risk, steering
from portal.store import db, reading, transaction
from tests.hall.hall_city import HALL, ITEM, MANAGER, TEN, WINDOWS, called, clerk, issued, minutes, seat
from tests.web.clerk.hall_pages import PAGE, filled, manager, words
from tests.web.office import OfficeHouse


def test_the_hall_manager_lands_on_the_only_hall_after_signing_in(house: OfficeHouse) -> None:
    client = manager(house)
    assert client.get("/clerk/hall/").headers["Location"] == PAGE
    assert 'href="/clerk/hall/"' in client.get(PAGE).text
    by = house.by("hall-manager", "government-services")
    answer = house.app.test_client().post("/sign-in", data={"name": by.post, "password": "a long road to hall 3"})
    assert answer.headers["Location"] == "/clerk/hall/"


@pytest.mark.parametrize(
    ("role", "office", "status"),
    [
        ("clerk", "social-insurance", 200),
        ("head", "government-services", 200),
        ("supervisor", "market-supervision", 200),
        ("hall-manager", "government-services", 200),
        ("hall-manager", "centre-a", 404),
        ("clerk", "centre-a", 404),
        ("reviewer", "social-insurance", 404),
    ],
)
def test_a_hall_is_seen_by_its_offices_and_by_oversight(
    house: OfficeHouse, role: str, office: str, status: int
) -> None:
    house.now = TEN
    client = house.signed_in(role, office)
    for address in ("", "/needed", "/shifts", "/paper", "/days/2026-03-03", "/days/2026-03-03/issued"):
        assert client.get(f"{PAGE}{address}").status_code == status, address


@pytest.mark.parametrize("address", ["/issuing", "/surge", "/end", "/closures/new", f"/windows/{WINDOWS[0]}/close"])
def test_who_may_only_look_does_not_steer(house: OfficeHouse, address: str) -> None:
    house.now = TEN
    assert house.signed_in("clerk", "social-insurance").get(f"{PAGE}{address}").status_code == 403
    assert house.signed_in("hall-manager", "centre-a").get(f"{PAGE}{address}").status_code == 404


def test_oversight_chooses_among_all_halls(house: OfficeHouse) -> None:
    house.now = TEN
    page = house.signed_in("supervisor").get("/clerk/hall/").text
    assert page.count("/clerk/hall/") > 3


def test_the_list_says_who_is_there_in_order_of_turn(house: OfficeHouse) -> None:
    client = manager(house)
    by = seat(1)
    first = issued(TEN - minutes(20))
    late = issued(TEN - minutes(15), matters=3)
    early = issued(TEN - minutes(10), rank=Rank.PRIORITY, ground=Ground.ELDERLY)
    called(by, TEN - minutes(5))  # the elderly one is first by its credit
    page = client.get(PAGE).text
    order = [page.index(f">{one.ticket.printed}</a></th>") for one in (early, first, late)]
    assert order == sorted(order)
    text = words(page)
    assert "2 wait; 1 at the windows" in text
    assert "60 years or older" in text
    assert "×3" in page
    assert "Social insurance window 1 Open, u-social-insurance.clerk.1" not in text
    assert f"{early.ticket.printed} , Called" in text or f"{early.ticket.printed}, Called" in text.replace(" ,", ",")


def test_a_band_that_is_over_and_an_empty_window_are_marked(house: OfficeHouse) -> None:
    seat(1)
    issued(TEN)
    client = manager(house, TEN + minutes(100))
    text = words(client.get(PAGE).text)
    assert "▲ passed" in text
    assert "▲ Empty, though rostered" in text
    assert "Open one more window from 11:40" in text


def test_promises_at_risk_are_those_that_no_longer_fit(house: OfficeHouse) -> None:
    """Two windows promised what one alone cannot keep: the last numbers are at risk, as the window's own list says."""
    moment = TEN + minutes(360)
    client = manager(house, moment)
    seat(1)
    by = seat(2)
    numbers = filled(moment)
    assert "at risk" not in words(client.get(PAGE).text).split("“passed”")[0]
    with transaction():
        lost = operations.would_break(HALL, frozenset(WINDOWS[1:]), moment)
        operations.close_window(HALL, WINDOWS[1], "taken ill", by=by, at=moment)
        operations.set_shift(HALL, WINDOWS[1], date(2026, 3, 3), (), by=MANAGER, at=moment, reason="ill")
    with reading():
        found = steering(place(HALL), moment)
    assert found.at_risk == {one.id for one in lost} == {one.ticket.id for one in numbers[-len(lost) :]}
    text = words(client.get(PAGE).text)
    assert f"{len(lost)} promises are at risk" in text


def test_whoever_was_issued_without_a_guarantee_is_no_promise_at_risk(house: OfficeHouse) -> None:
    moment = TEN + minutes(410)
    house.now = moment
    with transaction():
        for _ in range(12):
            operations.issue(HALL, ITEM, by=MANAGER, at=moment, override="a storm")
    with reading():
        found = steering(place(HALL), moment)
        assert at_risk(found.now, list(found.lines)) == frozenset()


def test_services_say_what_was_refused_and_which_appointments_are_due(house: OfficeHouse) -> None:
    moment = TEN + minutes(370)
    client = manager(house, moment)
    seat(1, moment), filled(moment)
    text = words(client.get(PAGE).text)
    assert "Unemployment" in text or "unemployment" in text
    assert "1 × Whoever takes a number now could not be sure" in text


def asked(client: FlaskClient, path: str) -> tuple[list[str], int]:
    """The statements a page takes, and how many bytes it has."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        answer = client.get(path)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert answer.status_code == 200
    return seen, len(answer.data)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_with_two_hundred_waiting_it_asks_as_often_as_with_ten_and_stays_small(
    house: OfficeHouse, language: str
) -> None:
    client = manager(house, language=language)
    called(seat(1), TEN)
    items = sorted(place(HALL).serving)

    def more(many: int) -> None:
        with transaction():
            for nth in range(many):
                operations.issue(
                    HALL, items[nth % len(items)], by=clerk(), at=TEN, is_promised=True, rank=Rank.PRIORITY,
                    ground=Ground.SERVICE,
                )  # fmt: skip

    more(10)
    asked(client, PAGE)
    few, _ = asked(client, PAGE)
    more(190)
    asked(client, PAGE)
    many, size = asked(client, PAGE)
    assert len(many) <= len(few), set(many) - set(few)
    assert size <= 100_000
    assert (
        client.get(PAGE).text.count('<tr><th scope="row"><a class="govuk-link" href="')
        + client.get(PAGE).text.count('<tr class="hall-at-risk"><th scope="row"><a class="govuk-link" href="')
        == 200
    )


def test_windows_needed_follow_from_the_weeks_before(house: OfficeHouse) -> None:
    for week in (1, 2):
        before = TEN - minutes(7 * 24 * 60 * week)
        with transaction():
            for _ in range(20):
                operations.issue(HALL, ITEM, by=clerk(), at=before, is_promised=True)
    text = words(manager(house).get(f"{PAGE}/needed").text)
    assert "10:00 (now) 20.0" in text  # twenty on each of the two Tuesdays on which anybody came
    assert "09:00 0.0 0 8.0" in text.replace("09:00 0 0 8.0", "09:00 0.0 0 8.0")
