"""Calendars and hours that the tests of working time share."""

from __future__ import annotations

import pytest

from portal.worktime import OfficeHours, WorkCalendar, national, read_office


@pytest.fixture(scope="session")
def calendar() -> WorkCalendar:
    return national()


@pytest.fixture(scope="session")
def hours(calendar: WorkCalendar) -> OfficeHours:
    return OfficeHours(calendar, read_office("default"))
