"""What counts only from others: who they are, and the day on which a term ends."""

from __future__ import annotations

from typing import Any

import pytest
from narwhals import concat, lit

from portal.compliance.engines import on_engine
from portal.compliance.log import Log
from portal.compliance.log.others import by_others, rolled
from tests.compliance.record import event, on, record, rows

KIND = "debt-disputed"


def log_of(*acts: dict[str, Any]) -> Log:
    own = event("debt-accepted", "Monday 2020-09-07 09:00", subject="debt/1", actor="head", office="bureau")
    return record([own, *acts])


def act(actor: str, role: str | None, office: str | None) -> dict[str, Any]:
    when = "Tuesday 2020-09-08 09:00"
    return {**event(KIND, when, subject="debt/1", actor=actor, office=office, disputed_fen=1), "role": role}


def counted(log: Log) -> int:
    accused = log.subjects.select("subject").with_columns(accused=lit("bureau"))
    return len(rows(by_others(log, KIND, accused)))


@pytest.mark.parametrize(
    ("actor", "role", "office", "counts"),
    [
        ("li", "applicant", None, True),
        ("li", "applicant", "bureau", True),  # he said it at the bureau's own window
        ("li", "agent", None, True),
        ("portal", "system", "bureau", True),
        ("judge", "clerk", "court", True),
        ("clerk", "clerk", "bureau", False),
        ("clerk", "clerk", None, False),  # an official of no office is nobody
        ("li", None, None, True),  # a log that names neither roles nor offices
        ("li", None, "court", True),
        ("li", None, "bureau", False),
        ("head", "applicant", None, False),  # whoever acted for the bureau
        ("head", "clerk", "court", False),
    ],
)
def test_who_is_another(actor: str, role: str | None, office: str | None, *, counts: bool) -> None:
    assert counted(log_of(act(actor, role, office))) == counts


def test_each_accused_has_others_of_his_own() -> None:
    log = log_of(act("clerk", "clerk", "court"))
    accused = log.subjects.select("subject").with_columns(accused=lit("court"))
    assert rows(by_others(log, KIND, accused)) == []


def test_who_acts_for_one_of_two_is_another_to_the_second() -> None:
    log = log_of(act("head", "clerk", "bureau"))
    accused = log.subjects.select("subject")
    both = concat([accused.with_columns(accused=lit(name)) for name in ("bureau", "school")], how="vertical")
    assert [row["accused"] for row in rows(by_others(log, KIND, both))] == ["school"]


@pytest.mark.parametrize(
    ("day", "end"),
    [
        ("Wednesday 2020-09-30", "Wednesday 2020-09-30"),
        ("Thursday 2020-10-01", "Friday 2020-10-09"),
        ("Sunday 2020-09-27", "Sunday 2020-09-27"),  # a make-up working day
        ("Saturday 2020-10-10", "Saturday 2020-10-10"),  # another
        ("Sunday 2020-10-11", "Monday 2020-10-12"),
    ],
)
def test_a_term_that_ends_on_a_day_of_rest_ends_on_the_next_working_day(day: str, end: str) -> None:
    log = record([event("debt-accepted", "Monday 2020-10-12 12:00", subject="debt/1")])
    told = rolled(log, log.subjects.select("subject").with_columns(day=lit(on(day))), "day", "end")
    assert [(row["end"], row["is_certain"]) for row in rows(told)] == [(on(end), 1)]


def test_beyond_the_published_holidays_it_is_not_certain_and_long_before_it_stands() -> None:
    log = record([event("debt-accepted", "Monday 2020-10-12 12:00", subject="debt/1")])
    subjects = log.subjects.select("subject")
    for day, certain in (("Monday 2022-01-10", 0), ("Saturday 1999-05-01", 1)):
        (row,) = rows(rolled(log, subjects.with_columns(day=lit(on(day))), "day", "end"))
        assert (row["end"], row["is_certain"]) == (on(day), certain)


def test_duckdb_says_the_same() -> None:
    log = log_of(act("li", None, "bureau"), act("wu", "applicant", None), act("head", "clerk", "court"))
    with on_engine(log, "duckdb") as other:
        accused = other.subjects.select("subject").with_columns(accused=lit("bureau"))
        assert len(by_others(other, KIND, accused).to_native().fetchall()) == counted(log) == 1
