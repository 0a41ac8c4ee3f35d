"""Which hours an office keeps, on the calendar known on a day: national, with the layers of its areas and its own.

A deployment's own calendars and hours lie in ``areas/`` and ``offices/`` of its instance folder.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import cache

from portal import config
from portal.basis.files import State
from portal.cases.model.clocks import HoursKnownOn
from portal.catalogue.queries import calendar_layers, catalogue
from portal.worktime import OfficeHours, ReceiptRule, WorkCalendar, office_file, received_on, regional, timetable_in

# How the day of receipt is found, per channel; a parameter of ours: 国办公开办函〔2015〕207号 leaves it to the
# office for most channels. What comes in by itself out of hours counts as come on the next working day.
RECEIPT_RULES = {
    "web": ReceiptRule.NEXT_OPEN,
    "app": ReceiptRule.NEXT_OPEN,
    "kiosk": ReceiptRule.NEXT_OPEN,
    "phone": ReceiptRule.NEXT_OPEN,
    "village": ReceiptRule.NEXT_OPEN,
    "window": ReceiptRule.AS_IS,
}


NATION = "CN"


def hours_of(office: str | None) -> HoursKnownOn:
    """Return the function that gives the office's hours as they were known on a day."""
    folder, layers = config.instance_folder(), calendar_layers(catalogue(), office)

    def known_on(day: date) -> OfficeHours:
        calendar = regional(layers, day, folder=folder / "areas")
        return _hours(calendar, office_file(office or "default", folder / "offices"))

    return known_on


def known_calendars(day: date) -> dict[str, tuple[WorkCalendar, str | None]]:
    """For the nation (``CN``) and every area and office of the catalogue the calendar known on ``day``, with the
    version of the next wider one: where the two are the same, nothing of its own is laid over it."""
    folder = config.instance_folder() / "areas"
    nation = regional((), day)
    found: dict[str, tuple[WorkCalendar, str | None]] = {NATION: (nation, None)}
    for office in catalogue().offices:
        wider, layers = nation.version, calendar_layers(catalogue(), office.code)
        for place, scope in enumerate(layers, start=1):
            if scope not in found:
                found[scope] = (regional(layers[:place], day, folder=folder), wider)
            wider = found[scope][0].version
    return found


def counted_from(at: datetime, channel: str, hours: OfficeHours) -> date:
    """The day of receipt by the channel's rule; it is not counted itself."""
    return received_on(at, hours, RECEIPT_RULES.get(channel, ReceiptRule.AS_IS))


@cache
def _hours(calendar: WorkCalendar, file: State) -> OfficeHours:
    return OfficeHours(calendar, timetable_in(file))
