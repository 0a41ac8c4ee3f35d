"""Foreign logs: what a mapping may say, and what becomes of rows that cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.compliance.engine import judge
from portal.compliance.foreign import MISSING, NO_TIME, NOT_WHOLE, Reading, read_csv
from portal.compliance.load import from_mapping
from portal.compliance.mapping import MappingUnusable
from portal.compliance.mapping_file import read_mapping
from portal.compliance.registry import all_rules
from tests.compliance.record import at

MAPPING = """
[log]
timezone = "America/New_York"
calendar = "weekdays"
missing = ["n/a"]
{log}

[case]
id = "id"

[times]
formats = ["%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y-%m-%dT%H:%M:%S%z"]

[[event]]
kind = "received"
at = "opened"
required = true
target_at = "target"
office = {{ constant = "city" }}
{event}

[[event]]
kind = "decided"
at = "closed"
amount_fen = "amount"
{rest}
"""
HEADER = "id,opened,closed,target,amount"


def reading(folder: Path, *lines: str, header: str = HEADER, **parts: str) -> Reading:
    path = folder / "log.csv"
    path.write_bytes(("\n".join([header, *lines]) + "\n").encode("utf-8", errors="surrogateescape"))
    return read_csv(path, read_mapping(mapping(folder, **parts)))


def mapping(folder: Path, *, log: str = "", event: str = "", rest: str = "") -> Path:
    path = folder / "mapping.toml"
    path.write_text(MAPPING.format(log=log, event=event, rest=rest))
    return path


def test_one_row_becomes_several_events_and_a_missing_time_none(tmp_path: Path) -> None:
    read = reading(tmp_path, "a,2020-09-14 10:00:00,2020/9/15 9:30,,", "b,2020-09-14 10:00:00,n/a,,")
    assert read.rows == 2
    assert {kind: frame.height for kind, frame in read.segments.items()} == {"received": 2, "decided": 1}
    received = read.segments["received"]
    assert received["subject"].to_list() == ["case/a", "case/b"]
    assert received["office"].to_list() == ["city", "city"]
    assert read.segments["decided"]["at"][0] == at("2020-09-15 09:30", "America/New_York").timestamp() * 1_000_000


def test_a_time_with_its_own_offset_keeps_it(tmp_path: Path) -> None:
    read = reading(tmp_path, "a,2020-09-14T10:00:00+0200,,,")
    assert read.segments["received"]["at"][0] == at("2020-09-14 10:00", "Europe/Berlin").timestamp() * 1_000_000


def test_every_row_that_cannot_be_read_is_listed_with_its_reason(tmp_path: Path) -> None:
    read = reading(
        tmp_path,
        "good,2020-09-14 10:00:00,,,",
        "short,2020-09-14 10:00:00",
        ",2020-09-14 10:00:00,,,",
        "late,tomorrow,,,",
        "none,,,,",
        "good,2020-09-15 10:00:00,,,",
        "gap,2020-03-08 02:30:00,,,",  # the clocks went forward over that half hour
        "sum,2020-09-14 10:00:00,2020-09-14 11:00:00,,much",
        "bytes\udcff,2020-09-14 10:00:00,,,",
        "closed,2020-09-14 10:00:00,soon,,",
    )
    assert [(entry.row, entry.column) for entry in read.refused] == [
        (3, ""),
        (4, "id"),
        (5, "opened"),
        (6, "opened"),
        (7, "id"),
        (8, "opened"),
        (9, "amount"),
        (10, ""),
        (11, "closed"),
    ]
    assert all(entry.reason for entry in read.refused)
    assert read.segments["received"]["subject"].to_list() == ["case/good"]
    assert read.rows == 10


def test_a_row_hears_of_each_of_its_bad_cells_once(tmp_path: Path) -> None:
    read = reading(tmp_path, ",tomorrow,soon,,much", "two,,never,,")
    assert [(entry.row, entry.column, entry.reason) for entry in read.refused] == [
        (2, "amount", NOT_WHOLE),
        (2, "closed", NO_TIME),
        (2, "id", MISSING),
        (2, "opened", NO_TIME),
        (3, "closed", NO_TIME),
        (3, "opened", MISSING),
    ]
    assert not read.segments["received"].height


def test_the_content_of_a_cell_never_stands_in_a_reason(tmp_path: Path) -> None:
    read = reading(tmp_path, "a,private words,,,")
    assert "private" not in " ".join(entry.reason for entry in read.refused)


def test_cells_may_hold_line_breaks_and_quotes(tmp_path: Path) -> None:
    read = reading(tmp_path, 'a,2020-09-14 10:00:00,,,,"two\nlines, ""quoted"""', "b,x,,,,", header=f"{HEADER},note")
    assert [(entry.row, entry.column) for entry in read.refused] == [(3, "opened")]


def test_an_end_before_its_beginning_is_noted_and_still_an_end(tmp_path: Path) -> None:
    read = reading(tmp_path, "a,2020-09-14 10:00:00,2020-09-13 10:00:00,,")
    assert [(entry.row, entry.column) for entry in read.noted] == [(2, "closed")]
    assert read.segments["decided"].height == 1


