"""The log itself: one frame per kind of event, and the few ways of asking that every rule shares."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import narwhals as nw
from narwhals import col

from portal.compliance.log.minutes import Openings
from portal.compliance.log.validity import VALID

Frame = nw.LazyFrame[Any]

ENVELOPE = (
    "seq",
    "nth",
    "subject",
    "kind",
    "actor",
    "role",
    "office",
    "post",
    "channel",
    "at",
    "recorded_at",
    "day",
    "minute",
    "item_version",
)


@dataclass(frozen=True, slots=True)
class Moment:
    """One instant as the rules see it: microseconds since the epoch, and the local day it falls on."""

    at: int
    day: int


@dataclass(frozen=True, eq=False)
class Log:
    """Frames of one log, judged at one moment; events later than ``as_of`` and subjects left out are not in them.

    ``frames``: per kind, the envelope but for ``kind``, and the kind's payload keys as columns (``-`` becomes ``_``;
    a key that is named as a column of the envelope has ``own_`` before it: ``own_day`` of a number, its series' day).
    ``nth`` counts events in the order in which they happened (occurred, then recorded): the one key to order by.
    ``subjects``: subject, name, sort, applicant, matter, situation, item, item_version, item_type, area, base,
    left_out (1: a test or a duplicate, whose events are in no frame). ``outside``: name of every subject that the
    source knows beyond the period asked for: it is there, and nothing is said of it.
    ``limits``: item_version, clock, situation, start, stops, restarts_on, n, unit, statutory_n, statutory_unit,
    extension_n, roll, pauses, has_source (lists joined by "|"; no situation: all that have no limit of their own).
    ``calendar``: calendar, day, works, ordinal, is_certain; ``workdays``: calendar, ordinal, day;
    ``months``: month, first_on, length (with ``calendar.month`` and ``.dom``); ``editions``: base, day, calendar.
    ``pause_types``: item_version, pause_type, longest: the special procedures that an item knows, and how many working
    days each may take by the item (null: it does not say).
    ``steps``: subject, nth, seq, resource, group: who and which group took each step, for the flows.
    ``openings``: when the offices are open that promise in open minutes; empty where none does.
    ``hall_hours``: hall, opens, closes (instants) of each published opening of the halls that a channel names.
    """

    frames: Mapping[str, Frame]
    subjects: Frame
    outside: Frame
    limits: Frame
    calendar: Frame
    workdays: Frame
    months: Frame
    editions: Frame
    pause_types: Frame
    steps: Frame
    openings: Openings
    hall_hours: Frame
    as_of: Moment
    kinds: frozenset[str]  # what this log can record at all
    present: frozenset[str]  # what it does hold
    clocks: frozenset[str]  # of which the item versions state a limit
    units: frozenset[str]  # in which they state them
    restarts: frozenset[str]  # kinds that let a clock of some item begin anew
    calendars: Mapping[int, str]  # id -> version
    settle: Callable[[Frame], Frame] = lambda frame: frame  # computes a frame once, for those who use it several times
    # the same for an engine that reads a plan anew at each of its steps (DuckDB); on the others the plan stays whole
    cut: Callable[[Frame], Frame] = lambda frame: frame
    _kept: dict[str, Frame] = field(default_factory=dict)
    _plans: dict[str, Frame] = field(default_factory=dict)

    def of(self, kind: str) -> Frame:
        """Events of one kind that count: the envelope and the payload columns of that kind."""
        return self.recorded(kind).filter(VALID[kind]) if kind in VALID else self.recorded(kind)

    def recorded(self, kind: str) -> Frame:
        """Every event of one kind, also those by which somebody did what was not his to do."""
        return self.frames[kind].with_columns(kind=nw.lit(kind))

    def events(self, *kinds: str) -> Frame:
        """The envelopes of several kinds, of all when none is named."""
        held = [kind for kind in dict.fromkeys(kinds or sorted(self.frames)) if kind in self.present]
        if not held:
            return self._envelopes(kinds[0] if kinds else min(self.frames))
        return nw.concat([self._envelopes(kind) for kind in held], how="vertical")

    def _envelopes(self, kind: str) -> Frame:
        """A plan only, written once: in a small log the writing of plans is most of the work."""
        if kind not in self._plans:
            self._plans[kind] = self.of(kind).select(*ENVELOPE)
        return self._plans[kind]

    def first(self, *kinds: str) -> Frame:
        """The earliest event of these kinds in each subject."""
        events = self.events(*kinds)
        return events.join(events.group_by("subject").agg(nth=col("nth").min()).select("nth"), on="nth", how="semi")

    def last(self, *kinds: str) -> Frame:
        """The latest event of these kinds in each subject."""
        events = self.events(*kinds)
        return events.join(events.group_by("subject").agg(nth=col("nth").max()).select("nth"), on="nth", how="semi")

    def following(self, rows: Frame, *kinds: str, after: str = "nth", prefix: str = "stop") -> Frame:
        """Add to each row (``subject`` and the order in ``after``) the first later event of these kinds, or nulls.

        New columns: ``<prefix>_nth, _seq, _kind, _at, _day, _office, _post, _actor``. ``after`` is unique per row.
        """
        later = self.events(*kinds).select("subject", **{f"{prefix}_nth": col("nth")})
        found = (
            rows.select("subject", after)
            .join(later, on="subject", how="inner")
            .filter(col(f"{prefix}_nth") > col(after))
            .group_by("subject", after)
            .agg(col(f"{prefix}_nth").min())
        )
        columns = ("seq", "kind", "at", "day", "office", "post", "actor")
        stops = self.events(*kinds).select(
            **{f"{prefix}_nth": col("nth")}, **{f"{prefix}_{column}": col(column) for column in columns}
        )
        return rows.join(found.join(stops, on=f"{prefix}_nth", how="inner"), on=["subject", after], how="left")

    def kept(self, name: str, frame: Callable[[], Frame]) -> Frame:
        """The frame of that name, computed once however many rules ask."""
        if name not in self._kept:
            self._kept[name] = self.settle(frame())
        return self._kept[name]

    # --- days ---------------------------------------------------------------------------------------------------

    def with_calendar(self, rows: Frame, known_on: str) -> Frame:
        """Add ``calendar``: the one of the subject's place, as it was known on the day in column ``known_on``."""
        bases = self.subjects.select("subject", "base")
        editions = self.editions.select("base", "calendar", **{known_on: col("day")})
        return rows.join(bases, on="subject", how="left").join(editions, on=["base", known_on], how="left").drop("base")

    def with_ordinal(self, rows: Frame, day: str, into: str) -> Frame:
        """Add ``into``: working days up to and with that day, by the row's ``calendar``; null beyond the calendar."""
        days = self.calendar.select("calendar", **{day: col("day"), into: col("ordinal")})
        return rows.join(days, on=["calendar", day], how="left")

    def with_workday(self, rows: Frame, ordinal: str, into: str) -> Frame:
        """Add ``into``: the working day that has that ordinal; the reverse of :meth:`with_ordinal`."""
        days = self.workdays.select("calendar", **{ordinal: col("ordinal"), into: col("day")})
        return rows.join(days, on=["calendar", ordinal], how="left")

    def with_workdays(self, rows: Frame, start: str, end: str, into: str, *, pausing: bool = True) -> Frame:
        """Add ``into``: the working days in (start, end], without the days on which the case was paused.

        Rows need ``subject``, ``calendar`` and the two day columns; rows that agree in them are one.
        """
        from portal.compliance.log.pauses import paused_workdays

        counted = self.with_ordinal(self.with_ordinal(rows, start, "_since"), end, "_until")
        days = col("_until") - col("_since")
        if pausing:
            keys = ["subject", "calendar", start, end]
            lost = paused_workdays(self, rows.select(*keys).unique(), start, end)
            counted = counted.join(lost.rename({"paused": "_lost"}), on=keys, how="left")
            days = days - col("_lost").fill_null(0)
        whole = counted.with_columns(nw.max_horizontal(days, nw.lit(0)).cast(nw.Int64).alias(into))
        return whole.drop("_since", "_until", *(["_lost"] if pausing else []))

    # --- people -------------------------------------------------------------------------------------------------

    def excused(self, rows: Frame, *kinds: str, by: str = "actor") -> Frame:
        """Rows whose subject holds an event of these kinds made by somebody other than the accused in column ``by``."""
        return self._guarded(rows, kinds, by, how="semi")

    def unexcused(self, rows: Frame, *kinds: str, by: str = "actor") -> Frame:
        """The other rows: nobody but the accused, or nobody at all, recorded an event of these kinds."""
        return self._guarded(rows, kinds, by, how="anti")

    def _guarded(self, rows: Frame, kinds: tuple[str, ...], by: str, how: Any) -> Frame:
        guards = self.events(*kinds).select("subject", _guard=col("actor"))
        valid = (
            rows.select("subject", by, "first_seq")
            .join(guards, on="subject", how="inner")
            .filter((col("_guard") != col(by)) | col(by).is_null())
            .select("subject", "first_seq")
            .unique()
        )
        return rows.join(valid, on=["subject", "first_seq"], how=how)
