"""An outage of the platform gives its days, once, to the clocks that it hit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Final

from sqlalchemy import select

from portal.basis import By
from portal.cases import operations as cases
from portal.cases.almanac import hours_of
from portal.cases.model.outages import Outage
from portal.channels.model import ONLINE, PLATFORM, minutes_within
from portal.channels.tables import ChannelRow
from portal.store import db

# Limits run in days, so a day is given or it is not. Parameter of ours: two service hours of it were lost, as long as
# makes the outage red (V18).
LOST_MINUTES: Final = 120
CAUSE: Final = "政务服务平台故障，网上办理中断 (the online portal was down)"


def make_up(since: datetime, until: datetime, *, evidence: str, by: By, at: datetime) -> list[Outage]:
    """Declare the lost days, a run of them as one outage; the cases of every office with an online item get them.

    The portal itself declares what its probes found, or who supervises: never an office that is excused by it.
    """
    offices = select(ChannelRow.office).where(ChannelRow.way.in_(ONLINE), ChannelRow.item != PLATFORM).distinct()
    named = sorted(office for office in db.session.scalars(offices) if office)
    if not named:
        return []
    return [
        cases.declare_outage(
            offices=named, channels=ONLINE, from_on=first, until_on=last, cause=CAUSE, evidence=evidence, by=by, at=at
        )[0]
        for first, last in _runs(lost_days(since, until))
    ]


def lost_days(since: datetime, until: datetime) -> list[date]:
    """Working days of which the outage took so many minutes of the hours in which offices work."""
    found: list[date] = []
    hours = hours_of(None)(until.date())
    day, last = since.astimezone(hours.zone).date(), until.astimezone(hours.zone).date()
    while day <= last:
        begin = datetime.combine(day, time(), hours.zone)
        lost = sum(
            minutes_within(
                [(since, until)], begin + timedelta(seconds=one.opens), begin + timedelta(seconds=one.closes)
            )
            for one in hours.sessions(day, provisional=True)
        )
        if lost >= LOST_MINUTES:
            found.append(day)
        day += timedelta(days=1)
    return found


def _runs(days: list[date]) -> Iterator[tuple[date, date]]:
    """First and last of each run of neighbouring days."""
    first = 0
    for place, day in enumerate(days):
        if place + 1 == len(days) or days[place + 1] - day > timedelta(days=1):
            yield days[first], day
            first = place + 1
