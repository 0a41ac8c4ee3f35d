"""What a log of our own calls things: its offices, and the materials of the item that a case is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from portal.basis import Bilingual, Refusal
from portal.catalogue import queries
from portal.compliance.engine import rows_of
from portal.compliance.load import Source


@dataclass(frozen=True)
class Names:
    """``versions``: for each case, the version of the item that it was handed in for."""

    offices: Mapping[str, Bilingual] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)

    def material(self, about: str, code: str) -> Bilingual | None:
        try:
            material = queries.catalogue().version(self.versions[about]).material(code)
        except (KeyError, Refusal):
            return None
        return material.name if material else None


def own_names(source: Source) -> Names:
    cases = source.log.subjects.select("name", "item_version")
    return Names(
        {office.code: office.name for office in queries.catalogue().offices},
        {row["name"]: row["item_version"] for row in rows_of(source.log.settle(cases)) if row["item_version"]},
    )
