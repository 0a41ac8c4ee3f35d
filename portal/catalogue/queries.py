"""The catalogue as everybody reads it: shipped folders and the deployment's own, read again when a file changes."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path

from portal import config
from portal.basis import N_, Limit, Unit
from portal.basis.files import Listing, listing
from portal.catalogue.loading import Folders, load
from portal.catalogue.model import Catalogue, CatalogueBroken, ClockLimit, ItemNotInForce, ItemVersion
from portal.worktime.timetable import OFFICES

AT_ONCE = 8  # catalogues kept: a portal has one, tests have many
SHIPPED = Path(__file__).resolve().parent
Row = dict[str, str | int | bool | None]


def folders(deployment: Path | None = None) -> Folders:
    return Folders((SHIPPED, deployment or config.instance_folder()))


def catalogue(deployment: Path | None = None) -> Catalogue:
    """What ships is read once; a deployment's files are read again when one is touched, added or taken away.

    That is seen after :data:`portal.basis.files.LOOK_AGAIN` at the latest.

    :raises CatalogueBroken: a file cannot be read; nothing is served from half a catalogue.
    """
    own = deployment or config.instance_folder()
    looks = tuple(listing(folder, pattern) for folder, pattern in _parts(own))
    held = _held.get(own)
    if held is None or any(one is not other for one, other in zip(held[0], looks, strict=True)):
        if len(_held) >= AT_ONCE:
            _held.clear()
        held = _held[own] = (looks, _read(own))
    return held[1]


_held: dict[Path, tuple[tuple[Listing, ...], Catalogue]] = {}


@lru_cache(maxsize=AT_ONCE)
def _parts(deployment: Path) -> tuple[tuple[Path, str], ...]:
    return tuple((deployment / part, pattern) for part, pattern in Folders.PARTS)


def _read(deployment: Path) -> Catalogue:
    loaded = load(folders(deployment))
    if loaded.defects:
        raise CatalogueBroken(
            N_("The catalogue cannot be read (%(count)s defects, the first: %(first)s); run `portal catalogue check`"),
            values={"count": len(loaded.defects), "first": str(loaded.defects[0])},
        )
    return loaded.catalogue


def version_on(item: str, on: date) -> ItemVersion | None:
    """The item as it is in force on a day; None where it is not."""
    try:
        return catalogue().in_force(item, on)
    except ItemNotInForce:
        return None


def hours_names(deployment: Path | None = None) -> frozenset[str]:
    """The office hours that a hall may name: those shipped with working time and the deployment's own."""
    own = (deployment or config.instance_folder()) / "offices"
    return frozenset(file.stem for root in (OFFICES, own) for file in root.glob("*.toml"))


def limits_table(found: Catalogue) -> list[Row]:
    """Every limit of every version for the audit, one row for each clock and situation (None: all others).

    ``n`` with ``unit`` is the promise; ``layers`` (of the office's calendar), ``start``, ``stops``, ``restarts_on``
    and ``pauses`` are joined by "|".
    """
    return [
        _limit_row(version, limit) | {"layers": "|".join(calendar_layers(found, version.office))}
        for version in sorted(found.versions, key=lambda version: (version.code, version.number))
        for limit in version.limits
    ]


def halls_table(found: Catalogue) -> list[Row]:
    """Every hall for the audit: ``hours`` names its office-hours file, ``layers`` (joined by "|") its calendar."""
    return [
        {"hall": hall.code, "hours": hall.hours, "layers": "|".join(divisions(hall.area))}
        for hall in sorted(found.halls, key=lambda hall: hall.code)
    ]


def divisions(area: str) -> tuple[str, ...]:
    """An area's divisions, from the province down."""
    return tuple(dict.fromkeys((f"{area[:2]}0000", f"{area[:4]}00", area)))


def calendar_layers(found: Catalogue, office: str | None) -> tuple[str, ...]:
    """Whose layers lie over the national calendar at an office: the divisions from the province down, then itself."""
    known = found.office_of.get(office or "")
    if known is None:
        return ()
    return tuple(dict.fromkeys((*divisions(known.area), known.code)))


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
        "pause_days": _pause_days(version),
    }


def _pause_days(version: ItemVersion) -> str:
    """The longest that each special procedure may take, in working days: ``hearing:20|test:20``."""
    days = (p for p in version.special_procedures if p.longest.unit is Unit.WORKING_DAY)
    return "|".join(sorted(f"{procedure.kind.value}:{procedure.longest.n}" for procedure in days))


def _number(limit: Limit | None) -> int | None:
    return limit.n if limit else None
