"""A small file of readings and its mapping, for tests to spoil in one place."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from pathlib import Path

from portal.hall.readings.mapping import ReadingsMap, read_mapping
from portal.hall.readings.reading import Readings, read

HEADER = "office,line,label,day,clock,state,desks,queueing,mean,last"
TABLES = {
    "readings": 'name = "Made"\ntimezone = "Asia/Shanghai"',
    "columns": (
        'office = "office"\nqueue = ["line"]\ntitle = "label"\ndate = "day"\ntime = "clock"\nstatus = "state"\n'
        'windows = "desks"\nwaiting = "queueing"\nservice = "mean"\ncalled = "last"'
    ),
    "status": 'open = ["1"]\nclosed = ["0"]',
    "number": "pattern = '^[A-Z](\\d+)$'",
}


def mapping(folder: Path, **tables: str) -> ReadingsMap:
    return read_mapping(mapping_file(folder, **tables))


def mapping_file(folder: Path, **tables: str) -> Path:
    """``tables`` replace those above, or come after them; ``more`` stands at the end as it is."""
    more = tables.pop("more", "")
    path = folder / "made.toml"
    text = "\n".join(f"[{name}]\n{body}" for name, body in (TABLES | tables).items())
    path.write_text(f"{text}\n{more}\n", encoding="utf-8")
    return path


def row(clock: object = "09:00", **cells: object) -> str:
    given: dict[str, object] = {
        "office": "hall",
        "line": "7",
        "label": "Cash",
        "day": "2020-09-14",
        "clock": clock,
        "state": 1,
        "desks": 1,
        "queueing": 0,
        "mean": 10,
        "last": "K001",
    }
    return ",".join(str(cell) for cell in (given | cells).values())


def file(folder: Path, rows: Iterable[str], header: str = HEADER) -> Path:
    path = folder / "made.csv"
    path.write_bytes(("\n".join([header, *rows]) + "\n").encode("utf-8", "surrogateescape"))
    return path


def packed(path: Path, keep: float = 1.0) -> Path:
    """The same file packed, of which only the first part arrived."""
    whole = gzip.compress(path.read_bytes(), mtime=0)
    target = path.with_suffix(".csv.gz")
    target.write_bytes(whole[: round(len(whole) * keep)])
    return target


def readings(folder: Path, rows: Iterable[str], **tables: str) -> Readings:
    return read(file(folder, rows), mapping(folder, **tables))
