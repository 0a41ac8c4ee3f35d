"""Home, search and guide: what can be asked for, what it takes, and by when."""

from __future__ import annotations

import pytest

from portal.catalogue.queries import catalogue
from tests.cases.city import at
from tests.web.citizen.visits import THURSDAY, Visitor, texts, version_of

ITEMS = sorted(catalogue().item_of)
IN_FORCE = [item.code for item in catalogue().items(on=THURSDAY.date())]


def found_by(visitor: Visitor, query: str) -> list[str]:
    page = visitor.get(f"/items?{query}").text
    return [code for code in ITEMS if f'href="/items/{code}"' in page]


def test_the_first_page_offers_search_services_themes_and_halls(visitor: Visitor) -> None:
    page = visitor.get("/?lang=zh")
    assert 'name="q"' in page.text
    assert "例州市政务服务中心" in texts(page)
    assert "鹤样市" not in texts(page)  # a hall of another city
    assert "/items?audience=person&amp;topic=social-security" in page.text


def test_services_handed_in_most_often_of_late_stand_first(visitor: Visitor) -> None:
    visitor.hand_in("unemployment-subsidy")
    page = visitor.get("/?lang=en").text
    popular = page[page.index('id="popular"') :]
    assert popular.index("/items/unemployment-subsidy") == popular.index("/items/")


@pytest.mark.parametrize(
    ("words", "item"),
    [
        ("失业", "unemployment-subsidy"),
        ("补助金申领", "unemployment-subsidy"),
        ("UNEMPLOYMENT Subsidy", "unemployment-subsidy"),
        ("食品 许可", "food-licence"),
        ("food licence", "food-licence"),
        ("shiye", "unemployment-subsidy"),
        ("ShiPin XuKe", "food-licence"),
        ("sybzj", "unemployment-subsidy"),
    ],
)
def test_the_search_finds_pieces_of_chinese_and_english_words(visitor: Visitor, words: str, item: str) -> None:
    assert item in found_by(visitor, f"q={words}")


@pytest.mark.parametrize("query", ["长" * 5000, "%00%01%7f", "%25_%27%22<b>", "%F0%9F%98%80", "%E2%80%AE", "-- ; DROP"])
def test_whatever_is_typed_is_answered_and_says_what_to_do_next(visitor: Visitor, query: str) -> None:
    answer = visitor.get(f"/items?q={query}&lang=en")
    assert answer.status_code == 200
    assert "<b>" not in answer.text
    assert "\x00" not in answer.text
    if query in ("%00%01%7f", "%E2%80%AE"):  # nothing that can be seen: all services are shown
        assert "food-licence" in answer.text
    else:
        assert "ask by phone or at a window" in texts(answer)
        assert "Browse by theme" in texts(answer)


def test_two_letters_are_no_reading_of_everything(visitor: Visitor) -> None:
    assert "No service has all these words." in texts(visitor.get("/items?q=sy&lang=en"))


def test_every_word_has_to_be_there(visitor: Visitor) -> None:
    assert "No service has all these words." in texts(visitor.get("/items?q=food subsidy&lang=en"))
    assert "No service has all these words." not in texts(visitor.get("/items?q=food licence&lang=en"))


def test_what_has_no_match_finds_what_comes_closest(visitor: Visitor) -> None:
    page = visitor.get("/items?q=失业补助怎么领啊&lang=zh")
    assert "没有同时包含这些词的事项" in texts(page)
    assert 'href="/items/unemployment-subsidy"' in page.text


def test_nonsense_finds_nothing_and_says_where_to_ask(visitor: Visitor) -> None:
    page = visitor.get("/items?q=ヴヴヴ&lang=en")
    assert page.status_code == 200
    assert found_by(visitor, "q=ヴヴヴ") == []
    assert "ask by phone or at a window" in texts(page)


def test_audience_and_theme_narrow_the_list(visitor: Visitor) -> None:
    for_firms = found_by(visitor, "audience=firm")
    assert "food-licence" in for_firms
    assert "unemployment-subsidy" not in for_firms
    assert found_by(visitor, "audience=firm&topic=licences&q=食品生产许可")[0] == "food-licence"


def test_a_filter_that_does_not_exist_is_left_out(visitor: Visitor) -> None:
    assert found_by(visitor, "audience=cats&topic=moon") == sorted(IN_FORCE)


def test_typed_words_are_shown_as_text_only(visitor: Visitor) -> None:
    page = visitor.get(
        "/items",
    ).text
    assert "<script>alert" not in visitor.get("/items?q=<script>alert(1)</script>").text
    assert page


@pytest.mark.parametrize("item", IN_FORCE)
def test_a_guide_shows_every_element_of_its_item_in_both_languages(visitor: Visitor, item: str) -> None:
    version = version_of(item)
    for language in ("zh", "en"):
        page = visitor.get(f"/items/{item}?lang={language}")
        assert page.status_code == 200
        said = texts(page)
        wanted = [
            version.name, version.summary, version.rights, version.obligations, version.cross_area,
            *version.conditions, *(material.name for material in version.materials),
            *(limit.promised_text for limit in version.limits), *(fee.rate for fee in version.fees),
            *(step.text for step in version.steps), *(faq.answer for faq in version.faq),
            *(procedure.explanation for procedure in version.special_procedures),
            *(catalogue().hall_of[hall].address for hall in version.halls),
            *(situation.name for situation in version.situations if len(version.situations) > 1),
        ]  # fmt: skip
        if version.result:
            wanted.append(version.result.name)
        missing = [text for text in wanted if " ".join(text.in_language(language).split()) not in said]
        assert missing == []
        for code in (version.consult_phone, version.complaint_phone, version.implementation_code):
            assert code in said


