"""Makers for tests of the rules about orders of the hotline: sent to an office, replied to, asked about."""

from __future__ import annotations

from typing import Any

from tests.compliance.record import event

Entry = dict[str, Any]


def appeal(kind: str, when: str, **facts: Any) -> Entry:
    """By the hotline's centre."""
    known = {"subject": "appeal/1", "actor": "dan", "role": "dispatcher", "office": "hotline", "item_version": None}
    name = kind if kind in ("closing-disproved", "demand-set-aside") else f"appeal-{kind}"
    return event(name, when, **(known | facts))


def sent(when: str = "Monday 2020-06-01 10:00", to: str = "roads", **facts: Any) -> Entry:
    return appeal("dispatched", when, **({"to_office": to} | facts))


def by_office(kind: str, when: str, office: str = "roads", **facts: Any) -> Entry:
    return appeal(kind, when, **({"actor": f"{office}-1", "role": "clerk", "office": office} | facts))


def by_caller(kind: str, when: str, **facts: Any) -> Entry:
    return appeal(kind, when, **({"actor": "li", "role": "applicant", "office": None} | facts))
