"""Logs from files in the ledger's form, and what becomes of rows that cannot be read."""

from __future__ import annotations

import gzip
import json
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from portal.compliance import segments
from portal.compliance.engine import judge
from portal.compliance.load import LogUnreadable, Source, from_files
from portal.compliance.registry import all_rules
from tests.compliance.record import at, event, limit, record, rows

LIMITS = [limit("feedback", 5)]


def written(entry: dict[str, Any], seq: int) -> dict[str, Any]:
    return {"seq": seq, **entry, "occurred_at": entry["occurred_at"].isoformat()}


def story() -> list[dict[str, Any]]:
    events = [
        event("received", "Monday 2020-09-14 10:00", counted_from="2020-09-14"),
        event("accepted", "Tuesday 2020-09-15 10:00", document_no="D1", is_sealed=True),
        event("received", "Monday 2020-09-21 10:00", subject="case/2"),
        event("inquired", "Monday 2020-09-21 11:00", subject="inquiry/1", actor="li", role="applicant", matter="m"),
        event("delivered", "Tuesday 2020-09-29 10:00"),
    ]
    return [written(entry, number) for number, entry in enumerate(events, 1)]


def as_ndjson(path: Path, lines: list[Any]) -> Path:
    text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines) + "\n"
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress(text.encode()))
    else:
        path.write_text(text)
    return path


def findings(source: Source) -> list[tuple[Any, ...]]:
    rules = [rule for rule in all_rules() if rule.code == "V08"]
    return [(finding.key, finding.severity.value, finding.last_seq) for finding in judge(source.log, rules).findings]


def test_ndjson_parquet_and_segments_give_the_same_log(tmp_path: Path) -> None:
    lines = story()
    table = pl.DataFrame([{**line, "payload": json.dumps(line["payload"])} for line in lines])
    table.write_parquet(tmp_path / "log.parquet")
    segments.to_folder(segments.from_rows(lines), tmp_path / "folder")
    paths = [
        as_ndjson(tmp_path / "log.ndjson", lines),
        as_ndjson(tmp_path / "log.ndjson.gz", lines),
        tmp_path / "log.parquet",
        tmp_path / "folder",
    ]
    sources = [from_files(path, limits=LIMITS) for path in paths]
    assert {(source.cases, source.events) for source in sources} == {(2, 5)}
    wanted = [(("V08", "case/1", 1), "red", 5), (("V08", "case/2", 3), "yellow", 3)]
    assert [findings(source) for source in sources] == [wanted] * 4


def test_a_bad_line_is_listed_and_stops_nothing(tmp_path: Path) -> None:
    lines: list[Any] = story()
    bad: list[Any] = [
        "{ no json",
        "[1]",
        {**lines[0], "seq": 11, "kind": "teleported"},
        {**lines[0], "seq": 12, "occurred_at": "2020-09-14 10:00"},  # no zone: no instant
        {**lines[0], "seq": 13, "subject": None},
        {**lines[0], "seq": 1},
        {**lines[0], "seq": 14, "payload": {"counted_from": "yesterday"}},
    ]
    source = from_files(as_ndjson(tmp_path / "log.ndjson", [*lines, *bad]), limits=LIMITS)
    assert [(entry.row, entry.column) for entry in source.refused] == [
        (6, ""),
        (7, ""),
        (8, "kind"),
        (9, ""),
        (10, "subject"),
        (11, "seq"),
        (12, ""),
    ]
    assert source.events == 5
    assert len(findings(source)) == 2


@pytest.mark.parametrize("name", ["missing.ndjson", "log.txt", "empty.ndjson"])
def test_a_file_that_is_no_log_is_refused_by_name(tmp_path: Path, name: str) -> None:
    (tmp_path / "log.txt").write_text("hello")
    (tmp_path / "empty.ndjson").write_text("")
    with pytest.raises(LogUnreadable, match=name):
        from_files(tmp_path / name, limits=LIMITS)


def test_a_period_holds_the_cases_opened_in_it(tmp_path: Path) -> None:
    path = as_ndjson(tmp_path / "log.ndjson", story())
    opened = from_files(path, limits=LIMITS, opened=(date(2020, 9, 15), None))
    assert (opened.cases, [key for key, *_ in findings(opened)]) == (1, [("V08", "case/2", 3)])
    assert from_files(path, limits=LIMITS, opened=(date(2020, 9, 14), date(2020, 9, 14))).cases == 1
    assert from_files(path, limits=LIMITS, opened=(None, date(2020, 9, 13))).cases == 0


def test_the_digest_is_that_of_the_bytes(tmp_path: Path) -> None:
    one = from_files(as_ndjson(tmp_path / "a.ndjson", story()), limits=LIMITS)
    same = from_files(as_ndjson(tmp_path / "b.ndjson", story()), limits=LIMITS)
    other = from_files(as_ndjson(tmp_path / "c.ndjson", story()[:-1]), limits=LIMITS)
    assert one.digest == same.digest != other.digest


def test_frames_hold_whole_numbers_and_texts_only(tmp_path: Path) -> None:
    log = from_files(as_ndjson(tmp_path / "log.ndjson", story()), limits=LIMITS).log
    for kind in log.frames:
        assert {str(dtype) for dtype in log.of(kind).collect_schema().dtypes()} <= {"Int64", "String"}
    (accepted,) = rows(log.of("accepted"))
    assert (accepted["is_sealed"], accepted["document_no"], accepted["minute"]) == (1, "D1", 600)
    assert accepted["at"] == at("2020-09-15 10:00").timestamp() * 1_000_000


def test_events_are_ordered_by_when_they_happened_and_then_by_when_they_were_recorded(tmp_path: Path) -> None:
    lines = [
        written(event("received", "2020-09-14 10:00"), 1),
        written(event("delivered", "2020-09-14 12:00"), 2),
        written(event("accepted", "2020-09-14 11:00"), 3),
        written(event("opened", "2020-09-14 11:00"), 4),
    ]
    log = from_files(as_ndjson(tmp_path / "log.ndjson", lines), limits=LIMITS).log
    assert [row["kind"] for row in rows(log.events(), "nth")] == ["received", "accepted", "opened", "delivered"]


def test_the_calendar_of_an_area_that_differs_from_the_nation_judges_there(tmp_path: Path) -> None:
    """Guangxi 2017: 30 and 31 March were off, Saturday 1 April was not worked, Saturday 8 April was."""
    lines = [written(event("received", "Wednesday 2017-03-29 10:00"), 1)]
    path = as_ndjson(tmp_path / "log.ndjson", lines)

    def due(area: str) -> int:
        from portal.compliance.log import spans

        source = from_files(path, limits=[limit("feedback", 2, area=area)], as_of=at("2017-05-01 10:00"))
        (span,) = rows(spans(source.log, start="received", stop="delivered", limit="feedback"))
        return int(span["due_on"])

    assert due("450000") - due("990100") == (date(2017, 4, 6) - date(2017, 3, 31)).days


def test_a_key_that_is_called_as_a_column_of_the_envelope_keeps_its_own_value() -> None:
    issued = event("ticket-issued", "Tuesday 2020-06-02 16:00", subject="ticket/1", day="2020-06-03", hall="H")
    called = event("ticket-called", "Tuesday 2020-06-02 16:10", subject="ticket/1", nth=7)
    log = record([issued, called])
    (first,), (second,) = rows(log.of("ticket-issued")), rows(log.of("ticket-called"))
    assert (first["own_day"] - first["day"], second["own_nth"], second["nth"]) == (1, 7, 2)
