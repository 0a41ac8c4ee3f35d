"""Waiting times: a band in open minutes, "unknown" where no window is open, shown on the clock."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import exp
from random import Random
from timeit import repeat
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.hall.model.capacity import Handling, Load
from portal.hall.model.waiting import Band, Span, band, moment_after, open_minutes

VISIT = Handling(12, 9.6, 200)
FOUR = frozenset("abcd")
ALL_DAY: list[Span] = [(0.0, 300.0)]
ZONE = ZoneInfo("Asia/Shanghai")


def told(
    ahead: int,
    *,
    windows: str = "abcd",
    openings: dict[str, list[Span]] | None = None,
    rest: Load | None = None,
    overtaking: float = 0.0,
) -> Band:
    able = frozenset(windows)
    at_hand = dict.fromkeys(windows, rest or VISIT.rest(6))
    found = band(
        able,
        {able: Load.of(VISIT, ahead)},
        at_hand,
        openings or dict.fromkeys(windows, ALL_DAY),
        overtaking=overtaking,
    )
    assert found is not None
    return found


def middle(one: Band) -> float:
    return (one.low + one.high) / 2


@pytest.mark.parametrize(
    "openings",
    [{}, {"a": []}, {"b": [(0.0, 60.0)]}, {"a": [(5.0, 60.0)], "b": [(0.0, 60.0)]}, {"a": [(-60.0, 0.0)]}],
)
def test_the_wait_is_unknown_while_no_window_that_can_serve_is_open(openings: dict[str, list[Span]]) -> None:
    assert band(frozenset("a"), {}, {}, openings) is None


def test_a_free_window_calls_at_once() -> None:
    assert band(frozenset("ab"), {}, {"a": VISIT.rest(0)}, {"a": ALL_DAY, "b": ALL_DAY}) == Band(0, 0)


@pytest.mark.parametrize(("ahead", "windows"), [(0, 1), (1, 1), (5, 1), (0, 4), (3, 4), (20, 4), (60, 4), (20, 8)])
def test_ten_of_a_hundred_wait_less_and_ten_more_when_the_services_are_drawn(ahead: int, windows: int) -> None:
    """Beside 4,000 drawn lines of lognormal services; the visits at the windows began six minutes ago."""
    chance, names = Random(3), "abcdefgh"[:windows]
    found = told(ahead, windows=names)

    def service() -> float:
        return 12 * exp(chance.gauss(-0.2473, 0.7034))

    def rest() -> float:
        return next(time - 6 for time in iter(service, None) if time > 6)

    waits = []
    for _ in range(4000):
        free = sorted(rest() for _ in names)
        for _ in range(ahead):
            free = sorted([free[0] + service(), *free[1:]])
        waits.append(free[0])
    assert 0.68 < sum(found.holds(wait) for wait in waits) / 4000 < 0.9
    assert sum(wait < found.low for wait in waits) / 4000 < 0.18
    assert sum(wait > found.high for wait in waits) / 4000 < 0.22


@given(st.integers(1, 80), st.integers(1, 40), st.sampled_from(["a", "ab", "abcd"]), st.floats(0, 60))
def test_who_has_more_people_ahead_is_told_no_shorter_wait(ahead: int, more: int, windows: str, elapsed: float) -> None:
    days: dict[str, list[Span]] = {key: [(0.0, 5000.0)] for key in windows}
    rest = VISIT.rest(elapsed)
    before = told(ahead, windows=windows, openings=days, rest=rest)
    after = told(ahead + more, windows=windows, openings=days, rest=rest)
    assert after.low >= before.low - 1e-6
    assert after.high >= before.high - 1e-6


names = st.frozensets(st.sampled_from("abc"), min_size=1)
spans = st.lists(st.floats(-100, 400), min_size=4, max_size=4, unique=True).map(sorted)


@given(
    names,
    st.dictionaries(names, st.builds(Load.of, st.just(VISIT), st.integers(0, 30))),
    st.dictionaries(st.sampled_from("abc"), st.floats(0, 100).map(VISIT.rest)),
    st.dictionaries(st.sampled_from("abc"), spans.map(lambda four: [(four[0], four[1]), (four[2], four[3])])),
    st.floats(0, 1),
)
def test_a_band_lies_between_now_and_the_end_of_the_roster(
    able: frozenset[str],
    ahead: dict[frozenset[str], Load],
    at_hand: dict[str, Load],
    openings: dict[str, list[Span]],
    overtaking: float,
) -> None:
    found = band(able, ahead, at_hand, openings, overtaking=overtaking)
    is_open = any(start <= 0 < end for window in able for start, end in openings.get(window, []))
    assert (found is not None) == is_open
    if found is not None:
        assert 0 <= found.low <= found.high <= max(openings[one][-1][1] for one in able & openings.keys())


def test_more_windows_shorten_the_wait_and_a_lunch_break_ahead_lengthens_it() -> None:
    long = told(20, windows="ab")
    short = told(20, windows="abcd")
    lunch: dict[str, list[Span]] = {
        **{key: [(0.0, 20.0), (80.0, 300.0)] for key in "ab"},
        **{key: [(0.0, 80.0), (140.0, 300.0)] for key in "cd"},
    }
    shifts = told(20, openings=lunch)
    assert short.high < shifts.low + 30 < long.high
    assert middle(short) < middle(shifts) < middle(long)


def test_a_window_that_opens_later_is_reckoned_with() -> None:
    later: dict[str, list[Span]] = {"a": ALL_DAY, "b": [(30.0, 300.0)]}
    alone: dict[str, list[Span]] = {"a": ALL_DAY}
    ahead, able = {frozenset("ab"): Load.of(VISIT, 10)}, frozenset("ab")
    both = band(able, ahead, {"a": VISIT.rest(0)}, later)
    one = band(able, ahead, {"a": VISIT.rest(0)}, alone)
    assert both is not None
    assert one is not None
    assert middle(both) < middle(one) - 20


@pytest.mark.parametrize("gone", [[], [(-60.0, 0.0)], [(0.0, 15.0)]])
def test_a_window_that_leaves_before_the_turn_comes_calls_nobody(gone: list[Span]) -> None:
    able = frozenset("ab")
    found = band(able, {able: Load.of(VISIT, 10)}, dict.fromkeys("ab", VISIT.rest(0)), {"a": ALL_DAY, "b": gone})
    assert found is not None
    assert middle(found) > 100


def test_when_the_roster_ends_before_the_turn_the_wait_lasts_until_then() -> None:
    assert told(90, windows="ab").high == 300


def test_who_waits_for_other_windows_does_not_lengthen_the_wait() -> None:
    openings = dict.fromkeys("ab", ALL_DAY)
    at_hand = dict.fromkeys("ab", VISIT.rest(0))
    own = {frozenset("a"): Load.of(VISIT, 3)}
    assert band(frozenset("a"), own, at_hand, openings) == band(
        frozenset("a"), {**own, frozenset("b"): Load.of(VISIT, 9)}, at_hand, openings
    )


def test_who_may_be_served_by_any_does_not_wait_behind_those_who_need_one_busy_window() -> None:
    openings = dict.fromkeys("ab", ALL_DAY)
    at_hand = dict.fromkeys("ab", VISIT.rest(0))
    found = band(frozenset("ab"), {frozenset("a"): Load.of(VISIT, 12)}, at_hand, openings)
    assert found is not None
    assert found.high < 30


def test_people_who_go_first_lengthen_and_widen_the_band() -> None:
    plain, overtaken = told(8), told(8, overtaking=0.25)
    assert middle(overtaken) > 1.2 * middle(plain)
    assert overtaken.high - overtaken.low > 1.2 * (plain.high - plain.low)


# On the clock


def clock(text: str) -> datetime:
    return datetime.strptime(f"2026-11-30 {text}", "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)


MORNING, AFTERNOON = (clock("09:00"), clock("12:00")), (clock("14:00"), clock("17:00"))
MONDAY = [MORNING, AFTERNOON]


@pytest.mark.parametrize(
    ("now", "minutes", "moment"),
    [
        ("11:30", 0, "11:30"),
        ("11:30", 30, "12:00"),
        ("11:30", 31, "14:01"),
        ("08:00", 10, "09:10"),
        ("12:30", 10, "14:10"),
        ("16:30", 90, "17:00"),  # nothing lies after closing
    ],
)
def test_open_minutes_become_a_moment_on_the_clock(now: str, minutes: float, moment: str) -> None:
    assert moment_after(minutes, clock(now), MONDAY) == clock(moment)


def test_a_band_over_lunch_ends_in_the_afternoon() -> None:
    assert Band(20, 45).on_the_clock(clock("11:30"), MONDAY) == (clock("11:50"), clock("14:15"))


@given(st.integers(0, 479), st.integers(0, 479))
def test_a_wait_is_judged_in_the_minutes_it_was_told_in(now: int, minutes: int) -> None:
    start = clock("09:00") + timedelta(minutes=now)
    end = moment_after(minutes, start, MONDAY)
    assert open_minutes(start, end, MONDAY) == min(minutes, open_minutes(start, clock("17:00"), MONDAY))


def test_a_band_is_a_matter_of_microseconds() -> None:
    assert min(repeat(lambda: told(20), number=100, repeat=20)) / 100 < 1e-3  # the figure stands in the bench
