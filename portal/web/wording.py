"""How values are said on a page: days with their weekday, instants in the city's time, limits with their unit."""

from __future__ import annotations

import re
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from babel.dates import format_date
from flask import Flask, current_app, g
from flask_babel import gettext, ngettext, pgettext
from markupsafe import Markup, escape

from portal.basis import Bilingual, Fen, LegalSource, Limit, Refusal, Unit, Word, mask_text
from portal.catalogue.model import CLOCKS, STAGE_PREFIX, STAGE_TITLES, Citation, name_of
from portal.catalogue.queries import catalogue
from portal.web.language import language
from portal.worktime import DayNote, DayReason

_DAY = {"zh_Hans": "y年M月d日（EEEE）", "en": "EEEE d MMMM y"}
_LAW_DAY = {"zh_Hans": "y年M月d日", "en": "d MMMM y"}
_SHORT_DAY = {"zh_Hans": "M月d日（EEE）", "en": "EEE d MMM"}


def install(app: Flask) -> None:
    for name in (
        said,
        titled,
        day,
        short_day,
        moment,
        until,
        short_number,
        clock_time,
        soon,
        limit_text,
        yuan,
        holiday,
        reason,
        word,
        cited,
        clock_name,
        clean_phone,
        file_size,
        local_day,
        law_day,
        masked,
    ):
        app.add_template_filter(name)
    app.add_template_global(aside)
    app.add_template_global(gap)


def masked(text: str) -> str:
    """What somebody wrote, without the numbers that should not be read over a shoulder."""
    return mask_text(text)


def aside(text: object) -> Markup:
    """The text in the brackets of the language, with the blank that English sets before them."""
    return Markup(gettext(" (%(text)s)", text=escape(text)))  # noqa: S704 -- escaped right here


def gap() -> str:
    """What stands after a full stop or a colon: a blank, and nothing in Chinese, whose stops bring their own room."""
    return " " if language() == "en" else ""


def zone() -> ZoneInfo:
    return ZoneInfo(current_app.config["BABEL_DEFAULT_TIMEZONE"])


def local_day(at: datetime) -> date:
    return at.astimezone(zone()).date()


def said(text: Bilingual | None) -> str:
    """A text of the catalogue in the language of the page."""
    return "" if text is None else text.in_language(language())


def titled(title: str) -> str:
    """A msgid in the language of the page; a word by its context, which ``gettext`` would not see."""
    context = title.context if isinstance(title, Word) else ""
    return str(pgettext(context, title) if context else gettext(title))


def day(on: date) -> str:
    """Always with its weekday: a limit in working days is read by weekdays."""
    return format_date(on, _DAY[language()], locale=language())


def law_day(on: date) -> str:
    """From which day a norm holds: weekdays mean nothing there."""
    return format_date(on, _LAW_DAY[language()], locale=language())


def pinned_name(item: str, version: str | None) -> str:
    """The name of a service; if it has left the catalogue, that of the version which a record pins, else its code."""
    known = catalogue()
    if item in known.item_of:
        return said(known.item_of[item].name)
    try:
        return said(known.version(version or "").name)
    except Refusal:
        return version or item


def short_day(on: date) -> str:
    return format_date(on, _SHORT_DAY[language()], locale=language())


def clock_time(at: datetime) -> str:
    return at.astimezone(zone()).strftime("%H:%M")


def moment(at: datetime) -> str:
    local = at.astimezone(zone())
    return str(gettext("%(day)s, %(time)s", day=day(local.date()), time=clock_time(at)))


def until(begin: datetime, end: datetime, on: date | None = None) -> str:
    """A span of time; its day is said once if it is one, and not at all if it is the one that was just named."""
    if local_day(begin) != local_day(end):
        return f"{moment(begin)} – {moment(end)}"
    return f"{clock_time(begin) if local_day(begin) == on else moment(begin)}–{clock_time(end)}"


def short_number(number: str) -> str:
    """Of a closure, in the hall it belongs to: ``city-hall-C0002`` is C0002 there."""
    return number.rpartition("-")[2]


def soon(at: datetime) -> str:
    """A moment within the next days, the way one says it: 13:30, tomorrow 09:00, Friday 27 November 09:00."""
    ahead = (local_day(at) - g.today).days
    if ahead == 0:
        return clock_time(at)
    if ahead == 1:
        return str(gettext("tomorrow %(time)s", time=clock_time(at)))
    return str(gettext("%(day)s %(time)s", day=short_day(local_day(at)), time=clock_time(at)))


def limit_text(limit: Limit) -> str:
    n = limit.n
    if n == 0:
        return str(gettext("on the spot"))
    match limit.unit:
        case Unit.WORKING_DAY:
            return str(ngettext("%(num)s working day", "%(num)s working days", n))
        case Unit.CALENDAR_DAY:
            return str(ngettext("%(num)s calendar day", "%(num)s calendar days", n))
        case Unit.MONTH:
            return str(ngettext("%(num)s month", "%(num)s months", n))
        case Unit.WORKING_MINUTE:
            return str(ngettext("%(num)s minute of office hours", "%(num)s minutes of office hours", n))
        case Unit.HOUR:
            return str(ngettext("%(num)s hour", "%(num)s hours", n))


