"""Rows that cannot be read are refused with row, column and reason; the good ones beside them are used."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from portal.compliance.foreign import MISSING, NOT_TEXT, ROW, WRONG_WIDTH, Refused
from portal.compliance.mapping import MappingUnusable
from portal.compliance.segments import LogDamaged
from portal.hall.readings import cells
from portal.hall.readings.cells import BROKEN_OFF, OPEN_QUOTE
from portal.hall.readings.reading import (
    NO_DATE,
    NO_DURATION,
    NO_NUMBER,
    NO_STATUS,
    NO_SUCH_DAY,
    NO_TIME,
    NOT_COUNTED,
    TWICE,
    read,
)
from tests.hall.readings.made import HEADER, file, mapping, packed, readings, row

GOOD = row("08:55")


def test_a_reading_has_its_numbers_in_our_units(tmp_path: Path) -> None:
    text = row("09:05", desks=3, queueing=12, mean=90, last="K042", state=0)
    found = readings(tmp_path, [text], units='service = "second"').frame.to_dicts()[0]
    assert (found["office"], found["queue"], found["title"], found["on"]) == ("hall", "7", "Cash", date(2020, 9, 14))
    assert (found["minute"], found["windows"], found["waiting"], found["number"]) == (545.0, 3, 12, 42)
    assert (found["service"], found["is_open"]) == (1.5, False)


@pytest.mark.parametrize(
    ("cell", "column", "reason"),
    [
        ({"office": ""}, "office", MISSING),
        ({"line": ""}, "line", MISSING),
        ({"day": "2020-02-30"}, "day", NO_DATE),
        ({"day": "14.09.2020"}, "day", NO_DATE),
        ({"clock": "25:00"}, "clock", NO_TIME),
        ({"clock": "9 o'clock"}, "clock", NO_TIME),
        ({"clock": ""}, "clock", MISSING),
        ({"desks": "-1"}, "desks", NOT_COUNTED),
        ({"desks": ""}, "desks", MISSING),
        ({"queueing": "2.5"}, "queueing", NOT_COUNTED),
        ({"queueing": "99999999999999999999"}, "queueing", NOT_COUNTED),
        ({"queueing": "many"}, "queueing", NOT_COUNTED),
        ({"mean": "-3"}, "mean", NO_DURATION),
        ({"mean": "nan"}, "mean", NO_DURATION),
        ({"state": "shut"}, "state", NO_STATUS),
        ({"last": "next"}, "last", NO_NUMBER),
        ({"last": "K10000000001"}, "last", NO_NUMBER),
    ],
)
def test_a_bad_cell_refuses_its_row_and_no_other(
    tmp_path: Path, cell: dict[str, str], column: str, reason: str
) -> None:
    found = readings(tmp_path, [GOOD, row(**{"clock": "09:00"} | cell), row("09:05")])
    assert [(one.row, one.column, one.reason) for one in found.report.refused] == [(3, column, reason)]
    assert found.frame[ROW].to_list() == [2, 4]
    assert (found.report.rows, found.report.taken) == (3, 2)


def test_every_bad_cell_of_a_row_is_told(tmp_path: Path) -> None:
    found = readings(tmp_path, [row("??", desks="x"), GOOD])
    assert {(one.column, one.reason) for one in found.report.refused} == {("clock", NO_TIME), ("desks", NOT_COUNTED)}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (GOOD + ",more", WRONG_WIDTH),
        ("hall,7", WRONG_WIDTH),
        ("", WRONG_WIDTH),
        (row("09:00", label="Ca\udcffsh"), NOT_TEXT),
        (row("09:00", label='"Cash'), OPEN_QUOTE),
        (row("09:00", label='"Cash" desk'), OPEN_QUOTE),
    ],
)
def test_a_broken_row_takes_no_other_with_it(tmp_path: Path, line: str, reason: str) -> None:
    found = readings(tmp_path, [GOOD, line, row("09:05")])
    assert [(one.row, one.column, one.reason) for one in found.report.refused] == [(3, "", reason)]
    assert found.frame[ROW].to_list() == [2, 4]


def test_a_file_in_another_encoding_is_refused_row_by_row_and_read_when_the_mapping_names_it(tmp_path: Path) -> None:
    path = file(tmp_path, [])
    path.write_bytes("\n".join([HEADER, row("09:00", label="收费"), row("09:05", label="Cash"), ""]).encode("gb18030"))
    assert [one.reason for one in read(path, mapping(tmp_path)).report.refused] == [NOT_TEXT]
    named = mapping(tmp_path, readings='timezone = "Asia/Shanghai"\nencoding = "gb18030"')
    assert read(path, named).frame["title"].to_list() == ["收费", "Cash"]


def test_a_missing_column_is_named_with_the_place_that_wants_it(tmp_path: Path) -> None:
    path = file(tmp_path, [GOOD], header=HEADER.replace("queueing", "waiters"))
    with pytest.raises(MappingUnusable) as told:
        read(path, mapping(tmp_path))
    assert "made.csv has no column queueing, which made.toml names at columns.waiting; its columns are:" in str(
        told.value
    )


@pytest.mark.parametrize("keep", [0.3, 0.6, 0.9, 0.999])
def test_of_a_file_that_breaks_off_every_whole_row_is_used_and_the_place_is_told(tmp_path: Path, keep: float) -> None:
    dice = random.Random(4)
    rows = [
        row(f"{8 + n // 60:02}:{n % 60:02}", queueing=dice.randrange(99), last=f"K{dice.randrange(999):03}", line=line)
        for line in range(300)
        for n in range(60)
    ]
    whole = read(file(tmp_path, rows), mapping(tmp_path))
    torn = read(packed(file(tmp_path, rows), keep), mapping(tmp_path))
    assert 0 < torn.report.rows <= len(rows)
    assert torn.report.broken == "the packed data end too early"
    assert [(one.row, one.reason) for one in torn.report.refused] == [(torn.report.rows + 2, BROKEN_OFF)]
    columns = [name for name in whole.frame.columns if name != "is_still"]
    expected = whole.frame.filter(whole.frame[ROW] < torn.report.rows + 2).select(columns)
    assert torn.frame.select(columns).rows() == expected.rows()


def test_a_packed_file_with_a_flipped_bit_gives_what_came_before(tmp_path: Path) -> None:
    path = packed(file(tmp_path, [row("08:00", line=line) for line in range(1000)]))
    spoilt = bytearray(path.read_bytes())
    spoilt[-6] ^= 0xFF  # its checksum
    path.write_bytes(bytes(spoilt))
    found = read(path, mapping(tmp_path))
    assert "incorrect data check" in str(found.report.broken)
    assert (found.report.taken, found.report.refused) == (1000, (Refused(1002, "", BROKEN_OFF),))


def test_a_file_packed_in_two_parts_is_one_file(tmp_path: Path) -> None:
    path = packed(file(tmp_path, [GOOD]))
    first = path.read_bytes()
    second = packed(file(tmp_path, [], header=row("09:00"))).read_bytes()
    path.write_bytes(first + second)
    assert read(path, mapping(tmp_path)).frame["minute"].to_list() == [535.0, 540.0]


@pytest.mark.parametrize("content", [b"", b"\x1f\x8b\x08", b"no gzip at all"])
def test_a_packed_file_without_even_a_header_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "made.csv.gz"
    path.write_bytes(content)
    with pytest.raises(LogDamaged, match=r"made\.csv\.gz cannot be read to its end"):
        read(path, mapping(tmp_path))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LogDamaged, match=r"gone\.csv cannot be read .*no such file"):
        read(tmp_path / "gone.csv", mapping(tmp_path))


def test_a_header_alone_gives_no_readings_and_no_fault(tmp_path: Path) -> None:
    report = readings(tmp_path, []).report
    assert (report.rows, report.taken, report.refused, report.first_on) == (0, 0, (), None)


def test_the_same_queue_at_the_same_moment_is_read_once(tmp_path: Path) -> None:
    found = readings(tmp_path, [GOOD, row("08:55", queueing=9), row("08:55", line=8)])
    assert [(one.row, one.column, one.reason) for one in found.report.refused] == [(3, "clock", TWICE)]


def test_a_row_that_is_refused_does_not_take_the_place_of_a_good_one(tmp_path: Path) -> None:
    found = readings(tmp_path, [row("08:55", queueing="x"), GOOD])
    assert [(one.row, one.reason) for one in found.report.refused] == [(2, NOT_COUNTED)]


CORRECTION = (
    "[[correction]]\ndated_from = 2020-02-01\ndated_to = 2020-12-31\nyears = -1\n"
    'because = { zh = "年份写错", en = "wrong year" }'
)


def test_a_correction_moves_its_dates_and_is_counted(tmp_path: Path) -> None:
    rows = [row(day="2020-12-30"), row(day="2020-01-31"), row(day="2020-02-01"), row(day="2020-12-31", desks="x")]
    found = readings(tmp_path, rows, more=CORRECTION)
    assert sorted(found.frame["on"].to_list()) == [date(2019, 2, 1), date(2019, 12, 30), date(2020, 1, 31)]
    assert [one.readings for one in found.report.corrected] == [2]


def test_a_day_that_the_corrected_year_does_not_have_is_refused(tmp_path: Path) -> None:
    found = readings(tmp_path, [row(day="2020-02-29"), GOOD], more=CORRECTION)
    assert [(one.row, one.column, one.reason) for one in found.report.refused] == [(2, "day", NO_SUCH_DAY)]
    assert [one.readings for one in found.report.corrected] == [1]


def test_what_the_mapping_names_as_missing_is_no_number_and_no_status(tmp_path: Path) -> None:
    missing = 'timezone = "Asia/Shanghai"\nmissing = ["-"]'
    report = readings(
        tmp_path, [row(last="-", state="-"), row("09:05", last="", state=""), GOOD], readings=missing
    ).report
    assert (report.without_number, report.without_status, report.refused) == (2, 2, ())


def test_an_office_day_is_frozen_when_no_window_and_no_number_moves_in_any_of_its_queues(tmp_path: Path) -> None:
    still = [row(clock, day="2020-10-01", line=line, queueing=4) for line in (7, 8) for clock in ("09:00", "16:00")]
    moved = [
        *(row(clock, day="2020-10-09", queueing=4) for clock in ("09:00", "16:00")),
        *(row(clock, day="2020-10-09", line=8, desks=n) for n, clock in enumerate(("09:00", "16:00"))),
    ]
    report = readings(tmp_path, still + moved).report
    assert report.still == (("hall", date(2020, 10, 1)),)
    assert (report.still_readings, report.still_queue_days) == (4, 2)


def test_where_no_number_is_ever_read_who_waits_tells_that_something_moves(tmp_path: Path) -> None:
    rows = [row(clock, office=office, last="", queueing=n if office == "moves" else 3)
            for office in ("moves", "still") for n, clock in enumerate(("09:00", "16:00"))]  # fmt: skip
    assert [office for office, _ in readings(tmp_path, rows).report.still] == ["still"]


def test_one_reading_of_an_office_is_not_frozen(tmp_path: Path) -> None:
    assert readings(tmp_path, [row(), row(line=8)]).report.still == ()


def test_two_columns_can_tell_a_queue_apart(tmp_path: Path) -> None:
    columns = (
        'office = "office"\nqueue = ["line", "label"]\ndate = "day"\ntime = "clock"\n'
        'windows = "desks"\nwaiting = "queueing"'
    )
    found = readings(tmp_path, [row(), row(label="Cash desk")], columns=columns)
    assert found.report.queues == 2
    assert set(found.frame["queue"].to_list()) == {"7 · Cash", "7 · Cash desk"}


@pytest.mark.parametrize("seed", range(60))
def test_the_quick_way_and_the_exact_way_read_the_same_cells(seed: int) -> None:
    dice = random.Random(seed)
    plain = ["", "a", "收费", '"x,y"', '"he said ""no"""', '""', '"ends,"', "tab\there", "half'quote"]
    odd = ['a"b', '"open', "x,y", '"a"b', "\udcff"] if seed % 2 else []
    lines = [
        ",".join(dice.choice(plain + odd[: dice.randrange(6)]) for _ in range(3)) for _ in range(dice.randrange(30))
    ]
    chosen = {"second": 1, "third": 2}
    body = "".join(f"{line}\n" for line in lines)
    exact, quick = (cells._Lines(body, 3, ",") for _ in range(2))

    def filled(frame: pl.DataFrame) -> list[tuple[object, ...]]:
        return [tuple(cell or "" for cell in found) for found in frame.rows()]

    expected = filled(exact.one_by_one(chosen, range(2, len(lines) + 2)))
    assert filled(quick.frame(chosen)) == expected
    assert quick.refused == exact.refused
    if not odd:
        assert (len(expected), exact.refused) == (len(lines), [])
