"""Every way of being one day late: the variants that all limits in working days share.

A track says how a clock is opened and stopped; a variant says on which days. What is due, taken and overdue is walked
day by day here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from portal.basis import SYSTEM, By
from tests.years.city import Item
from tests.years.days import Pause, after, back, before, between
from tests.years.faulty.fault import AS_OF, Bench, Fault, Variant, Whose, day
from tests.years.journal import Act, day_number
from tests.years.story import Story

Severity = Callable[[int, int, int], str]  # of taken, allowed, overdue
Accused = Callable[[Story], Whose]
DAY = timedelta(1)


@dataclass(frozen=True, slots=True)
class Track:
    code: str
    item: Item
    limit: int
    open: Callable[[Story, datetime], Act]
    stop: Callable[[Story, datetime], Act]
    severity: Severity
    accused: Accused
    handler: Callable[[Story], By]  # somebody whose word is no guard here, because the case is in his hands
    is_pausable: bool = True
    extension: int = 0  # what the item allows; 0: it knows none
    clock: str = ""
    by_date: bool = True  # else working days are counted: a rest day after the last allowed one is not late
    shows_due: bool = True
    also: frozenset[str] = frozenset()


def at_ten(on: date) -> datetime:
    return datetime.combine(on, time(10))


@dataclass(slots=True)
class _Late:
    """One variant in the making."""

    track: Track
    bench: Bench
    story: Story
    start: date

    @classmethod
    def opening(cls, track: Track, bench: Bench, start: date, clock: time = time(10)) -> tuple[_Late, Act]:
        story = bench.story(track.item)
        act = track.open(story, datetime.combine(start, clock))
        return cls(track, bench, story, start), act

    def fault(self, name: str, first: Act, end: date, pauses: Sequence[Pause] = (), extra: int = 0) -> Fault:
        track, allowed = self.track, self.track.limit + extra
        due = after(self.start, allowed, pauses)
        if end <= due:
            raise ValueError(f"{track.code}, {name}: {end} is not later than {due}; this variant shows nothing")
        taken, overdue = between(self.start, end, pauses), between(due, end, pauses)
        numbers: dict[str, int | str] = {"taken": taken, "allowed": allowed}
        if track.shows_due:
            numbers |= {"overdue": overdue, "due_on": day_number(due)}
        severity = track.severity(taken, allowed, overdue)
        return Fault(
            track.code, name, self.story.subject, severity, **track.accused(self.story), first=first, numbers=numbers,
            also=track.also,
        )  # fmt: skip


# name, due day, the moment at which it was done
_ENDS = (
    ("the day after", "Wednesday 2020-05-20", "2020-05-21 09:00"),
    ("the minute after midnight", "Wednesday 2020-06-10", "2020-06-11 00:00"),
    ("the Saturday after a due Friday", "Friday 2020-05-15", "2020-05-16 10:00"),
    ("the first day of a holiday", "Thursday 2020-04-30", "2020-05-01 10:00"),
    ("a make-up Sunday after a due Friday", "Friday 2020-04-24", "2020-04-26 10:00"),
    ("due on a make-up Sunday", "Sunday 2020-09-27", "2020-09-28 09:00"),
    ("after the National Day week", "Wednesday 2020-09-30", "2020-10-09 09:00"),
    ("after the year's end", "Thursday 2020-12-31", "2021-01-04 09:00"),
    ("the prolonged Spring Festival", "Tuesday 2020-02-04", "2020-02-05 09:00"),
    ("before the festival was prolonged", "Tuesday 2020-01-21", "2020-01-22 16:59"),
    ("the festival of 2021", "Wednesday 2021-02-10", "2021-02-18 09:00"),
    ("two days after", "Thursday 2020-07-16", "2020-07-20 10:00"),
    ("weeks after", "Monday 2020-08-03", "2020-09-11 10:00"),
    ("the make-up Saturday of the festival of 2021", "Friday 2021-02-19", "2021-02-20 09:00"),
    ("done late in the evening", "Monday 2020-11-02", "2020-11-03 23:59"),
)


def variants(track: Track) -> Iterator[Variant]:
    for name, due, done in _ENDS:
        if not track.by_date and not between(day(due), date.fromisoformat(done[:10])):
            continue
        yield _ended(track, name, day(due), datetime.fromisoformat(done))
    yield _twice(track, 2, "twice the limit")
    yield _twice(track, 2, "one day short of twice", less=1)
    yield _still_open(track)
    yield _handed_in_after_closing(track)
    yield _waited(track, before_excuse=False)
    yield _waited(track, before_excuse=True)
    yield _outage(track)
    yield _outage_by_the_accused(track)
    yield _withdrawn_too_late(track)
    if track.is_pausable:
        for make in (_paused, _paused_over_a_holiday, _paused_without_notice, _paused_on_own_authority, _overstayed):
            yield make(track)
    if track.extension:
        yield _extended(track)
        yield _extended_on_own_authority(track)


def _ended(track: Track, name: str, due: date, done: datetime) -> Variant:
    def make(bench: Bench) -> Fault:
        late, first = _Late.opening(track, bench, back(due, track.limit))
        track.stop(late.story, done)
        return late.fault(name, first, done.date())

    return make


def _twice(track: Track, times: int, name: str, less: int = 0) -> Variant:
    def make(bench: Bench) -> Fault:
        late, first = _Late.opening(track, bench, day("Monday 2020-03-02"))
        end = after(late.start, track.limit * times - less)
        track.stop(late.story, at_ten(end))
        return late.fault(name, first, end)

    return make


def _still_open(track: Track) -> Variant:
    def make(bench: Bench) -> Fault:
        late, first = _Late.opening(track, bench, back(before(AS_OF.date()), track.limit))
        return late.fault("still open", first, AS_OF.date())

    return make


def _handed_in_after_closing(track: Track) -> Variant:
    """A start after closing counts as the next working day's where a counter receives, so this one starts in hours."""

    def make(bench: Bench) -> Fault:
        late, first = _Late.opening(track, bench, day("Friday 2020-08-07"), time(16, 59))
        end = after(late.start, track.limit + 1)
        track.stop(late.story, datetime.combine(end, time(0, 0, 1)))
        return late.fault("started a minute before closing on a Friday", first, end)

    return make


