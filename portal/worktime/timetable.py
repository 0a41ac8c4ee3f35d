"""When an office is open: a week, seasons and dated exceptions, read from TOML or JSON; independent of any calendar."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from portal.basis import N_
from portal.basis.files import State, listing
from portal.worktime.refusals import BadTimetable

OFFICES = Path(__file__).parent / "offices"
DAY = 86_400
CLOCK = re.compile(r"(\d\d):(\d\d)(?::(\d\d))?")
MONTH_DAY = re.compile(r"(\d\d)-(\d\d)")


class Session(NamedTuple):
    """One opening, in seconds after local midnight, half-open; it may close at 86,400, the end of the day."""

    opens: int
    closes: int


Sessions = tuple[Session, ...]
Week = tuple[Sessions, ...]


@dataclass(frozen=True, slots=True)
class Season:
    """Hours between two days of every year, both included; a season may run over the turn of the year."""

    begins: tuple[int, int]
    ends: tuple[int, int]
    week: Week

    def holds(self, day: date) -> bool:
        today = (day.month, day.day)
        if self.begins <= self.ends:
            return self.begins <= today <= self.ends
        return today >= self.begins or today <= self.ends


@dataclass(frozen=True, slots=True)
class Timetable:
    """The hours of each weekday (Monday first), the first season that holds before them, single days before all.

    Hours never make a working day; they say when its door is open. ``shut`` are the weekdays expressly without hours.
    """

    zone: ZoneInfo
    week: Week
    shut: frozenset[int] = frozenset()
    seasons: tuple[Season, ...] = ()
    exceptions: Mapping[date, Sessions] = field(default_factory=dict)

    @classmethod
    def parse(cls, table: Mapping[str, Any]) -> Timetable:
        """Read ``timezone``, ``week``, ``seasons`` and ``hours_overrides``, as the JSON of `portal worktime` has them.

        :raises BadTimetable: with the name of the part that cannot be kept.
        """
        named = parse_weekdays(table.get("week", {}), "week")
        week = _whole(named)
        return cls(
            zone=parse_zone(table.get("timezone", "Asia/Shanghai")),
            week=week,
            shut=frozenset(number for number, sessions in named.items() if not sessions),
            seasons=tuple(_season(season, week) for season in _list(table.get("seasons", []), "seasons")),
            exceptions=_exceptions(table.get("hours_overrides", {})),
        )

    @property
    def weekdays(self) -> frozenset[int]:
        """The weekdays (Monday is 1) that have hours."""
        return frozenset(number for number, sessions in enumerate(self.week, 1) if sessions)

    def sessions(self, day: date, *, works: bool, is_moved: bool = False) -> Sessions:
        """The openings of ``day``, given whether it is worked, and whether a rule of the calendar says so.

        A window may be open on a plain Saturday without making it a working day; on a holiday only an exception opens.
        """
        exception = self.exceptions.get(day)
        if exception is not None:
            return exception
        if works:
            return () if day.isoweekday() in self.shut and not is_moved else self.usual(day)
        return () if is_moved else self._week(day)[day.weekday()]

    def usual(self, day: date) -> Sessions:
        """The openings of a working day without exceptions; one without hours of its own has Monday's."""
        week, weekday = self._week(day), day.weekday()
        if week[weekday] or self.week[weekday]:
            return week[weekday]
        return week[0] or next(filter(None, week), ())

    def _week(self, day: date) -> Week:
        return next((season.week for season in self.seasons if season.holds(day)), self.week)

    @property
    def version(self) -> str:
        parts = (self.zone.key, self.week, sorted(self.shut), self.seasons, sorted(self.exceptions.items()))
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def read_office(code: str, folder: Path | None = None) -> Timetable:
    """The timetable ``<code>.toml`` of a deployment's own folder, else of those shipped, else the general one."""
    return timetable_in(office_file(code, folder))


def office_file(code: str, folder: Path | None = None) -> State:
    """The file that :func:`read_office` reads, as it stands: what is made of it may be kept by that."""
    for root in (folder, OFFICES):
        if root and (file := listing(root).get(f"{code}.toml")):
            return file
    return listing(OFFICES)["default.toml"]


@cache
def timetable_in(file: State) -> Timetable:
    return read_timetable(file.path)


def read_timetable(path: Path) -> Timetable:
    with path.open("rb") as file:
        return Timetable.parse(tomllib.load(file))


def parse_zone(name: Any) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, TypeError, OSError):
        raise _bad("timezone", name, N_("give a name such as Asia/Shanghai")) from None


