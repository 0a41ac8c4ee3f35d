"""The applicant's own steps: correct, supply, withdraw, rate, ask where it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal import vault
from portal.cases.model import CaseState
from portal.cases.queries import case_page
from portal.ledger import queries as ledger
from portal.web.once import answer_again
from tests.cases.city import at
from tests.papers import PDF
from tests.web.citizen.test_cases import walked
from tests.web.citizen.visits import Visitor, mistakes, pdf, texts


def kinds(visitor: Visitor, number: str) -> list[str]:
    with visitor.app.app_context():
        return [event.kind for event in ledger.events(f"case/{number}")]


def state_of(visitor: Visitor, number: str) -> CaseState:
    with visitor.app.app_context():
        return case_page(number, at=visitor.watch.now).case.state


def corrected(visitor: Visitor) -> str:
    """A case whose notice asks for two materials."""
    number = visitor.hand_in("food-licence")
    staff = visitor.employ()
    visitor.handle(number, "notice_correction", staff.by("clerk"), demands=("layout", "process"))
    return number


def test_a_notice_lists_what_is_missing_and_leads_to_the_form(visitor: Visitor) -> None:
    number = corrected(visitor)
    page = visitor.get(f"/cases/{number}?lang=zh")
    assert "仍缺少或者不符合要求的材料： 食品生产设备布局图 食品生产工艺流程图" in texts(page)
    assert f'href="/cases/{number}/correction"' in page.text
    form = visitor.get(f"/cases/{number}/correction?lang=zh").text
    assert 'name="m_layout"' in form
    assert 'name="m_application"' not in form


def test_the_day_by_which_to_correct_is_counted_before_your_eyes(visitor: Visitor) -> None:
    said = texts(visitor.get(f"/cases/{corrected(visitor)}/correction?lang=zh"))
    assert "您的补正期限到： 2026年10月22日（星期四）" in said
    assert "10月7日（周三） 不计入 放假：国庆节 国办发明电〔2025〕7号" in said
    assert "10月22日（周四） 第15天 工作日" in said


def test_what_is_not_possible_now_leads_back_to_the_request(visitor: Visitor) -> None:
    number = visitor.hand_in("food-licence")
    answer = visitor.get(f"/cases/{number}/supply?lang=zh")
    assert answer.status_code == 409
    assert f'href="/cases/{number}"' in answer.text


def test_a_whole_correction_begins_acceptance_anew(visitor: Visitor) -> None:
    number = corrected(visitor)
    visitor.watch.now = at("Monday 2026-09-28 10:00")
    answer = visitor.post(f"/cases/{number}/correction", m_layout=pdf(), m_process=pdf())
    assert answer.status_code == 303
    assert state_of(visitor, number) is CaseState.RECEIVED
    said = texts(visitor.get(f"/cases/{number}?lang=zh"))
    assert "补正材料已提交。" in said
    assert "受理 最晚 2026年10月10日（星期六）" in said  # 29th, 30th, 8th, 9th, and the make-up Saturday


def test_part_of_a_correction_leaves_the_rest_open(visitor: Visitor) -> None:
    number = corrected(visitor)
    visitor.post(f"/cases/{number}/correction", m_layout=pdf())
    assert state_of(visitor, number) is CaseState.CORRECTING
    said = texts(visitor.get(f"/cases/{number}?lang=zh"))
    assert "仍缺少或者不符合要求的材料： 食品生产工艺流程图" in said


def test_an_empty_correction_and_a_wrong_file_are_pointed_at(visitor: Visitor) -> None:
    number = corrected(visitor)
    before = kinds(visitor, number)
    assert set(mistakes(visitor.post(f"/cases/{number}/correction"))) == {"m_layout", "m_process"}
    answer = visitor.post(f"/cases/{number}/correction", m_layout=pdf(), m_process=pdf("a.pdf", b"text"))
    assert answer.status_code == 422
    assert set(mistakes(answer)) == {"m_process"}
    assert kinds(visitor, number) == before
    files = [file for file in (Path(visitor.app.instance_path) / "uploads").rglob("*") if file.is_file()]
    assert len(files) == 4  # those of the hand-in alone


def test_deferred_material_is_supplied_until_none_is_owed(visitor: Visitor) -> None:
    number = visitor.hand_in("food-licence")
    staff = visitor.employ()
    visitor.handle(
        number,
        "accept_tolerantly",
        staff.by("clerk"),
        deferred=("safety-rules",),
        due_on=at("Friday 2026-10-09 10:00").date(),
    )
    page = texts(visitor.get(f"/cases/{number}?lang=zh"))
    assert "您承诺补交的材料 食品安全管理制度清单 请于2026年10月9日（星期五）前补交。" in page
    assert visitor.post(f"/cases/{number}/supply", **{"m_safety-rules": pdf()}).status_code == 303
    assert visitor.get(f"/cases/{number}/supply").status_code == 409


def test_who_says_yes_withdraws_and_who_says_no_does_not(visitor: Visitor) -> None:
    number = visitor.hand_in()
    assert mistakes(visitor.post(f"/cases/{number}/withdraw")) == {"answer": "请选择是否撤回"}
    visitor.post(f"/cases/{number}/withdraw", answer="no")
    assert state_of(visitor, number) is CaseState.RECEIVED
    visitor.post(f"/cases/{number}/withdraw", answer="yes")
    assert state_of(visitor, number) is CaseState.WITHDRAWN
    assert "申请已撤回。" in texts(visitor.get(f"/cases/{number}?lang=zh"))


def test_a_delivered_case_is_rated_once_and_the_words_are_sealed(visitor: Visitor) -> None:
    number = walked(visitor, CaseState.DELIVERED)
    assert set(mistakes(visitor.post(f"/cases/{number}/rate"))) == {"score"}
    assert set(mistakes(visitor.post(f"/cases/{number}/rate", score="5", comment="长" * 501))) == {"comment"}
    visitor.post(f"/cases/{number}/rate", score="2", comment="等了很久")
    with visitor.app.app_context():
        rated = ledger.events(f"case/{number}")[-1]
    assert rated.integer("score") == 2
    with visitor.app.app_context():
        words = vault.words(rated.sealed, vault.purpose_of(rated.subject, rated.kind))
    assert words == {"personal": {"comment": "等了很久"}}
    assert "等了很久" not in str(rated.payload)
    assert "不满意" in texts(visitor.get(f"/cases/{number}?lang=zh"))
    assert visitor.get(f"/cases/{number}/rate").status_code == 409


def test_files_sent_again_with_their_key_count_once_and_other_files_are_refused(visitor: Visitor) -> None:
    number, key = visitor.hand_in("food-licence"), "0123456789-abcdef"
    due = at("Friday 2026-10-09 10:00").date()
    visitor.handle(number, "accept_tolerantly", visitor.employ().by("clerk"), deferred=("safety-rules",), due_on=due)
    for _ in range(2):
        answer = visitor.post(f"/cases/{number}/supply", once_key=key, **{"m_safety-rules": pdf()})
        assert (answer.status_code, answer.location) == (303, f"/cases/{number}")
    other = visitor.post(f"/cases/{number}/supply", once_key=key, **{"m_safety-rules": pdf(content=PDF + b"\n")})
    assert other.status_code == 409
    assert kinds(visitor, number).count("supplied") == 1


def test_a_page_whose_twin_was_recorded_on_its_way_gets_the_same_answer(visitor: Visitor) -> None:
    number, key = visitor.hand_in("food-licence"), "0123456789-abcdef"
    answers = [visitor.post(f"/cases/{number}/withdraw", answer="yes", once_key=key)]
    before = visitor.app.before_request_funcs[None]
    before.remove(answer_again)  # as if the twin had come after it was asked
    answers.append(visitor.post(f"/cases/{number}/withdraw", answer="yes", once_key=key))
    assert [(answer.status_code, answer.location) for answer in answers] == [(303, f"/cases/{number}")] * 2
    assert visitor.post(f"/cases/{number}/withdraw", answer="yes").status_code == 409
    assert kinds(visitor, number).count("withdrawn") == 1


def test_asking_where_it_stands_is_on_record_once_a_day(visitor: Visitor) -> None:
    number = visitor.hand_in()
    visitor.post(f"/cases/{number}/chase")
    assert "已记录您的催办" in texts(visitor.get(f"/cases/{number}?lang=zh"))
    visitor.post(f"/cases/{number}/chase")
    assert "您今天已经催办过" in texts(visitor.get(f"/cases/{number}?lang=zh"))
    assert kinds(visitor, number).count("chased") == 1
    visitor.watch.now = at("Monday 2026-09-28 10:00")
    visitor.post(f"/cases/{number}/chase")
    assert kinds(visitor, number).count("chased") == 2


@pytest.mark.parametrize("step", ["correction", "supply", "rate"])
def test_a_step_that_is_not_possible_names_those_that_are(visitor: Visitor, step: str) -> None:
    number = visitor.hand_in()
    for answer in (visitor.get(f"/cases/{number}/{step}"), visitor.post(f"/cases/{number}/{step}", score="5")):
        assert answer.status_code == 409
        assert "办件当前状态：待受理。您可以：" in texts(answer)
        assert "撤回" in texts(answer)
        assert "催办" in texts(answer)


def test_when_nothing_is_possible_the_page_says_so(visitor: Visitor) -> None:
    number = visitor.hand_in()
    visitor.post(f"/cases/{number}/withdraw", answer="yes")
    answer = visitor.post(f"/cases/{number}/chase")
    assert answer.status_code == 409
    assert "目前不需要您做任何事" in texts(answer)
