"""The hours and the calendar of the accused office: a finding's own limits run by them, as every other limit does."""

from __future__ import annotations

from datetime import date

from portal import config
from portal.basis import Limit
from portal.catalogue.queries import calendar_layers, catalogue
from portal.worktime import OfficeHours, office_file, regional, timetable_in


def hours_on(office: str | None, on: date) -> OfficeHours:
    """As they were known that day."""
    folder = config.instance_folder()
    calendar = regional(calendar_layers(catalogue(), office), on, folder=folder / "areas")
    return OfficeHours(calendar, timetable_in(office_file(office or "default", folder / "offices")))


def last_day(hours: OfficeHours, on: date, limit: Limit) -> date:
    """Of a limit in working days; the day itself does not count (民法典 第二百零一条)."""
    return hours.calendar.add_workdays(on, limit.n, provisional=True)
