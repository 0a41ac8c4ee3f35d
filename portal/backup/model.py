"""What a backup says of itself, and which of many backups are kept."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

from portal.basis import N_, Refusal

FORMAT = 1
ENDING = ".tar.gz.age"
_STAMP = "%Y%m%dT%H%M%SZ"

# Parameters of ours: one backup for each of so many newest hours, days and months.
HOURS, DAYS, MONTHS = 48, 30, 12
LATE_AFTER = timedelta(hours=2)  # parameter of ours: hourly backups, one of which may fail before anybody is alarmed


class NotABackup(Refusal):
    def __init__(self, why: str) -> None:
        super().__init__(
            N_("This file is no backup that can be read here (%(why)s); take another one, or give the right key."),
            field="file",
            values={"why": why},
        )


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    columns: tuple[str, ...]
    rows: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """``tables`` is empty for SQLite, whose database is one file; ``last_seq`` is the number of the newest event."""

    created_at: datetime
    database: str
    revision: str
    last_seq: int
    last_at: datetime | None
    tables: tuple[Table, ...] = ()

    def text(self) -> str:
        facts = asdict(self) | {"format": FORMAT, "created_at": self.created_at.isoformat()}
        facts["last_at"] = self.last_at and self.last_at.isoformat()
        return json.dumps(facts, ensure_ascii=False, indent=1)


def manifest_of(text: str) -> Manifest:
    """:raises NotABackup: it was written by a later portal, or is no manifest at all."""
    try:
        facts: Mapping[str, object] = json.loads(text)
    except json.JSONDecodeError:
        raise NotABackup("its first page is damaged") from None
    if facts.get("format") != FORMAT:
        raise NotABackup(f"its format is {facts.get('format')}, this portal reads {FORMAT}")
    tables = facts["tables"]
    assert isinstance(tables, list), "format 1 lists its tables"
    return Manifest(
        created_at=datetime.fromisoformat(str(facts["created_at"])),
        database=str(facts["database"]),
        revision=str(facts["revision"]),
        last_seq=int(str(facts["last_seq"])),
        last_at=datetime.fromisoformat(str(facts["last_at"])) if facts["last_at"] else None,
        tables=tuple(Table(one["name"], tuple(one["columns"]), one["rows"]) for one in tables),
    )


def file_name(at: datetime) -> str:
    return f"yinuo-{at.astimezone(UTC).strftime(_STAMP)}{ENDING}"


def taken_at(name: str) -> datetime | None:
    """When the backup of that name was taken; nothing for the name of something else."""
    if not (name.startswith("yinuo-") and name.endswith(ENDING)):
        return None
    try:
        return datetime.strptime(name.removeprefix("yinuo-").removesuffix(ENDING), _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None


def to_discard(taken: Iterable[datetime]) -> set[datetime]:
    """The backups that no hour, day or month needs any more: of each, the newest backup in it is kept."""
    newest_first = sorted(taken, reverse=True)
    kept: set[datetime] = set()
    for pattern, most in (("%Y%m%d%H", HOURS), ("%Y%m%d", DAYS), ("%Y%m", MONTHS)):
        spans: dict[str, datetime] = {}
        for at in newest_first:
            spans.setdefault(at.strftime(pattern), at)
        kept.update(list(spans.values())[:most])
    return set(newest_first) - kept
