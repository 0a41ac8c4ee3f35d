"""Which hours an office keeps, on the calendar known on a day: national, with the layers of its areas and its own.

A deployment's own calendars and hours lie in ``areas/`` and ``offices/`` of its instance folder.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from pathlib import Path

from portal import config
from portal.cases.model.clocks import HoursKnownOn
from portal.catalogue.queries import catalogue
from portal.worktime import OfficeHours, ReceiptRule, WorkCalendar, read_office, received_on, regional

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


def hours_of(office: str | None) -> HoursKnownOn:
    """Return the function that gives the office's hours as they were known on a day."""
    folder, layers = config.instance_folder(), _layers(office)

    def known_on(day: date) -> OfficeHours:
        calendar = regional(layers, day, folder=folder / "areas")
        return _hours(calendar.version, calendar, office or "default", folder / "offices")

    return known_on


def counted_from(at: datetime, channel: str, hours: OfficeHours) -> date:
    """The day of receipt by the channel's rule; it is not counted itself."""
    return received_on(at, hours, RECEIPT_RULES.get(channel, ReceiptRule.AS_IS))


def _layers(office: str | None) -> tuple[str, ...]:
    """Division codes from the province down, then the office itself."""
    known = catalogue().office_of.get(office or "")
    if known is None:
        return ()
    area = known.area
    return tuple(dict.fromkeys((f"{area[:2]}0000", f"{area[:4]}00", area, known.code)))


@cache
def _hours(_version: str, calendar: WorkCalendar, office: str, folder: Path) -> OfficeHours:
    return OfficeHours(calendar, read_office(office, folder))
