"""R02: whatever is sent again with its key, even ten times at once, has one effect and one answer."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.ledger import queries as ledger
from portal.store import KeyUnfit, SentOtherwise, Wish, db, forget_wishes, keep, once, reading, transaction
from portal.store.once import KEPT_FOR
from portal.store.tables import OnceRow
from tests.cases.city import MONDAY
from tests.databases import in_own_context
from tests.faults.worker import Wanted, fulfil

TIMES = 10
HAND_IN = Wanted("p-0123456789-abcdef", "hand-in", "twelve words")


def at_once(app: Flask, wish: Wanted) -> list[str]:
    with ThreadPoolExecutor(TIMES) as pool:
        return list(pool.map(in_own_context(app, lambda _: fulfil(wish, at=MONDAY)), range(TIMES)))


@pytest.mark.parametrize("kind", ["hand-in", "ask", "chase"])
def test_ten_at_once_are_one_event_and_one_answer(database: Flask, kind: str) -> None:
    number = fulfil(replace(HAND_IN, key="p-9876543210-abcdef"), at=MONDAY)
    key = "chase:p-9876543210-abcdef" if kind == "chase" else HAND_IN.key
    with reading():
        before = ledger.last_seq()
    answers = at_once(database, replace(HAND_IN, kind=kind, key=key, of=number))
    assert len(answers) == TIMES
    assert len(set(answers)) == 1
    with reading():
        after = ledger.events_after(before)
    assert len(after) == (2 if kind == "hand-in" else 1)  # what came online is received in the same breath
    assert {event.number for event in after} == set(answers)


@pytest.mark.parametrize("kind", ["hand-in", "ask", "chase"])
def test_the_same_key_with_other_content_is_refused(database: Flask, kind: str) -> None:  # noqa: ARG001
    number = fulfil(replace(HAND_IN, key="p-9876543210-abcdef"), at=MONDAY)
    key = "chase:p-9876543210-abcdef" if kind == "chase" else HAND_IN.key
    wish = replace(HAND_IN, kind=kind, key=key, of=number)
    fulfil(wish, at=MONDAY)
    with reading():
        before = ledger.last_seq()
    with pytest.raises(SentOtherwise):
        fulfil(replace(wish, content="twelve other words", of="990100-2026-000007"), at=MONDAY)
    with reading():
        assert ledger.last_seq() == before


WISH = Wish("pay", "0123456789abcdef", "somebody", b"one hundred")


def test_an_answer_is_kept_only_if_its_effect_is(database: Flask) -> None:  # noqa: ARG001
    with pytest.raises(InterruptedError), transaction():  # noqa: PT012
        keep(WISH, "paid", at=MONDAY)
        raise InterruptedError
    with reading():
        assert once(WISH) is None
    with transaction():
        keep(WISH, "paid", at=MONDAY)
    with reading():
        assert once(WISH) == "paid"


@pytest.mark.parametrize("other", [{"actor": "another"}, {"scope": "refund"}, {"key": "fedcba9876543210"}])
def test_a_key_is_its_senders_own_and_of_one_operation(database: Flask, other: dict[str, Any]) -> None:  # noqa: ARG001
    with transaction():
        keep(WISH, "paid", at=MONDAY)
        assert once(replace(WISH, **other)) is None


@pytest.mark.parametrize("key", ["", "short", "x" * 129])
def test_a_key_that_could_be_guessed_is_refused(key: str) -> None:
    with pytest.raises(KeyUnfit):
        replace(WISH, key=key)


def test_old_answers_are_forgotten_and_nothing_of_what_was_sent_is_stored(database: Flask) -> None:  # noqa: ARG001
    with transaction():
        keep(WISH, "paid", at=MONDAY)
        assert forget_wishes(MONDAY + KEPT_FOR) == 0
        row = str(db.session.execute(select(*OnceRow.__table__.columns)).one())
        assert WISH.key not in row
        assert "one hundred" not in row
        assert forget_wishes(MONDAY + KEPT_FOR + timedelta(seconds=1)) == 1
        assert db.session.scalar(select(func.count()).select_from(OnceRow)) == 0
