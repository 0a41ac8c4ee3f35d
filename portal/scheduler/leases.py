"""Leases: of several processes on one database, one at a time acts in each of these roles."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, text

from portal.store import db

# Any fixed numbers: PostgreSQL's advisory locks go by number.
_NUMBERS: Final[Mapping[str, int]] = {
    "scheduler": 7_310_118_202,
    "seal": 7_310_118_203,
    "backup": 7_310_118_204,
    "check": 7_310_118_205,
    "probe": 7_310_118_206,
}


@contextmanager
def lease(folder: Path, name: str = "scheduler") -> Iterator[bool]:
    """Whether this process is the one that acts; another takes over as soon as it ends, however it ends."""
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect() as connection:
            is_ours = _call(connection, "pg_try_advisory_lock", _NUMBERS[name])
            try:
                yield is_ours
            finally:  # the connection goes back to its pool and would keep the lock
                if is_ours:
                    _call(connection, "pg_advisory_unlock", _NUMBERS[name])
        return
    with (folder / f"{name}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def _call(connection: Connection, function: str, number: int) -> bool:
    answer = connection.execute(text(f"SELECT {function}(:number)"), {"number": number}).scalar_one()
    connection.commit()  # the lock is the connection's own, no transaction need stay open for it
    return bool(answer)
