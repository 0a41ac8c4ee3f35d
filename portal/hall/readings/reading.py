"""Readings of queues as numbers: what was taken, what was refused, what is known to be wrong with them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl
from polars import col

from portal.basis import N_
from portal.compliance.foreign import MISSING, ROW, Refused
from portal.hall.readings.cells import read_cells
from portal.hall.readings.mapping import Correction, ReadingsMap

NO_DATE = N_("is no date in the mapping's format")
NO_TIME = N_("is no time of day in the mapping's format")
NOT_COUNTED = N_("is no whole number from 0")
NO_DURATION = N_("is no number of minutes, seconds or hours")
NO_STATUS = N_("is none of the texts that the mapping gives for open and closed")
NO_NUMBER = N_("does not have the form that the mapping gives for queue numbers")
TWICE = N_("a reading of this queue at this moment came in an earlier row")
NO_SUCH_DAY = N_("does not exist in the year that the mapping's correction puts it in")
CELL = "\0cell "  # before the name of a column of the file
MOST = 10**9  # no hall counts further; above it a cell holds something else

QUEUE_DAY = ("office", "queue", "on")
OFFICE_DAY = ("office", "on")


@dataclass(frozen=True, slots=True)
class Corrected:
    """How many readings a correction of the mapping moved."""

    correction: Correction
    readings: int


@dataclass(frozen=True, slots=True)
class Import:
    """What reading a file gave. ``still``: office-days on which no window opened or closed and no number was called."""

    file: str
    name: str
    rows: int
    taken: int
    broken: str | None
    refused: tuple[Refused, ...]
    corrected: tuple[Corrected, ...]
    offices: int
    queues: int
    queue_days: int
    first_on: date | None
    last_on: date | None
    without_number: int
    without_status: int
    still: tuple[tuple[str, date], ...]
    still_readings: int
    still_queue_days: int


@dataclass(frozen=True, slots=True)
class Readings:
    """``frame``: one row per reading in the order of office, queue and time.

    office, queue, title (texts); on (Date), minute (of the day, on the office's clocks); is_open (null: not said);
    windows, waiting, number (null: none called yet); service (published mean, minutes); is_still (of its office-day).
    """

    frame: pl.DataFrame
    report: Import


def read(path: Path, mapping: ReadingsMap) -> Readings:
    """Nothing is repaired in silence: a row with a cell that cannot be read is refused, each such cell with its reason.

    :raises MappingUnusable: a column is missing. :raises LogDamaged: the file holds not even a header.
    """
    cells = read_cells(
        path, mapping.places, encoding=mapping.encoding, delimiter=mapping.delimiter, mapping=mapping.path
    )
    making = _Making(mapping, cells.frame)
    frame = making.run()
    refused = tuple(sorted((*cells.refused, *making.refused)))
    return Readings(frame, _report(path, mapping, cells.rows, frame, refused, cells.broken, making.corrected))


class _Making:
    """Makes readings of the cells of one file."""

    def __init__(self, mapping: ReadingsMap, cells: pl.DataFrame) -> None:
        self.mapping = mapping
        missing = sorted(mapping.missing)
        self.frame = cells.select(
            ROW,
            *(
                pl.when(col(column).is_in(missing)).then(None).otherwise(col(column)).alias(CELL + column)
                for column in mapping.places
            ),
        )
        self.faults: dict[tuple[int, str], str] = {}  # one for each cell: the first that was found
        self.corrected: list[Corrected] = []

    @property
    def refused(self) -> Iterator[Refused]:
        return (Refused(row, column, reason) for (row, column), reason in self.faults.items())

    def run(self) -> pl.DataFrame:
        columns, mapping = self.mapping.columns, self.mapping
        for column in (*(columns[key] for key in ("office", "date", "time", "windows", "waiting")), *mapping.queue):
            self._refuse(cell(column).is_null(), column, MISSING)
        made = self.frame.select(
            ROW,
            office=cell(columns["office"]).cast(pl.Categorical()),
            queue=pl.concat_str([cell(column) for column in mapping.queue], separator=" · ").cast(pl.Categorical()),
            title=self._text("title").cast(pl.Categorical()),
            on=cell(columns["date"]).str.to_date(mapping.date_format, strict=False),
            at=cell(columns["time"]).str.to_time(mapping.time_format, strict=False),
            is_open=self._status(),
            windows=_whole(columns["windows"]),
            waiting=_whole(columns["waiting"]),
            number=self._number(),
            service=self._service(),
        )
        self.frame = pl.concat([self.frame, made.drop(ROW)], how="horizontal")
        for ours, key, reason in (
            ("on", "date", NO_DATE),
            ("at", "time", NO_TIME),
            ("windows", "windows", NOT_COUNTED),
            ("waiting", "waiting", NOT_COUNTED),
            ("is_open", "status", NO_STATUS),
            ("number", "called", NO_NUMBER),
            ("service", "service", NO_DURATION),
        ):
            if key in columns:
                self._refuse(cell(columns[key]).is_not_null() & col(ours).is_null(), columns[key], reason)
        self._correct()
        self._drop_refused()
        self._refuse(~pl.struct(*QUEUE_DAY, "at").is_first_distinct(), columns["time"], TWICE)
        self._drop_refused()
        return self._finished(made.columns)

    def _correct(self) -> None:
        for one in self.mapping.corrections:
            hit = self.frame.select(ROW, is_hit=col("on").is_between(one.dated_from, one.dated_to).fill_null(False))
            moved = pl.when(hit["is_hit"]).then(col("on").dt.offset_by(f"{one.years}y")).otherwise(col("on"))
            column = self.mapping.columns["date"]
            self._refuse(moved.dt.day() != col("on").dt.day(), column, NO_SUCH_DAY)  # 29 February
            self.frame = self.frame.with_columns(on=moved)
            bad = {row for row, _ in self.faults}
            self.corrected.append(Corrected(one, sum(row not in bad for row in hit.filter("is_hit")[ROW])))

    def _finished(self, columns: list[str]) -> pl.DataFrame:
        same = {name: col(name).n_unique().over(QUEUE_DAY) == 1 for name in ("windows", "number", "waiting")}
        is_numbered = col("number").is_not_null().any().over("office")  # else only who waits tells that something moves
        is_seen_twice = col("at").n_unique().over(OFFICE_DAY) > 1
        still = same["windows"] & same["number"] & (is_numbered | same["waiting"]) & is_seen_twice
        seconds = col("at").dt.second().cast(pl.Float64)
        minute = col("at").dt.hour().cast(pl.Int64) * 60 + col("at").dt.minute() + seconds / 60
        ordered = self.frame.select(columns).sort("office", "queue", "on", "at", maintain_order=True)
        found = ordered.with_columns(is_still=still, minute=minute).drop("at")
        return found.with_columns(is_still=col("is_still").all().over(OFFICE_DAY))  # not nested: it would see less

    # --- single columns -----------------------------------------------------------------------------------------

    def _text(self, key: str) -> pl.Expr:
        return cell(self.mapping.columns[key]) if key in self.mapping.columns else pl.lit(None, dtype=pl.String)

    def _status(self) -> pl.Expr:
        text = self._text("status")
        return (
            pl.when(text.is_in(sorted(self.mapping.open_texts)))
            .then(True)
            .when(text.is_in(sorted(self.mapping.closed_texts)))
            .then(False)
            .otherwise(None)
        )

    def _number(self) -> pl.Expr:
        value = self._text("called").str.extract(self.mapping.number_pattern, 1).cast(pl.Int64, strict=False)
        return pl.when(value.is_between(0, MOST)).then(value)

    def _service(self) -> pl.Expr:
        value = self._text("service").cast(pl.Float64, strict=False)
        return pl.when(value.is_between(0, MOST)).then(value * self.mapping.service_minutes)

    def _refuse(self, wrong: pl.Expr, column: str, reason: str) -> None:
        for row in self.frame.select(ROW, wrong=wrong).filter("wrong")[ROW].to_list():
            self.faults.setdefault((row, column), reason)

    def _drop_refused(self) -> None:
        bad = pl.Series(sorted({row for row, _ in self.faults}), dtype=pl.Int64)
        if len(bad):
            self.frame = self.frame.filter(~col(ROW).is_in(bad.implode()))


def cell(column: str) -> pl.Expr:
    """A column of the file, which may be named like one of ours."""
    return col(CELL + column)


def _whole(column: str) -> pl.Expr:
    """A count of people or windows; signs, fractions and what no hall can hold are no counts."""
    value = pl.when(cell(column).str.contains(r"^\d+$")).then(cell(column).cast(pl.Int64, strict=False))
    return pl.when(value <= MOST).then(value)


def _report(
    path: Path,
    mapping: ReadingsMap,
    rows: int,
    frame: pl.DataFrame,
    refused: tuple[Refused, ...],
    broken: str | None,
    corrected: list[Corrected],
) -> Import:
    still = frame.filter("is_still")
    days = frame["on"].unique().sort()
    return Import(
        file=path.name,
        name=mapping.name,
        rows=rows,
        taken=frame.height,
        broken=broken,
        refused=refused,
        corrected=tuple(corrected),
        offices=frame["office"].n_unique(),
        queues=frame.select(pl.struct("office", "queue").n_unique()).item(),
        queue_days=frame.select(pl.struct(*QUEUE_DAY).n_unique()).item(),
        first_on=days[0] if len(days) else None,
        last_on=days[-1] if len(days) else None,
        without_number=frame["number"].null_count(),
        without_status=frame["is_open"].null_count(),
        still=tuple(still.select(OFFICE_DAY).unique().sort("on", "office").rows()),
        still_readings=still.height,
        still_queue_days=still.select(pl.struct(*QUEUE_DAY).n_unique()).item(),
    )
