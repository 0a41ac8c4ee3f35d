"""R29: what a page asks of the database does not grow with what the portal holds; `make bench` measures the time."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from portal.store import db
from tests.requirements.conftest import Town


def statements(client: FlaskClient, path: str) -> int:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        answer = client.get(path)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert answer.status_code == 200
    return len(seen)


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("stranger", "/"),
        ("stranger", "/items?q=licence"),
        ("clerk", "/clerk/"),
        ("clerk", "/clerk/inquiries/"),
        ("supervisor", "/supervisor/"),
        ("supervisor", "/supervisor/findings"),
        ("supervisor", "/clerk/?light=overdue"),
    ],
)
def test_a_page_asks_as_often_with_twenty_cases_as_with_five(town: Town, who: str, path: str) -> None:
    house, client = town.house, town.people[who]
    for _ in range(4):
        house.make_case()
        house.make_inquiry(office="market-supervision", moment=house.now, question="Where do I change it?")
    statements(client, path)  # what is kept from one request to the next is there now
    few = statements(client, path)
    for _ in range(15):
        house.make_case()
        house.make_inquiry(office="market-supervision", moment=house.now, question="Where do I change it?")
    assert statements(client, path) <= few
