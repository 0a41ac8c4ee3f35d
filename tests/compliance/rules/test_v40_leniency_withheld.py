"""V40: what the list of leniency spares is not fined, and no measure is harsher than needed."""

from __future__ import annotations

from typing import Any

import pytest

from portal.compliance.engine import Finding
from portal.compliance.engines import on_engine
from portal.compliance.log import Log
from portal.compliance.rules.v40_leniency_withheld import RULE
from tests.compliance.enforcing import Entry, listed, offence
from tests.compliance.record import at, found, on, record

FIRST_LIST = listed("2020-01-01", "no-price-tag", "late-report")


def seen(when: str = "Monday 2020-06-01 10:00", act: str = "no-price-tag", number: str = "O1", **facts: Any) -> Entry:
    return offence("offence-found", when, number, **({"act": act, "correct_by_on": "2020-06-08"} | facts))


def mended(when: str = "Friday 2020-06-05 10:00", **facts: Any) -> Entry:
    return offence("offence-corrected", when, **({"actor": "firm", "role": "applicant", "office": None} | facts))


def fined(when: str = "Monday 2020-06-15 10:00", measure: str = "fine", **facts: Any) -> Entry:
    return offence("penalised", when, **({"measure": measure, "post": "market/cases"} | facts))


def log_of(*entries: Entry, **facts: Any) -> Log:
    ordered = sorted(entries, key=lambda entry: entry["occurred_at"])
    return record(ordered, **({"as_of": "2021-12-31 10:00", "area": "410100"} | facts))


def said(*entries: Entry, **facts: Any) -> list[Finding]:
    return found(log_of(*entries, **facts), RULE)


def test_a_first_minor_offence_put_right_in_time_is_not_fined() -> None:
    (one,) = said(FIRST_LIST, seen(), mended(), fined())
    assert (one.variant, one.severity, one.office, one.post, one.actor) == (
        "listed", "yellow", "market", "market/cases", None,
    )  # fmt: skip
    assert (one.first_seq, one.last_seq, one.numbers["corrected_on"]) == (4, 4, on("Friday 2020-06-05"))


@pytest.mark.parametrize(
    ("measure", "count"),
    [("education", 0), ("warning", 0), ("fine", 1), ("confiscation", 1), ("suspension", 1), ("revocation", 1)],
)
def test_to_be_taught_or_warned_is_no_fine(measure: str, count: int) -> None:
    assert len(said(FIRST_LIST, seen(), mended(), fined(measure=measure))) == count


@pytest.mark.parametrize(
    ("when", "count"), [("Monday 2020-06-08 23:59", 1), ("Tuesday 2020-06-09 00:00", 0), ("Monday 2020-06-01 10:01", 1)]
)
def test_it_is_put_right_by_the_day_that_was_named(when: str, count: int) -> None:
    assert len(said(FIRST_LIST, seen(), mended(when), fined())) == count


def test_where_no_day_was_named_before_the_decision() -> None:
    assert len(said(FIRST_LIST, seen(correct_by_on=None), mended("2020-06-15 09:59"), fined())) == 1
    assert said(FIRST_LIST, seen(correct_by_on=None), mended("2020-06-15 10:01"), fined()) == []
    assert said(FIRST_LIST, seen(), fined()) == []  # never put right


@pytest.mark.parametrize(("day", "count"), [("2020-09-30", 0), ("2020-10-01", 1), ("2021-06-01", 1), ("2021-07-01", 0)])
def test_the_list_in_force_on_the_day_of_the_decision_judges(day: str, count: int) -> None:
    lists = [
        listed("2020-01-01", "other"),
        listed("2020-10-01", "other", "no-price-tag"),
        listed("2021-07-01", "other"),
    ]
    assert len(said(*lists, seen(), mended(), fined(f"{day} 10:00"))) == count


def test_a_list_that_is_published_later_than_it_says_cannot_be_made_to_have_been_in_force() -> None:
    late = listed("2020-01-01", "no-price-tag")
    assert len(said({**late, "occurred_at": at("2020-12-01 10:00")}, seen(), mended(), fined())) == 1


@pytest.mark.parametrize(
    ("area", "count"), [(None, 1), ("", 1), ("41", 1), ("4101", 1), ("410100", 1), ("42", 0), ("4102", 0)]
)
def test_a_list_spares_where_it_holds(area: str | None, count: int) -> None:
    assert len(said(listed("2020-01-01", "no-price-tag", area=area), seen(), mended(), fined())) == count


def test_an_act_of_another_name_is_not_listed() -> None:
    assert said(listed("2020-01-01", "no-price"), seen(), mended(), fined()) == []


