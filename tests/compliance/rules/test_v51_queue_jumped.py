"""V51: everybody is called in turn; who goes before others does so on a recorded ground."""

from __future__ import annotations

from typing import Any

import pytest

from tests.compliance.queueing import Entry, at, called, issued, said, ticket, verdicts, when

FIRST, SECOND = issued("10:00", 1), issued("10:05", 2)


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([FIRST, SECOND, called("10:10", 1), called("10:12", 2)], []),
        ([FIRST, SECOND, called("10:10", 2), called("10:12", 1)], [2]),
        ([FIRST, SECOND, called("10:10", 2)], [2]),
        ([FIRST, SECOND, called("10:10", 2, ground="wheelchair")], []),
        ([FIRST, called("10:02", 1), SECOND, called("10:10", 2), called("10:12", 1, nth=2)], []),
        ([issued("10:00", 1), issued("10:00", 2), called("10:10", 2)], []),  # equal turns
        ([FIRST, issued("10:05", 2, item="deed"), called("10:10", 2)], []),  # another queue
        ([FIRST, issued("10:05", 2, hall="other"), called("10:10", 2)], []),
        ([issued("Monday 2020-06-01 10:00", 1), SECOND, called("10:10", 2)], []),
        ([issued("10:00", 1, turn_at=None), SECOND, called("10:10", 2)], []),
        # the first had left the queue
        *([[FIRST, ticket(kind, "10:08", 1), SECOND, called("10:10", 2)], []]
          for kind in ("absent", "released", "voided", "carried-over", "closed-unserved")),
        ([FIRST, called("10:02", 1), ticket("parked", "10:04", 1), SECOND, called("10:10", 2)], []),
        # and is in it again
        ([FIRST, called("10:02", 1), ticket("absent", "10:08", 1), ticket("returned", "10:09", 1), SECOND,
          called("10:10", 2)], [2]),
        ([FIRST, called("10:02", 1), ticket("absent", "10:08", 1), ticket("returned", "10:11", 1), SECOND,
          called("10:10", 2)], []),
        ([FIRST, called("10:02", 1), ticket("parked", "10:04", 1), ticket("resumed", "10:06", 1), SECOND,
          called("10:10", 2), called("10:12", 1)], [2]),
        ([FIRST, called("10:02", 1), ticket("parked", "10:04", 1), ticket("resumed", "10:06", 1), SECOND,
          called("10:10", 2), ticket("served", "10:12", 1)], []),  # resumed means served on
        ([FIRST, called("10:02", 1), ticket("transferred", "10:06", 1), SECOND, called("10:10", 2)], [2]),
        ([FIRST, called("10:02", 1), ticket("transferred", "10:06", 1, to_item="deed"), SECOND,
          called("10:10", 2)], []),
        ([FIRST, called("10:02", 1), ticket("transferred", "10:06", 1, to_item="deed"),
          issued("10:05", 2, item="deed"), called("10:10", 2)], [2]),
    ],
)  # fmt: skip
def test_whose_turn_it_was(entries: list[Entry], expected: list[int]) -> None:
    assert [int(found.subject.removeprefix("ticket/")) for found in said("V51", *entries)] == expected


@pytest.mark.parametrize(("own", "others", "expected"), [
    ("w1", "w1", 1),  # both wait for this window
    ("w2", "w1", 0),
    (None, "w1", 0),  # whose window is occupied is not passed over by who can go anywhere
    ("w1", None, 1),
])  # fmt: skip
def test_whose_place_is_kept_for_one_window(own: str | None, others: str | None, expected: int) -> None:
    def moved(n: int, window: str | None) -> list[Entry]:
        return [] if window is None else [ticket("transferred", "10:06", n, to_window=window)]

    assert len(said("V51", FIRST, SECOND, *moved(1, others), *moved(2, own), called("10:10", 2))) == expected


def test_it_names_the_caller_and_counts_the_people_passed_over() -> None:
    many = [issued(f"09:{n:02}", n) for n in range(10, 15)]
    (found,) = said("V51", *many, issued("09:30", 20), called("09:40", 20, actor="wang", post="tax/counter"))
    assert (found.actor, found.post, found.office, found.numbers["passed"]) == ("wang", "tax/counter", "tax", 5)
    assert found.first_seq == found.last_seq == 7


@pytest.mark.parametrize(("seconds", "expected"), [("05", 0), ("10", 0), ("11", 1)])
def test_two_windows_that_call_at_once_may_be_recorded_in_either_order(seconds: str, expected: int) -> None:
    other = {**called("10:10", 1), "occurred_at": at(when(f"10:10:{seconds}"))}
    assert len(said("V51", FIRST, SECOND, called("10:10", 2), other)) == expected


def test_a_rank_with_its_credit_goes_first_without_jumping() -> None:
    elder = issued("10:08", 3, rank="priority", ground="over 70", turn_at=at(when("09:38")))
    assert verdicts("V51", FIRST, SECOND, elder, called("10:10", 3), called("10:12", 1), called("10:14", 2)) == []


def test_who_was_called_before_a_priority_came_did_not_jump_it() -> None:
    elder = issued("10:08", 3, rank="priority", ground="over 70", turn_at=at(when("09:38")))
    assert verdicts("V51", FIRST, elder, called("10:07", 1), called("10:12", 3)) == []


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, []),
        ({"rank": "priority"}, [("yellow", "ranked")]),
        ({"rank": "priority", "ground": ""}, [("yellow", "ranked")]),
        ({"rank": "priority", "ground": "pregnant"}, []),
        ({"rank": "appointment"}, [("yellow", "ranked")]),
        ({"rank": "appointment", "appointment": "A-1"}, []),
        ({"rank": "carried-over"}, [("yellow", "ranked")]),
        ({"rank": "carried-over", "from_ticket": "T-1"}, []),
        ({"rank": "priority", "appointment": "A-1"}, [("yellow", "ranked")]),
    ],
)
def test_a_rank_needs_its_ground(facts: dict[str, Any], expected: list[Any]) -> None:
    assert verdicts("V51", issued(**facts)) == expected


@pytest.mark.parametrize(("role", "accused"), [("clerk", "wang"), ("system", None), ("applicant", None)])
def test_who_issued_it_is_named_but_never_a_citizen(role: str, accused: str | None) -> None:
    (found,) = said("V51", issued(rank="priority", role=role, actor="wang"))
    assert found.actor == accused
