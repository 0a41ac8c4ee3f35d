"""Receipt, following, and where a case stands in each state."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from portal.audit.texts import translations
from portal.cases.model import STATE_TITLES, CaseState
from portal.ledger.kinds import KINDS
from portal.web.hidden import shown
from tests.cases.city import at, way_to
from tests.qr import words_in
from tests.web.citizen.visits import IDENTITY, Visitor, mistakes, texts, version_of

PICTURE = "QR code: opens the page that follows this request"
OWN_PAGES = ("", "/receipt", "/correction", "/supply", "/withdraw", "/rate")


def code_of(visitor: Visitor, number: str) -> str:
    with visitor.client.session_transaction() as session, visitor.app.app_context():
        return shown(session["cases"][number], number)


def walked(visitor: Visitor, state: CaseState, item: str = "food-licence") -> str:
    """A case of this visitor, brought to a state by the office."""
    number = visitor.hand_in(item)
    staff = visitor.employ()
    for step, by, facts in way_to(state, staff, version_of(item).office):
        visitor.handle(number, step.value, by, **facts)
    return number


def test_a_state_is_called_by_what_it_is_and_the_act_by_what_was_done(visitor: Visitor) -> None:
    page = visitor.get(f"/cases/{walked(visitor, CaseState.ACCEPTED)}?lang=zh")
    assert re.search(r"<h1[^>]*>\s*已受理\s*</h1>", page.text)
    assert "予以受理" in texts(page), "in the history"


def test_every_state_has_its_own_chinese_beside_the_act_of_the_same_english_words() -> None:
    known = translations("zh")
    acts = {known.gettext(kind.title) for kind in KINDS.values()}
    for state in (CaseState.ACCEPTED, CaseState.DECIDED, CaseState.DEEMED_WITHDRAWN, CaseState.DEEMED_RENEWED):
        assert known.pgettext(STATE_TITLES[state].context, STATE_TITLES[state]) not in acts, state


def test_the_receipt_shows_number_code_and_a_picture_of_both(visitor: Visitor) -> None:
    number = visitor.hand_in()
    page = visitor.get(f"/cases/{number}/receipt?lang=zh")
    said = texts(page)
    assert f"办件编号 {number}" in said
    assert f"查询码 {code_of(visitor, number)}" in said
    assert f"{number}-S" in said  # 收件凭证
    assert 'src="data:image/svg+xml' in page.text
    assert "例州市社会保险服务中心" in said


def test_the_receipt_counts_its_day_before_your_eyes(visitor: Visitor) -> None:
    said = texts(visitor.get(f"/cases/{visitor.hand_in()}/receipt?lang=zh"))
    assert "结果反馈：最晚 2026年10月9日（星期五）" in said
    assert "9月24日（周四） 不计入 收件当日" in said
    assert "10月1日（周四） 不计入 放假：国庆节 国办发明电〔2025〕7号" in said
    assert "10月9日（周五） 第5天 工作日" in said


def test_the_receipt_of_a_permit_names_the_latest_decision_too(visitor: Visitor) -> None:
    visitor.watch.now = at("Tuesday 2026-11-24 10:00")
    said = texts(visitor.get(f"/cases/{visitor.hand_in('food-licence')}/receipt?lang=en"))
    assert "Acceptance by Tuesday 1 December 2026" in said
    assert "Decision by Tuesday 22 December 2026" in said
    assert "Tue 22 Dec Day 15 Working day" in said


def test_number_and_code_open_the_case_in_any_browser(visitor: Visitor, stranger: Visitor) -> None:
    number = visitor.hand_in()
    code = code_of(visitor, number)
    answer = stranger.post("/follow", number=f" {number} ", code=f"{code[:4].lower()} {code[4:]}")
    assert answer.status_code == 303
    assert answer.location == f"/cases/{number}"
    assert stranger.get(answer.location).status_code == 200
    assert number in texts(stranger.get("/follow"))


def test_guessing_a_code_grows_slow_and_shuts_out_nobody_elsewhere(visitor: Visitor, stranger: Visitor) -> None:
    number = visitor.hand_in()
    code = code_of(visitor, number)
    for _ in range(10):
        assert stranger.post("/follow", number=number, code="AAAAAAAA").status_code == 422
        stranger.watch.now += timedelta(seconds=40)
    shut = stranger.post("/follow?lang=zh", number=number, code=code)
    assert shut.status_code == 429
    assert "尝试次数过多" in shut.text
    assert number in shut.text  # what was typed stays
    unknown = "990100-2026-999999"
    for _ in range(10):
        stranger.post("/follow", number=unknown, code=code)
        stranger.watch.now += timedelta(seconds=40)
    assert stranger.post("/follow", number=unknown, code=code).status_code == 429  # as of a number that exists
    assert visitor.get(f"/cases/{number}").status_code == 200
    elsewhere = visitor.app.test_client()
    form = {"number": number, "code": code}
    assert elsewhere.post("/follow", data=form, environ_overrides={"REMOTE_ADDR": "203.0.113.9"}).status_code == 303
    stranger.watch.now += timedelta(minutes=10)
    assert stranger.post("/follow", number=number, code=code).status_code == 303


def test_many_numbers_are_not_tried_from_one_address(visitor: Visitor, stranger: Visitor) -> None:
    number = visitor.hand_in()
    code = code_of(visitor, number)
    for tried in range(100):
        assert stranger.post("/follow", number=f"990100-2026-{tried:06d}", code="AAAAAAAA").status_code == 422
    assert stranger.post("/follow", number=number, code=code).status_code == 429


def test_a_wrong_code_and_a_wrong_number_get_the_same_answer(visitor: Visitor, stranger: Visitor) -> None:
    number = visitor.hand_in()
    code = code_of(visitor, number)
    wrong_code = stranger.post("/follow", number=number, code="AAAAAAAA")
    wrong_number = stranger.post("/follow", number="990100-2026-999999", code=code)
    assert wrong_code.status_code == wrong_number.status_code == 422
    assert mistakes(wrong_code) == mistakes(wrong_number)
    assert f'value="{number}"' in wrong_code.text
    assert stranger.get(f"/cases/{number}").status_code == 404


def test_an_empty_form_says_what_it_needs(visitor: Visitor) -> None:
    assert set(mistakes(visitor.post("/follow"))) == {"number", "code"}


def test_the_link_behind_the_picture_fills_the_form_in_and_opens_nothing(visitor: Visitor, stranger: Visitor) -> None:
    number = visitor.hand_in()
    page = visitor.get(f"/cases/{number}/receipt?lang=en").text
    address, code = words_in(page, PICTURE).split("#")
    assert code == f"q={code_of(visitor, number)}"
    assert code_of(visitor, number) not in address  # what a browser sends, and what proxies write down
    filled = stranger.get(f"/follow?{urlsplit(address).query}")
    assert f'value="{number}"' in filled.text
    assert stranger.get(f"/cases/{number}").status_code == 404


@pytest.mark.parametrize("view", OWN_PAGES)
def test_a_case_of_somebody_else_is_as_good_as_not_there(visitor: Visitor, stranger: Visitor, view: str) -> None:
    number = visitor.hand_in()
    theirs, nobodys = stranger.get(f"/cases/{number}{view}"), stranger.get(f"/cases/990100-2026-999999{view}")
    assert theirs.status_code == nobodys.status_code == 404
    assert theirs.text.replace(number, "-") == nobodys.text.replace("990100-2026-999999", "-")


def test_a_step_in_somebody_elses_case_is_not_taken(visitor: Visitor, stranger: Visitor) -> None:
    number = visitor.hand_in()
    assert stranger.post(f"/cases/{number}/chase").status_code == 404
    assert stranger.post(f"/cases/{number}/withdraw", answer="yes").status_code == 404
    assert "撤回申请" in texts(visitor.get(f"/cases/{number}?lang=zh"))


def test_a_browser_can_be_made_to_forget(visitor: Visitor) -> None:
    number = visitor.hand_in()
    visitor.post("/follow/forget")
    assert visitor.get(f"/cases/{number}").status_code == 404


@pytest.mark.parametrize(
    "state",
    [
        CaseState.RECEIVED, CaseState.CORRECTING, CaseState.ACCEPTED, CaseState.REVIEWING, CaseState.PAUSED,
        CaseState.HANDED_OVER, CaseState.DECIDED, CaseState.PRODUCED, CaseState.DELIVERED, CaseState.REFUSED,
        CaseState.TERMINATED,
    ],
)  # fmt: skip
def test_a_case_says_where_it_stands_in_each_state(visitor: Visitor, state: CaseState) -> None:
    number = walked(visitor, state)
    page = visitor.get(f"/cases/{number}?lang=en")
    assert page.status_code == 200
    assert f'<h1 class="govuk-heading-xl govuk-!-margin-bottom-4">{STATE_TITLES[state]}</h1>' in page.text
    assert visitor.get(f"/cases/{number}?lang=zh").status_code == 200
    assert visitor.get(f"/cases/{number}/receipt?lang=zh").status_code == 200


def test_a_case_tells_days_left_and_who_has_it(visitor: Visitor) -> None:
    said = texts(visitor.get(f"/cases/{visitor.hand_in()}?lang=zh"))
    assert "最晚 2026年10月9日（星期五） 还剩5个工作日" in said
    assert "现由谁办理 例州市社会保险服务中心 0199-5550100" in said


def test_on_its_last_day_a_clock_ends_today(visitor: Visitor) -> None:
    number = visitor.hand_in()
    visitor.watch.now = at("Friday 2026-10-09 16:59")
    assert "ends today" in texts(visitor.get(f"/cases/{number}?lang=en"))


def test_a_case_that_is_late_says_why(visitor: Visitor) -> None:
    number = visitor.hand_in()
    visitor.watch.now = at("Friday 2026-10-09 23:59")
    assert "为什么超期" not in texts(visitor.get(f"/cases/{number}?lang=zh"))
    visitor.watch.now = at("Monday 2026-10-12 10:00")  # Saturday the 10th was worked
    said = texts(visitor.get(f"/cases/{number}?lang=zh"))
    assert "▲ 为什么超期 结果反馈：承诺2026年10月9日（星期五）前完成，至今未完成（已超期2个工作日）。" in said
    assert "最近一次实质办理是在2026年9月24日（星期四）。" in said


def test_a_pause_is_shown_with_its_days_and_stops_nothing_from_being_seen(visitor: Visitor) -> None:
    said = texts(visitor.get(f"/cases/{walked(visitor, CaseState.PAUSED)}?lang=zh"))
    assert "‖ 已暂停计时" in said
    assert "检测，3个工作日" in said


def test_until_a_hand_over_is_acknowledged_the_first_office_answers(visitor: Visitor) -> None:
    said = texts(visitor.get(f"/cases/{walked(visitor, CaseState.HANDED_OVER)}?lang=zh"))
    assert "正在转往例州市行政审批局。对方接收之前，由以下单位对您负责： 例州市市场监督管理局" in said
    assert "转往：例州市行政审批局 理由：competent" in said


def test_a_refusal_is_told_with_reason_and_remedies(visitor: Visitor) -> None:
    said = texts(visitor.get(f"/cases/{walked(visitor, CaseState.REFUSED)}?lang=en"))
    assert "Reason: not ours" in said
    assert "How to object: appeal within 60 days" in said


def test_personal_facts_are_shortened(visitor: Visitor) -> None:
    page = visitor.get(f"/cases/{visitor.hand_in()}?lang=zh").text
    for hidden in (IDENTITY, "阿依古丽·买买提", "13800138000", "6222000011112222"):
        assert hidden not in page
    for left in ("阿**", "138****8000", "990***********0015"):
        assert left in page


def test_a_day_that_was_typed_is_shown_with_its_weekday(visitor: Visitor) -> None:
    assert "停止工作日期 2026年9月1日（星期二）" in texts(visitor.get(f"/cases/{visitor.hand_in()}?lang=zh"))


def test_an_hour_limit_is_told_by_its_moments(visitor: Visitor) -> None:
    number = visitor.hand_in("hotline-appeal")
    staff = visitor.employ()
    dispatcher = staff.by("dispatcher", "government-services")
    visitor.handle(number, "hand_over", dispatcher, to_office="market-supervision", reason="职责", summary="已说明")
    said = texts(visitor.get(f"/cases/{number}?lang=en"))
    assert "Limit: 24 hours, counted from Thursday 24 September 2026, 10:00." in said


def test_what_the_office_notes_for_itself_is_not_shown(visitor: Visitor) -> None:
    number = walked(visitor, CaseState.RECEIVED)
    visitor.handle(number, "comment", visitor.staff.by("clerk"))
    assert "Commented" not in texts(visitor.get(f"/cases/{number}?lang=en"))
