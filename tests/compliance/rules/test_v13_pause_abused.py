"""V13: the clock stops only for what the law names, in writing, for the days declared, while it still runs."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from portal.compliance.engine import Finding
from tests.years.city import DISCLOSURE, LICENSING_PAUSES, LOCAL_PERMIT, NO_CLOCK, ONLY_DECIDE, Crew, Item, limit_row
from tests.years.days import after
from tests.years.faulty.fault import AS_OF, day
from tests.years.faulty.late import at_ten
from tests.years.journal import Journal, day_number
from tests.years.judging import findings_of, log_at, rules_named
from tests.years.story import Story
from tests.years.told import Tale, said_of, verdicts

START = day("Monday 2020-06-01")


def paused(last: date | None = None, days: int | None = 3, starts: date = START, **facts: Any) -> Tale:
    """Paused from the next day; resumed on ``last``, or as declared."""

    def tale(story: Story) -> None:
        story.hand_in("2020-06-01 08:00")
        story.accept("2020-06-01 09:00")
        story.pause(at_ten(starts), after(starts, 1), days, **facts)
        end = last or after(starts, days or 1)
        story.resume(at_ten(end).replace(hour=16), end)
        story.decide(at_ten(after(end, 1)))
        story.deliver(at_ten(after(end, 2)))

    return tale


@pytest.mark.parametrize("pause_type", LICENSING_PAUSES.split("|"))
def test_each_procedure_of_the_law_is_lawful(pause_type: str) -> None:
    assert verdicts("V13", NO_CLOCK, paused(pause_type=pause_type)) == []


@pytest.mark.parametrize(
    ("item", "pause_type", "expected"),
    [
        (NO_CLOCK, "site-survey", ["red"]),
        (LOCAL_PERMIT, "site-survey", []),  # a local rule of that place
        (NO_CLOCK, "third-party-consultation", ["red"]),
        (DISCLOSURE, "third-party-consultation", []),
        (DISCLOSURE, "leave", ["notice"]),  # the licensing law does not reach it
        (NO_CLOCK, "leave", ["red"]),
    ],
)
def test_another_procedure_needs_a_rule_of_its_own(item: Item, pause_type: str, expected: list[str]) -> None:
    assert verdicts("V13", item, paused(pause_type=pause_type)) == expected


@pytest.mark.parametrize(("days", "notice_no"), [(3, None), (None, "P1"), (0, "P1")])
def test_it_is_told_in_writing_with_its_days(days: int | None, notice_no: str | None) -> None:
    (found,) = said_of("V13", NO_CLOCK, paused(days=days, notice_no=notice_no))
    assert (found.severity, found.variant) == ("red", "no-notice")


@pytest.mark.parametrize(
    ("last", "expected"),
    [("Thursday 2020-06-04", []), ("Friday 2020-06-05", ["red"]), ("Wednesday 2020-06-03", [])],
)
def test_it_ends_with_the_days_declared(last: str, expected: list[str]) -> None:
    assert verdicts("V13", NO_CLOCK, paused(day(last))) == expected


def test_rest_days_at_the_end_do_not_make_it_longer() -> None:
    friday, sunday = day("Friday 2020-06-12"), day("Sunday 2020-06-14")
    assert verdicts("V13", NO_CLOCK, paused(sunday, 2, starts=day("Wednesday 2020-06-10"))) == []
    assert verdicts("V13", NO_CLOCK, paused(friday, 1, starts=day("Wednesday 2020-06-10"))) == ["red"]


@pytest.mark.parametrize(("days", "expected"), [(20, []), (21, ["red"])])
def test_a_hearing_has_twenty_days(days: int, expected: list[str]) -> None:
    assert verdicts("V13", NO_CLOCK, paused(days=days, pause_type="hearing")) == expected


@pytest.mark.parametrize(("nth", "expected"), [(19, []), (20, ["red"])])
def test_it_begins_while_the_limit_still_runs(nth: int, expected: list[str]) -> None:
    """The first day that is not counted is the 20th or the 21st working day of twenty."""
    found = said_of("V13", ONLY_DECIDE, paused(starts=after(START, nth)))
    assert [finding.severity for finding in found] == expected
    if found:
        assert (found[0].variant, found[0].numbers["due_on"]) == ("after-limit", day_number(after(START, 20)))


def test_it_names_who_paused_and_computes_the_date_without_the_pause() -> None:
    (found,) = said_of("V13", ONLY_DECIDE, paused(day("Monday 2020-06-08")))
    assert (found.office, found.post, found.actor) == ("office", "office/reviewer", "reviewer-office-1")
    assert (found.numbers["declared"], found.numbers["actual"]) == (3, 5)
    assert found.numbers["due_without_on"] == day_number(after(START, 20))
    assert found.numbers["due_on"] == day_number(after(START, 23))


@pytest.mark.parametrize(("by", "expected"), [("supervisor", []), ("reviewer", ["red"])])
@pytest.mark.parametrize("mark", ["marked-test", "marked-duplicate"])
def test_a_test_or_duplicate_is_left_out_when_somebody_else_says_so(mark: str, by: str, expected: list[str]) -> None:
    def tale(story: Story) -> None:
        paused(pause_type="leave")(story)
        if by == "reviewer":
            story.review("2020-06-20 10:00")
        story.note(mark, "2020-07-01 10:00", getattr(story.crew, by))

    assert verdicts("V13", NO_CLOCK, tale) == expected


# --- several in a row ------------------------------------------------------------------------------------------------

LONGEST = {**limit_row(NO_CLOCK, "", "", "", 0), "clock": "none", "pauses": "expert-review|test"}


def halted(*days: tuple[str, int], longest: str | None = None) -> list[Finding]:
    """One after another, each resumed as declared."""
    journal = Journal()
    story = Story(journal, NO_CLOCK, 1, Crew("office", 1))
    story.hand_in("2020-06-01 08:00")
    story.accept("2020-06-01 09:00")
    begins = START
    for pause_type, length in days:
        story.pause(at_ten(begins), after(begins, 1), length, pause_type)
        ends = after(begins, length)
        story.resume(at_ten(ends).replace(hour=16), ends)
        begins = after(ends, 1)
    limits = [{**LONGEST, "pause_days": longest}]
    return findings_of(log_at(journal.close(), AS_OF, limits), rules_named("V13"))


@pytest.mark.parametrize(
    ("days", "longest", "expected"),
    [
        ([("expert-review", 8), ("expert-review", 7)], "expert-review:15|test:20", []),
        ([("expert-review", 8), ("expert-review", 8)], "expert-review:15|test:20", ["type-used-up"]),
        ([("expert-review", 16)], "expert-review:15|test:20", ["type-used-up"]),
        ([("expert-review", 15), ("test", 20)], "expert-review:15|test:20", []),
        ([("expert-review", 30), ("expert-review", 30)], None, []),
        ([("expert-review", 30), ("expert-review", 31)], None, ["type-used-up"]),
        ([("expert-review", 61)], None, []),  # one alone, of which nothing is known
        ([("expert-review", 45), ("test", 45)], None, []),
        ([("expert-review", 45), ("test", 46)], None, ["total-used-up"]),
        ([("expert-review", 15), ("test", 76)], "expert-review:15", ["total-used-up"]),  # half of it is known
    ],
)
def test_pauses_in_a_row_have_a_whole(days: list[tuple[str, int]], longest: str | None, expected: list[str]) -> None:
    assert [finding.variant for finding in halted(*days, longest=longest)] == expected


def test_it_says_how_long_in_all_and_how_long_was_allowed() -> None:
    (found,) = halted(("test", 12), ("expert-review", 3), ("test", 10), longest="expert-review:15|test:20")
    wanted = {"of_type": 22, "type_allowed": 20, "in_all": 25, "all_allowed": 35, "pause_type": "test"}
    assert {name: found.numbers[name] for name in wanted} == wanted


def test_two_hearings_share_the_twenty_days_of_the_law() -> None:
    assert [f.variant for f in halted(("hearing", 11), ("hearing", 10))] == ["type-used-up"]
    assert halted(("hearing", 11), ("hearing", 9)) == []
