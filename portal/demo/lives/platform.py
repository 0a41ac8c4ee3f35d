"""Golden scenario Z3, after what inspectors found in Xining: live unfinished while a counter stopped; chosen days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Final

from portal.basis import Role
from portal.channels import operations
from portal.channels.model.channel import PLATFORM_CHANNEL, Only
from portal.channels.model.probes import Function, Probe
from portal.demo.days import Days, day_of, local
from portal.demo.people import City
from portal.demo.tale import Life

LISTED_ON: Final = date(2020, 7, 29)
LIVE_ON, NEXT_DAY, REOPENED_ON = date(2020, 8, 3), date(2020, 8, 4), date(2020, 8, 5)
OPERATOR: Final = "government-services"
COUNTER: Final = "contribution-base:window"
EVERY: Final = ("inside", "outside")
FAULT: Final = "no answer in time"


class Keeper:
    """The portal of the city as those see it who run it."""

    def __init__(self, city: City, days: Days) -> None:
        self.city, self.now = city, days.present

    @property
    def has_stopped(self) -> bool:
        return False

    def look(self, function: Function, *failing: str) -> None:
        """One round of probes from both places; the function fails at those that are named."""
        fails = {(place, function) for place in failing}
        operations.record_probes(
            [
                Probe(place, one, self.now, 40, FAULT if (place, one) in fails else "")
                for place in EVERY
                for one in Function
            ],
            at=self.now,
        )


def z3(keeper: Keeper) -> Life:
    """Nobody could sign in, and the counter had stopped: for a morning it could be done nowhere (哪都办不了)."""
    city = keeper.city
    (operator, *_), (head, *_) = city.staff_of(OPERATOR, Role.HEAD), city.staff_of("social-insurance", Role.HEAD)
    yield local(LISTED_ON, "09:00")
    operations.list_channels(keeper.now, day_of(keeper.now), operator=OPERATOR)
    yield local(LIVE_ON, "08:30")
    operations.go_live(PLATFORM_CHANNEL, by=operator, at=keeper.now, reason="按期上线（示例）")
    yield local(LIVE_ON, "09:00")
    operations.stop(COUNTER, reason="改为网上办理（示例）", basis="", by=head, at=keeper.now)
    yield from _rounds(keeper, LIVE_ON, Function.SIGN_IN, ("09:30", "09:32", "09:34", "09:50"), ends=())
    yield local(LIVE_ON, "10:15")
    operations.refuse_channel(
        COUNTER, Only.ONLINE, evidence="暗访记录4（示例）", by=city.one(Role.SUPERVISOR), at=keeper.now
    )
    yield from _rounds(keeper, LIVE_ON, Function.SIGN_IN, (), ends=("11:48", "11:50"))
    yield local(NEXT_DAY, "00:05")
    operations.count_probes(keeper.now)
    yield from _rounds(keeper, NEXT_DAY, Function.SUBMIT, ("14:00", "14:02", "14:04"), ends=("14:20", "14:22"))
    yield local(REOPENED_ON, "08:00")
    operations.bring_back(COUNTER, reason="恢复窗口办理（示例）", by=head, at=keeper.now)
    yield from _rounds(
        keeper, REOPENED_ON, Function.REFRESH, ("10:00", "10:02", "10:04", "10:30"), ends=("11:02", "11:04")
    )


def _rounds(
    keeper: Keeper, day: date, function: Function, fails: tuple[str, ...], *, ends: tuple[str, ...]
) -> Iterator[datetime]:
    """One place sees it first, then both; one sees the end first, then both."""
    for place, clock in enumerate(fails):
        yield local(day, clock)
        keeper.look(function, *(EVERY if place else EVERY[:1]))
    for place, clock in enumerate(ends):
        yield local(day, clock)
        keeper.look(function, *(() if place else EVERY[1:]))