# --- first -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("when", "act", "count"),
    [
        ("Saturday 2018-06-02 10:00", "no-price-tag", 0),  # 730 days before
        ("Friday 2018-06-01 10:00", "no-price-tag", 1),
        ("2020-05-01 10:00", "no-price-tag", 0),
        ("2020-05-01 10:00", "late-report", 1),
        ("2020-06-02 10:00", "no-price-tag", 1),  # a later one
    ],
)
def test_a_repeat_within_two_years_may_be_fined(when: str, act: str, count: int) -> None:
    assert len(said(FIRST_LIST, seen(when, act, "O0"), seen(), mended(), fined())) == count


def test_an_earlier_offence_that_is_written_down_afterwards_makes_no_repeat() -> None:
    back_dated = {**seen("2020-05-01 10:00", number="O0"), "recorded_at": at("2020-06-15 09:00")}
    assert len(said(FIRST_LIST, back_dated, seen(), mended(), fined())) == 1


def test_another_firms_offence_makes_no_repeat() -> None:
    assert len(said(FIRST_LIST, seen("2020-05-01 10:00", number="O0", n=2), seen(), mended(), fined())) == 1


# --- harm, review, cure ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "count"),
    [
        ({}, 0),
        ({"office": "market"}, 1),  # the fining office's own word
        ({"actor": "mei"}, 1),
        ({"offence": "O2"}, 1),
        ({"when": "2020-06-15 10:01"}, 1),  # afterwards
    ],
)
def test_harm_is_noted_by_another_office_before_the_decision(facts: dict[str, Any], count: int) -> None:
    when = facts.pop("when", "2020-06-03 10:00")
    number = facts.pop("offence", "O1")
    harm = offence("harm-noted", when, number, **({"office": "health", "actor": "hua"} | facts))
    assert len(said(FIRST_LIST, seen(), mended(), fined(), harm)) == count


def reviewed(mildest: str, **facts: Any) -> Entry:
    known = {"mildest": mildest, "actor": "law", "office": "justice", "role": "auditor"}
    return offence("measure-reviewed", "2020-07-01 10:00", **(known | facts))


@pytest.mark.parametrize(
    ("review", "expected"),
    [
        (reviewed("warning"), ["harsher"]),
        (reviewed("fine"), []),
        (reviewed("suspension"), []),
        (reviewed("warning", office="market"), []),
        (reviewed("warning", actor="mei"), []),
        (reviewed("nonsense"), []),
    ],
)
def test_a_reviewer_of_another_office_says_what_would_have_been_enough(review: Entry, expected: list[str]) -> None:
    assert [one.variant for one in said(seen(), fined(), review)] == expected


def test_the_mildest_of_several_reviews_and_one_finding_a_penalty() -> None:
    (one,) = said(seen(), fined(), reviewed("warning"), reviewed("education", actor="law-2"), reviewed("education"))
    assert (one.numbers["measure"], one.numbers["mildest"]) == ("fine", "education")
    (one,) = said(FIRST_LIST, seen(), mended(), fined(), reviewed("education"))
    assert one.variant == "listed"


def test_revoking_cures_it_and_does_not_undo_it() -> None:
    gone = offence("penalty-revoked", "Wednesday 2020-07-15 10:00")
    (one,) = said(FIRST_LIST, seen(), mended(), fined(), gone)
    assert (one.numbers["cured_on"], one.last_seq) == (on("Wednesday 2020-07-15"), 5)


@pytest.mark.parametrize(
    ("day", "area", "severity"),
    [
        ("2017-12-29", "410100", "notice"),
        ("2018-01-02", "410100", "yellow"),
        ("2021-07-15", "410100", "yellow"),
        ("2021-07-15", "NL", "notice"),
    ],
)
def test_the_law_of_the_day_and_the_place(day: str, area: str, severity: str) -> None:
    rows = [listed("2016-01-01", "no-price-tag"), seen(f"{day} 08:00", correct_by_on=None), mended(f"{day} 09:00")]
    (one,) = said(*rows, fined(f"{day} 10:00"), area=area)
    assert one.severity == severity


def test_duckdb_says_the_same() -> None:
    rows = [FIRST_LIST, seen(), mended(), fined(), seen(number="O2", act="other"), fined(offence="O2"),
            reviewed("education", offence="O2"),
            listed("2020-02-01", "no-price-tag", subject="leniency/b", area="41")]  # fmt: skip
    log = log_of(*rows)
    with on_engine(log, "duckdb") as other:
        assert found(other, RULE) == found(log, RULE)
    assert [one.variant for one in found(log, RULE)] == ["listed", "harsher"]
