"""Where logs come from: the ledger, files in the ledger's form, and the logs of others through a mapping."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from portal.basis import N_, LegalSource, Refusal
from portal.compliance import assembly, segments
from portal.compliance.foreign import Refused, read_csv
from portal.compliance.log import Log
from portal.compliance.mapping import LogMap
from portal.compliance.segments import Segments, SegmentWriter, micros
from portal.ledger.model import Event

HOME_ZONE = "Asia/Shanghai"
Limits = Sequence[Mapping[str, Any]]
Halls = Sequence[Mapping[str, Any]]
Period = tuple[date | None, date | None]

NOT_JSON = N_("the line is no JSON object")
KIND_UNKNOWN = N_("is not in the list of kinds")
VALUE_MISSING = N_("missing")
VALUE_WRONG = N_("is not of the shape that its kind asks for")
SEQ_TWICE = N_("an event of this number came in an earlier row")


class LogUnreadable(Refusal):
    """The file named is not there, or is no event log at all."""


@dataclass(frozen=True, slots=True)
class Source:
    """A log with what is known of its origin. ``digest`` is over the input's bytes; ``events`` counts what was read."""

    log: Log
    name: str
    zone: str
    events: int
    cases: int
    digest: str
    opens: str = "judge"
    sources: Mapping[str, tuple[LegalSource, ...]] = field(default_factory=dict)  # of the log's own place, by rule
    refused: Sequence[Refused] = field(default=())
    noted: Sequence[Refused] = field(default=())


def log_of(
    events: Iterable[Mapping[str, Any]],
    *,
    limits: Limits = (),
    halls: Halls = (),
    as_of: datetime | None = None,
    zone: str = HOME_ZONE,
    **facts: Any,
) -> Log:
    """A log of ledger-form dicts (names of :class:`portal.ledger.model.Event`); ``facts`` as in assemble."""
    return _assembled(segments.from_rows(events), limits, as_of, (None, None), zone, halls=halls, **facts).log


def from_events(
    batches: Iterable[Iterable[Event]],
    *,
    limits: Limits,
    halls: Halls = (),
    as_of: datetime | None = None,
    opened: Period = (None, None),
    zone: str = HOME_ZONE,
) -> Source:
    """The ledger's own events, as its queries stream them; the digest is over their leaf hashes in order."""
    digest = hashlib.sha256()

    def told() -> Iterator[list[Event]]:
        for batch in batches:
            events = [event for event in batch if as_of is None or event.occurred_at <= as_of]
            for event in events:
                digest.update(event.leaf_hash)
            yield events

    made = _assembled(segments.from_events(told()), limits, as_of, opened, zone, halls=halls)
    return Source(made.log, "ledger", zone, made.events, made.cases, digest.hexdigest())


def from_files(
    path: Path,
    *,
    limits: Limits,
    halls: Halls = (),
    as_of: datetime | None = None,
    opened: Period = (None, None),
    zone: str = HOME_ZONE,
    progress: Callable[[int], object] = int,
) -> Source:
    """Files in the ledger's form: NDJSON (plain or .gz) or Parquet, an event a row; or a folder of segment files.

    :raises LogUnreadable: there is no such file, or nothing of that form in it.
    """
    refused: list[Refused] = []
    if path.is_dir():
        found = segments.from_folder(path)
        digest = _digest(sorted(path.glob("*.parquet")))
    else:
        found = _rows_taken(_ledger_rows(path), refused, progress)
        digest = _digest([path])
    if not found:
        raise LogUnreadable(
            N_("%(file)s holds no events in the ledger's form; for another form add --mapping FILE.toml."),
            values={"file": path.name},
        )
    made = _assembled(found, limits, as_of, opened, zone, halls=halls)
    return Source(made.log, path.name, zone, made.events, made.cases, digest, refused=refused)


def from_mapping(
    path: Path, mapping: LogMap, *, as_of: datetime | None = None, opened: Period = (None, None)
) -> Source:
    """Somebody else's log. An event log counts its rows as events; a log of cases counts the events they make."""
    if not path.is_file():
        raise LogUnreadable(N_("There is no file %(file)s; give the path of the log."), values={"file": str(path)})
    reading = read_csv(path, mapping)
    limits = [{**limit, "item_version": mapping.item_version} for limit in mapping.limits]
    made = assembly.assemble(
        reading.segments,
        zone=mapping.timezone,
        limits=limits,
        as_of=None if as_of is None else micros(as_of),
        opened=opened,
        kinds=mapping.kinds,
        area=mapping.area,
        item_type=mapping.item_type,
        base=mapping.calendar,
        steps=reading.steps,
    )
    return Source(
        made.log,
        mapping.name,
        mapping.timezone,
        made.events,
        made.cases,
        _digest([path, mapping.path]),
        opens=mapping.opens,
        sources=mapping.sources,
        refused=reading.refused,
        noted=reading.noted,
    )


def _assembled(
    found: Segments, limits: Limits, as_of: datetime | None, opened: Period, zone: str, **facts: Any
) -> assembly.Assembled:
    end = None if as_of is None else micros(as_of)
    return assembly.assemble(found, zone=zone, limits=limits, as_of=end, opened=opened, **facts)


def _digest(paths: Iterable[Path]) -> str:
    """SHA-256 over the SHA-256 of each file, in order."""
    whole = hashlib.sha256()
    for path in paths:
        with path.open("rb") as file:
            whole.update(hashlib.file_digest(file, "sha256").digest())
    return whole.hexdigest()


def _ledger_rows(path: Path) -> Iterator[Any]:
    """Rows as dicts; None for a line that is no JSON object."""
    if not path.is_file():
        raise LogUnreadable(N_("There is no file %(file)s; give the path of the log."), values={"file": str(path)})
    if path.suffix == ".parquet":
        for batch in segments.parquet(path).iter_slices(50_000):
            yield from batch.iter_rows(named=True)
        return
    if not path.name.removesuffix(".gz").endswith((".ndjson", ".jsonl")):
        raise LogUnreadable(
            N_(
                "%(file)s is neither NDJSON nor Parquet in the ledger's form; for another form add --mapping FILE.toml."
            ),
            values={"file": path.name},
        )
    with segments.opened(path) as lines:
        for line in lines:
            try:
                row = json.loads(line)
            except ValueError:
                row = None
            yield row if isinstance(row, dict) else None


def _rows_taken(rows: Iterable[Any], refused: list[Refused], progress: Callable[[int], object]) -> Segments:
    writer = SegmentWriter()
    seen: set[int] = set()
    for number, row in enumerate(rows, 1):
        fault = _fault(row, seen)
        if fault is None:
            try:
                writer.add(row)
                seen.add(row["seq"])
            except KeyError as error:
                fault = (
                    ("kind", KIND_UNKNOWN) if error.args[0] == row.get("kind") else (str(error.args[0]), VALUE_MISSING)
                )
            except (ValueError, TypeError):
                fault = ("", VALUE_WRONG)
        if fault is not None:
            refused.append(Refused(number, *fault))
        if number % 10_000 == 0:
            progress(number)
    return writer.segments()


def _fault(row: Any, seen: set[int]) -> tuple[str, str] | None:
    if row is None:
        return "", NOT_JSON
    for name in ("seq", "subject", "kind", "actor", "occurred_at"):
        if row.get(name) is None:
            return name, VALUE_MISSING
    if not isinstance(row["seq"], int) or not isinstance(row["subject"], str):
        return "", VALUE_WRONG
    return ("seq", SEQ_TWICE) if row["seq"] in seen else None
