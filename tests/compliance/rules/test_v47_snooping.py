"""V47: personal data are looked at by whom the matter lies with, in measure, and in working hours."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from portal.basis import By, Role
from tests.years.city import NO_CLOCK
from tests.years.story import Story
from tests.years.told import Tale, said_of, verdicts

TEN = datetime(2020, 6, 2, 10)  # a Tuesday
NIGHT = datetime(2020, 6, 2, 21)
SATURDAY = datetime(2020, 6, 6, 10)
STRANGER = By("clerk-elsewhere", Role.CLERK, office="elsewhere", post="elsewhere/clerk")


def looked(
    when: datetime,
    by: By | None = None,
    *,
    passed_to: str | None = None,
    works: bool = False,
    fields: tuple[str, ...] = ("identity",),
) -> Tale:
    def tale(story: Story) -> None:
        story.hand_in(TEN - timedelta(minutes=30))
        if passed_to:
            story.hand_over(TEN - timedelta(minutes=10), passed_to)
        story.note("viewed", when, by or story.crew.clerk, fields=list(fields), reason="handling")
        if works:
            story.accept(when + timedelta(minutes=1))

    return tale


def variants(*tales: Tale) -> list[str | None]:
    return [found.variant for found in said_of("V47", NO_CLOCK, *tales)]


def test_a_look_at_a_matter_that_lies_with_the_office_is_nothing() -> None:
    assert verdicts("V47", NO_CLOCK, looked(TEN)) == []


def test_a_look_at_a_matter_that_never_came_to_the_office_is_red_and_names_who_looked() -> None:
    (found,) = said_of("V47", NO_CLOCK, looked(TEN, STRANGER))
    assert (found.variant, found.severity.value, found.actor) == ("no-link", "red", "clerk-elsewhere")


def test_a_matter_handed_over_to_the_office_may_be_looked_at() -> None:
    assert variants(looked(TEN, STRANGER, passed_to="elsewhere")) == []


def test_a_matter_handed_over_only_after_the_look_excuses_nothing() -> None:
    assert variants(looked(TEN - timedelta(minutes=20), STRANGER, passed_to="elsewhere")) == ["no-link"]


def test_who_watches_over_every_office_needs_no_link() -> None:
    auditor = By("auditor-1", Role.AUDITOR, office="audit", post="audit/auditor")
    assert variants(looked(TEN, auditor)) == []


@pytest.mark.parametrize(("when", "expected"), [(NIGHT, ["out-of-hours"]), (SATURDAY, ["out-of-hours"]), (TEN, [])])
def test_a_look_at_night_or_on_a_rest_day_is_told(when: datetime, expected: list[str]) -> None:
    assert variants(looked(when)) == expected


@pytest.mark.parametrize(("when", "by"), [(NIGHT, None), (SATURDAY, None), (TEN, STRANGER)])
def test_a_look_that_showed_nothing_in_full_is_nothing(when: datetime, by: By | None) -> None:
    assert variants(looked(when, by, fields=())) == []


def test_who_also_works_on_the_matter_that_night_is_not_told() -> None:
    assert variants(looked(NIGHT, works=True)) == []


@pytest.mark.parametrize(("matters", "expected"), [(50, []), (51, ["too-many"])])
def test_fifty_matters_in_an_hour_are_allowed_and_one_more_is_not(matters: int, expected: list[str]) -> None:
    assert variants(*(looked(TEN + timedelta(seconds=70 * n)) for n in range(matters))) == expected


def test_fifty_one_matters_over_a_longer_time_are_work() -> None:
    assert variants(*(looked(TEN + timedelta(seconds=73 * n)) for n in range(51))) == []
