"""The catalogue as everybody reads it: shipped folders and the deployment's own, read again when a file changes."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from portal import config
from portal.basis import N_, Limit
from portal.catalogue.loading import Folders, load
from portal.catalogue.model import Catalogue, CatalogueBroken, ClockLimit, ItemVersion
from portal.worktime.timetable import OFFICES

SHIPPED = Path(__file__).resolve().parent
Row = dict[str, str | int | bool | None]


def folders(deployment: Path | None = None) -> Folders:
    return Folders((SHIPPED, deployment or config.instance_folder()))


def catalogue(deployment: Path | None = None) -> Catalogue:
    """What ships is read once; a deployment's files are read again when one is touched, added or taken away.

    :raises CatalogueBroken: a file cannot be read; nothing is served from half a catalogue.
    """
    own = deployment or config.instance_folder()
    stamps = tuple((file, file.stat().st_mtime_ns) for file in Folders((own,)).all_files)
    return _read(own, stamps)


@lru_cache(maxsize=8)
def _read(deployment: Path, stamps: tuple[tuple[Path, int], ...]) -> Catalogue:  # noqa: ARG001 -- stamps are the key
    loaded = load(folders(deployment))
    if loaded.defects:
        raise CatalogueBroken(
            N_("The catalogue cannot be read (%(count)s defects, the first: %(first)s); run `portal catalogue check`"),
            values={"count": len(loaded.defects), "first": str(loaded.defects[0])},
        )
    return loaded.catalogue


def hours_names(deployment: Path | None = None) -> frozenset[str]:
    """The office hours that a hall may name: those shipped with working time and the deployment's own."""
    own = (deployment or config.instance_folder()) / "offices"
    return frozenset(file.stem for root in (OFFICES, own) for file in root.glob("*.toml"))


def limits_table(found: Catalogue) -> list[Row]:
    """Every limit of every version for the audit, one row for each clock and situation (None: all others).

    ``n`` with ``unit`` is the promise; ``start``, ``stops``, ``restarts_on`` and ``pauses`` are joined by "|".
    """
    return [
        _limit_row(version, limit)
        for version in sorted(found.versions, key=lambda version: (version.code, version.number))
        for limit in version.limits
    ]


def _limit_row(version: ItemVersion, limit: ClockLimit) -> Row:
    return {
        "item": version.code,
        "item_version": version.version,
        "item_type": version.item_type.value,
        "area": version.area,
        "office": version.office,
        "clock": limit.clock,
        "situation": limit.situation,
        "n": limit.promised.n,
        "unit": limit.promised.unit.value,
        "statutory_n": _number(limit.statutory),
        "statutory_unit": limit.statutory.unit.value if limit.statutory else None,
        "extension_n": _number(limit.extension),
        "extension_unit": limit.extension.unit.value if limit.extension else None,
        "has_source": limit.has_source,
        "is_ours": limit.is_ours,
        "start": "|".join(limit.start),
        "stops": "|".join(limit.stops),
        "restarts_on": "|".join(limit.restarts_on),
        "pauses": "|".join(sorted(limit.pauses)),
    }


def _number(limit: Limit | None) -> int | None:
    return limit.n if limit else None
