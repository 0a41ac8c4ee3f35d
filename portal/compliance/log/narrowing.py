"""A part of a log: the few subjects that a costly question concerns, so that the others need not be computed."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from narwhals import coalesce, col

if TYPE_CHECKING:
    from portal.compliance.log.frames import Frame, Log


class _Part(Mapping[str, "Frame"]):
    """The frames of some subjects, each cut out when it is first asked for."""

    def __init__(self, log: Log, keys: Frame) -> None:
        self._log, self._keys, self._held = log, keys, dict[str, "Frame"]()

    def __getitem__(self, kind: str) -> Frame:
        if kind not in self._held:
            whole = self._log.frames[kind]
            self._held[kind] = self._log.settle(whole.join(self._keys, on="subject", how="semi"))
        return self._held[kind]

    def __iter__(self) -> Iterator[str]:
        return iter(self._log.frames)

    def __len__(self) -> int:
        return len(self._log.frames)


class _United(Mapping[str, "Frame"]):
    """The frames with the events of some subjects told of others."""

    def __init__(self, log: Log, roots: Frame) -> None:
        self._log, self._roots = log, roots

    def __getitem__(self, kind: str) -> Frame:
        rows = self._log.frames[kind].join(self._roots, on="subject", how="left")
        return rows.with_columns(subject=coalesce("_root", "subject")).drop("_root")

    def __iter__(self) -> Iterator[str]:
        return iter(self._log.frames)

    def __len__(self) -> int:
        return len(self._log.frames)


def has_rows(rows: Frame) -> bool:
    """Whether there is any row: asked before something costly is worked out for none."""
    first = rows.head(1)
    native = first.to_native()
    return bool(native.fetchall() if hasattr(native, "fetchall") else first.collect().rows())


def narrowed(log: Log, rows: Frame) -> Log:
    """The same log with the events of the subjects in ``rows`` only; every word means what it meant."""
    keys = log.settle(rows.select("subject").unique())
    return replace(log, frames=_Part(log, keys), _kept={}, _plans={})


def united(log: Log, roots: Frame) -> Log:
    """The same log in which the events of each ``subject`` of ``roots`` are those of its ``root``."""
    named = roots.select("subject", _root=col("root"))
    return replace(log, frames=_United(log, named), _kept={}, _plans={})


def instead(log: Log, **frames: Frame) -> Log:
    """The same log with other events of these kinds, such as only those that count."""
    own = {kind: frame.drop("kind", strict=False) for kind, frame in frames.items()}
    return replace(log, frames=ChainMap(own, cast("dict[str, Frame]", log.frames)), _kept={}, _plans={})
