"""V43: whoever rates badly is contacted at once, and what was bad is put right."""

from __future__ import annotations

from typing import Any

import pytest

from portal.compliance.engine import Finding, judge
from portal.compliance.engines import on_engine
from portal.compliance.log import Log
from portal.compliance.rules.v43_bad_rating_left import RULE
from tests.compliance.record import event, found, on, record

Entry = dict[str, Any]
LATER = "Friday 2020-06-26 10:00"
DELIVERED = event("delivered", "Monday 2020-06-01 09:00", actor="dora", office="tax")


def rated(score: int = 1, when: str = "Monday 2020-06-01 10:00", **facts: Any) -> Entry:
    known: Entry = {"score": score, "actor": "li", "role": "applicant", "office": None}
    return event("rated", when, **(known | facts))


def staff(kind: str, when: str, **facts: Any) -> Entry:
    return event(f"rating-{kind}", when, **({"actor": "carl", "office": "tax"} | facts))


def log_of(*entries: Entry, as_of: str = LATER, **facts: Any) -> Log:
    return record(sorted([DELIVERED, *entries], key=lambda entry: entry["occurred_at"]), as_of=as_of, **facts)


def said(*entries: Entry, **facts: Any) -> list[Finding]:
    return found(log_of(*entries, **facts), RULE)


def variants(*entries: Entry, **facts: Any) -> list[str | None]:
    return [one.variant for one in said(*entries, **facts)]


CALL = staff("contacted", "Monday 2020-06-01 16:00")
FIX = staff("fixed", "Friday 2020-06-05 16:00")


@pytest.mark.parametrize(("score", "count"), [(5, 0), (4, 0), (3, 0), (2, 1), (1, 1)])
def test_the_lower_two_levels_are_bad(score: int, count: int) -> None:
    assert len(said(rated(score))) == count


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("Tuesday 2020-06-02 23:59", []),
        ("Wednesday 2020-06-03 00:00", ["not-contacted"]),
        ("Monday 2020-06-01 10:01", []),
    ],
)
def test_contact_within_a_working_day(call: str, expected: list[str]) -> None:
    assert variants(rated(), staff("contacted", call), FIX) == expected


@pytest.mark.parametrize(
    ("fix", "expected"), [("Monday 2020-06-08 23:59", []), ("Tuesday 2020-06-09 00:00", ["not-fixed"])]
)
def test_put_right_within_five_working_days(fix: str, expected: list[str]) -> None:
    assert variants(rated(), CALL, staff("fixed", fix)) == expected


@pytest.mark.parametrize(
    ("when", "fix", "expected"),
    [
        ("Thursday 2020-09-24 10:00", "Wednesday 2020-09-30 17:00", []),  # a make-up Sunday between
        ("Thursday 2020-09-24 10:00", "Friday 2020-10-09 09:00", ["not-fixed"]),
        ("Wednesday 2020-09-30 10:00", "Wednesday 2020-10-14 17:00", []),  # over the golden week, a make-up Saturday
        ("Wednesday 2020-09-30 10:00", "Thursday 2020-10-15 09:00", ["not-fixed"]),
    ],
)
def test_holidays_and_make_up_days(when: str, fix: str, expected: list[str]) -> None:
    rows = [{**DELIVERED, "occurred_at": rated(1, when)["occurred_at"]}, rated(1, when)]
    rows += [staff("contacted", when.replace("10:00", "11:00")), staff("fixed", fix)]
    assert [one.variant for one in found(record(rows, as_of="Friday 2020-10-30 10:00"), RULE)] == expected


def test_putting_it_right_at_once_is_contact_too() -> None:
    assert variants(rated(), staff("fixed", "Tuesday 2020-06-02 10:00")) == []


def test_one_finding_tells_the_graver_of_both() -> None:
    (one,) = said(rated())
    told = {name: one.numbers[name] for name in ("due_on", "taken", "allowed", "overdue", "cured_on")}
    assert told == {"due_on": on("Monday 2020-06-08"), "taken": 17, "allowed": 5, "overdue": 12, "cured_on": None}
    assert (one.variant, one.severity, one.is_open) == ("not-fixed", "yellow", True)
    (one,) = said(rated(), staff("fixed", "Wednesday 2020-06-10 10:00"))
    assert (one.variant, one.is_open, one.numbers["cured_on"]) == ("not-fixed", False, on("Wednesday 2020-06-10"))


def test_the_office_that_handled_it_answers_and_no_clerk() -> None:
    (one,) = said(rated())
    assert (one.office, one.post, one.actor, one.first_seq, one.last_seq) == ("tax", None, None, 2, 2)


