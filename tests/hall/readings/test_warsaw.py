"""Readings that 11 offices in Warsaw published, with the figures they must give: by columns, and again one by one."""

from __future__ import annotations

import csv
import gzip
import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest

from portal.hall.readings import days
from portal.hall.readings.mapping import read_mapping
from portal.hall.readings.reading import Readings, read
from portal.hall.readings.waits import GAP, JUMP, infer
from tests.compliance.shared import MAPPINGS, ROOT, real_log

MAPPING = MAPPINGS / "pl_queues.toml"
FILE = "pl_queues/warsaw_queues.csv.gz"
HOLIDAYS = {"2020-01-01", "2020-01-06"}
Row = dict[str, str]


@pytest.fixture(scope="module")
def warsaw() -> Readings:
    return read(real_log(FILE), read_mapping(MAPPING))


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    """Read without the product's own code; the dates of December 2020 put right as the publisher's notes say."""
    with gzip.open(real_log(FILE), "rt", encoding="utf-8", newline="") as file:
        return [row | {"date": row["date"].replace("2020-12", "2019-12")} for row in csv.DictReader(file)]


def by_queue_day(rows: Iterable[Row], *key: str) -> dict[tuple[str, ...], list[Row]]:
    found: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in rows:
        found[tuple(row[name] for name in (*key, "date"))].append(row)
    return found


def left(rows: Iterable[Row], *key: str) -> list[tuple[str, int]]:
    """Day and people of every queue-day whose last reading has people waiting."""
    last = [max(day, key=lambda row: row["time"]) for day in by_queue_day(rows, *key).values()]
    return [(row["date"], int(row["liczbaKlwKolejce"])) for row in last if int(row["liczbaKlwKolejce"])]


def test_every_row_is_taken_and_what_is_wrong_with_them_is_counted(warsaw: Readings) -> None:
    report = warsaw.report
    assert (report.rows, report.taken, report.refused, report.broken) == (389_596, 389_596, (), None)
    assert (report.offices, report.queues, report.queue_days) == (11, 173, 3_114)
    assert (report.first_on, report.last_on) == (date(2019, 12, 30), date(2020, 1, 22))
    assert [one.readings for one in report.corrected] == [31_868]
    assert (report.without_number, report.without_status) == (186_083, 110_348)


def test_the_counted_faults_are_those_that_counting_one_by_one_finds(rows: list[Row]) -> None:
    with gzip.open(real_log(FILE), "rt", encoding="utf-8") as file:
        assert sum(",2020-12-" in line for line in file) == 31_868
    assert sum(not row["aktualnyNumer"] for row in rows) == 186_083
    assert sum(not row["status"] for row in rows) == 110_348


def test_all_offices_are_frozen_on_1_and_6_january_and_on_no_other_day(warsaw: Readings) -> None:
    assert len(warsaw.report.still) == 22
    assert {f"{on}" for _, on in warsaw.report.still} == HOLIDAYS
    assert (warsaw.report.still_queue_days, warsaw.report.still_readings) == (346, 44_634)


def test_on_33_queue_days_95_people_were_left_waiting_30_and_84_without_frozen_readings(warsaw: Readings) -> None:
    found = days.left_waiting(warsaw)
    assert (len(found), sum(one.waiting for one in found)) == (33, 95)
    moved = [one for one in found if not one.is_still]
    assert (len(moved), sum(one.waiting for one in moved)) == (30, 84)


def test_who_was_left_waiting_is_what_counting_one_by_one_finds(warsaw: Readings, rows: list[Row]) -> None:
    counted = left(rows, "name", "idGrupy")
    assert sorted(counted) == sorted((f"{one.on}", one.waiting) for one in days.left_waiting(warsaw))
    moved = [people for on, people in counted if on not in HOLIDAYS]
    assert (len(counted), len(moved), sum(moved)) == (33, 30, 84)


def test_what_tells_a_queue_apart_decides_the_figures(rows: list[Row]) -> None:
    """Offices share ids, and queues of one office share letters; letter and name would do, were names never changed."""

    def queue_days(*key: str) -> int:
        return len({tuple(row[name] for name in (*key, "date")) for row in rows})

    assert queue_days("name", "idGrupy") == 3_114
    assert queue_days("name", "literaGrupy", "nazwaGrupy") == 3_116
    assert queue_days("name", "literaGrupy") == 2_844
    assert queue_days("idGrupy") == 2_736
    found = left(rows, "name", "literaGrupy", "nazwaGrupy")
    assert (len(found), sum(people for _, people in found)) == (33, 95)


