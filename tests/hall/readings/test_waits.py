"""Waits inferred from the called number: against halls whose real waits are known, and counted one by one."""

from __future__ import annotations

import random
from itertools import pairwise
from math import isclose, sqrt
from pathlib import Path
from statistics import median

import polars as pl
import pytest

from portal.hall.readings.calibration import LEAST_CALLS, calibrate
from portal.hall.readings.waits import GAP, JUMP, MEMORY, Waits, infer
from tests.hall.readings.made import readings, row


def clock(minute: int) -> str:
    return f"{8 + minute // 60:02}:{minute % 60:02}"


def day(*states: tuple[int, int | None, int, int], on: str = "2020-09-14") -> list[str]:
    """Each state: minute after eight, called number, waiting, open windows."""
    return [
        row(clock(minute), day=on, last="" if number is None else f"K{number:03}", queueing=waiting, desks=windows)
        for minute, number, waiting, windows in states
    ]


def waits(folder: Path, *states: tuple[int, int | None, int, int]) -> list[tuple[float, int, float, float]]:
    frame = infer(readings(folder, day(*states))).frame
    return frame.select(pl.col("minute") - 480, "ahead", "low", "high").rows()


def test_a_wait_ends_between_the_last_lower_number_and_the_first_that_reaches_it(tmp_path: Path) -> None:
    found = waits(
        tmp_path,
        (0, 10, 2, 1),  # 12 is the last issued; when, is not known
        (5, 10, 4, 1),  # 13 and 14 came since
        (10, 12, 2, 1),  # nobody came
        (15, 13, 1, 1),
        (20, 15, 1, 1),  # 14 was passed; 15 came and was called in between, 16 waits
        (25, 16, 0, 1),
    )
    assert found == [(5, 3, 10, 15), (20, 0, 0, 5)]


def test_a_ticket_called_before_the_next_reading_is_counted_and_not_judged(tmp_path: Path) -> None:
    found = infer(readings(tmp_path, day((0, 10, 0, 1), (5, 12, 0, 1))))
    assert (found.frame.height, found.at_once) == (0, 1)


@pytest.mark.parametrize(
    "cut",
    [
        (10, 9, 5, 1),  # the number goes back
        (10, 11 + JUMP, 1, 1),  # another series
        (11 + int(GAP), 12, 3, 1),  # no reading for too long
    ],
)
def test_a_wait_is_not_inferred_across_a_cut(tmp_path: Path, cut: tuple[int, int, int, int]) -> None:
    found = infer(readings(tmp_path, day((0, 10, 0, 1), (5, 10, 3, 1), cut, (50, 60, 0, 1))))
    assert (found.frame.height, found.cuts >= 1, found.unended) == (0, True, 1)


def test_a_number_that_counts_on_by_the_most_that_is_believed_is_no_cut(tmp_path: Path) -> None:
    assert waits(tmp_path, (0, 10, 0, 1), (5, 10, 3, 1), (10, 10 + JUMP, 0, 1)) == [(5, 2, 0, 5)]


def test_readings_without_a_number_are_counted_and_a_wait_goes_on_over_them(tmp_path: Path) -> None:
    states = ((0, None, 4, 0), (5, 10, 0, 1), (10, 10, 2, 1), (15, None, 2, 1), (20, 12, 0, 1))
    found = infer(readings(tmp_path, day(*states)))
    assert found.without_number == 2
    assert found.frame.select("low", "high").rows() == [(0, 10)]


def test_the_night_ends_every_wait_that_was_not_seen_to_end(tmp_path: Path) -> None:
    rows = day((0, 9, 1, 1), (5, 10, 2, 1)) + day((0, 12, 0, 1), (5, 13, 0, 1), on="2020-09-15")
    found = infer(readings(tmp_path, rows))
    assert (found.frame.height, found.unended) == (0, 1)


