"""What a mapping of readings may say, and how it is told what it says wrongly."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from portal.compliance.mapping import MappingUnusable
from portal.hall.readings.mapping import read_mapping
from tests.compliance.shared import MAPPINGS
from tests.hall.readings.made import TABLES, mapping, mapping_file


def test_the_mapping_shipped_for_warsaw_can_be_read() -> None:
    plan = read_mapping(MAPPINGS / "pl_queues.toml")
    assert plan.queue == ("idGrupy",)
    assert plan.columns["waiting"] == "liczbaKlwKolejce"
    assert [(one.dated_from, one.dated_to, one.years) for one in plan.corrections] == [
        (date(2020, 12, 30), date(2020, 12, 31), -1)
    ]


def test_what_is_not_said_has_a_default(tmp_path: Path) -> None:
    plan = mapping(tmp_path)
    assert (plan.encoding, plan.delimiter, plan.date_format, plan.time_format) == ("utf-8", ",", "%Y-%m-%d", "%H:%M")
    assert (plan.service_minutes, plan.missing, plan.corrections) == (1.0, frozenset({""}), ())


CORRECTION = "[[correction]]\ndated_from = {}\ndated_to = {}\nyears = {}\nbecause = {}"
BECAUSE = '{ zh = "写错了", en = "misdated" }'


@pytest.mark.parametrize(
    ("tables", "place", "advice"),
    [
        ({"readings": 'timezone = "Asia/Shanghai"\ncalender = "cn"'}, "readings", "calender is not known here"),
        ({"hours": ""}, "file", "hours is not known here"),
        ({"columns": TABLES["columns"].replace("office =", "bureau =")}, "columns", "bureau is not known here"),
        ({"columns": 'office = "office"\nqueue = ["line"]'}, "columns.date", "write a text"),
        ({"columns": TABLES["columns"].replace('["line"]', "[]")}, "columns.queue", "name the column"),
        ({"readings": 'name = "x"'}, "readings.timezone", "write a text"),
        ({"readings": 'timezone = "Mars/Olympus"'}, "readings.timezone", "write a name such as Asia/Shanghai"),
        ({"readings": 'timezone = "Asia/Shanghai"\nencoding = "utf-9"'}, "readings.encoding", "write utf-8"),
        ({"readings": 'timezone = "Asia/Shanghai"\ndelimiter = ",,"'}, "readings.delimiter", "write one letter"),
        ({"readings": 'timezone = "Asia/Shanghai"\ndelimiter = "；"'}, "readings.delimiter", "write one letter"),
        ({"readings": 'timezone = "Asia/Shanghai"\nmissing = "-"'}, "readings.missing", "write a list of texts"),
        ({"units": 'service = "fortnight"'}, "units.service", "second, minute, hour"),
        ({"number": "pattern = '(['"}, "number.pattern", "is no regular expression"),
        ({"number": "pattern = 'K[0-9]+'"}, "number.pattern", "one pair of brackets"),
        ({"more": CORRECTION.format("2020-12-31", "2020-12-30", -1, BECAUSE)}, "correction", "in this order"),
        ({"more": CORRECTION.format('"2020-12-01"', "2020-12-30", -1, BECAUSE)}, "correction", "two dates"),
        ({"more": CORRECTION.format("2020-12-01", "2020-12-30", 0, BECAUSE)}, "correction: years", "such as -1"),
        ({"more": CORRECTION.format("2020-12-01", "2020-12-30", -1, '"so"')}, "correction: because", "zh = "),
        ({"more": "[correction]\nyears = 1"}, "correction", "[[correction]]"),
    ],
)
def test_a_mapping_that_cannot_be_followed_is_told_where_and_what_to_write(
    tmp_path: Path, tables: dict[str, str], place: str, advice: str
) -> None:
    with pytest.raises(MappingUnusable) as told:
        mapping(tmp_path, **tables)
    assert str(told.value).startswith(f"Mapping made.toml, {place}: ")
    assert advice in str(told.value)


def test_a_mapping_that_is_no_toml_or_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(MappingUnusable, match=r"gone\.toml, file: No such file"):
        read_mapping(tmp_path / "gone.toml")
    path = mapping_file(tmp_path)
    path.write_text("[readings\n")
    with pytest.raises(MappingUnusable, match=r"made\.toml, file: .*line 1"):
        read_mapping(path)
    path.write_bytes(b'[readings]\nname = "\xff"\n')
    with pytest.raises(MappingUnusable, match=r"made\.toml, file: .*utf-8"):
        read_mapping(path)
