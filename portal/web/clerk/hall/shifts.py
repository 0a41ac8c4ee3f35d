"""A week's shifts of a hall, window by day, beside the windows needed; breaks are the gaps between spans."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l

from portal.accounts.policy import Act
from portal.basis import Refusal, Role
from portal.hall import operations
from portal.hall.model.days import minutes, spans_of
from portal.hall.places import Place, hours_of_hall, local_day
from portal.hall.queries.rosters import Shift, half_hours, shifts, spans_by_hours
from portal.store import reading
from portal.web.clerk.hall.common import TOO_LONG, as_told, day_in, done, hall, may_steer, names_of, seen, steered
from portal.web.components import Params
from portal.web.forms import Form, Given, LongTextField, SelectField, TextField
from portal.web.page import page
from portal.web.refused import refused
from portal.web.staff import people
from portal.web.wording import day as day_said
from portal.web.wording import said

NOBODY: Final = "-"  # what is typed for a window that is not staffed that day
_MOST_WEEKS: Final = 4


@dataclass
class Cell:
    """One window on one day, as it is planned and as it was typed."""

    window: str
    day: date
    title: str
    spans: str  # one a line; empty: whenever the hall is open
    who: str
    is_over: bool
    error: str = ""

    @property
    def id(self) -> str:
        return f"{self.window}-{self.day.isoformat()}"


class WeekForm(Form):
    """The grid; its mistakes are told at their cells."""

    cells: tuple[Cell, ...] = ()
    reason = LongTextField(
        _l("Reason, if promises would break"),
        description=_l(
            "Where numbers could no longer be called in time, they are listed, and without a reason nothing is saved."
        ),
        validators=[TOO_LONG],
        render_kw={"rows": 2},
    )

    @property
    def mistakes(self) -> list[Params]:
        wrong = [one for one in self.cells if one.error]
        return super().mistakes + [{"text": f"{one.title}: {one.error}", "href": f"#spans-{one.id}"} for one in wrong]

    @property
    def status(self) -> int:
        return 422 if self.mistakes else 200


class CopyForm(Form):
    from_day = SelectField(_l("What is copied?"), validators=[Given(_l("Choose one"))])
    to = SelectField(_l("Onto"), validators=[Given(_l("Choose one"))])
    reason = TextField(_l("Reason, if promises would break"), validators=[TOO_LONG])


@hall.route("/<code>/shifts", methods=["GET", "POST"])
def roster(code: str) -> ResponseReturnValue:
    where = steered(code, Act.SET_SHIFT) if request.method == "POST" else seen(code)
    days = _week(where)
    form = WeekForm()
    cells, planned, who = _cells(where, days)
    form.cells = tuple(cells)
    if form.validate_on_submit():
        changed = _typed(where, form.cells, planned)
        if not any(one.error for one in form.cells):
            told = ngettext("%(num)s shift is changed.", "%(num)s shifts are changed.", len(changed))
            if led := done(
                form, lambda: _set(where, changed, str(form.reason.data or "")), _address(code, days[0]), told
            ):
                return led
    with reading():
        needed = half_hours(where, days)
    return page(
        form=form,
        copy=_copy_form(days, formdata=None),
        where=where,
        days=days,
        today=local_day(where.hall, g.now),
        grid={one.id: one for one in form.cells},
        who=who,
        nobody=NOBODY,
        hours={day: spans_by_hours(where, day) for day in days},
        needed=needed,
        clocks=sorted({one.begins_at.astimezone(hours_of_hall(where.hall, days[0]).zone).time()
                       for some in needed.values() for one in some}),
        by_clock={(day, one.begins_at.astimezone(hours_of_hall(where.hall, day).zone).time()): one
                  for day, some in needed.items() for one in some},
        before=days[0] - timedelta(7),
        after=days[0] + timedelta(7),
        window_names={code: said(one.name) for code, one in where.windows.items()},
        may_set=may_steer(where, Act.SET_SHIFT),
    ), form.status  # fmt: skip


@hall.post("/<code>/shifts/copy")
def copy(code: str) -> ResponseReturnValue:
    """A day onto another, or onto every later day of the week; the whole week onto the weeks after it."""
    where = steered(code, Act.SET_SHIFT)
    days = _week(where)
    form = _copy_form(days)
    back = _address(code, days[0])
    if form.validate_on_submit() and (pairs := _pairs(days, str(form.from_day.data), str(form.to.data))):
        told = gettext("The shifts are copied.")
        if led := done(form, lambda: _copy(where, pairs, str(form.reason.data or "")), back, told):
            return led
    flash(next((one["text"] for one in form.mistakes), gettext("There is nothing to copy that way.")), "error")
    return redirect(back, 303)


def _week(where: Place) -> list[date]:
    """The week, from its Monday, that the address asks for."""
    asked = request.args.get("week")
    day = day_in(asked) if asked else local_day(where.hall, g.now)
    if not date(2000, 1, 3) <= day <= date(2100, 1, 3):
        day = local_day(where.hall, g.now)
    monday = day - timedelta(day.weekday())
    return [monday + timedelta(n) for n in range(7)]


def _address(code: str, monday: date) -> str:
    return url_for("clerk.hall.roster", code=code, week=monday.isoformat())


def _cells(
    where: Place, days: list[date]
) -> tuple[list[Cell], dict[tuple[str, date], Shift], dict[str, list[tuple[str, str]]]]:
    """Every cell of the week, what is planned, and who of each window's office could sit there."""
    today = local_day(where.hall, g.now)
    with reading():
        planned = shifts(where.code, days[0], days[-1])
        staff = {office: people.staff_of(office, g.today, (Role.CLERK,)) for office in
                 {window.office for window in where.windows.values()}}  # fmt: skip
        known = names_of([one.who for one in planned.values()])
    cells = []
    who: dict[str, list[tuple[str, str]]] = {}
    for window, one in where.windows.items():
        others = {shift.who for (code, _), shift in planned.items() if code == window}
        listed = dict(staff[one.office])
        who[window] = [*listed.items(), *((w, known.get(w, w)) for w in others if w and w not in listed)]
        for day in days:
            shift = planned.get((window, day))
            spans = "" if shift is None else "\n".join(shift.spans) or NOBODY
            title = f"{said(one.name)}, {day_said(day)}"
            cells.append(Cell(window, day, title, spans, (shift and shift.who) or "", day < today))
    return cells, planned, who