@pytest.mark.parametrize("item", IN_FORCE)
def test_a_guide_cites_the_article_behind_each_limit(visitor: Visitor, item: str) -> None:
    said = texts(visitor.get(f"/items/{item}?lang=zh"))
    for limit in version_of(item).limits:
        assert limit.source is None or str(limit.source) in said
        assert limit.source is not None or "法律法规没有规定天数" in said


def test_a_guide_says_which_materials_are_fetched_and_never_asked(visitor: Visitor) -> None:
    said = texts(visitor.get("/items/unemployment-subsidy?lang=zh"))
    assert "以下材料由我们通过数据共享获取，任何人不得要求您提供" in said


@pytest.mark.parametrize(
    ("moment", "received", "due"),
    [
        ("Thursday 2026-09-24 10:00", "2026年9月24日（星期四）", "2026年10月9日（星期五）"),
        (
            "Thursday 2026-09-24 17:00",
            "2026年9月28日（星期一）",
            "2026年10月10日（星期六）",
        ),  # after closing; a make-up Saturday
        ("Saturday 2026-09-26 10:00", "2026年9月28日（星期一）", "2026年10月10日（星期六）"),
        ("Monday 2026-11-23 09:00", "2026年11月23日（星期一）", "2026年11月30日（星期一）"),
    ],
)
def test_a_guide_names_the_day_promised_to_who_hands_in_now(
    visitor: Visitor, moment: str, received: str, due: str
) -> None:
    visitor.watch.now = at(moment)
    said = texts(visitor.get("/items/unemployment-subsidy?lang=zh"))
    assert f"最晚收到结果： {due}" in said
    assert f"现在网上提交，收件日为{received}" in said


def test_the_promised_day_is_explained_day_by_day_with_its_notices(visitor: Visitor) -> None:
    said = texts(visitor.get("/items/unemployment-subsidy?lang=zh"))
    assert "9月25日（周五） 不计入 放假：中秋节 国办发明电〔2025〕7号" in said
    assert "9月28日（周一） 第1天 工作日" in said
    assert "10月9日（周五） 第5天 工作日" in said
    english = texts(visitor.get("/items/unemployment-subsidy?lang=en"))
    assert "Fri 25 Sep not counted Day off: Mid-Autumn Festival" in english


def test_a_day_beyond_the_published_calendar_is_marked_as_provisional(visitor: Visitor) -> None:
    visitor.watch.now = at("Wednesday 2026-12-23 10:00")
    said = texts(visitor.get("/items/unemployment-subsidy?lang=zh"))
    assert "2026年12月30日（星期三） 暂定" in said
    assert "暂定：该日的放假通知尚未发布" in said
    visitor.watch.now = at("Thursday 2026-12-17 10:00")
    assert "暂定" not in texts(visitor.get("/items/unemployment-subsidy?lang=zh"))


def test_a_decision_is_counted_from_the_last_day_of_acceptance(visitor: Visitor) -> None:
    visitor.watch.now = at("Tuesday 2026-11-24 10:00")
    said = texts(visitor.get("/items/food-licence?lang=en"))
    assert "The answer is there by Tuesday 22 December 2026" in said
    assert "Counted from Tuesday 1 December 2026, the last day on which your request may be accepted" in said


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        ("Thursday 2026-09-24 10:00", "● 正在服务 到12:00"),
        ("Thursday 2026-09-24 12:00", "○ 暂未开放 13:30开门"),  # the second it closes
        ("Thursday 2026-09-24 17:30", "○ 暂未开放 9月28日（周一）09:00开门"),  # the feast is passed over
        ("Sunday 2026-09-27 10:00", "○ 暂未开放 明天09:00开门"),
        ("Saturday 2026-10-10 10:00", "● 正在服务 到12:00"),  # a make-up Saturday
    ],
)
def test_a_hall_says_whether_it_is_open_now_or_when_it_opens(visitor: Visitor, moment: str, said: str) -> None:
    visitor.watch.now = at(moment)
    page = texts(visitor.get("/halls?lang=zh"))
    assert f"例州市政务服务中心 {said}" in page


def test_a_guide_names_the_windows_that_take_the_item(visitor: Visitor) -> None:
    said = texts(visitor.get("/items/food-licence?lang=zh"))
    assert "市场监管窗口" in said
    assert "社保窗口1" not in said


def test_an_item_that_is_not_there_is_not_found(visitor: Visitor) -> None:
    assert visitor.get("/items/flying-carpet").status_code == 404


@pytest.mark.parametrize("path", ["/", "/items", "/halls", "/help", "/accessibility", "/follow", "/sent-away"])
def test_every_page_has_one_heading_and_keeps_its_place_when_the_language_changes(visitor: Visitor, path: str) -> None:
    for language, other in (("zh", "en"), ("en", "zh")):
        page = visitor.get(f"{path}?lang={language}").text
        assert page.count("<h1") == 1
        assert f'href="{path}?lang={other}"' in page
