"""Logs and mappings that cannot be used: one line that says what is wrong and where, never a trace."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from portal.compliance.foreign import read_csv
from portal.compliance.load import from_files
from portal.compliance.mapping import MappingUnusable
from portal.compliance.mapping_file import read_mapping
from portal.compliance.segments import LogDamaged

MAPPING = """
[log]
timezone = "Asia/Shanghai"

[case]
id = "id"

[[event]]
kind = "received"
at = "sent"

[[event]]
kind = "delivered"
at = "answered"

[[limit]]
clock = "feedback"
n = 5
unit = "working-day"
"""
ROWS = "id,sent,answered\n" + "".join(f"{n},2019-01-03 10:00:00,2019-01-20 10:00:00\n" for n in range(2_000))


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    path = tmp_path / "messages.toml"
    path.write_text(MAPPING, encoding="utf-8")
    return path


def test_a_packed_file_that_breaks_off_is_refused_and_not_judged_in_part(tmp_path: Path, mapping: Path) -> None:
    whole = tmp_path / "log.csv.gz"
    whole.write_bytes(gzip.compress(ROWS.encode()))
    assert read_csv(whole, read_mapping(mapping)).rows == 2_000
    broken = tmp_path / "broken.csv.gz"
    broken.write_bytes(whole.read_bytes()[:-200])
    with pytest.raises(LogDamaged, match=r"broken\.csv\.gz cannot be read to its end"):
        read_csv(broken, read_mapping(mapping))


@pytest.mark.parametrize("name", ["log.ndjson.gz", "log.parquet"])
def test_a_file_that_is_not_what_its_name_says_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text(ROWS, encoding="utf-8")
    with pytest.raises(LogDamaged, match=name):
        from_files(path, limits=[])


def test_a_folder_with_a_damaged_segment_is_refused(tmp_path: Path) -> None:
    (tmp_path / "received.parquet").write_bytes(b"PAR1")
    with pytest.raises(LogDamaged, match=r"received\.parquet"):
        from_files(tmp_path, limits=[])


def test_a_quote_that_never_ends_does_not_swallow_the_log(tmp_path: Path, mapping: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text(ROWS + '2000,"' + ROWS * 3, encoding="utf-8")
    with pytest.raises(LogDamaged, match="field"):
        read_csv(path, read_mapping(mapping))


@pytest.mark.parametrize(
    ("written", "instead", "place"),
    [
        ('"Asia/Shanghai"', '"Mars/Olympus"', r"log\.timezone"),
        ('"Asia/Shanghai"', '"Asia/Shanghai"\ndelimiter = ";;"', r"log\.delimiter"),
        ('"Asia/Shanghai"', '"Asia/Shanghai"\ndelimiter = "；"', r"log\.delimiter: write one letter"),
        ("n = 5", "n = 0", "limit: n"),
        ("n = 5", "n = -5", "limit: n"),
        ("n = 5", "n = true", "limit: n"),
        ("n = 5", "n = 5\nextension_n = 0", "limit: extension_n"),
    ],
)
def test_a_mapping_says_which_value_cannot_be(mapping: Path, written: str, instead: str, place: str) -> None:
    mapping.write_text(MAPPING.replace(written, instead), encoding="utf-8")
    with pytest.raises(MappingUnusable, match=place):
        read_mapping(mapping)


def test_a_mapping_that_is_not_there_is_said_so_without_a_number(tmp_path: Path) -> None:
    with pytest.raises(MappingUnusable, match=r"none\.toml, file: No such file"):
        read_mapping(tmp_path / "none.toml")
