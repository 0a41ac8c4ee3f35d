"""A refusal is read by people: states, steps, roles and fields in it have words in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask

from portal.accounts.operations import RoleNotForPosts
from portal.appeals.model import InquiryFactMissing, InquiryState, InquiryStep, InquiryStepNotPossible
from portal.basis import Bilingual, Refusal, Role, Word
from portal.cases.model import CaseState, FactMissing, Step, StepNotPossible
from portal.channels.model.channel import ChangeNotPossible, State
from portal.web.refused import refused


@pytest.fixture
def chinese(app: Flask) -> Iterator[None]:
    with app.test_request_context("/?lang=zh"):
        yield


@pytest.fixture
def english(app: Flask) -> Iterator[None]:
    with app.test_request_context("/?lang=en"):
        yield


EVERY: list[Refusal] = [
    *(StepNotPossible(step, state, tuple(Step)) for step in Step for state in CaseState),
    *(InquiryStepNotPossible(step, state, tuple(InquiryStep)) for step in InquiryStep for state in InquiryState),
    *(ChangeNotPossible(state, wanted) for state in State for wanted in State),
    *(RoleNotForPosts(role) for role in Role),
]
CODES = {*Step, *CaseState, *InquiryStep, *InquiryState, *Role} - {"open", "review", "new"}  # these are words as well


@pytest.mark.usefixtures("chinese")
def test_no_step_state_or_role_is_left_in_latin_letters() -> None:
    said = {refused(refusal) for refusal in EVERY}
    assert [text for text in said if re.search("[A-Za-z]", text)] == []


@pytest.mark.usefixtures("english")
def test_no_code_is_left_in_english() -> None:
    told = " ".join(refused(refusal) for refusal in EVERY)
    assert [code for code in CODES if re.search(rf"“{code}”|[-_]", code) and code in told] == []
    assert refused(EVERY[0]) == str(EVERY[0])  # the console says what an English reader reads


@pytest.mark.usefixtures("chinese")
def test_a_step_that_is_not_possible_is_told_in_words_and_so_is_what_is() -> None:
    refusal = StepNotPossible(Step.ACCEPT, CaseState.SUBMITTED, (Step.RECEIVE, Step.WITHDRAW))
    assert refused(refusal) == "办件目前处于“待收件”，不能记录“予以受理”。现在可以记录：已收件、已撤回。"
    assert refused(StepNotPossible(Step.ACCEPT, CaseState.ARCHIVED)).endswith("现在可以记录：–。")


@pytest.mark.usefixtures("chinese")
def test_a_field_that_is_missing_has_the_name_that_histories_give_it() -> None:
    for missing in (FactMissing, InquiryFactMissing):
        refusal = missing("%(name)s is missing; fill it in.", field="to_office", values={"name": "to_office"})
        assert "to_office" not in refused(refusal)
        assert str(refusal) == "to_office is missing; fill it in."


def test_values_are_said_each_in_its_own_way(app: Flask) -> None:
    values = {
        "state": Word("Accepted"),
        "codes": (Bilingual("营业执照", "Business licence"), "x-1"),
        "on": date(2026, 3, 4),
    }
    refusal = Refusal("%(state)s %(codes)s %(on)s", values=values)
    assert str(refusal) == "Accepted Business licence, x-1 2026-03-04"
    with app.test_request_context("/?lang=en"):
        assert refused(refusal) == "Accepted Business licence, x-1 Wednesday 4 March 2026"
    with app.test_request_context("/?lang=zh"):
        assert refused(refusal) == "予以受理 营业执照、x-1 2026年3月4日（星期三）"
