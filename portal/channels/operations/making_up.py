"""An outage of the platform gives its days, once, to the clocks that it hit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Final

from sqlalchemy import select

from portal.basis import By
from portal.cases import operations as cases
from portal.cases.almanac import hours_of
from portal.cases.model.outages import Outage
from portal.cases.queries import declared_outages
from portal.channels.model.channel import ONLINE, PLATFORM
from portal.channels.model.folding import minutes_within
from portal.channels.tables import ChannelRow
from portal.store import db

# Limits run in days, so a day is given or it is not. Parameter of ours: two service hours of it were lost, as long as
# makes the outage red (V18).
LOST_MINUTES: Final = 120
CAUSE: Final = "政务服务平台故障，网上办理中断 (the online portal was down)"


def make_up(since: datetime, until: datetime, *, evidence: str, by: By, at: datetime) -> list[Outage]:
    """Declare the lost days, a run of them as one outage; the cases of every office with an online item get them.

    What was declared before, by whomever, is not given again. The portal itself declares what its probes found, or who
    supervises: never an office that is excused by it.
    """
    named = select(ChannelRow.office).where(ChannelRow.way.in_(ONLINE), ChannelRow.item != PLATFORM).distinct()
    offices = {office for office in db.session.scalars(named) if office}
    known = declared_outages()
    lost = {day: tuple(sorted(offices - _given(day, known))) for day in lost_days(since, until)}
    return [
        cases.declare_outage(
            offices=lost[first],
            channels=ONLINE,
            from_on=first,
            until_on=last,
            cause=CAUSE,
            evidence=evidence,
            by=by,
            at=at,
        )[0]
        for first, last in _runs({day: left for day, left in lost.items() if left})
    ]


def _given(day: date, known: Iterable[Outage]) -> set[str]:
    """Offices whose online cases have that day already."""
    hit = [
        one for one in known if one.from_on <= day <= one.until_on and (not one.channels or {*one.channels} & {*ONLINE})
    ]
    return {office for one in hit for office in one.offices}


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


def _runs(lost: Mapping[date, tuple[str, ...]]) -> Iterator[tuple[date, date]]:
    """First and last of each run of neighbouring days that the same offices lost."""
    days = sorted(lost)
    first = 0
    for place, day in enumerate(days):
        after = days[place + 1] if place + 1 < len(days) else None
        if after is None or after - day > timedelta(days=1) or lost[after] != lost[day]:
            yield days[first], day
            first = place + 1
