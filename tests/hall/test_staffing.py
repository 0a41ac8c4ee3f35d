"""How many windows a half hour needs, beside Erlang's own sum."""

from __future__ import annotations

from math import factorial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.hall.model.staffing import (
    chance_to_wait,
    chance_to_wait_longer,
    should_open_one_more,
    windows_needed,
    windows_per_half_hour,
)
from portal.hall.model.waiting import Band


@pytest.mark.parametrize(("arrivals", "windows", "percent"), [(10, 3, 13), (20, 5, 16), (30, 7, 18), (40, 9, 19)])
def test_the_table_of_windows_comes_out(arrivals: int, windows: int, percent: int) -> None:
    """Twelve minutes each; at most 20 of 100 wait longer than 15 minutes."""
    assert windows_needed(arrivals, 12) == windows
    assert round(100 * chance_to_wait_longer(15, windows, arrivals, 12)) == percent
    assert chance_to_wait_longer(15, windows - 1, arrivals, 12) > 0.2


@given(st.integers(1, 40), st.floats(0.01, 0.99))
def test_the_chance_to_wait_is_erlangs_sum(windows: int, use: float) -> None:
    load = windows * use
    last = load**windows / factorial(windows) / (1 - use)
    assert chance_to_wait(windows, load) == pytest.approx(
        last / (sum(load**k / factorial(k) for k in range(windows)) + last)
    )


@given(st.floats(0, 300), st.floats(1, 60), st.floats(0, 60))
def test_more_arrivals_need_no_fewer_windows(arrivals: float, handling: float, more: float) -> None:
    assert windows_needed(arrivals + more, handling) >= windows_needed(arrivals, handling)


def test_a_day_is_staffed_half_hour_by_half_hour() -> None:
    assert windows_per_half_hour([0, 5, 10, 20], 12) == [0, 3, 5, 9]


@pytest.mark.parametrize("wrong", [(-1, 12), (10, 0), (float("nan"), 12), (float("inf"), 12)])
def test_what_is_no_number_of_people_or_minutes_is_refused(wrong: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="arrivals an hour"):
        windows_needed(*wrong)


@pytest.mark.parametrize(
    ("told", "hint"), [(Band(0, 0), False), (Band(3, 15), False), (Band(3, 15.1), True), (None, True)]
)
def test_one_more_window_is_asked_for_when_the_band_passes_the_limit(told: Band | None, hint: bool) -> None:
    assert should_open_one_more(told) is hint
