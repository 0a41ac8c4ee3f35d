"""Makers for tests of the rules about firms: visits, offences and fines, and the list of what is not fined."""

from __future__ import annotations

from typing import Any

from tests.compliance.record import event

Entry = dict[str, Any]


def entity(kind: str, when: str, *, n: int = 1, **facts: Any) -> Entry:
    known = {"subject": f"entity/{n}", "actor": "mei", "role": "inspector", "office": "market", "item_version": None}
    return event(kind, when, **(known | facts))


def visit(when: str, office: str = "market", **facts: Any) -> Entry:
    return entity("inspected", when, **({"office": office, "actor": f"{office}-1"} | facts))


def listed(from_on: str, *acts: str, **facts: Any) -> Entry:
    known = {"subject": "leniency/province", "actor": "law", "role": "head", "office": "justice", "from_on": from_on,
             "acts": list(acts)}  # fmt: skip
    return entity("leniency-listed", f"{from_on.rsplit(maxsplit=1)[-1]} 00:00", **(known | facts))


def offence(kind: str, when: str, number: str = "O1", **facts: Any) -> Entry:
    return entity(kind, when, **({"offence": number} | facts))
