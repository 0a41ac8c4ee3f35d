"""`portal hall readings`: what it prints in both languages, and how it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from portal import cli
from tests.hall.readings.made import HEADER, file, mapping_file, packed, row
from tests.hall.readings.test_waits import day, hall_day

CORRECTION = (
    "[[correction]]\ndated_from = 2021-09-01\ndated_to = 2021-09-30\nyears = -1\n"
    'because = { zh = "年份写错", en = "the year is wrong" }'
)


def run(path: Path, mapping: Path, *options: str) -> Result:
    return CliRunner().invoke(cli.main, ["hall", "readings", str(path), "--mapping", str(mapping), *options])


@pytest.fixture
def told(tmp_path: Path) -> tuple[Path, Path]:
    """Three days: one misdated, one frozen; a row without sense; people left; nobody there at one reading."""
    rows = [line for n in range(2) for line in day(*hall_day(n)[0], on=f"202{n}-09-1{4 - n}")]
    frozen = [row(clock, day="2020-10-01", queueing=3, desks=0) for clock in ("09:00", "17:00")]
    left = [row("17:00", day="2020-09-15", queueing=4, desks=2), row("09:00", day="2020-09-15", queueing=2, desks=0)]
    path = file(tmp_path, [*rows, *frozen, *left, row("soon")])
    return path, mapping_file(tmp_path, more=CORRECTION)


def test_the_report_speaks_chinese_unless_asked_otherwise(told: tuple[Path, Path]) -> None:
    outcome = run(*told)
    assert outcome.exit_code == 0
    for part in (
        "第 222 行，clock 列：不是映射所定格式的时刻",
        "读入行数：221；采用读数：220；拒收：1",
        "年份写错",
        "冻结：",
        "当天最后一次读数仍有人等候：2 个队列日，7 人；不计冻结的网点日：1 个、4 人",
        "有人等候而无窗口开放：2 个队列日；不计冻结的网点日：1；仅凭一次读数、证据薄弱：1",
        "［薄弱：仅一次读数］",
        "［冻结］",
        "由叫号推算的等候",
        "判定部分",
    ):
        assert part in outcome.output
    assert "office" not in outcome.output


def test_the_report_speaks_english(told: tuple[Path, Path]) -> None:
    output = run(*told, "--lang", "en").output
    for part in (
        "row 222, column clock: is no time of day in the mapping's format",
        "rows read: 221; taken as readings: 220; refused: 1",
        "readings dated 1 Sept 2021 to 30 Sept 2021, moved by -1 year(s): 108. Why: the year is wrong",
        "frozen: 1 office-days",
        "15 Sept 2020 17:00, waiting: 4, open windows: 2, hall 7 (Cash)",
        "[weak: a single reading]",
        "[frozen]",
        "split by date: days before",
        "inside the band",
    ):
        assert part in output


def test_lists_are_cut_where_asked_and_say_so(told: tuple[Path, Path]) -> None:
    assert "… and 1 more (all of them: --rows 0)" in run(*told, "--lang", "en", "--rows", "1").output
    assert "--rows" not in run(*told, "--lang", "en", "--rows", "0").output


def test_json_holds_everything_and_nothing_but_json(told: tuple[Path, Path]) -> None:
    whole = json.loads(run(*told, "--json").stdout)
    assert whole["import"]["refused"] == [
        {"row": 222, "column": "clock", "reason": "is no time of day in the mapping's format"}
    ]
    assert whole["import"]["corrected"][0]["correction"]["because"] == {"zh": "年份写错", "en": "the year is wrong"}
    assert [(one["on"], one["at"], one["is_still"]) for one in whole["left_waiting"]["list"]] == [
        ("2020-09-15", "17:00:00", False),
        ("2020-10-01", "17:00:00", True),
    ]
    assert [one["is_weak"] for one in whole["nobody_there"]["list"]] == [False, True]
    assert set(whole["calibration"]["offices"]) == {"hall"}


def test_a_file_that_breaks_off_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    path = packed(file(tmp_path, [row(line=n, queueing=n * 7919 % 100) for n in range(3000)]), 0.5)
    outcome = run(path, mapping_file(tmp_path), "--lang", "en")
    assert outcome.exit_code == 0
    assert "the file breaks off after row" in outcome.output
    assert "get it again from where it came" in outcome.output


def test_a_file_or_a_mapping_that_cannot_be_used_is_one_sentence_and_exit_code_2(tmp_path: Path) -> None:
    mapping = mapping_file(tmp_path)
    missing = run(tmp_path / "gone.csv", mapping)
    assert missing.exit_code == 2
    assert missing.output.startswith("Error: gone.csv cannot be read")
    lacking = run(file(tmp_path, [row()], header=HEADER.replace("last", "latest")), mapping)
    assert lacking.exit_code == 2
    assert "made.csv has no column last, which made.toml names at columns.called" in lacking.output
    unknown = run(file(tmp_path, [row()]), mapping_file(tmp_path, colours=""))
    assert unknown.exit_code == 2
    assert "Mapping made.toml, file: colours is not known here" in unknown.output


def test_a_file_with_nothing_in_it_tells_so_without_failing(tmp_path: Path) -> None:
    for options in (["--lang", "en"], ["--lang", "zh"], ["--json"]):
        assert run(file(tmp_path, []), mapping_file(tmp_path), *options).exit_code == 0
