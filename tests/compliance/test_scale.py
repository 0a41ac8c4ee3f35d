"""The large synthetic log is what the benchmark says it is: nine events a case, and nearly all of it lawful."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from polars.testing import assert_frame_equal

from portal.compliance.load import from_files
from portal.compliance.registry import all_rules
from portal.compliance.segments import to_folder
from tests.years.judging import findings_of
from tests.years.scale import SCALE_LIMITS, events_in, scale

CASES = 2_000


def test_a_case_has_nine_events_on_average() -> None:
    assert 8.9 < events_in(scale(CASES)) / CASES < 9.1


def test_the_same_seed_gives_the_same_log() -> None:
    one, other = scale(300, seed=4), scale(300, seed=4)
    assert one.keys() == other.keys()
    for kind, frame in one.items():
        assert_frame_equal(frame, other[kind])


def test_only_the_slow_deliveries_in_it_are_found(tmp_path: Path) -> None:
    to_folder(scale(CASES), tmp_path)
    source = from_files(tmp_path, limits=SCALE_LIMITS, as_of=datetime(2021, 1, 31, tzinfo=UTC))
    assert source.events == events_in(scale(CASES))
    found = findings_of(source.log, all_rules())
    assert {finding.rule for finding in found} == {"V15"}
    assert 0.01 * CASES < len(found) < 0.04 * CASES  # two of a hundred, less those who were told to collect