def test_a_file_in_chinese_encoding_is_read(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_bytes(f"{HEADER}\n甲,2020-09-14 10:00:00,,,\n".encode("gb18030"))
    read = read_csv(path, read_mapping(mapping(tmp_path, log='encoding = "gb18030"')))
    assert read.segments["received"]["subject"].to_list() == ["case/甲"]


@pytest.mark.parametrize("content", ["", "id,opened,closed\na,b,c\n"])
def test_a_missing_column_is_named_with_its_file(tmp_path: Path, content: str) -> None:
    path = tmp_path / "log.csv"
    path.write_text(content)
    with pytest.raises(MappingUnusable, match=r"log\.csv has no column (id|target), which mapping\.toml names at"):
        read_csv(path, read_mapping(mapping(tmp_path)))


@pytest.mark.parametrize(
    ("parts", "named"),
    [
        ({"log": 'calendar2 = "x"'}, "calendar2 is not known here"),
        ({"log": 'row = "line"'}, r"log\.row: line is not known"),
        ({"log": 'encoding = "klingon"'}, r"log\.encoding: klingon"),
        ({"log": 'format = "xes"'}, r"log\.format: xes is not read"),
        ({"event": 'per = "case"'}, "event received: per"),
        ({"event": "post = 5"}, "event received: post"),
        ({"event": 'colour = "red"'}, "colour is not known here"),
        ({"rest": '[[event]]\nkind = "flown"\nat = "closed"'}, "there is no kind flown"),
        ({"rest": '[[event]]\nkind = "delivered"'}, "event delivered: at"),
        ({"rest": '[[limit]]\nclock = "decide"\nn = 5'}, "limit: needs clock, n and unit"),
        ({"rest": '[[limit]]\nclock = "decide"\nn = 5\nunit = "day"'}, "limit: unit"),
        ({"rest": '[steps]\nat = "opened"'}, "steps: needs at, and resource or group"),
        ({"rest": '[[source]]\nrule = "V09"\nnorm = "Code"'}, "source: needs rule, norm and article"),
        (
            {"rest": '[[source]]\nrule = "V99"\nnorm = "Code"\narticle = "1"'},
            "source: rule: there is no rule V99; write one",
        ),
        (
            {"rest": '[[limit]]\nclock = "tea"\nn = 5\nunit = "hour"'},
            "limit: clock: there is no clock tea; write one of",
        ),
        ({"rest": '[[limit]]\nclock = "decide"\nn = 5\nunit = "hour"\nstatutory_n = 9'}, "limit: statutory_n"),
        ({"rest": '[[limit]]\nclock = "decide"\nn = 5\nunit = "hour"\nroll = 1'}, "limit: roll"),
        ({"log": 'item_type = "permission"'}, r"log\.item_type: permission is not known; write one of"),
        ({"log": "area = 33"}, r"log\.area: write a text"),
        ({"event": "channel = { constant = 5 }"}, "event received: channel: this constant is a text"),
        (
            {"event": 'counted_from = { constant = "5" }'},
            "event received: counted_from: this constant is a whole number",
        ),
        ({"event": 'when = { column = "opened" }'}, "event received: when: write"),
        ({"event": 'when = "opened"'}, "event received: when: write"),
        ({"rest": '[steps]\nat = "opened"\ngroup = 5'}, "steps: needs at, and resource or group"),
        ({"rest": "[x"}, "mapping.toml"),
    ],
)
def test_a_mapping_that_cannot_be_followed_says_where_and_what_to_write(
    tmp_path: Path, parts: dict[str, str], named: str
) -> None:
    with pytest.raises(MappingUnusable, match=named):
        read_mapping(mapping(tmp_path, **parts))


EVENTS = """
[log]
timezone = "Europe/Berlin"
calendar = "none"
row = "event"

[case]
id = "case"

[times]
formats = ["%Y-%m-%d %H:%M"]

[[event]]
kind = "received"
per = "case"
at = "start"

[[event]]
kind = "decided"
at = "time"
when = { column = "step", is = ["close", "reject"] }
actor = "who"

[steps]
at = "time"
resource = "who"
"""


def test_a_row_may_be_an_event_of_its_case(tmp_path: Path) -> None:
    (tmp_path / "events.toml").write_text(EVENTS)
    (tmp_path / "log.csv").write_text(
        "case,start,time,step,who\n"
        "1,2020-09-14 10:00,2020-09-14 11:00,check,a\n"
        "1,2020-09-14 10:00,2020-09-14 12:00,ask,b\n"
        "1,2020-09-14 09:00,2020-09-14 13:00,check,a\n"
        "2,2020-09-14 10:00,2020-09-14 14:00,close,\n"
    )
    source = from_mapping(tmp_path / "log.csv", read_mapping(tmp_path / "events.toml"))
    assert (source.cases, source.events) == (2, 4)
    assert [(entry.row, entry.column) for entry in source.noted] == [(4, "start")]
    assert source.log.present == {"received", "decided"}


@pytest.mark.parametrize(("in_force_from", "severity"), [("2020-01-01", "yellow"), ("2020-10-01", "notice")])
def test_a_mapping_may_bring_the_law_of_its_own_place(tmp_path: Path, in_force_from: str, severity: str) -> None:
    own = f'[[source]]\nrule = "V09"\nnorm = "City code"\narticle = "12"\nin_force_from = {in_force_from}'
    (tmp_path / "log.csv").write_text(f"{HEADER}\na,2020-09-14 10:00:00,2020-09-16 10:00:00,2020-09-15 10:00:00,\n")
    plan = read_mapping(mapping(tmp_path, log='area = "US-MA"', rest=own))
    source = from_mapping(tmp_path / "log.csv", plan)
    rules = [rule for rule in all_rules() if rule.code == "V09"]
    (finding,) = judge(source.log, rules, sources=source.sources).findings
    assert finding.severity.value == severity
