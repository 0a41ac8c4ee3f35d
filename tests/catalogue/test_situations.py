"""The questions of every shipped item: each way ends in exactly one situation with exact materials."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.catalogue.loading import Folders, load
from portal.catalogue.model import AnswerMissing, AnswerUnknown, Catalogue, ItemVersion, QuestionUnknown
from portal.catalogue.queries import SHIPPED

ALL = tuple(load(Folders((SHIPPED,))).catalogue.versions)
ASKING = tuple(version for version in ALL if version.questions)
versions = st.sampled_from(ALL)


def ways(version: ItemVersion, code: str | None = None) -> Iterator[dict[str, str]]:
    """Every complete set of answers, found by walking the options themselves."""
    if not version.questions:
        yield {}
        return
    question = next(q for q in version.questions if code is None or q.code == code)
    for option in question.options:
        if option.situation is not None:
            yield {question.code: option.code}
        else:
            for rest in ways(version, option.next):
                yield {question.code: option.code, **rest}


@pytest.mark.parametrize("version", ALL, ids=lambda version: version.version)
def test_every_leaf_is_reached_and_every_situation_is_a_leaf(version: ItemVersion) -> None:
    reached = [version.situation_of(answers).code for answers in ways(version)]
    assert set(reached) == {situation.code for situation in version.situations}
    assert len(version.questions) <= 7


@given(versions, st.data())
def test_the_same_answers_give_the_same_list_in_any_order(version: ItemVersion, chance: st.DataObject) -> None:
    answers = chance.draw(st.sampled_from(list(ways(version))))
    shuffled = dict(chance.draw(st.permutations(list(answers.items()))))
    one, two = version.situation_of(answers), version.situation_of(shuffled)
    assert one == two
    assert version.materials_for(one) == version.materials_for(two.code)


@given(st.sampled_from(ASKING), st.data())
def test_answers_left_over_from_another_branch_change_nothing(version: ItemVersion, chance: st.DataObject) -> None:
    complete = list(ways(version))
    answers, others = chance.draw(st.sampled_from(complete)), chance.draw(st.sampled_from(complete))
    assert version.situation_of({**others, **answers}) == version.situation_of(answers)


@given(st.sampled_from(ASKING), st.data())
def test_a_missing_answer_names_its_question_which_is_the_next_one(version: ItemVersion, chance: st.DataObject) -> None:
    answers = chance.draw(st.sampled_from(list(ways(version))))
    left_out = chance.draw(st.sampled_from(sorted(answers)))
    kept = {code: answer for code, answer in answers.items() if code != left_out}
    with pytest.raises(AnswerMissing) as refusal:
        version.situation_of(kept)
    assert refusal.value.field == left_out
    following = version.next_question(kept)
    assert following is not None
    assert following.code == left_out
    assert version.next_question(answers) is None


@given(st.sampled_from(ASKING), st.text(min_size=1, max_size=20).filter(lambda text: not text.islower()))
def test_an_unknown_answer_and_an_unknown_question_are_refused(version: ItemVersion, text: str) -> None:
    first = version.questions[0]
    with pytest.raises(AnswerUnknown) as refusal:
        version.situation_of({first.code: text})
    assert refusal.value.field == first.code
    with pytest.raises(QuestionUnknown) as stranger:
        version.situation_of({text: "yes"})
    assert stranger.value.field == text


@given(versions, st.data())
def test_what_is_shared_is_never_asked(version: ItemVersion, chance: st.DataObject) -> None:
    situation = version.situation_of(chance.draw(st.sampled_from(list(ways(version)))))
    asked, fetched = version.materials_for(situation), version.shared_materials_for(situation)
    assert {material.code for material in (*asked, *fetched)} == set(situation.materials)
    assert all(material.originals + material.copies > 0 for material in asked)
    assert all(material.originals == material.copies == 0 for material in fetched)


@given(versions, st.data())
def test_each_situation_has_one_limit_for_each_clock(version: ItemVersion, chance: st.DataObject) -> None:
    situation = version.situation_of(chance.draw(st.sampled_from(list(ways(version)))))
    limits = version.limits_for(situation)
    assert len({limit.clock for limit in limits}) == len(limits)
    assert {limit.clock for limit in limits} >= {limit.clock for limit in version.limits if limit.situation is None}


def test_a_situation_of_its_own_limit_goes_by_it(shipped: Catalogue) -> None:
    licence = shipped.version("food-licence@1")
    by_promise, usual = licence.limit("decide", "change-name"), licence.limit("decide", "new-general")
    assert by_promise is not None
    assert usual is not None
    assert (by_promise.promised.n, usual.promised.n) == (0, 15)


def test_fields_follow_the_situation(shipped: Catalogue) -> None:
    subsidy = shipped.version("unemployment-subsidy@1")
    own = {field.name for field in subsidy.fields_for("after-benefit")}
    assert {field.name for field in subsidy.fields_for("by-agent")} - own == {"agent-name", "agent-phone"}
