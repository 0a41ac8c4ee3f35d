"""I asked and was sent away: told, numbered, followed, and answered."""

from __future__ import annotations

from portal.appeals import operations
from portal.ledger import queries as ledger
from portal.store import transaction
from portal.web.hidden import shown
from tests.cases.city import at
from tests.web.citizen.visits import Visitor, mistakes, texts

TOLD = {
    "item": "insurance-change",
    "office": "centre-a",
    "happened-year": "2026",
    "happened-month": "9",
    "happened-day": "22",
    "said": "这个不归我们管。",
    "question": "到底找谁？",
    "phone": "138-0013-8000",
}


def tell(visitor: Visitor, **other: str) -> str:
    answer = visitor.post("/sent-away", **{**TOLD, **other})
    assert answer.status_code == 303, texts(answer)
    return str(answer.location).rsplit("/", 1)[1]


def test_who_was_sent_away_gets_a_number_a_code_and_the_office_that_answers(visitor: Visitor) -> None:
    number = tell(visitor)
    said = texts(visitor.get(f"/inquiries/{number}?lang=zh"))
    assert f"办件编号 {number} 查询码" in said
    assert "对您负责的单位 例州市社保服务中心A" in said or "对您负责的单位 例州市社会保险服务中心A" in said
    assert "2026年9月22日（星期二）" in said
    assert "对方说： 这个不归我们管。" in said
    assert "还需要： 到底找谁？" in said


def test_it_is_recorded_for_the_day_it_happened_as_told_by_the_citizen(visitor: Visitor) -> None:
    number = tell(visitor)
    with visitor.app.app_context():
        (event,) = ledger.events(f"inquiry/{number}")
    assert event.has("is_self_reported")
    assert event.occurred_at == at("Tuesday 2026-09-22 12:00")
    assert event.recorded_at == visitor.watch.now
    assert event.office == "centre-a"
    assert "13800138000" not in str(event.payload)


def test_what_happened_today_is_not_dated_ahead(visitor: Visitor) -> None:
    number = tell(visitor, **{"happened-day": "24"})  # it is ten in the morning
    with visitor.app.app_context():
        assert ledger.events(f"inquiry/{number}")[0].occurred_at == visitor.watch.now


def test_what_is_missing_or_cannot_be_is_pointed_at(visitor: Visitor) -> None:
    assert set(mistakes(visitor.post("/sent-away"))) == {"office", "happened-year", "said"}
    ahead = visitor.post("/sent-away", **{**TOLD, "happened-day": "25"})
    assert mistakes(ahead) == {"happened-year": "这一天还没有到，请输入您询问的日期"}
    assert "这个不归我们管。" in ahead.text
    long_ago = visitor.post("/sent-away", **{**TOLD, "happened-year": "2020"})
    assert long_ago.status_code == 422
    assert "请填写过去一年之内的日期" in texts(long_ago)
    assert set(mistakes(visitor.post("/sent-away", **{**TOLD, "phone": "12"}))) == {"phone"}
    assert set(mistakes(visitor.post("/sent-away", **{**TOLD, "office": "the-moon"}))) == {"office"}


def test_the_item_one_comes_from_is_chosen_already(visitor: Visitor) -> None:
    assert '<option value="food-licence" selected' in visitor.get("/sent-away?item=food-licence").text


def test_without_item_and_phone_it_is_taken_all_the_same(visitor: Visitor) -> None:
    number = tell(visitor, item="", phone="")
    assert "询问事项：其他事项" in texts(visitor.get(f"/inquiries/{number}?lang=zh"))


def test_the_page_says_until_when_the_office_answers_and_that_it_did_not(visitor: Visitor) -> None:
    number = tell(visitor)  # of Tuesday the 22nd
    assert "最晚答复 2026年9月23日（星期三） 期限已过仍未答复" in texts(visitor.get(f"/inquiries/{number}?lang=zh"))
    number = tell(visitor, **{"happened-day": "24"})  # the 25th to the 27th are the Mid-Autumn holiday
    page = texts(visitor.get(f"/inquiries/{number}?lang=en"))
    assert "Answer due Monday 28 September 2026 By then the office answers you" in page


def test_a_number_typed_into_the_question_is_not_read_over_a_shoulder(visitor: Visitor) -> None:
    page = visitor.get(f"/inquiries/{tell(visitor, question='我是110105194912310021')}").text
    assert "我是" in page
    assert "110105194912310021" not in page


def test_the_list_of_what_this_browser_opens_names_the_matter_and_where_it_stands(visitor: Visitor) -> None:
    tell(visitor)
    number = visitor.hand_in("food-licence")
    page = texts(visitor.get("/follow?lang=zh"))
    assert f"食品生产许可，{number} 待受理，最晚" in page
    assert page.index(number) < page.index("我去问过，被推走了，")
    stranger = visitor.app.test_client()
    assert number not in stranger.get("/follow").text


def test_an_inquiry_is_followed_with_number_and_code_by_nobody_else(visitor: Visitor, stranger: Visitor) -> None:
    number = tell(visitor)
    with visitor.client.session_transaction() as session, visitor.app.app_context():
        code = shown(session["cases"][number], number)
    assert stranger.get(f"/inquiries/{number}").status_code == 404
    assert stranger.post(f"/inquiries/{number}/chase").status_code == 404
    assert stranger.post("/follow", number=number, code="AAAAAAAA").status_code == 422
    assert stranger.post("/follow", number=number, code=code).location == f"/inquiries/{number}"
    assert stranger.get(f"/inquiries/{number}").status_code == 200


def test_the_answer_is_shown_and_may_be_called_unclear(visitor: Visitor) -> None:
    number = tell(visitor)
    clerk = visitor.employ().by("clerk", "centre-a")
    with visitor.app.app_context(), transaction():
        operations.answer(number, "answered", by=clerk, at=visitor.watch.now, text="请带身份证到2号窗口。")
    said = texts(visitor.get(f"/inquiries/{number}?lang=zh"))
    assert "请带身份证到2号窗口。" in said
    assert "答复没有解决我的问题" in said
    assert visitor.post(f"/inquiries/{number}/unclear").status_code == 303
    assert "已记录：答复没有解决您的问题。" in texts(visitor.get(f"/inquiries/{number}?lang=zh"))


def test_a_hand_over_shows_both_offices_until_it_is_taken_over(visitor: Visitor) -> None:
    number = tell(visitor)
    clerk = visitor.employ().by("clerk", "centre-a")
    with visitor.app.app_context(), transaction():
        operations.hand_over_inquiry(
            number, "centre-b", reason="归B管", summary="已说明", by=clerk, at=visitor.watch.now
        )
    said = texts(visitor.get(f"/inquiries/{number}?lang=zh"))
    assert "正在转往" in said
    assert "对方尚未接收；接收之前，由上面的单位对您负责。" in said
    visitor.post(f"/inquiries/{number}/chase")
    assert "已记录您再次催问" in texts(visitor.get(f"/inquiries/{number}?lang=zh"))
    visitor.post(f"/inquiries/{number}/chase")
    assert "您今天已经催办过" in texts(visitor.get(f"/inquiries/{number}?lang=zh"))


def test_what_cannot_be_done_now_is_refused(visitor: Visitor) -> None:
    assert visitor.post(f"/inquiries/{tell(visitor)}/unclear").status_code == 409
