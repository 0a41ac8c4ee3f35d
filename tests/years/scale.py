"""A province's year at full size, drawn by columns: nine events a case on average, straight in the form of segments.

Nothing here is known case by case; the numbers serve speed and memory. Some clocks are late, as in life.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import polars as pl

from portal.compliance.segments import Segments, schema_of
from tests.years.city import LIMITS, PERMIT, limit_row
from tests.years.days import days_of, is_worked
from tests.years.journal import at

MINUTE = 60_000_000
DAY = 1440 * MINUTE
MIDNIGHT = int(at("2020-01-01 00:00").timestamp()) * 1_000_000
FIRST = date(2020, 1, 1)
OFFICES, PEOPLE = 60, 40
# share of the cases that have these events besides the eight that all have: together one more a case
SHARES = {
    "corrected": 0.15, "paused": 0.10, "extended": 0.05, "passed": 0.10, "chased": 0.10, "down": 0.05, "told": 0.05,
    "asked": 0.05,
}  # fmt: skip

# Every clock of a permit, and a feedback limit besides, so that no rule has an easy day.
SCALE_LIMITS = [row for row in LIMITS if row["item_version"] == PERMIT.version]
SCALE_LIMITS.append(limit_row(PERMIT, "feedback", "received", "delivered", 30))

Column = np.ndarray[Any, np.dtype[np.int64]]


class _Year:
    """The columns that the events of all cases are made from."""

    def __init__(self, cases: int, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.cases = np.arange(cases, dtype=np.int64)
        worked = [day for day in days_of(FIRST, date(2020, 12, 31)) if is_worked(day)]
        self.workdays = np.array([(day - FIRST).days for day in worked], dtype=np.int64)
        self.start = self.rng.integers(0, len(worked) - 45, cases)
        self.office = self.rng.integers(0, OFFICES, cases)
        self.person = self.rng.integers(0, PEOPLE, cases)
        self.names = pl.DataFrame({"n": self.cases}).select(pl.format("case/330100-2020-{}", "n")).to_series()
        self.seq = 0
        self.segments: dict[str, list[pl.DataFrame]] = {}

    def moment(self, which: Column, after: int | Column, hour: int) -> Column:
        """An instant in the named hour of the working day that lies so many working days after the start."""
        day = self.workdays[np.minimum(self.start[which] + after, len(self.workdays) - 1)]
        minutes: Column = MIDNIGHT + day * DAY + (hour * 60 + self.rng.integers(0, 59, len(which))) * MINUTE
        return minutes

    def some(self, share: float) -> Column:
        return self.cases[self.rng.random(len(self.cases)) < share]

    def add(
        self, kind: str, which: Column, moments: Column, role: str, *, next_door: bool = False, **facts: Any
    ) -> None:
        """One event of each case in ``which``; ``next_door``: by the people of the office next to its own."""
        office, person = (self.office[which] + next_door) % OFFICES, self.person[which]
        frame = pl.DataFrame({"which": which, "office": office, "person": person, "at": moments})
        is_staff = role not in ("applicant", "system")
        actor = pl.format(f"{role}-{{}}-{{}}", "office", "person") if is_staff else pl.format(f"{role}-{{}}", "which")
        place = pl.format("office-{}", "office")
        columns = {
            "seq": pl.int_range(self.seq + 1, self.seq + 1 + len(which), dtype=pl.Int64),
            "subject": self.names.gather(which),
            "actor": pl.lit("system") if role == "system" else actor,
            "role": pl.lit(role),
            "office": place if is_staff or role == "system" else pl.lit(None, dtype=pl.String),
            "post": pl.format(f"office-{{}}/{role}", "office") if is_staff else pl.lit(None, dtype=pl.String),
            "channel": pl.lit("window" if role == "clerk" else "web"),
            "recorded_at": pl.col("at"),
            "item_version": pl.lit(PERMIT.version),
            **facts,
        }
        self.seq += len(which)
        filled = frame.with_columns(**columns)
        schema = schema_of(kind)
        told = [
            (pl.col(name) if name in filled.columns else pl.lit(None)).cast(dtype).alias(name)
            for name, dtype in schema.items()
        ]
        self.segments.setdefault(kind, []).append(filled.select(told))


def scale(cases: int, seed: int = 9) -> Segments:
    """``cases`` cases with nine events each on average, as segments; the same seed gives the same events."""
    year = _Year(cases, seed)
    _main_line(year)
    _side_lines(year)
    return {kind: pl.concat(parts) for kind, parts in year.segments.items()}


def _main_line(year: _Year) -> None:
    every = year.cases
    papers: dict[str, Any] = {"materials_hash": pl.format("m{}", "which"), "rule_version": pl.lit("guide@1")}
    number = pl.format("D{}", "which")
    document: dict[str, Any] = {"document_no": number, "document_on": pl.lit(0), "is_sealed": pl.lit(1)}
    decided = year.rng.integers(9, 16, len(every))
    year.add(
        "submitted", every, year.moment(every, 0, 9), "applicant", applicant=pl.format("applicant-{}", "which"),
        matter=pl.lit("food-permit/standard"), situation=pl.lit("standard"),
        materials=pl.lit("form|identity"), **papers,
    )  # fmt: skip
    year.add("received", every, year.moment(every, 0, 10), "clerk", receipt_no=pl.format("R{}", "which"))
    year.add(
        "assigned",
        every,
        year.moment(every, 0, 13),
        "supervisor",
        assignee=pl.format("reviewer-{}-{}", "office", "person"),
    )
    year.add("opened", every, year.moment(every, 0, 14), "reviewer")
    year.add("accepted", every, year.moment(every, year.rng.integers(1, 4, len(every)), 11), "clerk", **document)
    year.add("reviewed", every, year.moment(every, 8, 15), "reviewer", conclusion=pl.lit("approve"), **papers)
    year.add(
        "decided", every, year.moment(every, decided, 16), "decider", conclusion=pl.lit("grant"), **papers, **document,
        reason=pl.lit("examined"), basis=pl.lit("第三十八条"), remedies=pl.lit("review, court"),
    )  # fmt: skip
    late = np.where(year.rng.random(len(every)) < 0.02, 12, year.rng.integers(1, 9, len(every)))
    year.add("delivered", every, year.moment(every, decided + late, 10), "clerk", proof=pl.lit("signed"))


def _side_lines(year: _Year) -> None:
    some = {name: year.some(share) for name, share in SHARES.items()}
    which = some["corrected"]
    year.add(
        "correction-noticed",
        which,
        year.moment(which, 0, 15),
        "reviewer",
        demands=pl.lit("seal"),
        notice_no=pl.lit("N"),
    )
    year.add("correction-submitted", which, year.moment(which, 0, 16), "applicant", is_complete=pl.lit(1))
    which = some["paused"]
    day = year.moment(which, 5, 0) // DAY
    year.add(
        "paused", which, year.moment(which, 5, 11), "reviewer", pause_type=pl.lit("inspection"), days=pl.lit(3),
        from_on=pl.Series(day + 1), notice_no=pl.lit("P"),
        approved_by=pl.format("supervisor-{}-{}", "office", "person"),
    )  # fmt: skip
    year.add("resumed", which, year.moment(which, 7, 16), "reviewer")
    which = some["extended"]
    year.add(
        "extended", which, year.moment(which, 9, 9), "head", clock=pl.lit("decide"), days=pl.lit(5),
        reason=pl.lit("expert"), notice_no=pl.lit("E"), approved_by=pl.format("head-{}-{}", "office", "person"),
    )  # fmt: skip
    which = some["passed"]
    year.add(
        "handed-over",
        which,
        year.moment(which, 0, 11),
        "clerk",
        to_office=pl.format("office-{}", (pl.col("office") + 1) % OFFICES),
        reason=pl.lit("power"),
    )
    year.add("handover-acknowledged", which, year.moment(which, 0, 12), "clerk", next_door=True)
    which = some["chased"]
    year.add("chased", which, year.moment(which, 1, 9), "applicant", place=pl.lit("window"))
    which = some["down"]
    down = year.moment(which, 2, 0) // DAY
    year.add(
        "outage-linked", which, year.moment(which, 2, 17), "system", outage=pl.lit("O"), from_on=down, until_on=down
    )
    which = some["told"]
    year.add("collection-noticed", which, year.moment(which, 20, 9), "system")
    which = some["asked"]
    year.names = year.names.str.replace("case/", "inquiry/", literal=True)
    year.add(
        "inquired", which, year.moment(which, 0, 9), "clerk", applicant=pl.format("applicant-{}", "which"),
        matter=pl.lit("food-permit/standard"),
    )  # fmt: skip
    year.add(
        "inquiry-answered", which, year.moment(which, 0, 10), "clerk", outcome=pl.lit("answered"), is_written=pl.lit(1),
        covers=pl.lit("conditions|item|limit|materials|place"), cited_version=pl.lit(PERMIT.version),
    )  # fmt: skip


def events_in(segments: Segments) -> int:
    return sum(frame.height for frame in segments.values())
