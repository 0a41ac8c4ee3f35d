"""Readers of offices.toml: offices with their successions, delegations, halls and windows."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from portal.catalogue import model as m
from portal.catalogue.loading.parts import citation
from portal.catalogue.reading import Table


def office(table: Table) -> m.Office:
    name = table.both("name")
    return m.Office(
        code=table.code(),
        credit_code=table.text("credit_code"),
        kind=table.word("kind", m.OfficeKind),
        level=table.word("level", m.Level),
        area=table.text("area"),
        name=name,
        short_name=table.maybe_both("short_name") or name,
        consult_phone=table.text("consult_phone"),
        complaint_phone=table.text("complaint_phone"),
        address=table.both("address"),
        review_body=table.maybe_both("review_body"),
        court=table.maybe_both("court"),
        in_force_from=table.day("from"),
        parent=table.maybe_code("parent"),
        successions=table.each("successions", _succession),
    )


def _succession(table: Table) -> m.Succession:
    return m.Succession(
        table.day("on"), table.word("cause", m.SuccessionCause), table.maybe_code("to"), table.maybe_both("note")
    )


def delegation(norms: Mapping[str, m.NormRecord]) -> Callable[[Table], m.Delegation]:
    def read(table: Table) -> m.Delegation:
        return m.Delegation(
            holder=table.code("holder"),
            exercised_by=table.code("exercised_by"),
            items=table.texts("items", required=True),
            how=table.word("how", m.PowerSource),
            in_force_from=table.day("from"),
            until=table.maybe_day("until"),
            basis=table.maybe("basis", citation(norms)),
        )

    return read


def hall(table: Table) -> m.Hall:
    offices = table.texts("offices", required=True)
    return m.Hall(
        code=table.code(),
        name=table.both("name"),
        area=table.text("area"),
        address=table.both("address"),
        traffic=table.both("traffic"),
        hours=table.text("hours"),
        phone=table.text("phone"),
        offices=offices,
        run_by=table.maybe_code("run_by") or offices[0],
        is_step_free=table.flag("is_step_free"),
        windows=table.each("windows", _window),
    )


def _window(table: Table) -> m.Window:
    return m.Window(
        table.code(), table.both("name"), table.word("kind", m.WindowKind), table.code("office"), table.texts("items")
    )
