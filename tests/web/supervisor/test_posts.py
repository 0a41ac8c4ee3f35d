"""Who held which post on which day, on the page of whoever asks for a broken promise."""

from __future__ import annotations

import re
from datetime import date

from werkzeug.test import TestResponse

from portal.accounts import operations, queries
from portal.basis import SYSTEM
from portal.store import transaction
from tests.web.office import OfficeHouse

CHANGE = date(2026, 3, 2)


def day(on: date) -> str:
    return f"on-year={on.year}&on-month={on.month}&on-day={on.day}"


def row_of(answer: TestResponse, code: str) -> str:
    (found,) = [row for row in answer.text.split("<tr")[1:] if f'/supervisor/posts/{code}"' in row]
    return " ".join(re.sub(r"<[^>]+>", " ", found.split("</tr>")[0]).split())


def succeeded(house: OfficeHouse) -> tuple[str, str, str]:
    """A post whose holder left on the day of the change, and the second clerk who took it up."""
    first, second = house.by("clerk"), house.by("clerk", which=2)
    post = str(first.post)
    with transaction():
        operations.end_holding(first.actor, post, CHANGE, by=SYSTEM, at=house.now)
        operations.appoint(second.actor, post, CHANGE, by=SYSTEM, at=house.now)
    return post, first.actor, second.actor


def name(account: str) -> str:
    return queries.accounts([account])[account].display_name


def test_each_day_names_its_own_holder(house: OfficeHouse) -> None:
    post, before, after = succeeded(house)
    supervisor = house.signed_in("supervisor")
    for on, holder in ((date(2026, 3, 1), before), (CHANGE, after)):
        assert name(holder) in row_of(supervisor.get(f"/supervisor/posts?{day(on)}"), post)
    assert "nobody" in row_of(supervisor.get(f"/supervisor/posts?{day(date(1999, 1, 1))}"), post)


def test_a_post_tells_everybody_who_held_it(house: OfficeHouse) -> None:
    post, before, after = succeeded(house)
    text = house.signed_in("supervisor").get(f"/supervisor/posts/{post}").text.split("<tbody")[1]
    assert text.index(name(after)) < text.index(name(before))
    assert "holds it" in text


def test_a_day_that_is_none_is_refused_and_stays_as_typed(house: OfficeHouse) -> None:
    answer = house.signed_in("supervisor").get("/supervisor/posts?on-year=2026&on-month=2&on-day=30")
    assert answer.status_code == 422
    assert 'value="30"' in answer.text


def test_a_head_sees_the_own_office_alone(house: OfficeHouse) -> None:
    head, foreign = house.signed_in("head"), str(house.by("clerk", "social-insurance").post)
    assert foreign not in head.get("/supervisor/posts").text
    assert foreign not in head.get("/supervisor/posts?on-year=&on-month=&on-day=&office=social-insurance").text
    assert head.get(f"/supervisor/posts/{foreign}").status_code == 404
    assert house.signed_in("clerk").get("/supervisor/posts").status_code == 403
