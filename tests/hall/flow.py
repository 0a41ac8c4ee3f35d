"""An oracle for the guarantee: how many minutes of work the windows can do at most, by augmenting paths."""

from __future__ import annotations

from collections.abc import Mapping

from portal.hall.model.capacity import Windows


def done(work: Mapping[Windows, int], minutes: Mapping[str, int]) -> int:
    """The maximum flow from sets of windows, through the windows, minute by minute."""
    free = dict(minutes)
    given: dict[str, dict[Windows, int]] = {window: {} for window in minutes}

    def finds_a_minute(windows: Windows, seen: set[str]) -> bool:
        for window in sorted(windows & free.keys() - seen):
            seen.add(window)
            moved = None
            if free[window] > 0:
                free[window] -= 1
            else:
                busy = [other for other, count in given[window].items() if count and other != windows]
                moved = next((other for other in busy if finds_a_minute(other, seen)), None)
                if moved is None:
                    continue
                given[window][moved] -= 1
            given[window][windows] = given[window].get(windows, 0) + 1
            return True
        return False

    return sum(finds_a_minute(windows, set()) for windows, wanted in work.items() for _ in range(wanted))
