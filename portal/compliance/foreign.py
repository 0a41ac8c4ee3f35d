"""Reads a foreign CSV log by its mapping: rows become events; a row that cannot be read is listed with its reason."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import TextIOWrapper
from itertools import islice
from pathlib import Path

import polars as pl

from portal.basis import N_
from portal.compliance.mapping import EventMap, LogMap
from portal.compliance.mapping_tables import columns_found
from portal.compliance.segments import Segments, column_of, damaged, opened, schema_of
from portal.ledger.kinds import KINDS, Shape

ROW = "\0row"  # the number of a row as a spreadsheet shows it: the header is row 1
_BATCH = 50_000
_INSTANT = pl.Datetime("us", "UTC")


@dataclass(frozen=True, slots=True, order=True)
class Refused:
    """A row that was not taken, or (in ``noted``) one that was taken although something is odd. No content is kept."""

    row: int
    column: str
    reason: str


@dataclass(slots=True)
class Reading:
    """What reading gave. ``rows`` counts all rows of the file but the header."""

    rows: int = 0
    segments: Segments = field(default_factory=dict)
    steps: pl.DataFrame | None = None
    refused: list[Refused] = field(default_factory=list)
    noted: list[Refused] = field(default_factory=list)


MISSING = N_("missing")
NO_TIME = N_("cannot be read as a time in any of the mapping's formats")
NO_SUCH_TIME = N_("this local time did not exist in its zone")
WRONG_WIDTH = N_("the row has another number of cells than the header")
NOT_TEXT = N_("the row is not written in the mapping's encoding")
TWICE = N_("a case of this number came in an earlier row")
NOT_WHOLE = N_("is no whole number")
NO_DATE = N_("is no date (YYYY-MM-DD)")
DIFFERS = N_("differs from an earlier row of the same case; the earlier one was taken")
BACKWARDS = N_("lies before the event it should follow; it was taken as it stands")


def read_csv(path: Path, mapping: LogMap) -> Reading:
    """:raises MappingUnusable: the file has no header, or lacks a column that the mapping names.
    :raises LogDamaged: it breaks off, or a quote in it never ends.
    """
    reading = Reading()
    try:
        parts = list(_batches(path, mapping, reading))
    except csv.Error as error:  # such as a cell of megabytes after a stray quote
        raise damaged(path, error) from None
    columns = list(mapping.columns)
    schema = {ROW: pl.Int64} | dict.fromkeys(columns, pl.String)
    rows = pl.concat(parts) if parts else pl.DataFrame(schema=schema)
    rows = rows.with_columns(
        pl.when(pl.col(column).is_in(sorted(mapping.missing))).then(None).otherwise(pl.col(column)).alias(column)
        for column in columns
    )
    _Making(mapping, reading, rows).run()
    reading.refused.sort()
    reading.noted.sort()
    return reading


def _batches(path: Path, mapping: LogMap, reading: Reading) -> Iterator[pl.DataFrame]:
    """The columns that the mapping names, as texts, with the number of their row."""
    with (
        opened(path) as raw,
        TextIOWrapper(raw, encoding=mapping.encoding, errors="surrogateescape", newline="") as text,
    ):
        lines = csv.reader(text, delimiter=mapping.delimiter)
        header = [name.removeprefix("\ufeff") for name in next(lines, [])]
        places = columns_found(header, mapping.columns, path, mapping.path)
        schema = {ROW: pl.Int64} | dict.fromkeys(places, pl.String)
        while batch := list(islice(lines, _BATCH)):
            first = reading.rows + 2
            reading.rows += len(batch)
            taken = [(n, row) for n, row in enumerate(batch, first) if _is_whole(n, row, len(header), reading)]
            yield pl.DataFrame(
                [(n, *(row[i] for i in places.values())) for n, row in taken], schema=schema, orient="row"
            )


def _is_whole(number: int, row: list[str], width: int, reading: Reading) -> bool:
    if len(row) != width:
        reading.refused.append(Refused(number, "", WRONG_WIDTH))
        return False
    if any("\udc80" <= letter <= "\udcff" for cell in row if not cell.isascii() for letter in cell):
        reading.refused.append(Refused(number, "", NOT_TEXT))
        return False
    return True


class _Making:
    """Makes the events of one file."""

    def __init__(self, mapping: LogMap, reading: Reading, rows: pl.DataFrame) -> None:
        self.mapping, self.reading, self.rows = mapping, reading, rows
        self.times: frozenset[str] = frozenset()  # columns that hold instants once they are read
        self.faults: dict[tuple[int, str], str] = {}  # one for each cell, by row and column: the first that was found

    def run(self) -> None:
        mapping = self.mapping
        self._refuse(pl.col(mapping.case_id).is_null(), mapping.case_id, MISSING)
        if mapping.row == "case":
            self._refuse(~pl.col(mapping.case_id).is_first_distinct(), mapping.case_id, TWICE)
        times = {event.at for event in mapping.events} | ({mapping.steps.at} if mapping.steps else set())
        for event in mapping.events:
            times |= {
                value.column
                for key, value in event.values.items()
                if value.column and _shape(event, key) is Shape.INSTANT
            }
        self.times = frozenset(times)
        for column in sorted(times):
            self._read_times(column)
        for event in mapping.events:
            self._read_values(event)
            if event.is_required:
                self._refuse(self._chosen(event) & pl.col(event.at).is_null(), event.at, MISSING)
        if mapping.steps:
            self._refuse(pl.col(mapping.steps.at).is_null(), mapping.steps.at, MISSING)
        self._drop_refused()
        self._make_events()
        if mapping.steps:
            self._make_steps()

    # --- reading cells ------------------------------------------------------------------------------------------

    def _refuse(self, wrong: pl.Expr, column: str, reason: str) -> None:
        for row in self.rows.filter(wrong)[ROW].to_list():
            self.faults.setdefault((row, column), reason)

    def _drop_refused(self) -> None:
        """Only when every cell was looked at, so that whoever mends a row hears of all that is wrong with it."""
        self.reading.refused.extend(Refused(row, column, reason) for (row, column), reason in self.faults.items())
        bad = pl.Series(sorted({row for row, _ in self.faults}), dtype=pl.Int64)
        self.rows = self.rows.filter(~pl.col(ROW).is_in(bad.implode()))

    def _read_times(self, column: str) -> None:
        """Replace the texts of a column by instants; what fits no format is refused."""
        formats = self.mapping.formats
        own = [pl.col(column).str.to_datetime(text, time_unit="us", strict=False) for text in formats if "%z" in text]
        wall = [
            pl.col(column).str.to_datetime(text, time_unit="us", strict=False) for text in formats if "%z" not in text
        ]
        parsed = self.rows.with_columns(
            _own=pl.coalesce(own) if own else pl.lit(None, dtype=_INSTANT),
            _wall=pl.coalesce(wall) if wall else pl.lit(None, dtype=pl.Datetime("us")),
        )
        placed = pl.col("_wall").dt.replace_time_zone(self.mapping.timezone, ambiguous="earliest", non_existent="null")
        self.rows = parsed.with_columns(_at=pl.coalesce(pl.col("_own"), placed.dt.convert_time_zone("UTC")))
        filled = pl.col(column).is_not_null()
        self._refuse(filled & pl.col("_own").is_null() & pl.col("_wall").is_null(), column, NO_TIME)
        self._refuse(filled & pl.col("_at").is_null(), column, NO_SUCH_TIME)
        self.rows = self.rows.with_columns(pl.col("_at").cast(pl.Int64).alias(column)).drop("_own", "_wall", "_at")

    def _read_values(self, event: EventMap) -> None:
        """Numbers and dates of the payload; texts stay, instants are read already."""
        for key, value in event.values.items():
            shape, column = _shape(event, key), value.column
            if column is None or self.rows.schema[column] != pl.String:
                continue
            if shape in (Shape.INTEGER, Shape.FLAG):
                read, reason = pl.col(column).cast(pl.Int64, strict=False), NOT_WHOLE
            elif shape is Shape.DATE:
                read, reason = (
                    pl.col(column).str.to_date("%Y-%m-%d", strict=False).cast(pl.Int32).cast(pl.Int64),
                    NO_DATE,
                )
            else:
                continue
            self._refuse(pl.col(column).is_not_null() & read.is_null(), column, reason)
            self.rows = self.rows.with_columns(read.alias(column))

    # --- making events ------------------------------------------------------------------------------------------

    def _chosen(self, event: EventMap) -> pl.Expr:
        if event.when_column is None:
            return pl.lit(True)
        return pl.col(event.when_column).is_in(list(event.when_is)).fill_null(False)

    def _make_events(self) -> None:
        """``seq`` counts in the order of rows, and of events within a row: one event is told apart from all others."""
        width = len(self.mapping.events) + 1
        cases = self._one_row_a_case()
        reached: pl.DataFrame | None = None
        for place, event in enumerate(self.mapping.events):
            source = cases if event.per == "case" else self.rows
            made = source.filter(self._chosen(event) & pl.col(event.at).is_not_null())
            columns: dict[str, pl.Expr] = {
                name: pl.lit(None, dtype=dtype) for name, dtype in schema_of(event.kind).items()
            }
            columns |= {
                "seq": pl.col(ROW) * width + place,
                "subject": pl.concat_str([pl.lit(f"{KINDS[event.kind].sort.value}/"), pl.col(self.mapping.case_id)]),
                "at": pl.col(event.at),
                "recorded_at": pl.col(event.at),
                "item_version": pl.lit(self.mapping.item_version),
            }
            for key, value in event.values.items():
                columns[key] = pl.lit(value.constant) if value.column is None else self._cell(event, key, value.column)
            frame = made.select(
                pl.col(ROW),
                **{name: columns[name].cast(dtype) for name, dtype in schema_of(event.kind).items()},
            )
            if self.mapping.row == "case" or event.per == "case":
                frame, reached = self._in_order(event, frame, reached)
            frame = frame.drop(ROW)
            held = self.reading.segments.get(event.kind)
            self.reading.segments[event.kind] = frame if held is None else pl.concat([held, frame], how="diagonal")

    def _cell(self, event: EventMap, key: str, column: str) -> pl.Expr:
        """A cell as the key is shaped; of a column that is read as a time, a date is its local day."""
        if _shape(event, key) is not Shape.DATE or column not in self.times:
            return pl.col(column)
        local = pl.col(column).cast(_INSTANT).dt.convert_time_zone(self.mapping.timezone)
        return local.dt.date().cast(pl.Int32).cast(pl.Int64)

    def _in_order(
        self, event: EventMap, frame: pl.DataFrame, reached: pl.DataFrame | None
    ) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Events of one row follow each other in the mapping's order even where their times run backwards."""
        if reached is None:
            ordered = frame.with_columns(order_at=pl.col("at"))
        else:
            ordered = frame.join(reached, on=ROW, how="left")
            odd = ordered.filter(pl.col("at") < pl.col("reached"))[ROW].to_list()
            self.reading.noted.extend(Refused(row, event.at, BACKWARDS) for row in odd)
            ordered = ordered.with_columns(order_at=pl.max_horizontal("at", "reached")).drop("reached")
        now = ordered.select(ROW, reached=pl.col("order_at"))
        if reached is not None:
            now = pl.concat([now, reached]).group_by(ROW).agg(pl.col("reached").max())
        return ordered, now

    def _one_row_a_case(self) -> pl.DataFrame:
        """For events per case: the first row of each, after checking that the others agree with it."""
        mapping, rows = self.mapping, self.rows
        per_case = [event for event in mapping.events if event.per == "case"]
        if not per_case:
            return rows
        columns = {event.at for event in per_case}
        columns |= {value.column for event in per_case for value in event.values.values() if value.column}
        for column in sorted(columns):
            first = pl.col(column).first().over(mapping.case_id)
            odd = rows.filter(pl.col(column).ne_missing(first))[ROW].to_list()
            self.reading.noted.extend(Refused(row, column, DIFFERS) for row in odd)
        return rows.unique(mapping.case_id, keep="first", maintain_order=True)

    def _make_steps(self) -> None:
        steps = self.mapping.steps
        assert steps is not None
        width = len(self.mapping.events) + 1
        none = pl.lit(None, dtype=pl.String)
        self.reading.steps = self.rows.select(
            seq=pl.col(ROW) * width + width - 1,
            subject=pl.concat_str([pl.lit("case/"), pl.col(self.mapping.case_id)]),
            at=pl.col(steps.at),
            resource=pl.col(steps.resource) if steps.resource else none,
            group=pl.col(steps.group) if steps.group else none,
        )


def _shape(event: EventMap, key: str) -> Shape:
    """How the kinds' list shapes that key; what is part of the envelope is text."""
    for name, listed in KINDS[event.kind].keys.items():
        if column_of(name) == key:
            return listed.shape
    return Shape.TEXT