def _waited(track: Track, *, before_excuse: bool) -> Variant:
    """The applicant asked to wait: the days are left out, and it was late even so; or they came after the due date."""

    def make(bench: Bench) -> Fault:
        late, first = _Late.opening(track, bench, day("Monday 2020-10-19"))
        if before_excuse:
            begins = after(late.start, track.limit + 1)
            wait = (begins, after(begins, 4))
            late.story.ask_to_wait(at_ten(begins), *wait)
            end = after(wait[1], 2)
            track.stop(late.story, at_ten(end))
            return late.fault("asked to wait when it was late already", first, end, [wait])
        wait = (late.start + DAY, after(late.start, 2))
        late.story.ask_to_wait(datetime.combine(late.start, time(11)), *wait)
        end = after(after(late.start, track.limit, [wait]), 1)
        track.stop(late.story, at_ten(end))
        return late.fault("late even without the wait", first, end, [wait])

    return make


def _outage(track: Track) -> Variant:
    """One outage noted twice gives its days once."""

    def make(bench: Bench) -> Fault:
        late, first = _Late.opening(track, bench, day("Monday 2020-11-09"))
        down = (late.start + DAY, after(late.start, 2))
        for minute in (0, 5):
            late.story.link_outage(datetime.combine(late.start, time(12, minute)), f"outage-{bench.number}", *down)
        end = after(after(late.start, track.limit, [down]), 1)
        track.stop(late.story, at_ten(end))
        return late.fault("an outage noted twice", first, end, [down])

    return make


def _outage_by_the_accused(track: Track) -> Variant:
    def make(bench: Bench) -> Fault:
        late, first = _Late.opening(track, bench, day("Monday 2020-12-07"))
        down = (late.start + DAY, after(late.start, 3))
        story = late.story
        author = track.handler(story)
        story.link_outage(datetime.combine(late.start, time(12)), f"outage-{bench.number}", *down, by=author)
        end = after(late.start, track.limit + 2)
        track.stop(story, at_ten(end))
        return late.fault("an outage only the accused knows of", first, end)

    return make


def _withdrawn_too_late(track: Track) -> Variant:
    def make(bench: Bench) -> Fault:
        late, first = _Late.opening(track, bench, day("Monday 2020-06-01"))
        end = after(late.start, track.limit + 2)
        late.story.note("withdrawn", at_ten(end), late.story.applicant)
        return late.fault("withdrawn when it was late already", first, end)

    return make


