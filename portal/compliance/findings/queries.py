"""Reads of the register of findings."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, func, select

from portal.basis import N_, Refusal
from portal.compliance.findings.model import Mark, Standing
from portal.compliance.findings.tables import WAITING, FindingRow, MarkRow, TieRow
from portal.compliance.rule import Severity
from portal.store import db


class FindingUnknown(Refusal):
    def __init__(self, number: str) -> None:
        super().__init__(N_("There is no finding %(number)s; look for it in the list."), values={"number": number})


def mark() -> Mark | None:
    row = db.session.get(MarkRow, 1)
    return Mark(row.seq, row.at) if row else None


def finding(number: str) -> Standing:
    """:raises FindingUnknown: there is none of that number."""
    row = db.session.get(FindingRow, number)
    if row is None:
        raise FindingUnknown(number)
    return standing_of(row)


def named(numbers: Collection[str]) -> list[Standing]:
    """These findings, in no order."""
    rows = db.session.scalars(select(FindingRow).where(FindingRow.number.in_(sorted(numbers))))
    return [standing_of(row) for row in rows]


def findings(
    *,
    offices: Collection[str] | None = None,
    rules: Collection[str] = (),
    severities: Collection[str] = (),
    about: str | None = None,
    is_standing: bool | None = True,
    among: Select[Any] | None = None,
    but: Select[Any] | None = None,
    limit: int = 50,
    offset: int = 0,
) -> list[Standing]:
    """The newest conduct first; ``offices=None`` means all of them. ``among`` and ``but`` are queries for numbers."""
    statement = _filtered(select(FindingRow), offices, rules, severities, about, is_standing)
    statement = _numbered(statement, among, but)
    statement = statement.order_by(FindingRow.began_on.desc(), FindingRow.number).limit(limit).offset(offset)
    return [standing_of(row) for row in db.session.scalars(statement)]


def count_findings(
    *,
    offices: Collection[str] | None = None,
    rules: Collection[str] = (),
    severities: Collection[str] = (),
    about: str | None = None,
    is_standing: bool | None = True,
    among: Select[Any] | None = None,
    but: Select[Any] | None = None,
) -> int:
    """How many the list with the same filters holds."""
    counted = _filtered(select(func.count()).select_from(FindingRow), offices, rules, severities, about, is_standing)
    return db.session.scalar(_numbered(counted, among, but)) or 0


def counts(*, offices: Collection[str] | None = None) -> dict[str, dict[Severity, int]]:
    """Standing findings by rule and severity."""
    statement = select(FindingRow.rule, FindingRow.severity, func.count()).where(FindingRow.is_standing)
    if offices is not None:
        statement = statement.where(FindingRow.office.in_(offices))
    statement = statement.group_by(FindingRow.rule, FindingRow.severity)
    found: dict[str, dict[Severity, int]] = {}
    for rule, severity, number in db.session.execute(statement.order_by(FindingRow.rule)):
        found.setdefault(rule, dict.fromkeys(Severity, 0))[Severity(severity)] = number
    return found


def subjects_open() -> list[str]:
    """Subjects with a finding whose conduct goes on: their numbers grow by the day."""
    statement = select(FindingRow.about).where(FindingRow.is_standing, FindingRow.is_open).distinct()
    return list(db.session.scalars(statement.order_by(FindingRow.about)))


def subjects_waiting() -> list[str]:
    """Numbers that were served for a case or an inquiry which was not in the record: its day may run out."""
    return list(db.session.scalars(select(TieRow.subject).where(TieRow.tie == WAITING).order_by(TieRow.subject)))


def standing_of(row: FindingRow) -> Standing:
    columns = {name: getattr(row, name) for name in Standing.__dataclass_fields__ if name != "numbers"}
    columns["severity"] = Severity(row.severity)
    return Standing(**columns, numbers=json.loads(row.numbers))


def _filtered(
    statement: Select[Any],
    offices: Collection[str] | None,
    rules: Collection[str],
    severities: Collection[str],
    about: str | None,
    is_standing: bool | None,
) -> Select[Any]:
    if offices is not None:
        statement = statement.where(FindingRow.office.in_(offices))
    if rules:
        statement = statement.where(FindingRow.rule.in_(rules))
    if severities:
        statement = statement.where(FindingRow.severity.in_(severities))
    if about is not None:
        statement = statement.where(FindingRow.about == about)
    if is_standing is not None:
        statement = statement.where(FindingRow.is_standing.is_(is_standing))
    return statement


def _numbered(statement: Select[Any], among: Select[Any] | None, but: Select[Any] | None) -> Select[Any]:
    if among is not None:
        statement = statement.where(FindingRow.number.in_(among))
    return statement if but is None else statement.where(FindingRow.number.not_in(but))
