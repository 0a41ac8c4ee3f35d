"""Channels: listed from the catalogue, declared by whom it concerns, and told apart by who may do what."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.basis import By, NotAllowed, Role
from portal.channels import operations, queries
from portal.channels.model.channel import (
    PLATFORM_CHANNEL,
    ChangeNotPossible,
    ChannelFactMissing,
    ChannelNotFound,
    Checklist,
    Only,
    State,
)
from portal.channels.tables import ChannelRow
from portal.store import db, reading, transaction
from tests.cases.city import MONDAY, SHANGHAI, Staff, at
from tests.channels.conftest import Rounds

NOW = at("Monday 2026-03-02 12:00")
DAY = MONDAY.astimezone(SHANGHAI).date()
WINDOW, WEB = "unemployment-subsidy:window", "unemployment-subsidy:web"
WHOLE = Checklist(functions=True, load_test=True, rollback=True, offline_days=30)


def state(number: str, moment: object = NOW) -> State:
    with reading():
        return operations.channel_now(number).state_at(moment)  # type: ignore[arg-type]


@pytest.mark.usefixtures("staff")
def test_every_way_of_every_item_is_listed_once() -> None:
    with reading():
        known = {channel.number for item in queries.item_ways() for channel in item.channels}
    assert {WINDOW, WEB} <= known
    with transaction():
        assert operations.list_channels(NOW, DAY) == []
    assert (state(WINDOW), state(WEB), state(PLATFORM_CHANNEL)) == (State.LIVE, State.PILOT, State.PILOT)
    assert operations.channel_now(WINDOW).halls == (
        "city-hall",
        "centre-a-hall",
        "centre-b-hall",
        "centre-c-hall",
        "centre-d-hall",
    )


def test_two_people_sign_and_the_items_go_live_with_their_platform(staff: Staff) -> None:
    first, second = staff.by("head", "government-services"), staff.by("supervisor")
    with transaction():
        operations.sign_golive(PLATFORM_CHANNEL, WHOLE, by=first, at=NOW)
    with pytest.raises(NotAllowed), transaction():
        operations.sign_golive(PLATFORM_CHANNEL, WHOLE, by=first, at=NOW)
    with pytest.raises(ChannelFactMissing), transaction():
        operations.go_live(PLATFORM_CHANNEL, by=second, at=NOW)  # one has signed, and no reason is given
    with transaction():
        operations.sign_golive(PLATFORM_CHANNEL, WHOLE, by=second, at=NOW)
        operations.go_live(PLATFORM_CHANNEL, by=second, at=NOW)
    assert (state(PLATFORM_CHANNEL), state(WEB)) == (State.LIVE, State.LIVE)


@pytest.mark.parametrize(
    "lacking",
    [
        Checklist(functions=False, load_test=True, rollback=True, offline_days=30),
        Checklist(functions=True, load_test=False, rollback=True, offline_days=30),
        Checklist(functions=True, load_test=True, rollback=False, offline_days=30),
        Checklist(functions=True, load_test=True, rollback=True, offline_days=29),
    ],
)
def test_a_list_that_is_not_whole_is_not_signed(staff: Staff, lacking: Checklist) -> None:
    with pytest.raises(ChannelFactMissing), transaction():
        operations.sign_golive(PLATFORM_CHANNEL, lacking, by=staff.by("supervisor"), at=NOW)


def test_a_maintenance_is_a_plan_that_begins_and_ends_by_itself(staff: Staff) -> None:
    begins, ends = NOW + timedelta(hours=30), NOW + timedelta(hours=32)
    with transaction():
        operations.announce_maintenance(WEB, begins, ends, reason="new disks", by=staff.by("supervisor"), at=NOW)
    found = [state(WEB, moment) for moment in (NOW, begins - timedelta(seconds=1), begins, ends)]
    assert found == [State.PILOT, State.PILOT, State.MAINTENANCE, State.PILOT]
    with transaction():
        operations.bring_back(WEB, reason="withdrawn", by=staff.by("supervisor"), at=NOW)
    assert state(WEB, begins) is State.PILOT


@pytest.mark.parametrize(
    ("begins", "ends", "field"),
    [(-1, 5, "from_at"), (5, 5, "until_at"), (5, 4, "until_at"), (5, 5 + 24 * 7 + 1, "until_at")],
)
def test_a_maintenance_that_cannot_be_so_says_what_to_change(staff: Staff, begins: int, ends: int, field: str) -> None:
    from_at, until_at = NOW + timedelta(hours=begins), NOW + timedelta(hours=ends)
    with pytest.raises(ChannelFactMissing) as refused, transaction():
        operations.announce_maintenance(WEB, from_at, until_at, reason="x", by=staff.by("supervisor"), at=NOW)
    assert refused.value.field == field


def test_who_may_declare_what(staff: Staff) -> None:
    own, other = staff.by("head", "social-insurance"), staff.by("head", "market-supervision")
    with pytest.raises(NotAllowed), transaction():
        operations.stop(WINDOW, reason="x", basis="", by=other, at=NOW)
    with pytest.raises(NotAllowed), transaction():
        operations.report_down(WEB, reason="x", evidence="y", by=staff.by("clerk", "social-insurance"), at=NOW)
    with transaction():
        operations.stop(WINDOW, reason="moved", basis="第九条", by=own, at=NOW)
    assert state(WINDOW) is State.STOPPED
    with pytest.raises(ChangeNotPossible), transaction():
        operations.report_down(WINDOW, reason="x", evidence="y", by=own, at=NOW)
    with transaction():
        operations.bring_back(WINDOW, reason="back", by=own, at=NOW)
    assert state(WINDOW) is State.LIVE


@pytest.mark.usefixtures("staff")
def test_a_hall_manager_stops_a_counter_in_his_hall_and_no_online_way() -> None:
    manager = By("u-m", Role.HALL_MANAGER, "government-services", "m")
    stranger = By("u-n", Role.HALL_MANAGER, "market-supervision", "n")
    with pytest.raises(NotAllowed), transaction():
        operations.stop(WINDOW, reason="x", basis="", by=stranger, at=NOW)
    with pytest.raises(NotAllowed), transaction():
        operations.stop(WEB, reason="x", basis="", by=manager, at=NOW)
    with transaction():
        operations.stop(WINDOW, reason="the roof leaks", basis="", by=manager, at=NOW)
    assert state(WINDOW) is State.STOPPED


def test_what_somebody_met_is_noted_by_who_is_not_of_the_office(staff: Staff) -> None:
    with pytest.raises(NotAllowed), transaction():
        operations.refuse_channel(WINDOW, Only.ONLINE, evidence="v", by=staff.by("head", "social-insurance"), at=NOW)
    with transaction():
        event = operations.refuse_channel(WINDOW, Only.ONLINE, evidence="visit 4", by=staff.by("supervisor"), at=NOW)
    assert {"web", "window"} < set(event.texts("offered"))


def test_an_unknown_channel_is_not_found(staff: Staff) -> None:
    for number in ("", "nothing:web", "unemployment-subsidy:boat"):
        with pytest.raises(ChannelNotFound), transaction():
            operations.stop(number, reason="x", basis="", by=staff.by("supervisor"), at=NOW)


def test_the_projection_is_what_the_ledger_alone_gives(staff: Staff, rounds: Rounds) -> None:
    supervisor = staff.by("supervisor")
    with transaction():
        operations.stop(WINDOW, reason="moved", basis="", by=supervisor, at=NOW)
        operations.sign_golive(PLATFORM_CHANNEL, WHOLE, by=supervisor, at=NOW)
        operations.go_live(PLATFORM_CHANNEL, by=supervisor, at=NOW, reason="by order")
        operations.announce_maintenance(
            WEB, NOW + timedelta(days=2), NOW + timedelta(days=2, hours=1), reason="disks", by=supervisor, at=NOW
        )
    rounds(NOW, 12, "submit")

    def rows() -> list[tuple[object, ...]]:
        with reading():
            return [tuple(row) for row in db.session.execute(select(*ChannelRow.__table__.columns).order_by("number"))]

    before = rows()
    with transaction():
        assert operations.rebuild_channels() == len(before)
    assert rows() == before
