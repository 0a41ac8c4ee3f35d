"""A number pins the version of its service in force for its day: what was asked for then is what counts."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.catalogue.queries import catalogue, limits_table
from portal.compliance.load import from_events
from portal.hall import operations
from portal.hall.model.tickets import Ticket
from portal.hall.operations import PaperLine
from portal.hall.places import place, version_of
from portal.hall.queries.desk import ahead, desk
from portal.hall.queries.tickets import ticket
from portal.hall.tables import TicketRow
from portal.ledger import queries as ledger
from portal.store import db, transaction
from tests.cases.city import at
from tests.hall.hall_city import HALL, ITEM, MANAGER, WINDOWS, called, citizen, clerk, issued, minutes, seat

pytestmark = pytest.mark.usefixtures("database")
OLD, NEW = f"{ITEM}@1", f"{ITEM}@2"  # the second is in force from Friday on
THURSDAY, FRIDAY = at("Thursday 2023-11-30 10:00"), at("Friday 2023-12-01 09:30")


def pinned(one: Ticket) -> tuple[str | None, str | None]:
    """As its first event and as its row have it."""
    row = db.session.scalar(select(TicketRow.item_version).where(TicketRow.id == one.id))
    return ledger.events(f"ticket/{one.id}")[0].item_version, row


def test_a_number_keeps_the_version_of_the_day_on_which_it_was_issued() -> None:
    by = seat(1, THURSDAY)
    old = issued(THURSDAY, situation="by-agent").ticket
    assert pinned(old) == (OLD, OLD)
    called(by, THURSDAY)
    with transaction():
        operations.start(old.id, by=by, at=THURSDAY)
    new = issued(FRIDAY).ticket
    assert pinned(new) == (NEW, NEW)
    found = desk(place(HALL), WINDOWS[0], FRIDAY)  # who was not finished with is there the next morning
    assert found.now is not None
    assert found.next is not None
    assert [one.version.version for one in (found.now, found.next) if one.version] == [OLD, NEW]
    assert [one.code for one in found.now.materials] == ["authorisation"]


def test_the_rules_judge_a_number_by_the_version_it_pins() -> None:
    seat(1, THURSDAY)
    numbers = [issued(THURSDAY).ticket, issued(FRIDAY).ticket]
    log = from_events(ledger.stream(), limits=limits_table(catalogue())).log
    subjects = log.subjects.collect().to_native().to_dicts()
    known = {row["name"]: (row["item"], row["item_version"]) for row in subjects}
    assert [known[f"ticket/{one.id}"] for one in numbers] == [(ITEM, OLD), (ITEM, NEW)]


def test_carried_over_into_a_new_version_it_pins_that_one_and_keeps_a_situation_that_is_still_there() -> None:
    seat(1, THURSDAY)
    slip = issued(THURSDAY, situation="by-agent")
    with transaction():
        new = operations.carry_over(slip.ticket.id, by=citizen(), at=THURSDAY, code=slip.code).ticket
    assert (new.day, new.situation) == (FRIDAY.date(), "by-agent")
    assert pinned(new) == (NEW, NEW)
    assert pinned(ticket(slip.ticket.id)) == (OLD, OLD)


def test_passed_on_to_another_service_it_pins_that_services_version() -> None:
    by = seat(1, THURSDAY)
    one = issued(THURSDAY).ticket
    called(by, THURSDAY)
    with transaction():
        same = operations.transfer(one.id, to_window=WINDOWS[1], by=by, at=THURSDAY)
    assert same.item_version == OLD
    with transaction():
        other = operations.transfer(one.id, to_item="food-licence", by=by, at=THURSDAY)
    version = version_of(None, "food-licence", THURSDAY.date())
    assert version is not None
    assert other.item_version == version.version == ledger.events(f"ticket/{one.id}")[-1].item_version
    assert ahead(other).version == version


def test_paper_that_is_entered_later_pins_the_version_of_the_day_on_which_it_was_given() -> None:
    with transaction():
        operations.declare_block(HALL, "7", THURSDAY, THURSDAY + minutes(60), "no network", by=MANAGER, at=FRIDAY)
        (slip,) = operations.enter(HALL, "7", [PaperLine(1, ITEM, THURSDAY)], by=clerk(), at=FRIDAY)
    assert pinned(slip.ticket) == (OLD, OLD)


def test_made_again_from_the_ledger_each_number_has_its_version() -> None:
    by = seat(1, THURSDAY)
    numbers = [issued(THURSDAY).ticket for _ in range(2)] + [issued(FRIDAY).ticket]
    called(by, THURSDAY)
    with transaction():
        operations.transfer(numbers[0].id, to_item="food-licence", by=by, at=THURSDAY)
    before = [ticket(one.id).item_version for one in numbers]
    with transaction():
        operations.rebuild_halls()
    assert [ticket(one.id).item_version for one in numbers] == before
    assert before[1:] == [OLD, NEW]


def test_a_number_that_pins_nothing_is_judged_by_what_was_in_force_on_its_day() -> None:
    """As those are that were issued before versions were pinned."""
    for moment, version in ((THURSDAY, OLD), (FRIDAY, NEW)):
        known = version_of(None, ITEM, moment.date())
        assert known is not None
        assert known.version == version
    assert version_of(f"{ITEM}@99", ITEM, FRIDAY.date()) is None
    assert version_of(None, "no-such-item", FRIDAY.date()) is None
