"""R04: in every state every role takes the steps that the table gives it, and no other; what is refused is noted."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import pytest

from portal.basis import By, NotAllowed, Refusal
from portal.cases.model import CaseState, Step, StepNotPossible
from portal.store import transaction
from portal.web.journal import Lines
from tests.cases.city import MONDAY, Staff, applicant, hand_in, take
from tests.cases.test_steps import FACTS, NOW, POSSIBLE, ROLES, Undone, actor, brought_to, city
from tests.web.office import hash_quickly, opened

__all__ = ["city"]


def told(number: str, step: Step, by: By, facts: dict[str, Any]) -> str:
    """What becomes of the step; nothing is kept."""
    try:
        with transaction():
            take(number, step, by=by, at=NOW, **facts)
            raise Undone
    except Undone:
        return "taken"
    except (NotAllowed, StepNotPossible):
        return "refused"
    except Refusal:
        return "unfit"  # the table would have it, but these facts or this person would not do


@pytest.mark.parametrize("state", POSSIBLE, ids=lambda state: state.value)
def test_every_state_takes_from_every_role_what_the_table_says_and_nothing_else(state: CaseState, city: Staff) -> None:
    with transaction():
        other = hand_in(moment=MONDAY, person="citizen-2", by=applicant(2)).number
    number = brought_to(state, city)
    facts: dict[Step, dict[str, Any]] = {Step.CHASE: {"place": "web"}, Step.MARK_DUPLICATE: {"of": other}, **FACTS}
    found, taken = dict[str, str](), 0
    for role, own in ROLES.items():
        for step in Step:
            outcome = told(number, step, actor(role, city), facts.get(step, {}))
            is_lawful = step.value in own.split() and step.value in POSSIBLE[state].split()
            taken += outcome == "taken"
            if (outcome == "refused") is is_lawful:
                found[f"{role} {step.value}"] = outcome
    assert found == {}
    assert taken, "nobody could do anything"


def test_a_step_that_is_refused_stands_in_the_log(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    hash_quickly(monkeypatch)
    for house in opened(sqlite_url, tmp_path):
        number, clerk = house.make_case(to=CaseState.ACCEPTED), house.signed_in("clerk")
        caplog.handler.setFormatter(Lines())
        caplog.set_level(logging.INFO)
        caplog.clear()
        impossible = clerk.post(f"/clerk/cases/{number}/steps/accept", data={})
        foreign = clerk.post(f"/clerk/cases/{number}/steps/review", data={"conclusion": "approve"})
        assert (impossible.status_code, foreign.status_code) == (409, 403)
        noted = [json.loads(line) for line in caplog.text.splitlines()]
        assert [(entry["what"], entry["result"]) for entry in noted] == [
            ("POST /clerk/cases/<number>/steps/<step>", "refused"),
            ("POST /clerk/cases/<number>/steps/<step>", "refused"),
        ]
        assert all(entry["why"] for entry in noted)
