"""Readers of the parts of an item version."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from portal.basis import Fen, LegalSource, WorkingDays
from portal.catalogue import model as m
from portal.catalogue.reading import NOWHERE, Table, limit, limit_with_text, report_twice

Part = TypeVar("Part")


@dataclass(frozen=True)
class Shelf:
    """What the files read before provide for those read after."""

    norms: Mapping[str, m.NormRecord]
    offices: Mapping[str, m.Office]
    halls: Mapping[str, m.Hall]
    flows: Mapping[str, m.StepFlow]
    forms: Mapping[str, tuple[m.FormField, ...]]


def citation(norms: Mapping[str, m.NormRecord]) -> Callable[[Table], m.Citation]:
    """``{ norm = "licensing-law-2019", article = "第四十二条" }``; the source holds where and while the norm does."""

    def read(table: Table) -> m.Citation:
        code, article = table.code("norm"), table.text("article")
        record = norms.get(code)
        if record is None:
            if code:
                table.fault("norm-unknown", "norm", norm=code)
            return m.Citation(code, LegalSource(code, article))
        norm = record.norm
        source = LegalSource(norm.name, article, norm.area, in_force_from=norm.in_force_from, until=norm.until)
        return m.Citation(code, source)

    return read


def question(table: Table) -> m.Question:
    codes: list[tuple[str, Table]] = []
    options = []
    for row in table.tables("options", required=True):
        option = m.Option(row.code(), row.both("label"), row.maybe_code("next"), row.maybe_code("situation"))
        row.close()
        codes.append((option.code, row))
        options.append(option)
    report_twice(codes)
    return m.Question(table.code(), table.both("text"), tuple(options), table.maybe_both("hint"))


def situation(table: Table) -> m.Situation:
    return m.Situation(
        table.code(), table.both("name"), table.texts("materials"), table.word("flow", m.Flow, m.Flow.STANDARD)
    )


def material(shelf: Shelf) -> Callable[[Table], m.Material]:
    """``official_code`` holds the three digits only; the version puts its implementation code before them."""

    def read(table: Table) -> m.Material:
        source = table.word("source", m.MaterialSource, m.MaterialSource.APPLICANT)
        is_asked = source is not m.MaterialSource.SHARED
        return m.Material(
            code=table.code(),
            official_code=f"{table.number('serial'):03d}",
            name=table.both("name"),
            role=table.word("role", m.MaterialRole, m.MaterialRole.MAIN),
            need=table.word("need", m.MaterialNeed, m.MaterialNeed.REQUIRED),
            form=table.word("form", m.MaterialForm, m.MaterialForm.BOTH),
            source=source,
            originals=table.number("originals", 1 if is_asked else 0),
            copies=table.number("copies", 0),
            basis=table.maybe("basis", citation(shelf.norms)),
            issued_by=table.maybe_both("issued_by"),
            blank_form=table.maybe_both("blank_form"),
            example=table.maybe_both("example"),
            must_be_signed=table.flag("must_be_signed"),
            licence_type=table.maybe_code("licence_type"),
            exempt_reason=table.maybe_both("exempt_reason"),
        )

    return read


def special_procedure(shelf: Shelf) -> Callable[[Table], m.SpecialProcedure]:
    def read(table: Table) -> m.SpecialProcedure:
        kind = table.word("kind", m.PauseKind)
        inner = table.table("longest")
        longest, text = limit_with_text(inner)
        inner.close()
        basis = table.maybe("basis", citation(shelf.norms))
        return m.SpecialProcedure(kind, longest, text, table.both("explanation"), basis, table.maybe_text("phone"))

    return read


def clock_limit(shelf: Shelf) -> Callable[[Table], m.ClockLimit]:
    cite = citation(shelf.norms)

    def read(table: Table) -> m.ClockLimit:
        clock = table.text("clock")
        kind = m.CLOCKS.get(clock)
        if kind is None and not clock.startswith(m.STAGE_PREFIX):
            table.fault("clock-unknown", "clock", clock=clock, known=", ".join(m.CLOCKS))
        promised = table.maybe("promised", limit_with_text)
        if promised is None:
            table.fault("field-missing", "promised", field="promised")
        statutory = table.maybe("statutory", limit_with_text)
        source, extension_source = table.maybe("source", cite), table.maybe("extension_source", cite)
        return m.ClockLimit(
            clock=clock,
            start=table.texts("start") or (kind.start if kind else ()),
            stops=table.texts("stops") or (kind.stops if kind else ()),
            restarts_on=table.texts("restarts_on") or (kind.restarts_on if kind else ()),
            promised=promised[0] if promised else WorkingDays(0),
            promised_text=promised[1] if promised else NOWHERE,
            statutory=statutory[0] if statutory else None,
            statutory_text=statutory[1] if statutory else None,
            source=source.source if source else None,
            norm=source.norm if source else None,
            is_ours=table.flag("ours"),
            pauses=table.words("pauses", m.PauseKind),
            extension=table.maybe("extension", limit),
            extension_source=extension_source.source if extension_source else None,
            extension_norm=extension_source.norm if extension_source else None,
            situation=table.maybe_code("situation"),
            note=table.maybe_both("note"),
        )

    return read


def fee(shelf: Shelf) -> Callable[[Table], m.Fee]:
    def read(table: Table) -> m.Fee:
        amount = table.maybe_number("fen")
        return m.Fee(
            table.both("name"),
            table.both("rate"),
            None if amount is None else Fen(amount),
            table.maybe("basis", citation(shelf.norms)),
        )

    return read


def result(table: Table) -> m.ResultDocument:
    return m.ResultDocument(
        table.both("name"),
        table.word("kind", m.ResultKind),
        table.maybe_both("sample"),
        table.maybe_code("licence_type"),
        table.maybe_both("validity"),
    )


def step(table: Table) -> m.Step:
    return m.Step(table.code(), table.both("name"), table.both("done_by"), table.both("text"))


def faq(table: Table) -> m.Faq:
    return m.Faq(table.both("question"), table.both("answer"))


def form_field(table: Table) -> m.FormField:
    return m.FormField(
        name=table.code("name"),
        label=table.both("label"),
        kind=table.word("kind", m.FieldKind),
        is_required=table.flag("required", True),
        is_personal=table.flag("personal"),
        max=table.maybe_number("max"),
        pattern=table.maybe_text("pattern"),
        hint=table.maybe_both("hint"),
        choices=table.each("choices", lambda row: m.Choice(row.code(), row.both("label"))),
        situations=table.texts("situations"),
    )


def appointment(table: Table) -> m.Appointment:
    return m.Appointment(table.number("daily_quota"), table.both("rule"))


def ceiling(table: Table) -> m.Ceiling:
    limits = {}
    if table.has("limits"):
        rows = table.table("limits")
        limits = {clock: found for clock in rows.raw if (found := rows.maybe(clock, limit)) is not None}
    return m.Ceiling(
        limits=limits,
        materials=table.texts("materials") if table.has("materials") else None,
        visits=table.maybe_number("visits"),
        channels=table.words("channels", m.Channel),
    )


def coded(table: Table, key: str, read: Callable[[Table], Part]) -> tuple[Part, ...]:
    """A list whose members have codes of their own, none of them twice."""
    rows = list(table.tables(key))
    parts = []
    for row in rows:
        parts.append(read(row))
        row.close()
    report_twice(
        [
            (str(getattr(part, "code", None) or getattr(part, "name", "")), row)
            for part, row in zip(parts, rows, strict=True)
        ]
    )
    return tuple(parts)


def numbered(materials: tuple[m.Material, ...], implementation_code: str) -> tuple[m.Material, ...]:
    return tuple(replace(found, official_code=implementation_code + found.official_code) for found in materials)
