"""Readers of norms, of flows with their form blocks, and of national trees."""

from __future__ import annotations

from collections.abc import Callable

from portal.basis import Norm
from portal.catalogue import model as m
from portal.catalogue.loading.parts import coded, form_field, step
from portal.catalogue.reading import Table


def norm(table: Table) -> m.NormRecord:
    name = table.both("name")
    record = Norm(
        table.code(),
        name.zh,
        table.maybe_text("number"),
        table.text("area", "CN"),
        table.day("from"),
        table.maybe_day("until"),
    )
    return m.NormRecord(
        record, name.en, table.flag("seen"), table.maybe_code("repealed_by"), table.each("reviews", _review)
    )


def _review(table: Table) -> m.ConflictReview:
    return m.ConflictReview(
        table.day("on"), table.word("outcome", m.Outcome), table.text("against"), table.maybe_both("note")
    )


def flow(table: Table) -> m.StepFlow:
    return m.StepFlow(table.code(), coded(table, "steps", step), table.both("rights"), table.both("obligations"))


def form(table: Table) -> tuple[str, tuple[m.FormField, ...]]:
    return table.code(), coded(table, "fields", form_field)


def tree(norms: Callable[[str], bool]) -> Callable[[Table], m.NationalCatalogue]:
    """One file is one edition: ``[tree]`` and ``[[node]]`` rows of code, parent and name."""

    def read(table: Table) -> m.NationalCatalogue:
        head = table.table("tree")
        code, name, named = head.code(), head.both("name"), head.code("norm")
        if not norms(named):
            head.fault("norm-unknown", "norm", norm=named)
        from_on, until = head.day("from"), head.maybe_day("until")
        head.close()
        nodes: dict[str, m.ScopeNode] = {}
        for row in table.tables("node", required=True):
            node = m.ScopeNode(row.text("code"), row.maybe_text("parent"), row.both("name"))
            if node.code in nodes:
                row.fault("code-twice", "code", code=node.code)
            if node.parent is not None and node.parent not in nodes:
                row.fault("parent-unknown", "parent", code=node.code, parent=node.parent)
            row.close()
            nodes[node.code] = node
        return m.NationalCatalogue(code, name, named, from_on, until, nodes)

    return read
