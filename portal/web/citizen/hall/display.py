"""The screen in the hall: who was called last, in both languages, readable from afar, and honest when it is cut off."""

from __future__ import annotations

from typing import Any

from flask import g
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, gettext

from portal.basis import N_, Bilingual
from portal.hall.model.capacity import Issuing
from portal.hall.model.tickets import Ticket
from portal.hall.places import Place, local_day
from portal.hall.queries.hours import Hours, hours
from portal.hall.queries.queue import last_called
from portal.hall.queries.services import Desk, desk
from portal.store import reading
from portal.web.citizen.hall.room import hall, place_or_404, tag_of, unless_unchanged
from portal.web.citizen.halls import in_clock_time
from portal.web.page import page

PREVIOUS = 6  # calls beside the last one
POLLED = 3  # seconds; parameters of ours
REFRESHED = 10
WORDS = {
    "title": N_("Called now"),
    "window": N_("Window"),
    "before": N_("Called before"),
    "nobody": N_("Nobody has been called yet today."),
    "away": N_("No connection. As of"),
    "sound": N_("Turn on sound"),
}


@hall.get("/halls/<hall>/display")
def display(hall: str) -> ResponseReturnValue:
    where = place_or_404(hall)
    return page(
        hall=where.hall,
        shown=shown(where),
        words={name: both(text) for name, text in WORDS.items()},
        slots=PREVIOUS + 1,
        polled=POLLED,
        refreshed=REFRESHED,
    )


@hall.get("/halls/<hall>/display.json")
def display_now(hall: str) -> ResponseReturnValue:
    """Unchanged as long as nobody is called and nothing is announced."""
    found = shown(place_or_404(hall))
    return unless_unchanged(tag_of(found).decode(), "application/json", of=found)


def shown(where: Place) -> dict[str, Any]:
    with reading():
        calls = last_called(where.code, local_day(where.hall, g.now), PREVIOUS + 1)
        notice = _notice(desk(where, g.now), hours([where], g.now)[0])
    return {"calls": [_call(where, one) for one in calls], "notice": {"zh": notice.zh, "en": notice.en}}


def _call(where: Place, ticket: Ticket) -> dict[str, str]:
    window = where.windows.get(ticket.window or "")
    name = window.name if window is not None else Bilingual("", "")
    spelt = " ".join(ticket.printed)
    say = both(N_("Number %(number)s, please come to %(window)s."), number=spelt, window=name)
    assert ticket.last_called_at is not None, "who is listed was called"
    return {
        # tells one call from another; the id would open the page of the number, which is its holder's alone
        "key": f"{ticket.printed}/{ticket.last_called_at.timestamp():.3f}",
        "number": ticket.printed,
        "zh": name.zh,
        "en": name.en,
        "at": in_clock_time(where, ((ticket.last_called_at, ticket.last_called_at),))[0][0],
        "say_zh": say.zh,
        "say_en": say.en,
    }


def both(text: str, **values: Any) -> Bilingual:
    """A text in both languages at once; a value that is bilingual is said in the same."""

    def said_in(locale: str, part: str) -> str:
        own = {name: getattr(value, part) if isinstance(value, Bilingual) else value for name, value in values.items()}
        with force_locale(locale):
            return str(gettext(text, **own))

    return Bilingual(said_in("zh_Hans", "zh"), said_in("en", "en"))


def _notice(here: Desk, known: Hours) -> Bilingual:
    """The one thing that everybody in the hall should know now."""
    closure, today = known.closed_by, known.today
    if closure is not None:
        ((begin, end),) = in_clock_time(known.place, ((closure.from_at, closure.until_at),))
        if local_day(known.place.hall, closure.until_at) != today.day:
            return both(N_("Closed for the rest of the day: %(reason)s"), reason=closure.reason)
        return both(N_("Closed from %(begin)s to %(end)s: %(reason)s"), begin=begin, end=end, reason=closure.reason)
    if known.now is None:
        to_come = tuple(span for span in today.spans if span[0] > g.now)
        if not to_come:
            return both(N_("The hall is closed."))
        has_been_open = to_come != tuple(today.spans)
        words = N_("Open again at %(time)s") if has_been_open else N_("Opens at %(time)s")
        return both(words, time=in_clock_time(known.place, to_come)[0][0])
    closes = in_clock_time(known.place, today.spans)[-1][1]
    if not here.takes_numbers:
        return both(N_("No more numbers today. Whoever holds one is served. Closes at %(time)s."), time=closes)
    states = {one.issuing for one in here.services(here.now.place.serving).values()}
    if states == {Issuing.CLOSED}:
        return both(N_("No more numbers today. Whoever holds one is served. Closes at %(time)s."), time=closes)
    if Issuing.LAST in states:
        return both(N_("Last numbers for some services. Closes at %(time)s."), time=closes)
    if Issuing.CLOSED in states:
        return both(N_("No numbers for some services now. Closes at %(time)s."), time=closes)
    return both(N_("Open until %(time)s"), time=closes)
