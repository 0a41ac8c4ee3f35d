"""Paper after a loss of the network: a block is declared, then its numbers are entered as they stand on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from flask import abort, g, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l
from wtforms.validators import Length, Regexp

from portal.accounts.policy import Act, Target, require
from portal.basis import N_, Refusal
from portal.hall import operations
from portal.hall.model.tickets import OUTCOME_TITLES, Outcome, TicketFactUnfit
from portal.hall.operations import Block, PaperLine
from portal.hall.places import PAPER_SERIES, Place, local_day
from portal.hall.queries.tickets import paper_between
from portal.store import reading
from portal.web.clerk.hall.common import (
    TOO_LONG,
    as_told,
    done,
    hall,
    items_to_choose,
    may_here,
    may_steer,
    moment,
    offices_of,
    seen,
    states_said,
    steered,
    windows_to_choose,
)
from portal.web.clerk.lists import item_name
from portal.web.components import Params
from portal.web.forms import DateField, Form, Given, LongTextField, TextField
from portal.web.page import page
from portal.web.refused import refused

LINES: Final = 8  # on one page; whoever has more enters again
FIELDS: Final = ("number", "item", "issued", "called", "served", "window", "outcome", "reference")
_CLOCK: Final = {"classes": "govuk-input--width-5", "inputmode": "numeric", "autocomplete": "off"}


class BlockForm(Form):
    block = TextField(
        _l("Number of the block"),
        description=_l("As it is printed on its cover"),
        validators=[
            Given(_l("Give the number of the block")),
            Length(max=20, message=_l("At most 20 characters")),
            Regexp(r"^[\w-]+$", message=_l("Only letters, digits and dashes")),
        ],
        render_kw={"classes": "govuk-input--width-10"},
    )
    on = DateField(_l("On which day was it used?"), validators=[Given(_l("Give the day"))])
    from_at = TextField(_l("From what time"), description=_l("For example 09:30"), render_kw=_CLOCK)
    until_at = TextField(_l("Until what time"), description=_l("For example 12:00"), render_kw=_CLOCK)
    cause = LongTextField(_l("What was down?"), validators=[TOO_LONG], render_kw={"rows": 2})


@dataclass
class Row:
    """One line as it was typed; ``errors`` by field."""

    nth: int
    typed: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        return not any(self.typed.values())

    def id(self, name: str) -> str:
        return f"line{self.nth}-{name}"


class LinesForm(Form):
    """The table; its mistakes name their lines."""

    rows: tuple[Row, ...] = ()

    @property
    def mistakes(self) -> list[Params]:
        told = [
            {"text": gettext("Line %(nth)s: %(message)s", nth=row.nth, message=message), "href": f"#{row.id(name)}"}
            for row in self.rows
            for name, message in row.errors.items()
        ]
        return super().mistakes + told

    @property
    def status(self) -> int:
        return 422 if self.mistakes else 200


@hall.route("/<code>/paper", methods=["GET", "POST"])
def blocks(code: str) -> ResponseReturnValue:
    where = steered(code, Act.DECLARE_SYNC_BATCH) if request.method == "POST" else seen(code)
    form = BlockForm()
    if form.validate_on_submit() and (times := _times(where, form)) is not None:
        name = str(form.block.data or "").strip()
        back = url_for("clerk.hall.lines", code=code, block=name)
        cause = str(form.cause.data or "")
        told = gettext("The block is declared. Enter its numbers now.")
        if led := done(form, lambda: operations.declare_block(code, name, *times, cause, **as_told()), back, told):
            return led
    with reading():
        declared = operations.blocks(code)
    return page(
        form=form,
        where=where,
        declared=declared,
        may_declare=may_steer(where, Act.DECLARE_SYNC_BATCH),
        may_enter=may_here(where, Act.ISSUE_TICKET),
    ), form.status


def _times(where: Place, form: BlockForm) -> tuple[datetime, datetime] | None:
    found = []
    for box in (form.from_at, form.until_at):
        found.append(moment(where, form.on.data, box.data))
        if found[-1] is None:
            form.complain(box.name, gettext("Enter a time of day, for example 09:30"))
    begin, end = found
    return None if begin is None or end is None else (begin, end)


@hall.route("/<code>/paper/<block>", methods=["GET", "POST"])
def lines(code: str, block: str) -> ResponseReturnValue:
    where = seen(code)
    require(g.by, Act.ISSUE_TICKET, Target(office=g.by.office if g.by.office in offices_of(where) else None))
    with reading():
        found = next((one for one in operations.blocks(code) if one.name == block), None)
    if found is None:
        abort(404)
    form = LinesForm()
    form.rows = tuple(Row(nth) for nth in range(1, LINES + 1))
    if form.is_submitted():
        _read(form.rows)
    if form.validate_on_submit():
        filled = [row for row in form.rows if not row.is_empty]
        ready = [(row, _line(where, found, row)) for row in filled]
        if not filled:
            form.complain(None, gettext("Fill in at least one line"))
        elif not any(row.errors for row in filled):
            back = url_for("clerk.hall.lines", code=code, block=block)
            told = ngettext("%(num)s number is entered.", "%(num)s numbers are entered.", len(filled))
            if led := done(form, lambda: _enter(where, found, ready), back, told):
                return led
    with reading():
        entered = paper_between(code, local_day(where.hall, found.from_at), found.from_at, found.until_at)
    return page(
        form=form,
        where=where,
        block=found,
        entered=entered,
        series=PAPER_SERIES,
        items=[("", gettext("Choose")), *items_to_choose(where)],
        windows=[("", "–"), *windows_to_choose(where)],
        outcomes=[("", "–"), *((one.value, gettext(OUTCOME_TITLES[one])) for one in Outcome)],
        item_name=item_name,
        states=states_said(),
    ), form.status


def _read(rows: tuple[Row, ...]) -> None:
    for row in rows:
        row.typed = {name: request.form.get(row.id(name), "").strip() for name in FIELDS}


def _line(where: Place, block: Block, row: Row) -> PaperLine | None:
    """What was typed as a line of paper; None, with errors at the fields, if it cannot be read."""
    typed = row.typed
    number = typed["number"].upper().removeprefix(PAPER_SERIES)
    if not (number.isascii() and number.isdigit() and 1 <= int(number) <= 9999):
        row.errors["number"] = gettext("Enter the number that is printed, for example 12")
    if typed["item"] not in where.serving:
        row.errors["item"] = gettext("Choose a service")
    on = local_day(where.hall, block.from_at)
    times = {name: moment(where, on, typed[name]) for name in ("issued", "called", "served")}
    for name, at in times.items():
        if at is None and (typed[name] or name == "issued"):
            row.errors[name] = gettext("Enter a time of day, for example 09:30")
    if typed["served"] and typed["outcome"] not in list(Outcome):
        row.errors["outcome"] = gettext("Choose with what the visit ended")
    if typed["outcome"] in list(Outcome) and typed["outcome"] != Outcome.INFORMATION and not typed["reference"]:
        row.errors["reference"] = gettext("Give the number of the request, the inquiry or the written refusal.")
    if typed["called"] and typed["window"] not in where.windows:
        row.errors["window"] = gettext("Choose the window")
    if (typed["served"] or typed["outcome"]) and not typed["called"]:
        row.errors["called"] = gettext("Enter when the number was called")
    if typed["outcome"] and not typed["served"]:
        row.errors["served"] = gettext("Enter when the visit ended")
    if row.errors or times["issued"] is None:
        return None
    return PaperLine(
        number=int(number),
        item=typed["item"],
        issued_at=times["issued"],
        called_at=times["called"],
        served_at=times["served"],
        window=typed["window"] or None,
        outcome=Outcome(typed["outcome"]) if typed["outcome"] else None,
        reference=typed["reference"].upper() or None,
    )


_AT_FIELD: Final = {"number": "number", "issued_at": "issued", "item": "item"}


def _enter(where: Place, block: Block, ready: list[tuple[Row, PaperLine | None]]) -> None:
    """All of them or none; a line that is refused tells so itself."""
    opened = operations.open_block(where.code, block.name, by=g.by)
    for row, line in ready:
        assert line is not None
        try:
            operations.enter_line(opened, line, **as_told())
        except Refusal as refusal:
            row.errors[_AT_FIELD.get(refusal.field or "", "number")] = refused(refusal)
            raise TicketFactUnfit(_NOTHING) from refusal


_NOTHING: Final = N_("Nothing is entered yet: mend the line that is named, then send all of them again.")
