"""The history of a case as its applicant reads it: what each step said beside its title."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import gettext, ngettext

from portal.basis import N_
from portal.cases.queries import CasePage, Entry
from portal.catalogue.model import PauseKind
from portal.ledger.model import Event
from portal.web.citizen.case_story import material_name, office_name
from portal.web.wording import clock_name, day, word

SCORES = {
    5: N_("Very satisfied"),
    4: N_("Satisfied"),
    3: N_("Fairly satisfied"),
    2: N_("Dissatisfied"),
    1: N_("Very dissatisfied"),
}
Teller = Callable[[CasePage, Event], list[str]]


def told(page: CasePage, entry: Entry) -> list[str]:
    """The lines below the title of one step."""
    event = entry.event
    lines = [*_TELLERS[event.kind](page, event)] if event.kind in _TELLERS else []
    if number := event.text("authorisation"):
        lines.append(gettext("By an agent, on authorisation %(number)s", number=number))
    if reason := event.text("reason"):
        lines.append(gettext("Reason: %(reason)s", reason=reason))
    if remedies := event.text("remedies"):
        lines.append(gettext("How to object: %(remedies)s", remedies=remedies))
    return [str(line) for line in lines]


def _passed_on(_: CasePage, event: Event) -> list[str]:
    return [gettext("To: %(office)s", office=office_name(event.text("to_office")))]


def _demanded(page: CasePage, event: Event) -> list[str]:
    return [material_name(page.version, code) for code in event.texts("demands")]


def _brought(page: CasePage, event: Event) -> list[str]:
    return [material_name(page.version, code) for code in event.texts("materials")]


def _deferred(page: CasePage, event: Event) -> list[str]:
    names = ", ".join(material_name(page.version, code) for code in event.texts("deferred"))
    return [gettext("May follow later: %(materials)s", materials=names)]


def _paused(_: CasePage, event: Event) -> list[str]:
    kind = word(PauseKind(event.text("pause_type") or ""))
    return [gettext("%(kind)s, for %(days)s", kind=kind, days=_working_days(event))]


def _extended(_: CasePage, event: Event) -> list[str]:
    return [gettext("%(clock)s: %(days)s more", clock=_clock(event), days=_working_days(event))]


def _moved(_: CasePage, event: Event) -> list[str]:
    old, new = event.date("old_on"), event.date("new_on")
    if old is None or new is None:
        return []
    why = [gettext("Why: the calendar of working days has changed.")] if event.text("cause") == "calendar" else []
    return [gettext("%(clock)s: %(old)s becomes %(new)s", clock=_clock(event), old=day(old), new=day(new)), *why]


def _made_up_for(_: CasePage, event: Event) -> list[str]:
    first, last = event.date("from_on"), event.date("until_on")
    if first is None or last is None:
        return []
    told = [
        gettext(
            "From %(first)s to %(last)s the service was down; these days do not count.",
            first=day(first),
            last=day(last),
        )
    ]
    return [*told, *([gettext("Why: %(cause)s", cause=cause)] if (cause := event.text("cause")) else [])]


def _decided(_: CasePage, event: Event) -> list[str]:
    return [gettext("Granted") if event.text("conclusion") == "grant" else gettext("Denied")]


def _rated(_: CasePage, event: Event) -> list[str]:
    return [gettext(SCORES[event.integer("score") or 3])]


def _clock(event: Event) -> str:
    """Moves name a clock by its key (``feedback.1.promised``), extensions by its name."""
    return clock_name((event.text("clock") or "").split(".")[0])


def _working_days(event: Event) -> str:
    return str(ngettext("%(num)s working day", "%(num)s working days", event.integer("days") or 0))


_TELLERS: dict[str, Teller] = {
    "handed-over": _passed_on,
    "designated": _passed_on,
    "correction-noticed": _demanded,
    "correction-submitted": _brought,
    "supplied": _brought,
    "tolerantly-accepted": _deferred,
    "paused": _paused,
    "extended": _extended,
    "due-moved": _moved,
    "outage-linked": _made_up_for,
    "decided": _decided,
    "rated": _rated,
}
