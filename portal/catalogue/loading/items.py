"""Readers of an item's file: its row of the basic catalogue, then its versions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from portal.basis import Bilingual
from portal.catalogue import model as m
from portal.catalogue.defects import Origin
from portal.catalogue.loading import parts
from portal.catalogue.loading.parts import Shelf, coded
from portal.catalogue.reading import Table, limit

WHOLE_CITY = Bilingual("全市通办", "Anywhere in the city")
NOT_INHERITED = frozenset({"number", "based_on", "from", "until"})


def item(shelf: Shelf, origins: dict[str, Origin]) -> Callable[[Table], m.Item]:
    def read(table: Table) -> m.Item:
        row = m.Item(
            code=table.code(),
            basic_code=table.text("basic_code"),
            name=table.both("name"),
            summary=table.both("summary"),
            item_type=table.word("type", m.ItemType),
            audience=table.words("audience", m.Audience),
            topics=table.texts("topics", required=True),
            keywords=table.texts("keywords"),
            ceiling=table.maybe("ceiling", parts.ceiling) or m.Ceiling(),
            versions=(),
        )
        return _with_versions(row, _inherited(list(table.tables("version", required=True))), shelf, origins)

    return read


def _inherited(tables: list[Table]) -> list[Table]:
    """A version may be based on an earlier one of its file: it repeats only what is new."""
    before: dict[Any, Table] = {}
    merged: list[Table] = []
    for table in tables:
        base = table.raw.get("based_on")
        table.has("based_on")
        if base is not None and base not in before:
            table.fault("base-unknown", "based_on", number=table.raw.get("number"), base=base)
        elif base is not None:
            kept = {key: value for key, value in before[base].raw.items() if key not in NOT_INHERITED}
            table = Table({**kept, **table.raw}, table.origin, table.defects)  # noqa: PLW2901 -- the whole of it now
            table.has("based_on")
        before[table.raw.get("number")] = table
        merged.append(table)
    return merged


def _with_versions(row: m.Item, tables: list[Table], shelf: Shelf, origins: dict[str, Origin]) -> m.Item:
    versions: list[m.ItemVersion] = []
    for table in tables:
        version = _version(row, table, shelf)
        table.close()
        if version.number in {other.number for other in versions}:
            table.fault("code-twice", "number", code=version.version)
        origins[version.version] = table.origin
        versions.append(version)
    return m.Item(
        **{name: getattr(row, name) for name in row.__slots__ if name != "versions"}, versions=tuple(versions)
    )


def _office(table: Table, key: str, shelf: Shelf) -> m.Office | None:
    code = table.code(key)
    office = shelf.offices.get(code)
    if office is None and code:
        table.fault("office-unknown", key, office=code)
    return office


def _version(row: m.Item, table: Table, shelf: Shelf) -> m.ItemVersion:
    office = _office(table, "office", shelf)
    office_code = office.code if office else ""
    if table.has("holder"):
        _office(table, "holder", shelf)
    level = office.level if office else m.Level.CITY
    implementation_code = (office.credit_code if office else "") + level.value + row.basic_code
    if table.has("implementation_code"):
        given = table.text("implementation_code")
        if given != implementation_code:
            table.fault("implementation-code", "implementation_code", found=given, expected=implementation_code)
    flow = _flow(table, shelf)
    consult = table.maybe_text("consult_phone") or (office.consult_phone if office else "")
    complaint = table.maybe_text("complaint_phone") or (office.complaint_phone if office else "")
    return m.ItemVersion(
        code=row.code,
        number=table.number("number"),
        basic_code=row.basic_code,
        implementation_code=implementation_code,
        name=row.name,
        summary=row.summary,
        item_type=row.item_type,
        audience=row.audience,
        topics=row.topics,
        office=office_code,
        power_holder=table.text("holder", office_code or "-"),
        power_source=table.word("power", m.PowerSource, m.PowerSource.OWN),
        level=level,
        area=table.text("area", office.area if office else "-"),
        in_force_from=table.day("from"),
        until=table.maybe_day("until"),
        basis=table.each("basis", parts.citation(shelf.norms)),
        handling=table.word("handling", m.Handling),
        review=table.word("review", m.Review),
        has_promise_way=table.flag("has_promise_way"),
        is_graded=table.flag("is_graded"),
        reform_way=table.maybe_word("reform_way", m.ReformWay),
        renewal=table.maybe("renewal", limit),
        channels=table.words("channels", m.Channel),
        depth=table.word("depth", m.Depth),
        visits=table.number("visits"),
        visits_reason=table.maybe_both("visits_reason"),
        is_mailed=table.flag("is_mailed"),
        cross_area=table.maybe_both("cross_area") or WHOLE_CITY,
        quota=table.maybe_both("quota"),
        appointment=table.maybe("appointment", parts.appointment),
        halls=_halls(table, shelf),
        conditions=table.many_both("conditions", required=True),
        questions=coded(table, "questions", parts.question),
        situations=coded(table, "situations", parts.situation),
        materials=parts.numbered(coded(table, "materials", parts.material(shelf)), implementation_code),
        special_procedures=table.each("special_procedures", parts.special_procedure(shelf)),
        limits=table.each("limits", parts.clock_limit(shelf)),
        is_charged=table.flag("is_charged"),
        pays_online=table.maybe_flag("pays_online"),
        fees=table.each("fees", parts.fee(shelf)),
        result=table.maybe("result", parts.result),
        steps=flow.steps if flow else (),
        faq=table.each("faq", parts.faq),
        fields=_fields(table, shelf),
        consult_phone=consult,
        complaint_phone=complaint,
        review_body=office.review_body if office else None,
        court=office.court if office else None,
        rights=flow.rights if flow else WHOLE_CITY,
        obligations=flow.obligations if flow else WHOLE_CITY,
        joint_offices=_joint_offices(table, shelf),
        intermediaries=table.many_both("intermediaries"),
        parts=table.texts("parts"),
        scope_tree=table.maybe_code("scope_tree"),
        remark=table.maybe_both("remark"),
    )


def _flow(table: Table, shelf: Shelf) -> m.StepFlow | None:
    code = table.code("flow")
    if code and code not in shelf.flows:
        table.fault("flow-unknown", "flow", flow=code, known=", ".join(shelf.flows))
    return shelf.flows.get(code)


def _fields(table: Table, shelf: Shelf) -> tuple[m.FormField, ...]:
    blocks: tuple[m.FormField, ...] = ()
    for n, code in enumerate(table.texts("forms"), start=1):
        if code not in shelf.forms:
            table.fault("form-unknown", f"forms[{n}]", form=code, known=", ".join(shelf.forms))
        blocks += shelf.forms.get(code, ())
    own = coded(table, "fields", parts.form_field)
    taken = {field.name for field in blocks}
    for n, field in enumerate(own, start=1):
        if field.name in taken:
            table.fault("code-twice", f"fields[{n}].name", code=field.name)
    return blocks + own


def _halls(table: Table, shelf: Shelf) -> tuple[str, ...]:
    codes = table.texts("halls")
    for n, code in enumerate(codes, start=1):
        if code not in shelf.halls:
            table.fault("hall-unknown", f"halls[{n}]", hall=code)
    return codes


def _joint_offices(table: Table, shelf: Shelf) -> tuple[str, ...]:
    codes = table.texts("joint_offices")
    for n, code in enumerate(codes, start=1):
        if code not in shelf.offices:
            table.fault("office-unknown", f"joint_offices[{n}]", office=code)
    return codes
