"""Who was left waiting when the readings ended, and who waited while nobody served."""

from __future__ import annotations

from datetime import time
from pathlib import Path

from portal.hall.readings.days import left_waiting, nobody_there
from tests.hall.readings.made import readings, row


def test_only_the_last_reading_of_a_queue_day_says_who_was_left(tmp_path: Path) -> None:
    rows = [
        row("16:55", queueing=9),
        row("17:00", queueing=2, desks=0),  # comes later in the day than the row after it
        row("12:00", queueing=30),
        row("16:55", line=8, queueing=5),
        row("17:00", line=8),
        row("17:00", line=7, day="2020-09-15", queueing=3),
    ]
    found = left_waiting(readings(tmp_path, rows))
    assert [(one.queue, f"{one.on}", one.at, one.waiting, one.windows) for one in found] == [
        ("7", "2020-09-15", time(17), 3, 1),
        ("7", "2020-09-14", time(17), 2, 0),
    ]


def test_a_queue_of_the_same_name_in_another_office_is_another_queue(tmp_path: Path) -> None:
    found = left_waiting(readings(tmp_path, [row(queueing=1), row("09:05"), row(office="east", queueing=4)]))
    assert [(one.office, one.waiting) for one in found] == [("east", 4)]


def test_nobody_is_there_when_people_wait_and_no_window_is_open_at_the_same_reading(tmp_path: Path) -> None:
    rows = [
        row("09:00", desks=0, queueing=0),
        row("09:05", desks=0, queueing=3),
        row("09:10", desks=0, queueing=6),
        row("09:15", desks=1, queueing=6),
        row("09:00", line=8, desks=0, queueing=1),
        row("09:05", line=8, desks=2, queueing=9),
        row("09:00", line=9, desks=0),
        row("09:05", line=9, desks=1, queueing=5),
    ]
    found = nobody_there(readings(tmp_path, rows))
    assert [(one.queue, one.first_at, one.last_at, one.readings, one.most, one.is_weak) for one in found] == [
        ("7", time(9, 5), time(9, 10), 2, 6, False),
        ("8", time(9), time(9), 1, 1, True),
    ]
