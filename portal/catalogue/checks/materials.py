"""What may be asked of an applicant, and how it must be named (条例722号 第四十四条, 国令716号 第七条)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from portal.catalogue.defects import Fault, fault
from portal.catalogue.model import (
    Catalogue,
    ItemVersion,
    Material,
    MaterialNeed,
    MaterialRole,
    MaterialSource,
)

_VAGUE_ZH = re.compile(r"(其他|其它|有关|相关|等)(材料|资料|文件|证件)|等$")
_VAGUE_EN = re.compile(r"\b(other|relevant|related) (material|document|paper|file)s?\b|\betc\b", re.IGNORECASE)
_ISSUED_BY_OTHERS = (MaterialSource.OFFICE, MaterialSource.INTERMEDIARY)


def asked(version: ItemVersion, catalogue: Catalogue) -> Iterator[Fault]:
    held = {v.result.licence_type for v in catalogue.versions if v.result and v.result.licence_type}
    for n, material in enumerate(version.materials, start=1):
        path = f"materials[{n}]"
        if _VAGUE_ZH.search(material.name.zh) or _VAGUE_EN.search(material.name.en):
            yield fault("material-vague", f"{path}.name", name=material.name.zh)
        if not material.is_asked:
            if material.originals or material.copies:
                yield fault("material-shared-asked", f"{path}.source")
            continue
        if material.licence_type in held:
            yield fault("material-held-asked", f"{path}.source", licence=material.licence_type)
        yield from _complete(material, path)


def _complete(material: Material, path: str) -> Iterator[Fault]:
    if material.basis is None:
        yield fault("material-without-basis", f"{path}.basis")
    if material.originals + material.copies == 0:
        yield fault("material-without-pieces", f"{path}.originals")
    if material.need is MaterialNeed.DEFERRABLE and material.role is MaterialRole.MAIN:
        yield fault("material-deferrable-main", f"{path}.need")
    if material.source in _ISSUED_BY_OTHERS and material.issued_by is None:
        yield fault("material-without-issuer", f"{path}.issued_by")
