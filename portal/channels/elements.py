"""The elements of an item that every way must show alike, each as a digest that can be compared. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Final

from portal.basis import N_
from portal.catalogue.model import ItemVersion
from portal.ledger.canonical import canonical

ELEMENT_TITLES: Final[Mapping[str, str]] = {
    "materials": N_("materials"),
    "limits": N_("time limits"),
    "fees": N_("fees"),
    "conditions": N_("conditions"),
}


def digests(version: ItemVersion) -> dict[str, str]:
    """What is in force, element by element."""
    told: dict[str, object] = {
        "materials": {one.code: [part.code for part in version.materials_for(one)] for one in version.situations},
        "limits": [[one.clock, one.situation or "", one.promised.n, one.promised.unit.value] for one in version.limits],
        "fees": [[one.name.zh, one.rate.zh if one.rate else ""] for one in version.fees],
        "conditions": [one.zh for one in version.conditions],
    }
    return {name: digest(value) for name, value in told.items()}


def digest(value: object) -> str:
    return sha256(canonical({"shown": value})).hexdigest()[:32]
