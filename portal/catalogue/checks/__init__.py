"""The checks before publishing: what a catalogue must hold to be a promise that can be kept and audited."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator

from portal.catalogue.checks import ceiling, codes, elements, law, limits, materials, situations
from portal.catalogue.defects import Defect, Fault, Origin
from portal.catalogue.loading import Folders, Loaded, load
from portal.catalogue.model import Catalogue, ItemVersion

VERSION_CHECKS: tuple[Callable[[ItemVersion, Catalogue], Iterator[Fault]], ...] = (
    codes.material_serials,
    codes.acting_office,
    law.citations,
    limits.numbers,
    limits.sources,
    limits.clocks,
    limits.ways,
    situations.tree,
    situations.material_lists,
    situations.form,
    materials.asked,
    elements.visits_and_channels,
    elements.fees,
    elements.own_phones,
    elements.explanations,
    elements.result,
    elements.bundle,
    ceiling.narrowed,
)


def check(folders: Folders, hours: Collection[str]) -> list[Defect]:
    """Everything wrong with the files, in their order; ``hours`` are the office hours that a hall may name."""
    return defects_of(load(folders), hours)


def defects_of(loaded: Loaded, hours: Collection[str]) -> list[Defect]:
    """A file that cannot be read as it should is reported for that alone: its meaning is checked once it can."""
    unread = {defect.file for defect in loaded.defects}
    meant = (defect for defect in _meanings(loaded, hours) if defect.file not in unread)
    return sorted([*loaded.defects, *meant], key=lambda defect: (defect.file, defect.line, defect.field, defect.rule))


def _meanings(loaded: Loaded, hours: Collection[str]) -> Iterator[Defect]:
    catalogue, origins = loaded.catalogue, loaded.origins
    unread = {defect.file for defect in loaded.defects}
    for code, record in catalogue.norm_of.items():
        yield from _placed(origins.norms[code], law.norm_validity(record, catalogue))
    for code, office in catalogue.office_of.items():
        yield from _placed(origins.offices[code], codes.office_codes(office, catalogue))
        yield from _placed(origins.offices[code], elements.phones(office, catalogue))
    for origin, delegation in zip(origins.delegations, catalogue.delegations, strict=True):
        yield from _placed(origin, codes.delegation_codes(delegation, catalogue))
    for code, hall in catalogue.hall_of.items():
        yield from _placed(origins.halls[code], elements.hall(hall, catalogue, hours))
    for code, item in catalogue.item_of.items():
        if origins.items[code].file in unread:
            continue
        yield from _placed(origins.items[code], codes.item_codes(item, catalogue))
        yield from _placed(origins.items[code], codes.version_overlaps(item))
        yield from _placed(origins.items[code], law.same_basis_on_every_level(item, catalogue))
        yield from _placed(origins.items[code], elements.topics(item, catalogue))
        for version in item.versions:
            for run in VERSION_CHECKS:
                yield from _placed(origins.versions[version.version], run(version, catalogue))


def _placed(origin: Origin, faults: Iterable[Fault]) -> Iterator[Defect]:
    return (origin.defect(found) for found in faults)


__all__ = ["check", "defects_of"]
