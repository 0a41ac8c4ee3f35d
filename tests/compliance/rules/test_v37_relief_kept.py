"""V37: relief of rent reaches whoever uses the rooms."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.compliance.engine import Finding
from portal.compliance.engines import on_engine
from portal.compliance.log import Log
from portal.compliance.rules.v37_relief_kept import RULE
from tests.compliance.record import event, found, on, record

Row = dict[str, Any]
LANDLORD: Row = {"actor": "lin", "role": "clerk", "office": "state-firm"}
HEAD: Row = {"actor": "boss", "role": "clerk", "office": "head-tenant"}
USER: Row = {"actor": "shop", "role": "applicant", "office": None}
WATCH: Row = {"actor": "watcher", "role": "inspector", "office": "supervision"}


def note(kind: str, when: str, **facts: Any) -> Row:
    return event(kind, when, **{"subject": "lease/1", "item_version": None} | facts)


def granted(when: str = "Tuesday 2020-09-01 10:00", fen: int = 100_000, **facts: Any) -> Row:
    return note("relief-granted", when, **{"head_tenant": "head-tenant", "relief_fen": fen, **LANDLORD} | facts)


def got(when: str, fen: int, user: str | None = None, **facts: Any) -> Row:
    whose = {"user": user} if user else {}
    return note("relief-received", when, amount_fen=fen, **whose, **USER | facts)


def own(per_mille: int, **by: Any) -> Row:
    return note("own-use-found", "Wednesday 2020-09-02 10:00", own_per_mille=per_mille, **WATCH | by)


def share(user: str, per_mille: int, **by: Any) -> Row:
    return note("user-share-found", "Wednesday 2020-09-02 11:00", user=user, share_per_mille=per_mille, **WATCH | by)


def judged(*rows: Row, as_of: str = "Friday 2020-10-16 12:00") -> list[Finding]:
    return found(record(sorted(rows, key=lambda row: row["occurred_at"]), as_of=as_of), RULE)


def missing(*rows: Row, as_of: str = "Friday 2020-10-16 12:00") -> list[Any]:
    return [f.numbers["missing_fen"] for f in judged(*rows, as_of=as_of)]


@pytest.mark.parametrize(
    ("rows", "as_of", "expected"),
    [
        ([], "Thursday 2020-10-01 23:59", []),  # thirty days, of which the holiday takes none
        ([], "Friday 2020-10-02 00:00", [100_000]),
        ([got("Thursday 2020-10-01 23:59", 100_000)], "Friday 2020-10-02 00:00", []),
        ([got("Friday 2020-10-02 00:00", 100_000)], "Saturday 2020-10-10 12:00", [100_000]),
        ([got("Thursday 2020-10-01 12:00", 99_999)], "Friday 2020-10-02 00:00", [1]),
    ],
)
def test_all_of_it_is_passed_on_within_thirty_days(rows: list[Row], as_of: str, expected: list[int]) -> None:
    found_ = judged(granted(), *rows, as_of=as_of)
    assert [f.numbers["missing_fen"] for f in found_] == expected
    assert all((f.severity.value, f.variant) == ("yellow", "not-passed") for f in found_)
    assert all((f.office, f.post, f.actor) == ("head-tenant", None, None) for f in found_)


def test_what_comes_late_closes_it() -> None:
    (finding,) = judged(granted(), got("Friday 2020-10-09 12:00", 100_000))
    assert (finding.is_open, finding.numbers["cured_on"]) == (False, on("Friday 2020-10-09"))
    assert judged(granted(), as_of="Friday 2020-10-09 12:00")[0].key == finding.key


@pytest.mark.parametrize("by", [HEAD, USER | {"actor": "boss"}])
def test_the_head_tenants_own_word_that_it_was_received_is_none(by: Row) -> None:
    other = note("own-use-found", "Wednesday 2020-09-02 10:00", own_per_mille=500, **HEAD)  # "boss" acted for him
    assert missing(granted(), other, got("Wednesday 2020-09-30 12:00", 100_000, **by)) == [100_000]


@pytest.mark.parametrize(("by", "expected"), [(WATCH, []), (USER, []), (LANDLORD, []), (HEAD, [40_000])])
def test_own_use_is_found_by_another(by: Row, expected: list[int]) -> None:
    assert missing(granted(), own(400, **by), got("Wednesday 2020-09-30 12:00", 60_000)) == expected


def test_who_uses_all_of_it_himself_passes_on_nothing() -> None:
    assert judged(granted(), own(1000)) == []


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        ({"a": 60_000, "b": 40_000}, []),
        ({"a": 100_000}, [40_000]),  # what one got too much is no other's
        ({"a": 60_000, "b": 39_999}, [1]),
        ({"c": 100_000}, [100_000]),  # not one of the users
    ],
)
def test_each_user_is_owed_by_his_share(received: dict[str, int], expected: list[int]) -> None:
    rows = [got("Wednesday 2020-09-30 12:00", fen, user) for user, fen in received.items()]
    assert missing(granted(), share("a", 600), share("b", 400), *rows) == expected


def test_a_share_found_anew_replaces_the_one_before_and_the_last_payment_is_the_cure() -> None:
    anew = note("user-share-found", "Thursday 2020-09-03 11:00", user="a", share_per_mille=500, **WATCH)
    parts = [got("Friday 2020-10-09 12:00", 20_000, "a"), got("Monday 2020-10-12 12:00", 30_000, "a")]
    (finding,) = judged(granted(), share("a", 900), anew, *parts)
    assert (finding.numbers["missing_fen"], finding.is_open) == (50_000, False)
    assert (finding.numbers["cured_on"], finding.last_seq) == (on("Monday 2020-10-12"), 5)


def test_shares_that_the_head_tenant_found_are_none() -> None:
    rows = [share("a", 1, **HEAD), got("Wednesday 2020-09-30 12:00", 100, "a")]
    assert missing(granted(), *rows) == [99_900]


@settings(max_examples=15, deadline=None)
@given(
    fen=st.integers(1, 10_000_000),
    shares=st.lists(st.integers(0, 400), max_size=4),
    parts=st.lists(st.tuples(st.integers(0, 3), st.integers(1, 3_000_000), st.integers(0, 60)), max_size=6),
)
def test_the_sums_are_those_of_a_walk(fen: int, shares: list[int], parts: list[tuple[int, int, int]]) -> None:
    from datetime import date, timedelta

    start = date(2020, 9, 2)
    rows = [share(f"u{n}", per_mille) for n, per_mille in enumerate(shares)]
    rows += [got(f"{start + timedelta(after)} 12:00", sum_, f"u{user}") for user, sum_, after in parts]
    timely = [(user, sum_) for user, sum_, after in parts if start + timedelta(after) <= date(2020, 10, 1)]
    if shares:
        owed = {n: fen * per_mille // 1000 for n, per_mille in enumerate(shares)}
        lack = sum(max(owed[n] - sum(sum_ for user, sum_ in timely if user == n), 0) for n in owed)
    else:
        lack = max(fen - sum(sum_ for _, sum_ in timely), 0)
    assert missing(granted(fen=fen), *rows, as_of="Monday 2020-11-16 12:00") == ([lack] if lack else [])


def test_each_grant_has_its_own_month_and_what_came_fills_the_earliest() -> None:
    grants = [granted(fen=50_000), granted("Monday 2020-09-28 10:00", 70_000)]
    assert missing(*grants, as_of="Friday 2020-10-02 00:00") == [50_000]
    rows = [*grants, got("Friday 2020-10-09 12:00", 60_000)]
    first, second = judged(*rows, as_of="Thursday 2020-10-29 00:00")
    assert (first.numbers["missing_fen"], first.is_open, first.numbers["due_on"]) == (
        50_000,
        False,
        on("Thursday 2020-10-01"),
    )
    assert (second.numbers["missing_fen"], second.is_open) == (60_000, True)
    assert second.numbers["due_on"] == on("Wednesday 2020-10-28")
    assert missing(*rows, got("Wednesday 2020-10-28 23:59", 60_000), as_of="Thursday 2020-10-29 00:00") == [50_000]


@pytest.mark.parametrize(
    ("rows", "as_of", "expected"),
    [
        ([], "Thursday 2020-10-01 23:59", []),
        ([], "Friday 2020-10-02 00:00", [("not-granted", "state-firm", 100_000)]),
        ([granted("Wednesday 2020-09-30 10:00", **USER)], "Friday 2020-10-02 00:00", []),
        ([granted("Wednesday 2020-09-30 10:00")], "Friday 2020-10-02 00:00", [("not-granted", "state-firm", 100_000)]),
        ([granted("Wednesday 2020-09-30 10:00", 1, **WATCH)], "Friday 2020-10-02 00:00",
         [("not-granted", "state-firm", 99_999)]),
    ],
)  # fmt: skip
def test_a_state_landlord_grants_what_it_owes_and_another_says_so(
    rows: list[Row], as_of: str, expected: list[tuple[str, str, int]]
) -> None:
    owed = note("relief-owed", "Tuesday 2020-09-01 09:00", landlord="state-firm", relief_fen=100_000, **WATCH)
    found_ = judged(owed, *rows, as_of=as_of)
    assert [(f.variant, f.office, f.numbers["missing_fen"]) for f in found_] == expected


@pytest.mark.parametrize(
    ("when", "lowered"), [("Saturday 2019-11-30 10:00", "source"), ("Sunday 2019-12-01 10:00", None)]
)
def test_the_regulation_of_2020_is_the_ground(when: str, lowered: str | None) -> None:
    (finding,) = judged(granted(when), as_of="Friday 2020-01-10 12:00")
    assert (finding.severity.value, finding.lowered) == ("notice" if lowered else "yellow", lowered)


def everything() -> Log:
    """A log in which the rule finds most of what it can."""
    rows = [
        note("relief-owed", "Tuesday 2020-09-01 09:00", landlord="state-firm", relief_fen=150_000, **WATCH),
        granted(), own(100), share("a", 600), share("b", 300), got("Wednesday 2020-09-30 12:00", 60_000, "a"),
        got("Friday 2020-10-09 12:00", 30_000, "b"), granted(subject="lease/2"),
        got("Friday 2020-10-09 13:00", 30_000, subject="lease/2"),
    ]  # fmt: skip
    return record(sorted(rows, key=lambda row: row["occurred_at"]), as_of="Friday 2020-10-16 12:00")


def test_duckdb_says_the_same() -> None:
    log = everything()
    with on_engine(log, "duckdb") as other:
        assert found(other, RULE) == found(log, RULE)
    assert [(f.variant, f.is_open) for f in found(log, RULE)] == [
        ("not-granted", True), ("not-passed", False), ("not-passed", True),
    ]  # fmt: skip
