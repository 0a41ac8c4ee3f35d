"""All rules over millions of events: seconds, memory, and whether an event costs the same in small and large logs.

Each size runs in a process of its own, so that its memory is its own.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from bench.figures import Figure

SIZES = (11_100, 111_000, 1_110_000)  # cases; nine events each: 0.1, 1 and 10 million
GROUP = "all rules over synthetic years (two cores)"
GIGABYTE = 1024 * 1024  # in kilobytes, as the system counts


def figures() -> Iterator[Figure]:
    costs = []
    for cases in SIZES:
        told = _measured(cases)
        events = told["events"]
        size = f"{events / 1_000_000:.1f} million events"
        costs.append(told["rules"] / events * 1_000_000)
        is_full = cases == SIZES[-1]
        yield Figure(GROUP, f"{size}: read and put in order", told["load"], "s")
        yield Figure(GROUP, f"{size}: all rules", told["rules"], "s", **({"at_most": 60} if is_full else {}))
        yield Figure(GROUP, f"{size}: the whole process", told["load"] + told["rules"], "s")
        yield Figure(GROUP, f"{size}: processor time of it", told["processor"], "s")
        yield Figure(GROUP, f"{size}: memory", told["memory"], "GB", **({"at_most": 6} if is_full else {}))
        yield Figure(GROUP, f"{size}: cost of an event", costs[-1], "µs")
    # flat: what an event costs does not grow with the log; in a small one the fixed costs of sixteen rules show
    yield Figure(GROUP, "cost of an event, 10 million against 1 million", costs[-1] / costs[1], "times", at_most=1.5)
    yield Figure(GROUP, "cost of an event, 10 million against 0.1 million", costs[-1] / costs[0], "times", at_most=1.5)


def _measured(cases: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory(prefix="yinuo-bench-") as folder:
        for step in ("write", "judge"):
            done = subprocess.run(
                [sys.executable, "-m", "bench.rules", step, str(cases), folder],
                check=True, capture_output=True, text=True, cwd=Path(__file__).parents[1],
            )  # fmt: skip
        told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
        return told


def _write(cases: int, folder: Path) -> None:
    from portal.compliance.segments import to_folder
    from tests.years.scale import scale

    to_folder(scale(cases), folder)


def _judge(folder: Path) -> None:
    from portal.compliance.engine import judge
    from portal.compliance.load import from_files
    from portal.compliance.registry import all_rules
    from tests.years.scale import SCALE_LIMITS

    begun = time.perf_counter()
    source = from_files(folder, limits=SCALE_LIMITS, as_of=datetime(2021, 1, 31, tzinfo=UTC))
    loaded = time.perf_counter()
    by_rule = {}
    findings = 0
    for rule in all_rules():
        start = time.perf_counter()
        findings += len(judge(source.log, [rule], counting=False).findings)
        by_rule[rule.code] = round(time.perf_counter() - start, 2)
    told = {
        "events": source.events,
        "findings": findings,
        "load": loaded - begun,
        "rules": time.perf_counter() - loaded,
        "processor": time.process_time(),
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / GIGABYTE,
        "by_rule": by_rule,
    }
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    step, size, where = sys.argv[1:]
    _write(int(size), Path(where)) if step == "write" else _judge(Path(where))
