"""What may be appended, what is refused, and what comes back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from portal.basis import SYSTEM, By, Refusal, Role
from portal.ledger import queries
from portal.ledger.kinds import COMMON, KINDS, Shape
from portal.ledger.model import Channel, Event
from portal.ledger.operations import RecordedBeforeItOccurred, append
from portal.ledger.payloads import (
    ChannelNotKnown,
    KeyNotListed,
    KindNotListed,
    SubjectMisshapen,
    ValueMisshapen,
)
from portal.store import transaction

both = pytest.mark.usefixtures("database")  # what storage could change runs on both databases
CASE = "case/990100-2020-000001"
AT = datetime(2020, 9, 14, 2, 0, tzinfo=UTC)
CLERK = By("a1", Role.CLERK, office="social-insurance", post="front-desk", window="3")
SHANGHAI = timezone(timedelta(hours=8))
SAMPLES: dict[Shape, object] = {
    Shape.TEXT: '合议 ‘’ \n\t"\\ 𠮷',
    Shape.INTEGER: 2**53 - 1,
    Shape.FLAG: False,
    Shape.INSTANT: datetime(2020, 9, 14, 10, 0, 0, 1, tzinfo=SHANGHAI),
    Shape.DATE: date(2020, 9, 14),
    Shape.TEXTS: ["B", "A"],
}


def appended(kind: str = "viewed", payload: dict[str, object] | None = None, **more: Any) -> Event:
    subject = more.pop("subject", f"{KINDS[kind].sort if kind in KINDS else 'case'}/990100-2020-000001")
    with transaction():
        return append(subject, kind, payload, **{"by": CLERK, "at": AT, **more})


@both
def test_an_event_comes_back_as_it_was_written() -> None:
    written = appended(
        "received",
        {
            "receipt_no": "R1",
            "counted_from": date(2020, 9, 14),
            "target_at": datetime(2020, 9, 21, 17, tzinfo=SHANGHAI),
        },
        recorded_at=AT + timedelta(minutes=40),
        channel="phone",
        item_version="unemployment-subsidy@1",
        sealed=b"\x00\xff",
    )
    assert queries.events(CASE) == [written]
    assert written.payload == {
        "receipt_no": "R1",
        "counted_from": "2020-09-14",
        "target_at": "2020-09-21T09:00:00.000000Z",
        "post": "front-desk",
    }
    assert (written.occurred_at, written.recorded_at) == (AT, AT + timedelta(minutes=40))
    assert (written.role, written.channel, written.window) == (Role.CLERK, Channel.PHONE, "3")
    assert (written.date("counted_from"), written.instant("target_at")) == (
        date(2020, 9, 14),
        datetime(2020, 9, 21, 9, tzinfo=UTC),
    )
    assert (written.sort, written.number, written.post) == ("case", "990100-2020-000001", "front-desk")


@both
def test_every_kind_is_stored_with_all_its_keys_and_its_leaf_can_be_computed_again() -> None:
    for kind in KINDS.values():
        keys = {**kind.keys, **COMMON}
        facts = {key: SAMPLES[listed.shape] for key, listed in keys.items()}
        written = appended(kind.name, facts, sealed="张".encode())
        stored = queries.event(written.seq)
        assert stored == written
        assert set(stored.payload) == set(keys)
        assert stored.leaf_hash == stored.leaf()
        assert len(stored.leaf_hash) == 32


@both
def test_a_key_without_a_value_is_left_out() -> None:
    assert appended("accepted", {"document_no": None, "is_instant": False}).payload == {
        "is_instant": False,
        "post": "front-desk",
    }


@both
def test_a_set_is_written_in_order_and_a_list_as_it_stands() -> None:
    assert appended("supplied", {"materials": {"B", "A"}}).texts("materials") == ("A", "B")
    assert appended("supplied", {"materials": ("B", "A")}).texts("materials") == ("B", "A")


@both
def test_the_system_acts_in_the_system_and_people_at_a_window() -> None:
    assert appended("deemed-withdrawn", by=SYSTEM).channel is Channel.SYSTEM
    assert appended().channel is Channel.WINDOW


@pytest.mark.usefixtures("sqlite_database")
@pytest.mark.parametrize(
    "altered",
    [
        {"subject": "case/990100-2020-000002"},
        {"kind": "commented"},
        {"actor": "a2"},
        {"role": Role.REVIEWER},
        {"office": None},
        {"window": "4"},
        {"channel": Channel.WEB},
        {"occurred_at": AT - timedelta(microseconds=1)},
        {"recorded_at": AT + timedelta(microseconds=1)},
        {"item_version": "unemployment-subsidy@1"},
        {"payload": {"post": "back-office"}},
        {"sealed": b""},
    ],
)
def test_the_leaf_covers_every_part_of_the_event_but_its_number(altered: dict[str, Any]) -> None:
    written = appended()
    assert replace(written, **altered).leaf() != written.leaf_hash
    assert replace(written, seq=written.seq + 1).leaf() == written.leaf_hash


@pytest.mark.usefixtures("sqlite_database")
@pytest.mark.parametrize(
    ("refusal", "kind", "payload", "more"),
    [
        (KindNotListed, "approved", {}, {}),
        (KeyNotListed, "viewed", {"colour": "x"}, {}),
        (KeyNotListed, "viewed", {"colour": None}, {}),
        (ValueMisshapen, "refused", {"reason": 5}, {}),
        (ValueMisshapen, "refused", {"reason": "a\0b"}, {}),
        (ValueMisshapen, "refused", {"reason": "\ud842"}, {}),
        (ValueMisshapen, "rated", {"score": "5"}, {}),
        (ValueMisshapen, "rated", {"score": True}, {}),
        (ValueMisshapen, "rated", {"score": 4.0}, {}),
        (ValueMisshapen, "rated", {"score": 2**53}, {}),
        (ValueMisshapen, "accepted", {"is_sealed": 1}, {}),
        (ValueMisshapen, "accepted", {"counted_from": "14/09/2020"}, {}),
        (ValueMisshapen, "accepted", {"counted_from": "2020-02-30"}, {}),
        (ValueMisshapen, "accepted", {"counted_from": AT}, {}),
        (ValueMisshapen, "received", {"target_at": "2020-09-21 17:00"}, {}),
        (ValueMisshapen, "received", {"target_at": date(2020, 9, 21)}, {}),
        (ValueMisshapen, "received", {"target_at": datetime(2020, 9, 21, 17)}, {}),  # noqa: DTZ001 -- the point
        (ValueMisshapen, "supplied", {"materials": "A"}, {}),
        (ValueMisshapen, "supplied", {"materials": ["A|B"]}, {}),
        (ValueMisshapen, "supplied", {"materials": ["A", 1]}, {}),
        (SubjectMisshapen, "viewed", {}, {"subject": "finding/1"}),
        (SubjectMisshapen, "viewed", {}, {"subject": "case"}),
        (SubjectMisshapen, "viewed", {}, {"subject": "case/"}),
        (SubjectMisshapen, "viewed", {}, {"subject": "case/张"}),
        (ChannelNotKnown, "viewed", {}, {"channel": "pigeon"}),
        (RecordedBeforeItOccurred, "viewed", {}, {"recorded_at": AT - timedelta(microseconds=1)}),
    ],
)
def test_what_the_list_does_not_name_is_refused_by_name(
    refusal: type[Refusal], kind: str, payload: dict[str, object], more: dict[str, Any]
) -> None:
    with pytest.raises(refusal) as raised:
        appended(kind, payload, **more)
    assert raised.value.field
    for name in (*payload, kind if refusal is not ChannelNotKnown and refusal is not RecordedBeforeItOccurred else ""):
        assert name in str(raised.value)
    assert queries.last_seq() == 0


@pytest.mark.usefixtures("sqlite_database")
def test_an_instant_without_a_zone_never_reaches_the_ledger() -> None:
    with pytest.raises(ValueError, match="aware"):
        appended(at=datetime(2020, 9, 14, 10))  # noqa: DTZ001 -- the point
