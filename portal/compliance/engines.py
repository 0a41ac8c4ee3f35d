"""The same log on another engine: frames become tables of a DuckDB database in a scratch folder.

Each step of a rule binds the whole query again, and binding a table costs a small part of what binding a Parquet file
does.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import narwhals as nw

from portal.basis import N_, Refusal
from portal.compliance.log import Frame, Log
from portal.compliance.log.minutes import Openings


class EngineMissing(Refusal):
    """The engine asked for is not installed."""


class _OnDemand(Mapping[str, Frame]):
    """Hands a kind's frame over when a rule first asks for it."""

    def __init__(self, frames: Mapping[str, Frame], hand_over: Any) -> None:
        self._frames, self._hand_over, self._held = frames, hand_over, dict[str, Frame]()

    def __getitem__(self, kind: str) -> Frame:
        if kind not in self._held:
            self._held[kind] = self._hand_over(self._frames[kind])
        return self._held[kind]

    def __iter__(self) -> Iterator[str]:
        return iter(self._frames)

    def __len__(self) -> int:
        return len(self._frames)


@contextmanager
def on_engine(log: Log, engine: str) -> Iterator[Log]:
    """The log for one of "polars" (as it is) and "duckdb".

    :raises EngineMissing: DuckDB is not installed.
    """
    if engine == "polars":
        yield log
        return
    try:
        import duckdb
    except ImportError:
        raise EngineMissing(
            N_("The engine %(engine)s is not installed; run pip install 'portal[duckdb]', or leave --engine away."),
            values={"engine": engine},
        ) from None
    with (
        tempfile.TemporaryDirectory(prefix="yinuo-audit-") as folder,
        duckdb.connect(str(Path(folder) / "log.duckdb")) as connection,
    ):
        names = (f"frame_{n}" for n in count())

        def hand_over(frame: Frame) -> Frame:
            name, path = next(names), Path(folder) / "handed_over.parquet"
            frame.to_native().collect().write_parquet(path)
            connection.read_parquet(str(path)).create(name)
            return nw.from_native(connection.table(name))

        def settle(frame: Frame) -> Frame:
            name = next(names)
            frame.to_native().create(name)
            return nw.from_native(connection.table(name))

        yield replace(
            log,
            frames=_OnDemand(log.frames, hand_over),
            subjects=hand_over(log.subjects),
            outside=hand_over(log.outside),
            limits=hand_over(log.limits),
            calendar=hand_over(log.calendar),
            workdays=hand_over(log.workdays),
            months=hand_over(log.months),
            editions=hand_over(log.editions),
            pause_types=hand_over(log.pause_types),
            steps=hand_over(log.steps),
            openings=Openings(
                spans=hand_over(log.openings.spans),
                slots=hand_over(log.openings.slots),
                days=hand_over(log.openings.days),
            ),
            hall_hours=hand_over(log.hall_hours),
            settle=settle,
            cut=settle,
            _kept={},
            _plans={},
        )