def hall_day(seed: int) -> tuple[list[tuple[int, int | None, int, int]], dict[int, tuple[float, float]]]:
    """One queue served in turn by three windows: readings every five minutes; when each ticket came and was called."""
    dice = random.Random(seed)
    free, moment, tickets = [0.0] * 3, 0.0, dict[int, tuple[float, float]]()
    for number in range(1, 160):
        moment += dice.expovariate(0.32)
        window = min(range(3), key=free.__getitem__)
        called = max(moment, free[window])
        free[window] = called + dice.lognormvariate(2.0, 0.7)
        tickets[number] = (moment, called)
    states: list[tuple[int, int | None, int, int]] = []
    for minute in range(0, 540, 5):
        last = max((n for n, (_, called) in tickets.items() if called <= minute), default=None)
        waiting = sum(came <= minute < called for came, called in tickets.values())
        states.append((minute, last, waiting, 3))
    return states, tickets


def hall_waits(folder: Path, days: int) -> Waits:
    rows = [line for seed in range(days) for line in day(*hall_day(seed)[0], on=f"2020-09-{14 + seed}")]
    return infer(readings(folder, rows))


@pytest.mark.parametrize("seed", range(8))
def test_every_wait_of_a_hall_whose_tickets_are_known_lies_where_it_is_inferred(tmp_path: Path, seed: int) -> None:
    states, tickets = hall_day(seed)
    found = infer(readings(tmp_path, day(*states)))
    assert found.frame.height > 40
    for row_ in found.frame.to_dicts():
        minute = row_["minute"] - 480
        last = max(number for number, (came, _) in tickets.items() if came <= minute)
        wait = tickets[last][1] - minute
        assert row_["low"] < wait <= row_["high"]
        assert row_["ahead"] == sum(came <= minute < called for came, called in tickets.values()) - 1


def test_handling_is_what_counting_one_by_one_finds(tmp_path: Path) -> None:
    rows, states = [], []
    for n, on in enumerate(("2020-09-14", "2020-09-15", "2020-09-16")):
        seen = [state for state in hall_day(n)[0] if state[1] is not None]
        rows += day(*seen, on=on)
        states.append(seen)
    found = infer(readings(tmp_path, rows)).frame.sort("on", "minute").to_dicts()
    spans: list[tuple[int, float]] = []  # calls and window-minutes of each span, all days one after the other
    upto: dict[tuple[int, int], int] = {}
    for n, seen in enumerate(states):
        for before, now in pairwise(seen):
            assert before[1] is not None
            assert now[1] is not None
            if before[2] and now[2]:
                spans.append((now[1] - before[1], 3.0 * (now[0] - before[0])))
            upto[n, now[0]] = len(spans)
    assert sum(calls for calls, _ in spans) > MEMORY, "the memory must be seen to forget"
    for one in found:
        past = spans[: upto[one["on"].day - 14, round(one["minute"] - 480)]]
        while past and sum(calls for calls, _ in past[1:]) >= MEMORY:
            past = past[1:]
        calls, work = sum(part[0] for part in past), sum(part[1] for part in past)
        assert one["calls"] == calls
        if calls:
            mean = work / calls
            scatter = sum((part[0] - part[1] / mean) ** 2 for part in past) / calls
            assert isclose(one["mean"], mean)
            assert isclose(one["deviation"], mean * sqrt(scatter), abs_tol=1e-6)


def test_handling_is_near_the_hall_s_own(tmp_path: Path) -> None:
    """The mean and the deviation of single visits, though only counts are seen: lognormal(2, 0.7) minutes."""
    last = hall_waits(tmp_path, 9).frame.sort("on", "minute").tail(1).to_dicts()[0]
    assert last["mean"] == pytest.approx(9.44, rel=0.15)
    assert last["deviation"] == pytest.approx(7.5, rel=0.35)