def _typed(
    where: Place, cells: tuple[Cell, ...], planned: dict[tuple[str, date], Shift]
) -> list[tuple[Cell, tuple[str, ...]]]:
    """Put what was typed into the cells; returns those that differ from the plan, with their spans."""
    changed = []
    for one in cells:
        if one.is_over or f"spans-{one.id}" not in request.form:
            continue
        one.spans = request.form[f"spans-{one.id}"].strip().replace("\r", "")
        one.who = request.form.get(f"who-{one.id}", "")
        spans = _spans(where, one, (one.window, one.day) in planned)
        try:
            operations.check_spans(spans, one.day, hours_of_hall(where.hall, one.day).zone)
        except Refusal as refusal:
            one.error = refused(refusal)
            continue
        before = planned.get((one.window, one.day))
        is_same = (not one.spans and not one.who) if before is None else (
            tuple(sorted(spans)) == before.spans and (one.who or None) == before.who
        )  # fmt: skip
        if not is_same:
            changed.append((one, spans))
    return changed


def _spans(where: Place, cell: Cell, is_planned: bool) -> tuple[str, ...]:
    """One a line or with blanks between; empty means the hall's own hours, a dash nobody."""
    if cell.spans in (NOBODY, "–", "—"):
        return ()
    typed = tuple(cell.spans.replace("–", "-").replace("：", ":").replace("，", " ").replace(",", " ").split())
    if typed or not (is_planned or cell.who):
        return typed
    return spans_by_hours(where, cell.day)


def _set(where: Place, changed: list[tuple[Cell, tuple[str, ...]]], reason: str) -> None:
    """Longer shifts first: what one window gives up another may take over with the same page."""
    zone = hours_of_hall(where.hall, g.today).zone
    for one, spans in sorted(changed, key=lambda cell: -minutes(spans_of(cell[1], cell[0].day, zone))):
        operations.set_shift(where.code, one.window, one.day, spans, who=one.who or None, reason=reason, **as_told())


def _copy_form(days: list[date], **given: object) -> CopyForm:
    form = CopyForm(**given)
    week = [(one.isoformat(), day_said(one)) for one in days]
    form.from_day.offer([("", gettext("Choose")), *week, ("week", gettext("The whole week"))])
    weeks = [
        (f"+{n}", ngettext("the next week", "each of the next %(num)s weeks", n)) for n in range(1, _MOST_WEEKS + 1)
    ]
    rest = ("rest", gettext("every later day of the week"))
    form.to.offer([("", gettext("Choose")), rest, *week, *weeks])
    return form


def _pairs(days: list[date], source: str, goal: str) -> list[tuple[date, date]]:
    """From which day onto which; none if the two do not go together."""
    if source == "week":
        many = int(goal[1:]) if goal.startswith("+") else 0
        return [(day, day + timedelta(7 * n)) for n in range(1, many + 1) for day in days]
    begin = date.fromisoformat(source)
    if goal == "rest":
        return [(begin, day) for day in days if day > begin]
    if goal.startswith("+"):
        return [(begin, begin + timedelta(7 * n)) for n in range(1, int(goal[1:]) + 1)]
    return [(begin, date.fromisoformat(goal))] if goal != source else []


def _copy(where: Place, pairs: list[tuple[date, date]], reason: str) -> None:
    """What is planned goes over; where nothing is, the other day gets the hall's hours if it had a plan of its own."""
    days = [day for pair in pairs for day in pair]
    planned = shifts(where.code, min(days), max(days))
    for source, goal in pairs:
        for window in where.windows:
            shift, old = planned.get((window, source)), planned.get((window, goal))
            if shift is None and old is None:
                continue
            new = shift or Shift(spans_by_hours(where, goal), None)
            if new != old:
                operations.set_shift(where.code, window, goal, new.spans, who=new.who, reason=reason, **as_told())
