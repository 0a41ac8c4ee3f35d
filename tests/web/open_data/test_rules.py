"""What offices are judged by stands open: each rule with its law, dates and numbers, in both languages."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from portal.compliance.registry import all_rules

CODES = sorted({rule.code for rule in all_rules()})


def read(client: FlaskClient, path: str, language: str = "en") -> str:
    answer = client.get(path, query_string={"lang": language})
    assert answer.status_code == 200
    return answer.text


def test_every_rule_is_listed_once_and_leads_to_its_page(client: FlaskClient) -> None:
    listed = read(client, "/open/rules")
    assert [listed.count(f'href="/open/rules/{code}"') for code in CODES] == [1] * len(CODES)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("code", CODES)
def test_every_rule_has_a_page_without_places_that_nothing_fills(client: FlaskClient, code: str, language: str) -> None:
    shown = read(client, f"/open/rules/{code}", language)
    assert "%(" not in shown
    for rule in all_rules():
        if rule.code == code:
            assert all(source.norm in shown for source in rule.sources) or language == "en"


def test_law_is_cited_with_its_dates_its_place_and_what_it_is_for(client: FlaskClient) -> None:
    shown = read(client, "/open/rules/v04")
    for words in (
        "Administrative Licensing Law, article 32", "from 1 July 2004", "in the division 4105",
        "for administrative permits", "limit for accepting", "5 working days", "our own number",
    ):  # fmt: skip
        assert words in shown
    for words in ("《行政许可法》第三十二条第一款第四项", "受理", "5个工作日"):
        assert words in read(client, "/open/rules/V04", "zh")


def test_a_rule_that_is_not_there_is_not_found(client: FlaskClient) -> None:
    assert client.get("/open/rules/V99").status_code == 404
