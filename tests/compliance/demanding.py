"""Makers for tests of the rules about demands: what an office asked, what the registers list, who said so."""

from __future__ import annotations

from typing import Any

from tests.compliance.record import event

Row = dict[str, Any]
OFFICE: Row = {"actor": "wang", "role": "clerk", "office": "market-office"}
NATION: Row = {"actor": "editor", "role": "clerk", "office": "nation"}
CITIZEN: Row = {"actor": "li", "role": "applicant", "office": None}
DISGUISED = CITIZEN | {"actor": "wang"}  # the clerk, in the citizen's name
WHEN = "Wednesday 2020-09-30 10:00"


def demand(kind: str, when: str = WHEN, **facts: Any) -> Row:
    return event(kind, when, **{"subject": "demand/1", "item_version": None, **OFFICE} | facts)


def listed(kind: str, register: str, since: str = "2020-03-02", **facts: Any) -> Row:
    known = {"subject": f"list/{register}", "item_version": None, "from_on": since, **NATION}
    return event(kind, "Sunday 2020-03-01 08:00", **known | facts)


def in_order(*rows: Row) -> list[Row]:
    return sorted(rows, key=lambda row: row["occurred_at"])
