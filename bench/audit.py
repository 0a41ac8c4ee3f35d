"""The audit's promises: whole logs through the clock rules in time and memory, and the messages file as one process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import numpy as np
import polars as pl

from bench.figures import Figure
from portal.compliance.segments import Segments, schema_of, to_folder

ROOT = Path(__file__).resolve().parents[1]
STEPS = (
    "submitted", "received", "assigned", "opened", "accepted", "reviewed", "decided", "licence-produced", "delivered",
)  # fmt: skip
DAY, MINUTE = 86_400_000_000, 60_000_000
FIRST_DAY = 18_262  # 2020-01-01
CASES = (11_111, 111_111, 1_000_000)
MESSAGES = "cn_messages/replies.csv.gz"
# Judged in a process of its own, so that the highest memory is that of one log.
JUDGE = """
import json, resource, sys, time
from pathlib import Path
begun = time.perf_counter()
from portal.compliance.engine import judge
from portal.compliance.load import from_files
from portal.compliance.registry import all_rules
limits = [
    {"item_version": "item@1", "item": "item", "item_type": "permit", "area": "990100", "clock": clock, "n": n,
     "unit": "working-day", "statutory_n": 2 * n, "statutory_unit": "working-day", "extension_n": n}
    for clock, n in (("feedback", 5), ("decide", 3), ("accept", 5), ("deliver", 5))
]
source = from_files(Path(sys.argv[1]), limits=limits)
loaded = time.perf_counter()
found = judge(source.log, all_rules())
print(json.dumps({
    "events": source.events, "load": loaded - begun, "judge": time.perf_counter() - loaded,
    "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6, "findings": len(found.findings),
}))
"""


def figures() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="yinuo-bench-") as folder:
        for cases in CASES:
            yield from _whole_log(cases, Path(folder) / str(cases))
    data = Path(os.environ.get("YINUO_SHARED_DATA") or ROOT.parent / "shared" / "data")
    if (data / MESSAGES).is_file():
        yield Figure("audit: real logs", "1,397 messages, whole process", _messages(data / MESSAGES), "s", at_most=3)


def _whole_log(cases: int, folder: Path) -> Iterator[Figure]:
    to_folder(year(cases), folder)
    told = subprocess.run(
        [sys.executable, "-c", JUDGE, str(folder)], check=True, capture_output=True, text=True, cwd=ROOT
    )
    measured = json.loads(told.stdout)
    events, seconds = measured["events"], measured["load"] + measured["judge"]
    group = f"audit: {events:,} events, {measured['findings']:,} findings"
    is_largest = cases == max(CASES)
    yield Figure(group, "load, then all rules", seconds, "s", at_most=60 if is_largest else None)
    yield Figure(group, "of which load", measured["load"], "s")
    yield Figure(group, "per event", seconds / events * 1e6, "µs")
    yield Figure(group, "highest memory", measured["memory"], "GB", at_most=6 if is_largest else None)


def year(cases: int) -> Segments:
    """A year of made-up cases of nine steps each, some paused, some late: columns, not rows."""
    chance = np.random.default_rng(20_200_101)
    start = FIRST_DAY * DAY + chance.integers(0, 366 * 24 * 60, cases) * MINUTE
    number = pl.Series(np.arange(cases)).cast(pl.String).str.zfill(7)
    office = pl.concat_str([pl.lit("office-"), pl.Series(chance.integers(0, 40, cases)).cast(pl.String)])
    shared = pl.DataFrame({"number": number}).select(
        subject=pl.concat_str([pl.lit("case/990100-2020-"), "number"]), office=office
    )
    segments: Segments = {}
    at = start
    for place, kind in enumerate(STEPS):
        if place > 1:
            at = at + chance.integers(60, 60 * 24, cases) * MINUTE
        who = pl.Series(chance.integers(0, 2_000, cases)).cast(pl.String)
        frame = shared.with_columns(
            seq=pl.Series(np.arange(cases) * len(STEPS) + place + 1),
            at=pl.Series(at),
            recorded_at=pl.Series(at),
            actor=pl.concat_str([pl.lit("staff-"), who]),
            role=pl.lit("applicant" if place == 0 else "clerk"),
            post=pl.concat_str(["office", pl.lit("/desk")]),
            channel=pl.lit("web"),
            item_version=pl.lit("item@1"),
            counted_from=pl.Series(at // DAY),
            applicant=pl.concat_str([pl.lit("person-"), who]),
            matter=pl.lit("item/all"),
            conclusion=pl.lit("approve"),
        )
        segments[kind] = _shaped(kind, frame)
    paused = segments["accepted"].head(cases // 10)
    segments["paused"] = _shaped(
        "paused",
        paused.with_columns(
            seq=pl.col("seq") + len(STEPS) * cases,
            at=pl.col("at") + 1,
            from_on=pl.col("at") // DAY + 1,
            days=pl.lit(3),
            pause_type=pl.lit("hearing"),
            notice_no=pl.lit("N"),
            approved_by=pl.lit("supervisor"),
        ),
    )
    return segments


def _shaped(kind: str, frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(
        (pl.col(name) if name in frame.columns else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in schema_of(kind).items()
    )


def _messages(path: Path) -> float:
    mapping = ROOT / "examples" / "mappings" / "cn_messages.toml"
    with tempfile.TemporaryDirectory(prefix="yinuo-bench-") as out:
        command = [sys.executable, "-m", "portal.cli", "audit", str(path), "--mapping", str(mapping), "--out", out]
        begun = perf_counter()
        subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
        return perf_counter() - begun