def test_what_is_told_depends_on_nothing_that_was_read_later(tmp_path: Path) -> None:
    rows = [line for seed in range(4) for line in day(*hall_day(seed)[0], on=f"2020-09-{14 + seed}")]
    whole = infer(readings(tmp_path, rows)).frame
    early = infer(readings(tmp_path, rows[: len(rows) // 2])).frame
    same = ["on", "minute", "ahead", "windows", "mean", "deviation", "calls"]
    assert early.height > 80
    assert early.select(same).rows() == whole.head(early.height).select(same).rows()


def test_the_judged_half_lends_nothing_to_what_was_learnt(tmp_path: Path) -> None:
    days = [day(*hall_day(seed)[0], on=f"2020-09-{14 + seed}") for seed in range(4)]
    other = [day(*hall_day(seed + 50)[0], on=f"2020-09-{14 + seed}") for seed in range(4)]
    one = calibrate(infer(readings(tmp_path, [line for part in days for line in part])))
    two = calibrate(infer(readings(tmp_path, [line for part in (*days[:2], *other[2:]) for line in part])))
    assert one.judged_from == two.judged_from
    assert f"{one.judged_from}" == "2020-09-16"
    assert (one.spread, one.first_half) == (two.spread, two.first_half)
    assert one.second_half != two.second_half


def test_the_shares_are_what_counting_one_by_one_finds(tmp_path: Path) -> None:
    waits_ = infer(
        readings(tmp_path, [line for n in range(6) for line in day(*hall_day(n)[0], on=f"2020-09-{14 + n}")])
    )
    judged = [one for one in waits_.frame.to_dicts() if one["on"].day >= 17 and one["calls"] >= LEAST_CALLS]
    inside = surely = possibly = longer = kept = 0
    widths, errors = [], []
    for one in judged:
        turn = one["ahead"] + 1
        point, margin = turn * one["mean"] / 3, 1.2816 * one["deviation"] * sqrt(turn) / 3
        low, high, wait = max(point - margin, 0), point + margin, (one["low"] + one["high"]) / 2
        inside += low <= wait <= high
        surely += low <= one["low"] and one["high"] <= high
        possibly += low <= one["high"] and one["low"] <= high
        longer += wait > high
        kept += wait <= point
        widths.append(high - low)
        errors.append(abs(wait - point))
    found = calibrate(waits_).second_half
    assert len(judged) > 150
    assert 0 < surely < inside < possibly <= len(judged)
    shares = [found.formula.inside, found.formula.surely, found.formula.possibly, found.formula.above, found.point.kept]
    assert shares == pytest.approx([n / len(judged) for n in (inside, surely, possibly, longer, kept)])
    assert found.formula.median_width == pytest.approx(median(widths))
    assert found.point.error == pytest.approx(sum(errors) / len(errors))


def test_the_band_is_the_one_that_our_own_tickets_are_told(tmp_path: Path) -> None:
    """Three windows, a visit in the middle at each: about as wide as the formula, and never below nothing."""
    waits_ = infer(
        readings(tmp_path, [line for n in range(8) for line in day(*hall_day(n)[0], on=f"2020-09-{14 + n}")])
    )
    found = calibrate(waits_).second_half
    assert found.band != found.formula
    assert found.band.inside == pytest.approx(0.8, abs=0.15)
    assert found.formula.median_width is not None
    assert found.band.median_width == pytest.approx(found.formula.median_width, rel=0.3)


def test_nothing_is_told_without_an_open_window_or_before_enough_calls(tmp_path: Path) -> None:
    states = [(5 * n, 10 + n, 1 + n % 3, 1 if n % 7 else 0) for n in range(40)]
    found = calibrate(infer(readings(tmp_path, day(*states) + day(*states, on="2020-09-15"))))
    assert found.first_half.no_handling > 0
    assert found.second_half.no_handling == 0
    assert found.second_half.no_window > 0
    told = found.second_half.point.told
    assert told == found.second_half.waits - found.second_half.no_window


def test_readings_of_one_day_are_not_judged(tmp_path: Path) -> None:
    found = calibrate(infer(readings(tmp_path, day(*hall_day(1)[0]))))
    assert (found.judged_from, found.second_half.waits, found.second_half.band.inside) == (None, 0, None)


def test_no_readings_give_no_waits(tmp_path: Path) -> None:
    found = calibrate(infer(readings(tmp_path, [])))
    assert (found.first_half.waits, found.spread, found.offices) == (0, None, ())
