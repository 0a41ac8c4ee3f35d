"""The projections are the ledger folded: whatever happened, making them again gives the same rows."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.basis import SYSTEM, By, Refusal, Role
from portal.cases import operations, queries
from portal.cases.model import HandedIn, Step, fold
from portal.cases.tables import CaseRow, ClockRow
from portal.ledger import queries as ledger
from portal.store import db, reading, transaction
from tests.cases.city import MONDAY, Staff, applicant, employ, hand_in, take
from tests.cases.test_steps import FACTS

IDLE = {
    Step.VIEW, Step.COMMENT, Step.CHASE, Step.REMIND, Step.MOVE_DUE, Step.MARK_TEST, Step.MARK_DUPLICATE,
    Step.LINK_OUTAGE, Step.REQUEST_WAIT, Step.ASSIGN, Step.GIVE_JOINT_OPINION, Step.DESIGNATE,
}  # fmt: skip
ENDING = {Step.WITHDRAW, Step.TERMINATE, Step.REFUSE, Step.DEEM_WITHDRAWN, Step.DEEM_RENEWED, Step.ARCHIVE}
ITEMS = ("food-licence", "unemployment-subsidy", "information-disclosure", "hotline-appeal")


def rows() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    def of(table: Any) -> list[dict[str, Any]]:
        columns = table.__table__.columns
        return [
            dict(row._mapping) for row in db.session.execute(select(*columns).order_by(*table.__table__.primary_key))
        ]

    with reading():
        return of(CaseRow), of(ClockRow)


def walk(seed: int, staff: Staff, steps: int) -> Any:
    """A few cases, and random steps by random people at random moments; what is refused is refused."""
    chance = random.Random(seed)
    moment, numbers = MONDAY, list[str]()
    for person in range(4):
        with transaction():
            numbers.append(hand_in(chance.choice(ITEMS), moment=moment, by=applicant(person)).number)
    people = [SYSTEM, *staff.known.values()]
    recorded = 0
    for _ in range(steps):
        moment += timedelta(minutes=chance.choice((1, 5, 60, 600, 3000)))
        number = chance.choice(numbers)
        with reading():
            page = queries.case_page(number, at=moment)
        offered = [
            (by, step) for by in [*people, By(page.case.applicant, Role.APPLICANT)] for step in page.possible_steps(by)
        ]
        if not offered or chance.random() < 0.2:
            with transaction():
                operations.run_due(moment)
            continue
        steps_on = sorted({step for _, step in offered} - IDLE) if chance.random() < 0.85 else []
        chosen = chance.choice(steps_on or sorted({step for _, step in offered}))
        if chosen in ENDING and chance.random() < 0.8:
            continue  # else every walk ends early
        by, step = chance.choice([pair for pair in offered if pair[1] is chosen])
        try:
            with transaction():
                take(number, step, by=by, at=moment, **facts_for(step, page, moment))
            recorded += 1
        except Refusal:
            pass
    return moment, recorded


def facts_for(step: Step, page: queries.CasePage, moment: Any) -> dict[str, Any]:
    today = page.on
    office = page.case.holder.office or ""
    facts = dict(FACTS.get(step, {}))
    if "approved_by" in facts:
        facts["approved_by"] = facts["approved_by"].replace("market-supervision", office)
    if step in (Step.SUBMIT_CORRECTION, Step.SUPPLY):
        codes = page.case.demanded or page.case.deferred or {"layout"}
        facts["materials"] = tuple(HandedIn(code, f"{code}-{moment:%H%M}") for code in sorted(codes))
    for name in ("due_on", "until_on"):
        if name in facts:
            facts[name] = today + timedelta(days=9)
    if "from_on" in facts:
        facts["from_on"] = today
    if step is Step.DECIDE:
        facts = {"conclusion": "grant"}
    if step is Step.NOTICE_CORRECTION:
        facts["demands"] = tuple(material.code for material in page.version.materials_for(page.case.situation))[:1]
    return facts


@pytest.mark.parametrize("seed", range(6))
def test_the_projections_of_a_random_history_can_be_made_again_from_the_ledger(seed: int, database: Flask) -> None:  # noqa: ARG001
    with transaction():
        staff = employ()
    moment, recorded = walk(seed, staff, steps=120)
    assert recorded > 30
    with transaction():
        operations.recompute(moment)
    before = rows()
    with transaction():
        assert operations.rebuild(at=moment) == 4
    assert rows() == before


def test_state_is_a_fold_and_the_row_says_the_same(sqlite_database: Flask) -> None:  # noqa: ARG001
    with transaction():
        staff = employ()
    walk(99, staff, steps=100)
    for row in rows()[0]:
        case = fold(ledger.events(f"case/{row['number']}"))
        assert (case.state.value, case.holder.office, case.last_seq) == (row["state"], row["office"], row["last_seq"])
        assert case.is_open == row["is_open"]
