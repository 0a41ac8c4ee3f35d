"""Chinese unless somebody asks for English."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

CHINESE, ENGLISH = 'lang="zh-Hans"', 'lang="en"'


@pytest.mark.parametrize(
    ("wish", "tag"),
    [
        (None, CHINESE),
        ("zh", CHINESE),
        ("zh-CN,zh;q=0.9,en;q=0.8", CHINESE),
        ("zh-Hans-CN", CHINESE),
        ("en-GB,en;q=0.9", ENGLISH),
        ("fr;q=1.0,en;q=0.5,zh;q=0.4", ENGLISH),
        ("en;q=0.3,zh;q=0.7", CHINESE),
        ("fr", CHINESE),
        ("*", CHINESE),
    ],
)
def test_the_browsers_wish_is_heard_and_chinese_is_the_default(client: FlaskClient, wish: str | None, tag: str) -> None:
    answer = client.get("/", headers={"Accept-Language": wish} if wish else {})
    assert f"<html {tag}" in answer.text
    assert answer.headers["Content-Language"] in tag
    assert {"Accept-Language", "Cookie"} <= set(answer.headers["Vary"].split(", "))


def test_a_language_once_chosen_is_kept(client: FlaskClient) -> None:
    assert f"<html {ENGLISH}" in client.get("/?lang=en").text
    assert f"<html {ENGLISH}" in client.get("/", headers={"Accept-Language": "zh-CN"}).text
    assert f"<html {CHINESE}" in client.get("/?lang=zh").text
    assert f"<html {CHINESE}" in client.get("/", headers={"Accept-Language": "en"}).text


def test_an_unknown_language_is_neither_shown_nor_kept(client: FlaskClient) -> None:
    answer = client.get("/?lang=../etc")
    assert f"<html {CHINESE}" in answer.text
    assert "Set-Cookie" not in answer.headers


def test_both_languages_show_their_own_words(client: FlaskClient) -> None:
    chinese, english = client.get("/?lang=zh").text, client.get("/?lang=en").text
    assert "承诺有期，件件可查" in chinese
    assert "A promise with a clock" not in chinese
    assert "A promise with a clock" in english
    assert "承诺有期" not in english


def test_the_switch_leads_to_the_same_page_with_the_same_question(client: FlaskClient) -> None:
    assert 'href="/?q=a%26b&amp;q=%E8%AF%81&amp;lang=en"' in client.get("/?q=a%26b&q=证&lang=zh").text


def test_the_switch_of_a_page_that_is_not_there_leads_to_the_first_page(client: FlaskClient) -> None:
    assert 'href="/?lang=en"' in client.get("/nothing/here").text
