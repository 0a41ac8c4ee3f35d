"""Large type: one link on every page, kept by a cookie, with fewer choices; no script needed."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

LARGE = 'class="govuk-template portal-large"'


@pytest.mark.parametrize(
    "path", ["/", "/items", "/items/food-licence", "/follow", "/sent-away", "/sign-in", "/nothing"]
)
def test_every_page_offers_large_type_by_one_link(client: FlaskClient, path: str) -> None:
    page = client.get(f"{path}?lang=zh").text
    assert LARGE not in page
    link = re.search(r'href="([^"]+)">大字版</a>', page)
    assert link
    assert LARGE in client.get(unescape(link[1])).text


def test_large_type_is_kept_until_it_is_switched_off(client: FlaskClient) -> None:
    assert LARGE in client.get("/?view=large&lang=zh").text
    page = client.get("/items").text
    assert LARGE in page
    assert ">标准版</a>" in page
    assert LARGE not in client.get("/items?view=normal").text
    assert LARGE not in client.get("/items").text


def test_an_unknown_view_changes_nothing(client: FlaskClient) -> None:
    answer = client.get("/?view=huge")
    assert LARGE not in answer.text
    assert "view=huge" not in "".join(answer.headers.getlist("Set-Cookie"))


def test_the_first_page_in_large_type_gives_the_phone_first_and_at_most_six_choices(client: FlaskClient) -> None:
    main = client.get("/?view=large&lang=zh").text.split("<main")[1].split("</main")[0]
    choices = main.split('id="rely"')[0]
    assert choices.index("tel:12345") < choices.index('name="q"')
    assert len(re.findall(r"<a |<form ", choices)) <= 6


def test_language_and_search_stay_when_the_view_changes(client: FlaskClient) -> None:
    assert 'href="/items?q=food&amp;view=large"' in client.get("/items?q=food").text
    client.get("/?lang=en")
    assert 'lang="en"' in client.get("/items?view=large").text