def test_on_371_queue_days_people_waited_and_nobody_was_there_107_of_them_weak(
    warsaw: Readings, rows: list[Row]
) -> None:
    found = days.nobody_there(warsaw)
    assert len(found) == 371
    assert sum(not one.is_still for one in found) == 368
    assert sum(one.is_weak for one in found) == 107
    alone = [row for row in rows if row["liczbaKlwKolejce"] != "0" and row["liczbaCzynnychStan"] == "0"]
    counted = {key: len(day) for key, day in by_queue_day(alone, "name", "idGrupy").items()}
    assert counted == {(one.office, one.queue, f"{one.on}"): one.readings for one in found}


def waits_one_by_one(day: list[Row]) -> list[tuple[str, int, int, int]]:
    """Time, people ahead, and the two bounds of every wait of one queue-day."""

    def minute(row: Row) -> int:
        return int(row["time"][:2]) * 60 + int(row["time"][3:])

    seen = [(minute(row), int(row["aktualnyNumer"][1:]), row) for row in day if row["aktualnyNumer"]]
    found: list[tuple[str, int, int, int]] = []
    highest: int | None = None
    for place, (at, number, row) in enumerate(seen):
        if place:
            before, earlier = seen[place - 1][:2]
            if not 0 <= number - earlier <= JUMP or at - before > GAP:
                highest = None
        last, was = number + int(row["liczbaKlwKolejce"]), highest
        highest = last if highest is None else max(highest, last)
        if was is None or last <= was or last == number:
            continue
        previous = (at, number)
        for later, called, _ in seen[place + 1 :]:
            if not 0 <= called - previous[1] <= JUMP or later - previous[0] > GAP:
                break
            if called >= last:
                found.append((row["time"], last - number - 1, previous[0] - at, later - at))
                break
            previous = (later, called)
    return found


def test_the_waits_are_those_that_going_through_the_readings_one_by_one_finds(
    warsaw: Readings, rows: list[Row]
) -> None:
    found = infer(warsaw)
    assert found.without_number == sum(
        row["liczbaKlwKolejce"] != "0" and not row["aktualnyNumer"] and row["date"] not in HOLIDAYS for row in rows
    )
    counted = {}
    for (office, queue, on), day in by_queue_day(rows, "name", "idGrupy").items():
        if on not in HOLIDAYS and (waits := waits_one_by_one(day)):
            counted[office, queue, on] = waits
    listed: dict[tuple[str, str, str], list[tuple[str, int, int, int]]] = defaultdict(list)
    for row in found.frame.to_dicts():
        at = f"{days.clock(row['minute']):%H:%M}"
        listed[row["office"], row["queue"], f"{row['on']}"].append((at, row["ahead"], row["low"], row["high"]))
    assert listed == counted
    assert found.frame.height == 38_406


def test_the_command_reads_all_of_it_within_three_seconds_of_the_processor() -> None:
    """The whole process with its imports; what the processor worked, because other tests may run beside."""
    script = (
        "import os, sys; from pathlib import Path; from portal.hall.readings import mapping, reading\n"
        "reading.read(Path(sys.argv[1]), mapping.read_mapping(Path(sys.argv[2])))\n"
        "spent = os.times(); print(spent.user + spent.system)"
    )
    spent = [
        float(subprocess.run([sys.executable, "-c", script, str(real_log(FILE)), str(MAPPING)],
                             check=True, capture_output=True, text=True, cwd=ROOT).stdout)
        for _ in range(2)
    ]  # fmt: skip
    assert min(spent) <= 3.0


def test_the_command_tells_the_figures_as_json() -> None:
    command = [sys.executable, "-m", "portal.cli", "hall", "readings", str(real_log(FILE)), "--json"]
    told = subprocess.run(
        [*command, "--mapping", str(MAPPING)],
        check=True,
        capture_output=True,
        cwd=ROOT,
        env=os.environ | {"PYTHONUTF8": "1"},
    )
    whole = json.loads(told.stdout)
    counts = ("queue_days", "people", "queue_days_without_still", "people_without_still")
    assert [whole["left_waiting"][name] for name in counts] == [33, 95, 30, 84]
    assert [whole["nobody_there"][name] for name in (counts[0], counts[2], "weak")] == [371, 368, 107]
    assert len(whole["nobody_there"]["list"]) == 371
    judged = whole["calibration"]["second_half"]
    assert whole["calibration"]["judged_from"] == "2020-01-13"
    assert 0.80 <= judged["band"]["inside"] <= 0.90
    assert judged["published"]["error"] > 2 * judged["point"]["error"]
    assert Path(whole["import"]["file"]).name == whole["import"]["file"]