def test_a_message_of_the_portal_is_no_contact() -> None:
    machine = {"actor": "system", "role": "system"}
    assert variants(rated(), staff("contacted", "2020-06-01 10:05", **machine), FIX) == ["not-contacted"]
    assert variants(rated(), CALL, staff("fixed", "2020-06-02 10:05", **machine)) == ["not-fixed"]
    late = [staff("contacted", "2020-06-01 10:05", **machine), staff("contacted", "2020-06-02 10:00")]
    assert variants(rated(), *late, FIX) == []  # the clerk's own call behind it counts


def test_who_is_not_named_cannot_be_contacted() -> None:
    assert said(rated(actor="")) == []


# --- guards ----------------------------------------------------------------------------------------------------------


def guard(kind: str, when: str = "Wednesday 2020-06-03 10:00", **facts: Any) -> Entry:
    return staff(kind, when, **({"actor": "rita", "role": "supervisor", "office": "review"} | facts))


@pytest.mark.parametrize(
    ("act", "count"),
    [
        (guard("set-aside"), 0),
        (guard("set-aside", "Friday 2020-06-19 10:00"), 0),
        (guard("set-aside", actor="dora"), 1),  # who handled the case
        (guard("set-aside", actor="carl"), 1),  # who was to mend it
        (guard("set-aside", actor="system", role="system"), 1),
        (guard("set-aside", actor="li", role="applicant"), 1),
        (guard("set-aside", subject="case/2"), 1),
    ],
)
def test_an_unfair_rating_is_set_aside_by_somebody_without_a_part_in_it(act: Entry, count: int) -> None:
    assert len(said(rated(), CALL, act)) == count


@pytest.mark.parametrize(
    ("act", "fix", "expected"),
    [
        (guard("declared-hard"), "Monday 2020-06-22 23:59", []),
        (guard("declared-hard"), "Tuesday 2020-06-23 00:00", ["not-fixed"]),
        (guard("declared-hard", "Monday 2020-06-08 17:00"), "Monday 2020-06-22 17:00", []),
        (guard("declared-hard", "Tuesday 2020-06-09 09:00"), "Monday 2020-06-22 17:00", ["not-fixed"]),  # afterwards
        (guard("declared-hard", actor="carl"), "Monday 2020-06-22 17:00", ["not-fixed"]),
        (guard("declared-hard", actor="dora"), "Monday 2020-06-22 17:00", ["not-fixed"]),
    ],
)
def test_fifteen_days_for_what_an_outsider_called_hard_in_time(act: Entry, fix: str, expected: list[str]) -> None:
    assert variants(rated(), CALL, act, staff("fixed", fix)) == expected


def test_an_outage_moves_the_days() -> None:
    days = {"outage": "O", "from_on": "2020-06-02", "until_on": "2020-06-03", "actor": "system", "role": "system"}
    outage = event("outage-linked", "Thursday 2020-06-04 08:00", **days)
    rows = [staff("contacted", "Thursday 2020-06-04 16:00"), staff("fixed", "Wednesday 2020-06-10 16:00")]
    assert variants(rated(), outage, *rows) == []
    assert variants(rated(), *rows) == ["not-fixed"]


# --- law, figures, engines -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "area", "severity"),
    [("2019-12-02", "330100", "notice"), ("2019-12-03", "330100", "yellow"), ("2020-06-01", "NL", "notice")],
)
def test_the_law_of_the_day_and_the_place(day: str, area: str, severity: str) -> None:
    (one,) = found(record([rated(1, f"{day} 10:00")], as_of="2020-06-26 10:00", area=area), RULE)
    assert one.severity == severity


def test_bad_ratings_are_counted_with_those_in_time() -> None:
    rows = [rated(), CALL, FIX, rated(subject="case/2"), rated(5, subject="case/3")]
    counts = judge(log_of(*rows), [RULE]).populations["V43"]
    assert (counts.closed, counts.closed_late, counts.open, counts.open_late) == (1, 0, 1, 1)


def test_duckdb_says_the_same() -> None:
    rows = [rated(), staff("contacted", "2020-06-03 10:00"), FIX, rated(subject="case/2"),
            rated(subject="case/3"), guard("set-aside", subject="case/3"), rated(subject="case/4"),
            guard("declared-hard", subject="case/4")]  # fmt: skip
    log = log_of(*rows)
    with on_engine(log, "duckdb") as other:
        assert found(other, RULE) == found(log, RULE)
    assert len(found(log, RULE)) == 3
