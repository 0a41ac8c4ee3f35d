"""How values are said: days with weekdays, instants in the city's time, limits with units, articles of law."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask, g

from portal.basis import (
    NP_,
    Bilingual,
    CalendarDays,
    Fen,
    Hours,
    LegalSource,
    Limit,
    Months,
    WorkingDays,
    WorkingMinutes,
)
from portal.web import wording
from portal.worktime import DayNote, DayReason
from tests.cases.city import at, on

ARTICLES = [
    ("第四十二条", "article 42"),
    ("第十条", "article 10"),
    ("第二十条第一款", "article 20, paragraph 1"),
    ("第二百零一条", "article 201"),
    ("第三十二条第一款第四项", "article 32, paragraph 1, item 4"),
    ("第三十三条、第三十四条", "article 33; article 34"),
    ("第一百二十条之一", "article 120-1"),
    ("第14条", "article 14"),
    ("附件2", "附件2"),
]


@pytest.fixture(params=["zh", "en"])
def tongue(request: pytest.FixtureRequest, app: Flask) -> Iterator[str]:
    """A request in each language."""
    with app.test_request_context(f"/?lang={request.param}"):
        g.now, g.today = at("Thursday 2026-09-24 10:00"), date(2026, 9, 24)
        yield str(request.param)


def said(tongue: str, zh: str, en: str) -> str:
    return zh if tongue == "zh" else en


def test_a_span_of_time_says_its_day_once_and_not_where_it_was_just_named(tongue: str) -> None:
    begin, end = at("Monday 2026-09-28 13:30"), at("Monday 2026-09-28 17:00")
    whole = said(tongue, "2026年9月28日（星期一）13:30–17:00", "Monday 28 September 2026, 13:30–17:00")
    assert wording.until(begin, end) == wording.until(begin, end, on("Sunday 2026-09-27")) == whole
    assert wording.until(begin, end, on("Monday 2026-09-28")) == "13:30–17:00"
    tuesday = at("Tuesday 2026-09-29 09:00")
    assert wording.until(begin, tuesday).count("2026") == 2


def test_between_sentences_stands_what_the_language_has_there(tongue: str) -> None:
    assert wording.gap() == said(tongue, "", " ")


def test_a_word_is_said_by_its_context(tongue: str) -> None:
    assert wording.titled(NP_("state of a case", "Accepted")) == said(tongue, "已受理", "Accepted")
    assert wording.titled("Accepted") == said(tongue, "予以受理", "Accepted")


@pytest.mark.parametrize(("chinese", "english"), ARTICLES)
def test_articles_are_said_in_english(chinese: str, english: str) -> None:
    assert wording.article_in_english(chinese) == english


def test_a_day_is_said_with_its_weekday(tongue: str) -> None:
    day = on("Monday 2026-09-28")
    assert wording.day(day) == said(tongue, "2026年9月28日（星期一）", "Monday 28 September 2026")
    assert wording.short_day(day) == said(tongue, "9月28日（周一）", "Mon 28 Sep")


def test_an_instant_is_said_in_the_citys_time(tongue: str) -> None:
    late = at("Thursday 2026-12-31 23:30")
    assert wording.moment(late) == said(tongue, "2026年12月31日（星期四）23:30", "Thursday 31 December 2026, 23:30")
    assert wording.local_day(late) == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("moment", "zh", "en"),
    [
        ("Thursday 2026-09-24 13:30", "13:30", "13:30"),
        ("Friday 2026-09-25 09:00", "明天09:00", "tomorrow 09:00"),
        ("Monday 2026-09-28 09:00", "9月28日（周一）09:00", "Mon 28 Sep 09:00"),
    ],
)
def test_what_comes_soon_is_said_as_one_says_it(tongue: str, moment: str, zh: str, en: str) -> None:
    assert wording.soon(at(moment)) == said(tongue, zh, en)


@pytest.mark.parametrize(
    ("limit", "zh", "en"),
    [
        (WorkingDays(5), "5个工作日", "5 working days"),
        (WorkingDays(1), "1个工作日", "1 working day"),
        (WorkingDays(0), "当场", "on the spot"),
        (CalendarDays(60), "60个自然日", "60 calendar days"),
        (Months(2), "2个月", "2 months"),
        (Hours(24), "24小时", "24 hours"),
        (WorkingMinutes(30), "30个办公分钟", "30 minutes of office hours"),
    ],
)
def test_a_limit_is_said_with_its_unit(tongue: str, limit: Limit, zh: str, en: str) -> None:
    assert wording.limit_text(limit) == said(tongue, zh, en)


def test_money_and_sizes_are_said_with_their_units(tongue: str) -> None:
    assert wording.yuan(Fen(12345)) == said(tongue, "123.45元", "123.45 yuan")
    assert [wording.file_size(size) for size in (45, 2048, 3_400_000)] == ["45 B", "2 KB", "3.2 MB"]


def test_a_holiday_has_an_english_name_and_an_unknown_one_keeps_its_own(tongue: str) -> None:
    assert wording.holiday("国庆节、中秋节") == said(tongue, "国庆节、中秋节", "National Day, Mid-Autumn Festival")
    assert wording.holiday("泼水节") == "泼水节"


@pytest.mark.parametrize("reason", list(DayReason))
def test_every_reason_of_a_day_is_said(tongue: str, reason: DayReason) -> None:
    text = wording.reason(DayNote(date(2026, 10, 1), counted=False, number=0, reason=reason, name="国庆节"))
    assert text
    assert text.isascii() == (tongue == "en")


def test_a_citation_names_the_norm_in_the_language_of_the_page(tongue: str) -> None:
    source = LegalSource("中华人民共和国行政许可法", "第四十二条")
    cited = wording.cited(source, "licensing-law-2019")
    assert cited == said(
        tongue, "《中华人民共和国行政许可法》第四十二条", "Administrative Licensing Law (2019), article 42"
    )


def test_a_text_of_the_catalogue_is_said_in_the_language_of_the_page(tongue: str) -> None:
    assert wording.said(Bilingual("一诺", "Yinuo")) == said(tongue, "一诺", "Yinuo")
    assert wording.said(None) == ""


@pytest.mark.parametrize(("phone", "clean"), [("0199-5550300", "01995550300"), ("+86 199 0000", "+861990000")])
def test_a_phone_is_cleaned_for_dialling(phone: str, clean: str) -> None:
    assert wording.clean_phone(phone) == clean


def test_a_stage_is_called_by_its_name_and_a_foreign_one_as_its_item_calls_it(tongue: str) -> None:
    assert wording.clock_name("stage:registration") == said(tongue, "登记", "registration")
    assert wording.clock_name("stage:audition") == "audition"
