"""The halls one may see, and one hall as it stands: everybody in it, its windows, services, and promises at risk."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from flask import abort, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from markupsafe import Markup, escape

from portal.accounts.policy import Act
from portal.hall.model.tickets import TicketState
from portal.hall.model.windows import WINDOW_TITLES, WindowState
from portal.hall.operations.issuing import DENIAL_TITLES
from portal.hall.places import hours_of_hall, local_day, places
from portal.hall.queries import steering as queries
from portal.hall.queries.rosters import HALF_HOUR, half_hours, shifts
from portal.store import reading
from portal.web.clerk.hall.common import (
    grounds_said,
    hall,
    home,
    items_said,
    may_here,
    may_see,
    may_steer,
    names_of,
    seen,
)
from portal.web.clerk.hall.common import states_said as states
from portal.web.page import page
from portal.web.wording import said

_AT_RISK: Final = ' class="hall-at-risk"'


@hall.get("/")
def choose() -> ResponseReturnValue:
    """Whoever has only one is led to it."""
    found = [where for where in places() if may_see(where)]
    if not found:
        abort(404)
    if len(found) == 1:
        return redirect(home(found[0]))
    return page(halls=found)


@hall.get("/<code>")
def steering(code: str) -> ResponseReturnValue:
    where = seen(code)
    with reading():
        found = queries.steering(where, g.now)
        planned = shifts(where.code, found.now.day.day, found.now.day.day)
    people = {stand.actor for stand in found.now.stands.values()} | {one.who for one in planned.values()}
    items = {item: escape(name) for item, name in items_said(where).items()}
    windows = {code: escape(said(one.name)) for code, one in where.windows.items()}
    return page(
        found=found,
        where=where,
        today=found.now.day.day,
        planned=planned,
        names=names_of(people),
        items=items,
        busy=[one for one in found.services if one.is_busy],
        quiet=[one for one in found.services if not one.is_busy],
        rows=_rows(found, items, windows),
        states=states(),
        denials={code.value: escape(gettext(title)) for code, title in DENIAL_TITLES.items()},
        window_names=windows,
        window_titles={code: escape(gettext(title)) for code, title in WINDOW_TITLES.items()},
        window_states=WindowState,
        empty=set(found.now.empty_windows()),
        is_steering=may_steer(where),
        may_issue=may_here(where, Act.ISSUE_TICKET),
    )


def _rows(found: queries.Steering, items: Mapping[str, Markup], windows: Mapping[str, Markup]) -> Markup:
    """The rows of the list as one text: with two hundred people a template that does this step by step is too slow.

    Each piece is escaped once; what stands in a row is built of such pieces, of clock times and of numbers.
    """
    zone = hours_of_hall(found.place.hall, found.now.day.day).zone
    said_so = {name: escape(text) for name, text in (grounds_said() | states()).items()}
    late, risky, unheld = (escape(text) for text in (gettext("passed"), gettext("at risk"), gettext("no guarantee")))
    minutes, unknown = escape(gettext("min")), escape(gettext("unknown"))
    address = escape(url_for("clerk.hall.number", code=found.place.code, ticket="-")[:-1])
    clocks: dict[datetime, str] = {}

    def clock(at: datetime) -> str:
        if at not in clocks:
            clocks[at] = at.astimezone(zone).strftime("%H:%M")
        return clocks[at]

    def told(line: queries.Line) -> str:
        if line.low_at is None or line.high_at is None:
            text = str(unknown)
        else:
            text = f"{clock(line.low_at)}–{clock(line.high_at)}"
            text += f" ▲ {late}" if line.waited is None and g.now > line.high_at else ""
        if line.id in found.at_risk:
            return f"{text} ▲ {risky}"
        return text if line.is_guaranteed else f"{text} {unheld}"

    parts = []
    for line in found.lines:
        where = line.to_window if line.state == TicketState.WAITING else line.window
        parts.append(
            f'<tr{_AT_RISK if line.id in found.at_risk else ""}><th scope="row">'
            f'<a class="govuk-link" href="{address}{escape(line.id)}">'
            f"{escape(line.printed)}</a></th><td>{items.get(line.item, unknown)}"
            f"{f' ×{line.matters}' if line.matters > 1 else ''}</td><td>{said_so.get(line.ground or '', '–')}</td>"
            f"<td>{found.waits(line)} {minutes}</td><td>{told(line)}</td><td>{said_so[line.state]}</td>"
            f"<td>{windows.get(where or '', '–')}</td></tr>\n"
        )
    return Markup("".join(parts))  # noqa: S704 -- every piece is escaped above


@hall.get("/<code>/needed")
def needed(code: str) -> ResponseReturnValue:
    """Windows needed for each half hour of today, by the weeks before, beside those rostered."""
    where = seen(code)
    today = local_day(where.hall, g.now)
    with reading():
        found = half_hours(where, [today])[today]
    return page(where=where, today=today, found=found, half_hour=HALF_HOUR)