def parse_weekdays(table: Any, where: str) -> dict[int, Sessions]:
    """Openings by weekday from keys such as ``1-5``, ``6`` or ``1,3,5`` (Monday is 1)."""
    if not isinstance(table, Mapping):
        raise _bad(where, table, N_('give a table such as {"1-5": [["09:00", "17:00"]]}'))
    days: dict[int, Sessions] = {}
    for key, hours in table.items():
        sessions = parse_sessions(hours, where)
        for number in _weekdays(key, where):
            if number in days:
                raise _bad(where, key, N_("name each weekday once"))
            days[number] = sessions
    return days


def _whole(days: Mapping[int, Sessions]) -> Week:
    return tuple(days.get(number, ()) for number in range(1, 8))


def parse_sessions(hours: Any, where: str) -> Sessions:
    """Openings as ``[["09:00", "12:00"], …]``, sorted; those that touch are joined, those that overlap refused."""
    result: list[Session] = []
    for session in sorted(_session(pair, where) for pair in _list(hours, where)):
        if result and session.opens < result[-1].closes:
            raise _bad(where, hours, N_("openings of one day must not overlap"))
        touches = bool(result) and session.opens == result[-1].closes
        result.append(Session(result.pop().opens, session.closes) if touches else session)
    return tuple(result)


def _session(pair: Any, where: str) -> Session:
    if not isinstance(pair, Sequence) or isinstance(pair, str) or len(pair) != 2:
        raise _bad(where, pair, N_('give each opening as ["from", "to"]'))
    session = Session(_clock(pair[0], where), _clock(pair[1], where))
    if session.opens >= session.closes:
        raise _bad(where, pair, N_("an opening must end after it begins; divide a night at 24:00"))
    return session


def _clock(text: Any, where: str) -> int:
    match = CLOCK.fullmatch(text) if isinstance(text, str) else None
    hour, minute, second = (int(part or 0) for part in match.groups()) if match else (99, 0, 0)
    moment = hour * 3600 + minute * 60 + second
    if minute > 59 or second > 59 or moment > DAY:
        raise _bad(where, text, N_("give times of day as HH:MM, from 00:00 to 24:00"))
    return moment


def _weekdays(key: Any, where: str) -> Iterable[int]:
    for part in str(key).split(","):
        match = re.fullmatch(r"\s*([1-7])(?:-([1-7]))?\s*", part)
        if not match or (match[2] and match[2] < match[1]):
            raise _bad(where, key, N_("name weekdays from 1 (Monday) to 7 (Sunday), such as 1-5 or 6"))
        yield from range(int(match[1]), int(match[2] or match[1]) + 1)


def _season(table: Any, week: Week) -> Season:
    if not isinstance(table, Mapping) or not {"from", "to", "hours"} <= table.keys():
        raise _bad("seasons", table, N_("a season needs from, to and hours"))
    hours = table["hours"]
    if isinstance(hours, Mapping):
        own = _whole(parse_weekdays(hours, "seasons"))
    else:
        sessions = parse_sessions(hours, "seasons")
        own = tuple(sessions if usual else () for usual in week) if any(week) else (sessions,) * 7
    return Season(_month_day(table["from"]), _month_day(table["to"]), own)


def _month_day(text: Any) -> tuple[int, int]:
    match = MONTH_DAY.fullmatch(text) if isinstance(text, str) else None
    try:
        day = date(2000, int(match[1]), int(match[2])) if match else None
    except ValueError:
        day = None
    if day is None:
        raise _bad("seasons", text, N_("give days of the year as MM-DD"))
    return day.month, day.day


def _exceptions(table: Any) -> dict[date, Sessions]:
    if not isinstance(table, Mapping):
        raise _bad("hours_overrides", table, N_('give a table such as {"2026-02-16": [["09:00", "12:00"]]}'))
    where = "hours_overrides"
    return {parse_date(day, where): parse_sessions(hours, where) for day, hours in table.items()}


def parse_date(text: Any, where: str) -> date:
    if isinstance(text, date):
        return text
    try:
        if isinstance(text, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise _bad(where, text, N_("give dates as YYYY-MM-DD"))


def _list(value: Any, where: str) -> Sequence[Any]:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return value
    raise _bad(where, value, N_("give a list"))


def _bad(where: str, value: Any, remedy: str) -> BadTimetable:
    message = N_("%(where)s cannot be kept as given (%(value)s): %(remedy)s")
    return BadTimetable(message, field=where, values={"where": where, "value": repr(value)[:80], "remedy": remedy})