def yuan(sum_of_money: Fen) -> str:
    return str(gettext("%(sum)s yuan", sum=str(sum_of_money)))


HOLIDAYS = {
    "元旦": "New Year's Day",
    "春节": "Spring Festival",
    "清明节": "Tomb-Sweeping Day",
    "劳动节": "Labour Day",
    "“五一”": "Labour Day",
    "“五一”国际劳动节": "Labour Day",
    "端午节": "Dragon Boat Festival",
    "中秋节": "Mid-Autumn Festival",
    "国庆节": "National Day",
    "“十一”": "National Day",
    "壮族三月三": "Sanyuesan (Zhuang festival)",
    "抗日战争暨世界反法西斯战争胜利70周年纪念日": "Commemoration of the 70th anniversary of victory",
}


def file_size(size: int) -> str:
    if size < 1024:
        return f"{size} B"
    return f"{size / 1024:.0f} KB" if size < 1024 * 1024 else f"{size / 1024 / 1024:.1f} MB"


def holiday(name: str) -> str:
    """Notices name their days in Chinese; a name we have no English for stays as it was published."""
    if language() != "en":
        return name
    return ", ".join(HOLIDAYS.get(part, part) for part in name.split("、"))


def reason(note: DayNote) -> str:
    """Why a day of a limit was counted or not."""
    name = holiday(note.name)
    match note.reason:
        case DayReason.START:
            said_so = gettext("Day of receipt: it does not count (Civil Code, article 201)")
        case DayReason.WORKING_DAY:
            said_so = gettext("Working day")
        case DayReason.MAKE_UP_DAY:
            said_so = gettext("Make-up working day for %(name)s", name=name) if name else gettext("Make-up working day")
        case DayReason.CALENDAR_DAY:
            said_so = gettext("Calendar day")
        case DayReason.WEEKEND:
            said_so = gettext("Weekend")
        case DayReason.HOLIDAY:
            said_so = gettext("Day off: %(name)s", name=name) if name else gettext("Day off")
        case DayReason.PAUSED:
            said_so = gettext("Not counted: the time of a special procedure, a wait or an outage")
        case DayReason.ROLLED:
            said_so = gettext("The limit ends on the next working day (Civil Code, article 203)")
    return str(said_so)


def word(value: StrEnum) -> str:
    """A word of the catalogue's vocabularies, such as an audience or a channel."""
    return said(name_of(value))


def clock_name(clock: str) -> str:
    if clock in CLOCKS:
        return said(CLOCKS[clock].label)
    if clock == "target":
        return str(gettext("The day promised for this case"))
    stage = clock.removeprefix(STAGE_PREFIX)
    return str(gettext(STAGE_TITLES[stage])) if stage in STAGE_TITLES else stage


def clean_phone(phone: str) -> str:
    """For a ``tel:`` address."""
    return re.sub(r"[^0-9+]", "", phone)


_NATION = "中华人民共和国"  # before the name of a law, and mostly left out where it is cited
_EDITION = re.compile(r" \(\d{4}\)$")


def cited(citation: Citation | LegalSource, norm: str | None = None) -> str:
    """《行政许可法》第四十二条, or in English: Administrative Licensing Law, article 42."""
    source = citation.source if isinstance(citation, Citation) else citation
    code = citation.norm if isinstance(citation, Citation) else norm
    if language() != "en":
        return str(source)
    record = catalogue().norm_of.get(code or "")
    return f"{record.english if record else _english(source.norm)}, {article_in_english(source.article)}"


def _english(name: str) -> str:
    """The English name of a law that is cited by its name alone, whatever its edition; else the name itself."""
    wanted = name.removeprefix(_NATION)
    known = (record.english for record in catalogue().norms if record.norm.name.removeprefix(_NATION) == wanted)
    return _EDITION.sub("", next(known, name))


_DIGITS = {letter: value for value, letter in enumerate("零一二三四五六七八九")}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_PARTS = {"编": "part", "章": "chapter", "节": "section", "条": "article", "款": "paragraph", "项": "item"}
_PART = re.compile("第([零一二三四五六七八九十百千0-9]+)([编章节条款项])(?:之([一二三四五六七八九十]+))?")


def article_in_english(article: str) -> str:
    """第二百零一条第一款、第三条 → article 201, paragraph 1; article 3. What it cannot read stays as it is."""
    if not _PART.search(article):
        return article

    def in_english(found: re.Match[str]) -> str:
        suffix = f"-{_number(found[3])}" if found[3] else ""
        return f"{_PARTS[found[2]]} {_number(found[1])}{suffix}"

    places = [
        ", ".join(in_english(part) for part in _PART.finditer(place)) for place in re.split("[、，,；;和及]", article)
    ]
    return "; ".join(place for place in places if place)


def _number(text: str) -> int:
    if text.isdigit():
        return int(text)
    total, digit = 0, 0
    for letter in text:
        if letter in _UNITS:
            total += (digit or 1) * _UNITS[letter]
            digit = 0
        else:
            digit = _DIGITS[letter]
    return total + digit
