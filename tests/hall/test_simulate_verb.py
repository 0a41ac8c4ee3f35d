"""`portal simulate hall`: a table, JSON, a drawing; and a sentence where an option is wrong."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

from portal import cli


def told(*options: str, lang: str = "en") -> Result:
    return CliRunner().invoke(cli.main, ["simulate", "hall", "--days", "3", "--lang", lang, *options])


def test_the_table_names_the_policy_and_what_it_came_to() -> None:
    outcome = told()
    assert outcome.exit_code == 0
    assert "3 days, load 1, 4 windows, seed 1" in outcome.output
    assert "guarantee" in outcome.output
    assert "Number in hand, not called by closing, a day" in outcome.output


def test_all_policies_stand_beside_each_other() -> None:
    lines = told("--policy", "all").output.splitlines()
    assert [lines[1].find(name) > 0 for name in ("guarantee", "until closing", "quota", "mean forecast")] == [True] * 4
    assert {len(line) for line in lines[1:]} == {len(lines[1])}


def test_json_carries_what_was_asked_and_what_came_of_it() -> None:
    found = json.loads(told("--json", "--policy", "quota", "--load", "1.2", "--lunch", "--skills", "2").output)
    assert (found["policy"], found["load"], found["has_lunch"], found["skills"]) == ("quota", 1.2, True, 2)
    assert found["served_per_day"] > 100
    names = {"unserved_per_day", "served_per_day", "refused_per_day", "band_coverage", "median_band_minutes"}
    assert names <= found.keys()


def test_the_same_seed_prints_the_same_bytes() -> None:
    assert told("--json", "--seed", "9").output == told("--json", "--seed", "9").output
    assert told("--json", "--seed", "9").output != told("--json", "--seed", "8").output


def test_an_extra_window_is_compared_with_the_same_days_without_it() -> None:
    found = json.loads(told("--json", "--load", "1.3", "--extra-window", "10:00-12:00").output)
    assert found["extra_window"] == [60.0, 180.0]
    assert found["with_extra_window"]["mean_wait_minutes"] < found["mean_wait_minutes"]
    assert "guarantee, one more" in told("--extra-window", "10:00-12:00").output


def test_the_drawing_is_a_picture_with_a_line_for_each_run(tmp_path: Path) -> None:
    file = tmp_path / "wait.svg"
    assert told("--extra-window", "10:00-12:00", "--chart", str(file)).exit_code == 0
    picture = ElementTree.fromstring(file.read_text())  # noqa: S314 -- we wrote it ourselves a line above
    names = [part.tag.rpartition("}")[2] for part in picture]
    assert names.count("polyline") == 2
    assert names.count("polygon") == 1


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--policy", "best"], "'best' is not one of 'guarantee', 'until-closing', 'quota', 'mean', 'all'"),
        (["--load", "much"], "'much' is not a valid float"),
        (["--load", "0"], "The load must lie between 0.01 and 5, not 0"),
        (["--windows", "0"], "The number of windows must lie between 1 and 60"),
        (["--extra-window", "10-12"], "write the hours of the extra window as 10:00-12:00"),
        (["--extra-window", "12:00-10:00"], "must open before it closes"),
        (["--days", "0"], "The number of days must lie between"),
    ],
)
def test_a_wrong_option_is_told_in_a_sentence(options: list[str], sentence: str) -> None:
    outcome = told(*options)
    assert outcome.exit_code == 2
    assert sentence in outcome.output.replace("\n", " ")


def test_a_drawing_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    outcome = told("--chart", str(tmp_path / "nowhere" / "wait.svg"))
    assert outcome.exit_code == 1
    assert "Could not open file" in outcome.output


def test_the_verb_speaks_chinese() -> None:
    assert "保证" in told(lang="zh").output
    assert "负荷" in told("--load", "0", lang="zh").output
