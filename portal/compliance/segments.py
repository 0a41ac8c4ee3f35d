"""Events as typed columns, one frame per kind: what every source of events is brought into before a log is made of it.

A segment frame holds seq, subject (its name), actor, role, office, post, channel, at, recorded_at (Int64 microseconds
since the epoch), item_version, and one column per payload key (:func:`column_of`) as the kinds' list shapes it. A
folder of ``<kind>.parquet`` files in this form is the quickest way to hand in millions of events.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO, cast

import polars as pl

from portal.basis import N_, Refusal
from portal.ledger.kinds import KINDS, Shape
from portal.ledger.model import Event

Segments = dict[str, pl.DataFrame]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_MICROSECOND = timedelta(microseconds=1)
TEXT_SHAPES = (Shape.TEXT, Shape.TEXTS)
ENVELOPE: Mapping[str, pl.DataType] = {
    "seq": pl.Int64(),
    "subject": pl.String(),
    "actor": pl.String(),
    "role": pl.String(),
    "office": pl.String(),
    "post": pl.String(),
    "channel": pl.String(),
    "at": pl.Int64(),
    "recorded_at": pl.Int64(),
    "item_version": pl.String(),
    "sync_batch": pl.String(),
}


# What every frame of a log has of its own: a payload key of such a name is told apart as the event's "own".
_TAKEN = frozenset({*ENVELOPE, "kind", "nth", "day", "minute"})


def column_of(key: str) -> str:
    """The column of a payload key: ``-`` becomes ``_``, and ``day`` becomes ``own_day`` beside the day it happened."""
    name = key.replace("-", "_")
    return f"own_{name}" if name in _TAKEN else name


def schema_of(kind: str) -> dict[str, pl.DataType]:
    """Every column of a kind's segment: the envelope, then the payload keys in the order of the kinds' list."""
    keys = {column_of(name): key.shape for name, key in KINDS[kind].keys.items()}
    return {**ENVELOPE} | {name: pl.String() if shape in TEXT_SHAPES else pl.Int64() for name, shape in keys.items()}


def micros(moment: datetime) -> int:
    """:raises ValueError: the moment names no zone, so it is no instant."""
    if moment.utcoffset() is None:
        raise ValueError("an instant needs its zone: write +08:00 or Z behind the time")
    return (moment - _EPOCH) // _MICROSECOND


def epoch_day(day: date) -> int:
    return day.toordinal() - _EPOCH_DAY


def instant(value: str | datetime) -> int:
    return micros(value if isinstance(value, datetime) else datetime.fromisoformat(value))


def _date(value: str | date) -> int:
    return epoch_day(value if isinstance(value, date) else date.fromisoformat(value))


def _typed(shape: Shape, value: Any) -> str | int | None:
    """One payload value as its column holds it.

    :raises ValueError, TypeError: it is not of that shape.
    """
    if value is None:
        return None
    match shape:
        case Shape.TEXT:
            if not isinstance(value, str):
                raise TypeError(f"{value!r} is not a text")
            return value
        case Shape.TEXTS:
            return "|".join(sorted(str(member) for member in value))
        case Shape.INSTANT:
            return instant(value)
        case Shape.DATE:
            return _date(value)
        case _:
            return int(value)


class SegmentWriter:
    """Collects events one by one, and turns them into frames batch by batch so that memory stays small."""

    def __init__(self, batch: int = 200_000) -> None:
        self._batch = batch
        self._rows: dict[str, list[tuple[Any, ...]]] = {}
        self._done: dict[str, list[pl.DataFrame]] = {}
        self._held = 0

    def add(self, event: Mapping[str, Any]) -> None:
        """Take one event in the ledger's form (names of :class:`portal.ledger.model.Event`), times aware or RFC 3339.

        :raises KeyError: the kind is not listed, or a needed name is missing.
        :raises ValueError, TypeError: a value is not of its shape.
        """
        kind = KINDS[event["kind"]]
        payload = event.get("payload") or {}
        if isinstance(payload, str):
            payload = json.loads(payload)
        occurred = instant(event["occurred_at"])
        recorded = event.get("recorded_at")
        values = [
            int(event["seq"]), str(event["subject"]), event["actor"], event.get("role"), event.get("office"),
            payload.get("post"), event.get("channel"), occurred, instant(recorded) if recorded else occurred,
            event.get("item_version"), payload.get("sync_batch"),
        ]  # fmt: skip
        values += [_typed(key.shape, payload.get(name)) for name, key in kind.keys.items()]
        self._rows.setdefault(kind.name, []).append(tuple(values))
        self._held += 1
        if self._held >= self._batch:
            self._flush()

    def segments(self) -> Segments:
        self._flush()
        return {kind: pl.concat(parts) for kind, parts in sorted(self._done.items())}

    def _flush(self) -> None:
        for kind, rows in self._rows.items():
            frame = pl.DataFrame(rows, schema=schema_of(kind), orient="row")
            self._done.setdefault(kind, []).append(frame)
        self._rows.clear()
        self._held = 0


class LogDamaged(Refusal):
    """A file that breaks off, or is not what its name says."""


def damaged(path: Path, why: object) -> LogDamaged:
    return LogDamaged(
        N_("%(file)s cannot be read to its end (%(why)s); get it again from where it came."),
        values={"file": path.name, "why": str(why).lower()},
    )


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """The bytes of a file, unpacked when its name ends in .gz.

    :raises LogDamaged: it cannot be unpacked to its end.
    """
    try:
        with path.open("rb") as file:
            yield cast(BinaryIO, gzip.GzipFile(fileobj=file)) if path.suffix == ".gz" else file
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise damaged(path, error) from None


def from_rows(events: Iterable[Mapping[str, Any]]) -> Segments:
    """Segments of ledger-form dicts; for tests and small logs."""
    writer = SegmentWriter()
    for event in events:
        writer.add(event)
    return writer.segments()


def from_events(batches: Iterable[Iterable[Event]]) -> Segments:
    """Segments of the ledger's own events, as its queries stream them."""
    writer = SegmentWriter()
    for event in (event for batch in batches for event in batch):
        writer.add(
            {
                "seq": event.seq,
                "subject": event.subject,
                "kind": event.kind,
                "actor": event.actor,
                "role": event.role.value,
                "office": event.office,
                "channel": event.channel.value,
                "occurred_at": event.occurred_at,
                "recorded_at": event.recorded_at,
                "item_version": event.item_version,
                "payload": event.payload,
            }
        )
    return writer.segments()


def from_folder(folder: Path) -> Segments:
    """Segments of a folder of ``<kind>.parquet`` files; columns that are missing are empty, others are ignored."""
    return {path.stem: _completed(path.stem, parquet(path)) for path in _parts(folder)}


def parquet(path: Path) -> pl.DataFrame:
    """:raises LogDamaged: it is no Parquet file, or only a part of one."""
    try:
        return pl.read_parquet(path)
    except pl.exceptions.PolarsError as error:
        raise damaged(path, str(error).splitlines()[0]) from None


def to_folder(segments: Segments, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for kind, frame in segments.items():
        frame.write_parquet(folder / f"{kind}.parquet", statistics=False)


def _parts(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.glob("*.parquet")) if path.stem in KINDS)


def _completed(kind: str, frame: pl.DataFrame) -> pl.DataFrame:
    columns = [
        (pl.col(name) if name in frame.columns else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in schema_of(kind).items()
    ]
    return frame.select(columns)
