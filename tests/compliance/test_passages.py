"""Hand-overs, turned opinions, silences, flows and holders."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import pytest

from portal.compliance.log import gaps, holders, hops, reversals, runs, spans
from tests.compliance.record import event, limit, record, rows


def chain(*groups: str | None) -> list[dict[str, Any]]:
    events = [
        event("reviewed", f"2020-09-14 {10 + i}:00", office=group, actor=group or "nobody")
        for i, group in enumerate(groups)
    ]
    return rows(runs(record(events).steps, "group", missing=("EMPTY",)), "nth")


@pytest.mark.parametrize(
    ("groups", "hand_overs", "returns"),
    [
        (("a", "b", "a"), 2, 1),
        (("a", "a", "b", "b", "a", "a"), 2, 1),
        (("a", "b", "c", "a"), 3, 0),
        (("a", "b", "a", "b"), 3, 2),
        (("a", "EMPTY", "a"), 0, 0),
        (("a", "b", None, "a"), 2, 1),
        ((None, "EMPTY"), 0, 0),
    ],
)
def test_a_return_goes_back_to_the_one_before_the_last(
    groups: tuple[str | None, ...], hand_overs: int, returns: int
) -> None:
    found = chain(*groups)
    assert sum(row["is_hand_over"] for row in found) == hand_overs
    assert sum(row["is_return"] for row in found) == returns


def test_steps_of_applicants_and_of_the_system_are_no_flow() -> None:
    events = [
        event("received", "2020-09-14 10:00", actor="system", role="system"),
        event("reviewed", "2020-09-14 11:00", actor="li", role="applicant"),
    ]
    assert rows(record(events).steps) == []


def test_opinions_are_compared_with_the_one_before_and_the_one_before_that() -> None:
    told = ["approve", "approve", "reject", "approve", None, None]
    events = [event("reviewed", f"2020-09-14 {10 + i}:00", conclusion=word) for i, word in enumerate(told)]
    found = rows(reversals(record(events).of("reviewed"), ["subject"], ["conclusion"]), "nth")
    assert [row["changes"] for row in found] == [0, 0, 1, 1, 1, 0]
    assert [row["swings"] for row in found] == [0, 0, 0, 1, 0, 0]


def test_opinions_of_other_groups_do_not_count() -> None:
    events = [
        event("reviewed", "2020-09-14 10:00", conclusion="approve", materials_hash="h1"),
        event("reviewed", "2020-09-14 11:00", conclusion="reject", materials_hash="h2"),
        event("reviewed", "2020-09-14 12:00", conclusion="reject", materials_hash="h1", amount_fen=5),
    ]
    log = record(events)
    by_hash = rows(reversals(log.of("reviewed"), ["subject", "materials_hash"], ["conclusion", "amount_fen"]), "nth")
    assert [row["changes"] for row in by_hash] == [0, 0, 1]


def test_a_silence_lasts_to_the_next_word_or_to_now() -> None:
    events = [
        event("received", "Monday 2020-09-14 10:00"),
        event("viewed", "Wednesday 2020-09-16 10:00"),
        event("reviewed", "Thursday 2020-09-17 10:00"),
    ]
    log = record(events, as_of="Friday 2020-09-25 10:00")
    found = rows(gaps(log, "received", "reviewed", until=("delivered",)), "nth")
    assert [(row["taken"], row["is_open"]) for row in found] == [(3, 0), (6, 1)]


def test_a_silence_ends_with_the_case() -> None:
    events = [event("received", "Monday 2020-09-14 10:00"), event("delivered", "Tuesday 2020-09-15 10:00")]
    log = record(events, as_of="Friday 2020-09-25 10:00")
    assert [row["taken"] for row in rows(gaps(log, "received", until=("delivered",)))] == [1]


def test_hops_are_counted_in_each_case() -> None:
    events = [
        event("handed-over", "2020-09-14 10:00", to_office="b"),
        event("handed-over", "2020-09-14 10:30", subject="case/2", to_office="b"),
        event("handover-returned", "2020-09-14 11:00", office="b", reason="R"),
        event("handed-over", "2020-09-14 12:00", to_office="c"),
    ]
    found = rows(hops(record(events)), "nth")
    assert [(row["hop"], row["stop_kind"]) for row in found] == [(1, "handover-returned"), (1, None), (2, None)]


def test_the_days_of_each_holder_add_up_to_the_days_taken() -> None:
    events = [
        event("received", "Monday 2020-09-14 10:00"),
        event("correction-noticed", "Wednesday 2020-09-16 10:00"),
        event("correction-submitted", "Monday 2020-09-21 10:00", actor="li", role="applicant"),
        event("accepted", "Tuesday 2020-09-22 10:00"),
        event("handed-over", "Wednesday 2020-09-23 10:00", to_office="b"),
        event("handover-acknowledged", "Friday 2020-09-25 10:00", office="b"),
        event("decided", "Tuesday 2020-09-29 10:00", office="b"),
        event("delivered", "Friday 2020-10-09 10:00"),
    ]
    log = record(events, limit("feedback", 5))
    judged = holders(log, spans(log, start="received", stop="delivered", limit="feedback"))
    (found,) = rows(judged)
    held = {name: found[name] for name in ("front_desk", "applicant", "back_office", "other_office")}
    # 15th, 16th; then to the 21st; the 22nd; the 23rd to 25th; Sunday 27th, 28th, 29th; the 30th and 9 October
    assert held == {"front_desk": 2 + 1 + 2, "applicant": 3, "back_office": 3, "other_office": 3}
    assert sum(held.values()) == found["taken"]


def test_an_excuse_counts_only_from_somebody_else() -> None:
    events = [
        event("received", "2020-09-14 10:00", actor="anna"),
        event("collection-noticed", "2020-09-14 11:00", actor="anna"),
        event("received", "2020-09-14 10:00", subject="case/2", actor="anna"),
        event("collection-noticed", "2020-09-14 11:00", subject="case/2", actor="bert"),
    ]
    log = record(events)
    accused = log.of("received").select("subject", "actor", first_seq=nw.col("seq"))
    assert [row["first_seq"] for row in rows(log.excused(accused, "collection-noticed"))] == [3]
    assert [row["first_seq"] for row in rows(log.unexcused(accused, "collection-noticed"))] == [1]
