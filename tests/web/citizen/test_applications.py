"""Handing in: one question at a time, a form made from the item, files, a last look, and one case."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from portal import create_app, vault
from portal.accounts.throttle.model import PACES, Kind
from portal.cases.queries import case_page
from portal.catalogue.model import Channel
from portal.catalogue.queries import catalogue
from portal.ledger import queries as ledger
from portal.scheduler.running import Scheduler
from portal.store import db
from portal.verbs.scheduler import DAILY
from portal.web.citizen import drafts
from portal.web.tables import DraftRow
from tests.cases.city import at
from tests.papers import PNG
from tests.web.citizen.visits import CREDIT_CODE, IDENTITY, THURSDAY, Visitor, Watch, mistakes, pdf, texts, version_of

ONLINE = [item.code for item in catalogue().items(on=THURSDAY.date()) if Channel.WEB in version_of(item.code).channels]
BY_AGENT = {"who": "agent"}


def uploads(app: Flask) -> list[Path]:
    return [file for file in (Path(app.instance_path) / "uploads").rglob("*") if file.is_file()]


@pytest.mark.parametrize("item", ONLINE)
def test_every_item_offered_online_can_be_handed_in_by_the_form_made_from_it(visitor: Visitor, item: str) -> None:
    number = visitor.hand_in(item)
    with visitor.app.app_context():
        page = case_page(number, at=visitor.watch.now)
    version = version_of(item)
    situation = version.situation(page.case.situation)
    assert situation is not None
    assert page.version.version == version.version
    assert {paper.code for paper in page.papers} == {material.code for material in version.materials_for(situation)}
    assert set(page.personal) == {asked.name for asked in version.fields_for(situation)}
    assert visitor.get(f"/cases/{number}/receipt?lang=en").status_code == 200
    assert visitor.get(f"/cases/{number}?lang=zh").status_code == 200


def test_an_item_that_is_not_offered_online_cannot_be_started(visitor: Visitor) -> None:
    offline = [item for item in catalogue().item_of if item not in ONLINE]
    for item in [*offline, "flying-carpet"]:
        assert visitor.post(f"/items/{item}/apply").status_code == 404


def test_each_page_asks_one_question_and_the_last_answer_leads_to_the_form(visitor: Visitor) -> None:
    first = visitor.begin("unemployment-subsidy")
    assert first.endswith("/question/who")
    assert visitor.get(first).text.count('type="radio"') == 2
    second = visitor.post(first, answer="self").location
    assert second.endswith("/question/ground")
    assert visitor.post(second, answer="ended").location.endswith("/details")


def test_a_question_left_open_is_pointed_at(visitor: Visitor) -> None:
    answer = visitor.post(visitor.begin("unemployment-subsidy"))
    assert answer.status_code == 422
    assert mistakes(answer) == {"answer": "请选择一项"}
    assert "<title>有误：" in answer.text


def test_an_answer_that_is_not_offered_is_refused(visitor: Visitor) -> None:
    answer = visitor.post(visitor.begin("unemployment-subsidy"), answer="the-king")
    assert answer.status_code == 422
    assert mistakes(answer) == {"answer": "请从所列选项中选择"}


def test_a_question_of_a_way_not_taken_is_not_there(visitor: Visitor) -> None:
    page = visitor.answer_questions("unemployment-subsidy", BY_AGENT)
    token = visitor.draft_of(page)
    assert visitor.get(f"/apply/{token}/question/ground").status_code == 404
    assert visitor.get(f"/apply/{token}/question/nothing").status_code == 404


def test_another_answer_leads_to_another_situation_and_its_own_fields(visitor: Visitor) -> None:
    page = visitor.answer_questions("unemployment-subsidy")
    assert "f_agent-name" not in visitor.get(page).text
    token = visitor.draft_of(page)
    assert visitor.post(f"/apply/{token}/question/who", answer="agent").location == page
    assert "f_agent-name" in visitor.get(page).text


def test_what_was_typed_stays_and_every_mistake_is_pointed_at(visitor: Visitor) -> None:
    page = visitor.answer_questions("unemployment-subsidy")
    answer = visitor.post(
        page,
        **{
            "f_applicant-name": " 买买提·阿卜杜拉 ",
            "f_identity-number": "990101199003070016",
            "f_phone": "12345",
            "f_bank-account": "62x",
            "f_stopped-work-on-year": "2026",
            "f_stopped-work-on-month": "2",
            "f_stopped-work-on-day": "30",
        },
    )
    assert answer.status_code == 422
    assert mistakes(answer) == {
        "f_identity-number": "请核对18位公民身份号码，校验位不符",
        "f_phone": "请输入电话号码：11位手机号，或者区号加固定电话号码",
        "f_bank-account": "“本人银行账号”格式不正确，请核对",
        "f_stopped-work-on-year": "请输入真实的日期，例如2026年9月28日",
    }
    for typed in ("买买提·阿卜杜拉", "990101199003070016", "12345", "62x"):
        assert f'value="{typed}"' in answer.text
    assert 'value="30"' in answer.text


def test_nothing_typed_names_every_field_that_is_required(visitor: Visitor) -> None:
    answer = visitor.post(visitor.answer_questions("unemployment-subsidy"))
    assert answer.status_code == 422
    assert [text.split("：")[0] for text in mistakes(answer).values()] == ["请填写"] * 5


def test_an_optional_field_may_stay_empty_and_says_so(visitor: Visitor) -> None:
    page = visitor.answer_questions("hotline-appeal")
    assert "发生地点（选填）" in texts(visitor.get(page))
    answer = visitor.post(page, **{"f_subject": "路灯不亮", "f_contact-phone": "0199-5550400"})
    assert answer.status_code == 303


def test_the_right_files_are_kept_even_when_another_one_is_wrong(visitor: Visitor) -> None:
    page = fill_details(visitor)
    answer = visitor.post(page, m_application=pdf("申请书.pdf"), m_layout=pdf("布局.pdf", b"no pdf"))
    assert answer.status_code == 422
    assert (
        mistakes(answer)["m_layout"]
        == "食品生产设备布局图：“布局.pdf”不是PDF、JPG、PNG、DOCX或XLSX文件，请另存为这些格式"
    )
    assert mistakes(answer)["m_process"] == "请上传：食品生产工艺流程图"
    assert "m_application" not in mistakes(answer)
    assert "✓ 申请书.pdf" in texts(answer)
    assert "✓ 申请书.pdf" in texts(visitor.get(page))


def fill_details(visitor: Visitor) -> str:
    page = visitor.answer_questions("food-licence")
    return str(
        visitor.post(
            page,
            **{
                "f_firm-name": "例州市好菌食品有限公司",
                "f_credit-code": CREDIT_CODE,
                "f_contact-name": "张女士",
                "f_contact-phone": "13800138000",
                "f_categories": "蔬菜制品",
                "f_premises": "东街11号",
            },
        ).location
    )


def test_material_that_may_follow_later_is_promised_and_named_on_every_page(visitor: Visitor) -> None:
    page = fill_details(visitor)
    files = {f"m_{code}": pdf() for code in ("application", "layout", "process")}
    check = visitor.post(page, **files, **{"later_safety-rules": "y"}).location
    assert check.endswith("/check")
    assert "容后补交" in texts(visitor.get(check))
    number = visitor.post(check, is_true="y").location.split("/")[2]
    assert "食品安全管理制度清单（容后补交）" in texts(visitor.get(f"/cases/{number}/receipt"))


def test_only_material_that_may_follow_later_can_be_promised(visitor: Visitor) -> None:
    answer = visitor.post(fill_details(visitor), later_application="y", **{"later_safety-rules": "y"})
    assert answer.status_code == 422
    assert set(mistakes(answer)) == {"m_application", "m_layout", "m_process"}


def test_a_file_can_be_taken_away_again(visitor: Visitor) -> None:
    page = fill_details(visitor)
    visitor.post(page, m_application=pdf("错的.pdf"))
    (stored,) = uploads(visitor.app)
    answer = visitor.post(page, remove=f"{stored.parent.name}/{stored.name}", m_layout=pdf("布局.pdf"))
    assert answer.status_code == 303
    said = texts(visitor.get(page))
    assert "错的.pdf" not in said
    assert "✓ 布局.pdf" in said  # chosen in the same breath, and not lost
    assert len(uploads(visitor.app)) == 1


def test_a_picture_is_taken_as_well_and_more_than_five_files_are_not(visitor: Visitor) -> None:
    page = fill_details(visitor)
    visitor.post(page, m_application=[pdf("1.PNG", PNG), pdf("2.pdf")])
    answer = visitor.post(page, m_application=[pdf(f"{n}.pdf") for n in range(3, 7)])
    assert mistakes(answer)["m_application"] == "食品生产许可申请书：每份材料最多上传5个文件，多页材料请合并为一个PDF"
    assert len(uploads(visitor.app)) == 2


def test_the_last_look_shows_what_was_typed_and_leads_back_to_it(visitor: Visitor) -> None:
    check = visitor.fill_in("unemployment-subsidy", BY_AGENT)
    page = visitor.get(check)
    said = texts(page)
    for text in ("代办人", IDENTITY, "13800138000", "2026年9月1日（星期二）", "页.pdf"):
        assert text in said
    token = visitor.draft_of(check)
    assert f'href="/apply/{token}/question/who"' in page.text
    assert f'href="/apply/{token}/details#f_phone"' in page.text


def test_nothing_is_handed_in_before_the_last_button(visitor: Visitor) -> None:
    visitor.get(visitor.fill_in("unemployment-subsidy"))
    with visitor.app.app_context():
        assert ledger.last_seq() == 0


def test_the_last_look_is_reached_only_when_nothing_is_missing(visitor: Visitor) -> None:
    page = fill_details(visitor)
    token = visitor.draft_of(page)
    assert visitor.get(f"/apply/{token}/check").location == page
    assert visitor.post(f"/apply/{token}/check", is_true="y").location == page
    assert visitor.get(f"/apply/{token}").location == page


def test_who_does_not_declare_that_it_is_true_is_asked_to(visitor: Visitor) -> None:
    answer = visitor.post(visitor.fill_in("unemployment-subsidy"))
    assert answer.status_code == 422
    assert mistakes(answer) == {"is_true": "请勾选，声明所填内容真实"}


def test_a_second_click_gives_the_same_number_and_code_and_no_second_case(visitor: Visitor) -> None:
    check = visitor.fill_in("unemployment-subsidy")
    first = visitor.post(check, is_true="y").location
    code = codes_on(texts(visitor.get(first)))
    with visitor.client.session_transaction() as session:
        session.pop("cases")  # the first answer never arrived
    assert visitor.post(check, is_true="y").location == first
    assert codes_on(texts(visitor.get(first))) == code
    with visitor.app.app_context():
        assert len([event for event in ledger.events_after(0) if event.kind == "submitted"]) == 1


def codes_on(page: str) -> str:
    """The query code stands right behind its label."""
    words = page.split()
    return words[words.index("查询码") + 1]


def test_after_the_hand_in_every_page_of_the_draft_leads_to_the_receipt(visitor: Visitor) -> None:
    check = visitor.fill_in("unemployment-subsidy")
    receipt = visitor.post(check, is_true="y").location
    token = visitor.draft_of(check)
    for view in ("", "/details", "/materials", "/check", "/question/who"):
        assert visitor.get(f"/apply/{token}{view}").location == receipt


def test_a_draft_belongs_to_the_browser_that_began_it(visitor: Visitor, stranger: Visitor) -> None:
    page = visitor.answer_questions("unemployment-subsidy")
    token = visitor.draft_of(page)
    for view in ("", "/details", "/materials", "/check", "/question/who"):
        assert stranger.get(f"/apply/{token}{view}").status_code == 404
    assert stranger.post(f"/apply/{token}/discard").status_code == 404
    assert visitor.get(page).status_code == 200


def test_a_deleted_draft_is_gone_with_its_files(visitor: Visitor) -> None:
    page = fill_details(visitor)
    visitor.post(page, m_application=pdf())
    assert visitor.post(f"/apply/{visitor.draft_of(page)}/discard").location == "/items/food-licence"
    assert visitor.get(page).status_code == 404
    assert uploads(visitor.app) == []


def forget_at(app: Flask, moment: datetime) -> None:
    """What the scheduler of `portal scheduler` does every night, its own clock and transaction included."""
    Scheduler(app.app_context, clock=lambda: moment, daily=DAILY).tidy()


def test_a_forgotten_draft_is_thrown_away_with_its_files_and_a_case_keeps_its_own(visitor: Visitor) -> None:
    visitor.post(fill_details(visitor), m_application=pdf())
    visitor.hand_in("unemployment-subsidy", BY_AGENT)
    assert len(uploads(visitor.app)) == 2
    forget_at(visitor.app, visitor.watch.now + drafts.KEPT_FOR)
    assert len(uploads(visitor.app)) == 2
    for _ in range(2):  # a second run finds nothing left to do
        forget_at(visitor.app, visitor.watch.now + drafts.KEPT_FOR + timedelta(seconds=1))
        assert len(uploads(visitor.app)) == 1
        with visitor.app.app_context():
            assert db.session.query(DraftRow).count() == 0


def test_a_draft_that_was_touched_again_is_kept_from_then_on(database_url: str, tmp_path: Path, watch: Watch) -> None:
    settings = {"TESTING": True, "WTF_CSRF_ENABLED": False, "SQLALCHEMY_DATABASE_URI": database_url, "CLOCK": watch}
    app = create_app(settings, instance=tmp_path)
    visitor = Visitor(app.test_client(), app, watch)
    kept, left = fill_details(visitor), visitor.begin("unemployment-subsidy")
    visitor.post(kept, m_application=pdf())
    watch.now += drafts.KEPT_FOR
    visitor.post(kept, m_layout=pdf())
    forget_at(app, watch.now + timedelta(seconds=1))
    assert visitor.get(kept).status_code == 200
    assert visitor.get(left).status_code == 404
    assert len(uploads(app)) == 2
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_personal_facts_are_sealed_and_leave_the_draft_at_the_hand_in(visitor: Visitor) -> None:
    visitor.hand_in("unemployment-subsidy")
    with visitor.app.app_context():
        events = ledger.events_after(0)
        assert all(IDENTITY not in json.dumps(event.payload) and IDENTITY not in event.actor for event in events)
        assert IDENTITY.encode() not in (events[0].sealed or b"")
        assert IDENTITY in str(vault.words(events[0].sealed, vault.purpose_of(events[0].subject, events[0].kind)))
        assert IDENTITY.encode() not in db.session.query(DraftRow).one().content


def test_the_same_person_is_the_same_applicant_and_nobody_can_tell_who(visitor: Visitor, stranger: Visitor) -> None:
    visitor.hand_in("unemployment-subsidy")
    stranger.hand_in("unemployment-subsidy")
    with visitor.app.app_context():
        one, two = [event.text("applicant") for event in ledger.events_after(0) if event.kind == "submitted"]
    assert one == two
    assert IDENTITY not in str(one)


def test_a_renewal_is_promised_by_the_last_day_of_the_licence(visitor: Visitor) -> None:
    number = visitor.hand_in("food-licence", {"action": "renewal"})
    with visitor.app.app_context():
        target = case_page(number, at=visitor.watch.now).case.target_at
    assert target == at("Tuesday 2026-12-01 23:59") + timedelta(seconds=59)
    assert "2026年12月1日（星期二）23:59" in texts(visitor.get(f"/cases/{number}?lang=zh"))


def test_a_licence_that_has_expired_cannot_be_renewed(visitor: Visitor) -> None:
    page = visitor.answer_questions("food-licence", {"action": "renewal"})
    day = {
        f"f_licence-expires-on-{part}": value
        for part, value in zip(("year", "month", "day"), ("2026", "9", "23"), strict=True)
    }
    assert mistakes(visitor.post(page, **day))["f_licence-expires-on-year"] == "该许可已经过期，不能延续，请重新申请"


def test_after_many_files_that_could_not_be_taken_one_waits_and_loses_nothing(visitor: Visitor) -> None:
    page = fill_details(visitor)
    visitor.post(page, m_application=pdf("申请书.pdf"))
    for _ in range(PACES[Kind.FILES].most // 5):
        visitor.post(page, m_layout=[pdf(f"{n}.pdf", b"no pdf") for n in range(5)])
    answer = visitor.post(f"{page}?lang=en", m_layout=pdf("布局.pdf"))
    assert answer.status_code == 422
    assert "no more are looked at for 10 min" in mistakes(answer)["m_layout"]
    assert "申请书.pdf" in texts(answer)
    visitor.watch.now += timedelta(minutes=10)
    assert "布局.pdf" in texts(visitor.post(page, m_layout=pdf("布局.pdf")))


def test_a_form_without_its_token_is_refused(tmp_path: Path, sqlite_url: str) -> None:
    app = create_app({"TESTING": True, "SQLALCHEMY_DATABASE_URI": sqlite_url}, instance=tmp_path)
    answer = app.test_client().post("/items/unemployment-subsidy/apply")
    assert answer.status_code == 400
