"""Who is called before whom: one order for all numbers of a hall, in which nobody starves. Pure.

A number's turn is its arrival less what its rank is credited with, so that priority goes before an appointment and an
appointment before an arrival of the same minute, and whoever has waited longer than the credit goes first all the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from portal.basis import N_


class Rank(StrEnum):
    NORMAL = "normal"
    APPOINTMENT = "appointment"
    PRIORITY = "priority"
    CARRIED_OVER = "carried-over"


class Ground(StrEnum):
    """Why a number goes before others; each is recorded (V51)."""

    ELDERLY = "elderly"
    DISABLED = "disabled"
    PREGNANT = "pregnant"
    SERVICE = "service"  # soldiers, firefighters, their families: by local rule
    CARRIED_OVER = "carried-over"  # was not served on an earlier day
    APPOINTMENT = "appointment"
    VOID_BEFORE = "void-before"  # its number was void through no fault of the holder
    RETURNED = "returned"  # was absent and came back, or was parked
    BOUND = "bound"  # passed to this window


GROUND_TITLES: Final[Mapping[Ground, str]] = {
    Ground.ELDERLY: N_("60 years or older"),
    Ground.DISABLED: N_("Disability"),
    Ground.PREGNANT: N_("Pregnant, or with a small child"),
    Ground.SERVICE: N_("Soldier, firefighter or family of one"),
    Ground.CARRIED_OVER: N_("Carried over from an earlier day"),
    Ground.APPOINTMENT: N_("Appointment"),
    Ground.VOID_BEFORE: N_("An earlier number was void"),
    Ground.RETURNED: N_("Came back"),
    Ground.BOUND: N_("Passed to this window"),
}
PRIORITY_GROUNDS: Final = (Ground.ELDERLY, Ground.DISABLED, Ground.PREGNANT, Ground.SERVICE)  # what one may ask for
# Parameters of ours, by simulation: nobody waits longer than this because of somebody of that rank.
CREDIT: Final[Mapping[Rank, timedelta]] = {
    Rank.NORMAL: timedelta(),
    Rank.APPOINTMENT: timedelta(minutes=20),
    Rank.PRIORITY: timedelta(minutes=30),
    Rank.CARRIED_OVER: timedelta(minutes=60),
}


def turn_of(rank: Rank, arrived_at: datetime) -> datetime:
    """When a number's turn counts from; the smaller goes first."""
    return arrived_at - CREDIT[rank]


def appointment_turn(slot_at: datetime, checked_in_at: datetime) -> datetime:
    """Who comes in time is called at the slot, not before it; who comes late counts from when he came."""
    return turn_of(Rank.APPOINTMENT, max(slot_at, checked_in_at))