def _pause(late: _Late, days: int = 3, after_start: int = 0, **facts: object) -> Pause:
    starts = after(late.start, after_start)
    first = starts + DAY
    late.story.pause(datetime.combine(starts, time(15)), first, days, **facts)  # type: ignore[arg-type]
    return first, after(starts, days)


def _paused(track: Track) -> Variant:
    def make(bench: Bench) -> Fault:
        late, first = _Late.opening(track, bench, day("Tuesday 2020-05-12"))
        pause = _pause(late)
        late.story.resume(datetime.combine(pause[1], time(16)), pause[1])
        end = after(after(late.start, track.limit, [pause]), 1)
        track.stop(late.story, at_ten(end))
        return late.fault("a day late after a pause", first, end, [pause])

    return make


def _paused_over_a_holiday(track: Track) -> Variant:
    """A pause that touches no working day moves nothing."""

    def make(bench: Bench) -> Fault:
        late, first = _Late.opening(track, bench, day("Wednesday 2020-09-30"))
        pause = (day("Thursday 2020-10-01"), day("Thursday 2020-10-08"))
        late.story.pause("2020-09-30 15:00", pause[0], 1)
        late.story.resume("2020-10-08 16:00", pause[1])
        end = after(late.start, track.limit + 1)
        track.stop(late.story, at_ten(end))
        return late.fault("a pause of rest days only", first, end, [pause])

    return make


def _paused_without_notice(track: Track) -> Variant:
    def make(bench: Bench) -> Fault:
        late, first = _Late.opening(track, bench, day("Monday 2020-07-06"))
        pause = _pause(late, notice_no=None)
        late.story.resume(datetime.combine(pause[1], time(16)), pause[1])
        end = after(late.start, track.limit + 1)
        track.stop(late.story, at_ten(max(end, after(pause[1], 1))))
        return late.fault("a pause nobody was told of", first, max(end, after(pause[1], 1)))

    return make


def _paused_on_own_authority(track: Track) -> Variant:
    """The one who handles the case approves his own pause: it excuses nothing."""

    def make(bench: Bench) -> Fault:
        late, first = _Late.opening(track, bench, day("Monday 2020-08-10"))
        story = late.story
        author = track.handler(story)
        pause = _pause(late, by=author, approved_by=author.actor)
        story.resume(datetime.combine(pause[1], time(16)), pause[1], author)
        end = max(after(late.start, track.limit + 1), after(pause[1], 1))
        track.stop(story, at_ten(end))
        return late.fault("a pause he gave himself", first, end)

    return make


def _overstayed(track: Track) -> Variant:
    """Resumed after the declared days: only these are left out, then the clock runs by itself."""

    def make(bench: Bench) -> Fault:
        late, first = _Late.opening(track, bench, day("Monday 2020-09-07"))
        pause = _pause(late, 2)
        late.story.resume(at_ten(after(pause[1], 3)), after(pause[1], 3), SYSTEM)
        end = max(after(after(late.start, track.limit, [pause]), 1), after(pause[1], 4))
        track.stop(late.story, at_ten(end) + timedelta(hours=1))
        return late.fault("a pause longer than declared", first, end, [pause])

    return make


def _extended(track: Track) -> Variant:
    def make(bench: Bench) -> Fault:
        late, first = _Late.opening(track, bench, day("Monday 2020-03-16"))
        extended = after(late.start, track.limit)
        late.story.extend(datetime.combine(extended, time(17)), track.extension, track.clock)
        end = after(late.start, track.limit + track.extension + 1)
        track.stop(late.story, at_ten(end))
        return late.fault("a day late after an extension", first, end, extra=track.extension)

    return make


def _extended_on_own_authority(track: Track) -> Variant:
    def make(bench: Bench) -> Fault:
        late, first = _Late.opening(track, bench, day("Monday 2020-04-13"))
        story, author = late.story, track.handler(late.story)
        extended = at_ten(after(late.start, track.limit))
        story.extend(extended, track.extension, track.clock, by=author, approved_by=author.actor)
        end = after(late.start, track.limit + 1)
        track.stop(story, at_ten(end) + timedelta(hours=1))
        return late.fault("an extension he gave himself", first, end)

    return make
