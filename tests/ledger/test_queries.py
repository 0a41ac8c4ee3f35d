"""Reads: of a subject, of what is newer, of everything in batches."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import chain

import pytest

from portal.basis import SYSTEM
from portal.ledger import queries
from portal.ledger.operations import append
from portal.store import transaction

pytestmark = pytest.mark.usefixtures("database")
AT = datetime(2020, 9, 14, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _seven_events(database: object) -> None:  # noqa: ARG001 -- the rows need a database
    with transaction():
        for number, kind in enumerate(
            ("submitted", "received", "viewed", "accepted", "viewed", "decided", "delivered")
        ):
            append(f"case/{'ABAABCA'[number]}", kind, by=SYSTEM, at=AT)


def test_a_subject_has_its_events_in_order() -> None:
    assert [(event.seq, event.kind) for event in queries.events("case/A")] == [
        (1, "submitted"),
        (3, "viewed"),
        (4, "accepted"),
        (7, "delivered"),
    ]
    assert [event.seq for event in queries.events("case/A", until_seq=3)] == [1, 3]
    assert queries.events("case/Z") == []


def test_many_subjects_are_read_at_once() -> None:
    found = queries.events_of(["case/B", "case/Z", *(f"case/{n}" for n in range(1200)), "case/C"])
    assert [event.seq for event in found["case/B"]] == [2, 5]
    assert [event.seq for event in found["case/C"]] == [6]
    assert found["case/Z"] == []
    assert len(found) == 1203


def test_newer_events_come_in_portions() -> None:
    assert [event.seq for event in queries.events_after(0, limit=3)] == [1, 2, 3]
    assert [event.seq for event in queries.events_after(5)] == [6, 7]
    assert [event.seq for event in queries.last_events(2)] == [6, 7]
    assert [event.seq for event in queries.last_events(99)] == [1, 2, 3, 4, 5, 6, 7]


def test_changed_subjects_come_once_and_in_the_order_of_their_change() -> None:
    assert queries.subjects_changed_after(0) == ["case/A", "case/B", "case/C"]
    assert queries.subjects_changed_after(4) == ["case/B", "case/C", "case/A"]
    assert queries.subjects_changed_after(4, until_seq=6) == ["case/B", "case/C"]
    assert queries.subjects_changed_after(7) == []


def test_one_event_is_found_by_its_number() -> None:
    found = queries.event(6)
    assert found is not None
    assert found.subject == "case/C"
    assert queries.event(8) is None


@pytest.mark.parametrize("batch", [1, 2, 3, 7, 100])
def test_the_stream_gives_everything_once_whatever_the_size_of_its_batches(batch: int) -> None:
    batches = list(queries.stream(batch=batch))
    assert [event.seq for event in chain.from_iterable(batches)] == [1, 2, 3, 4, 5, 6, 7]
    assert max(len(events) for events in batches) <= batch


def test_the_stream_can_be_narrowed() -> None:
    streamed = chain.from_iterable(queries.stream({"viewed", "decided"}, after_seq=3, until_seq=6, batch=1))
    assert [event.seq for event in streamed] == [5, 6]
    assert list(queries.stream([])) == []


def test_the_stream_ends_where_the_ledger_ended_when_it_began() -> None:
    streamed = queries.stream(batch=3)
    first = next(streamed)
    with transaction():
        append("case/A", "viewed", by=SYSTEM, at=AT)
    assert [event.seq for event in (*first, *chain.from_iterable(streamed))] == [1, 2, 3, 4, 5, 6, 7]
