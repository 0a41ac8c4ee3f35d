"""Every citation holds where and while the version does; local norms were reviewed against the law above them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from portal.catalogue.defects import Fault, fault
from portal.catalogue.model import Catalogue, Citation, Item, ItemVersion, NormRecord, Outcome, covers


def cited(version: ItemVersion) -> Iterator[tuple[str, str]]:
    """Each citation as the path of its field and the code of its norm."""
    for n, basis in enumerate(version.basis, start=1):
        yield f"basis[{n}]", basis.norm
    for n, limit in enumerate(version.limits, start=1):
        if limit.norm is not None:
            yield f"limits[{n}].source", limit.norm
        if limit.extension_norm is not None:
            yield f"limits[{n}].extension_source", limit.extension_norm
    bases: Mapping[str, list[Citation | None]] = {
        "materials": [material.basis for material in version.materials],
        "special_procedures": [procedure.basis for procedure in version.special_procedures],
        "fees": [fee.basis for fee in version.fees],
    }
    for name, found in bases.items():
        for n, basis_of_part in enumerate(found, start=1):
            if basis_of_part is not None:
                yield f"{name}[{n}].basis", basis_of_part.norm


def citations(version: ItemVersion, catalogue: Catalogue) -> Iterator[Fault]:
    if not version.basis:
        yield fault("basis-missing", "basis")
    for path, code in cited(version):
        record = catalogue.norm_of[code]
        if not record.spans(version.in_force_from, version.until):
            yield fault("norm-not-in-force", path, norm=code, from_on=version.in_force_from, until=version.until or "…")
        if record.is_local and not covers(record.norm.area.ljust(6, "0"), version.area):
            yield fault("norm-out-of-area", path, norm=code, found=record.norm.area, area=version.area)
        yield from _reviewed(record, path)


def _reviewed(record: NormRecord, path: str) -> Iterator[Fault]:
    review = record.latest_review()
    if record.is_local and review is None:
        yield fault("norm-not-reviewed", path, norm=record.code)
    elif review is not None and review.outcome is Outcome.REPEAL:
        yield fault("norm-to-be-repealed", path, norm=record.code)


def norm_validity(record: NormRecord, catalogue: Catalogue) -> Iterator[Fault]:
    norm = record.norm
    if norm.until is not None and norm.until <= norm.in_force_from:
        yield fault("validity-reversed", "until", until=norm.until, from_on=norm.in_force_from)
    if record.repealed_by is not None:
        if record.repealed_by not in catalogue.norm_of:
            yield fault("norm-unknown", "repealed_by", norm=record.repealed_by)
        if norm.until is None:
            yield fault("repeal-without-end", "until", norm=record.code, by=record.repealed_by)


def same_basis_on_every_level(item: Item, catalogue: Catalogue) -> Iterator[Fault]:
    """四级四同: the law of the nation is the same for whoever implements the item on the same day."""
    for position, one in enumerate(item.versions, start=1):
        for two in item.versions[position:]:
            in_both = max(one.in_force_from, two.in_force_from)
            if (
                one.is_in_force(in_both)
                and two.is_in_force(in_both)
                and _national(one, catalogue) != _national(two, catalogue)
            ):
                yield fault("level-basis-differs", f"version[{position}].basis", one=one.version, two=two.version)


def _national(version: ItemVersion, catalogue: Catalogue) -> set[tuple[str, str]]:
    return {(b.norm, b.source.article) for b in version.basis if not catalogue.norm_of[b.norm].is_local}
