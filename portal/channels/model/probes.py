"""Probes: what is tried, what came of it, and when enough of them fail for a channel to be down."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from portal.basis import N_
from portal.channels.model.channel import Channel

LASTING: Final = timedelta(minutes=15)  # parameters of ours (V18)
VANTAGES, FAILURES = 2, 2  # so many places, so often in a row


class Function(StrEnum):
    """What a probe tries."""

    SIGN_IN = "sign-in"
    SUBMIT = "submit"
    REFRESH = "refresh"
    QUERY = "query"


FUNCTION_TITLES: Final[Mapping[Function, str]] = {
    Function.SIGN_IN: N_("Sign in"),
    Function.SUBMIT: N_("Hand in"),
    Function.REFRESH: N_("Load a page again"),
    Function.QUERY: N_("Follow a request"),
}


@dataclass(frozen=True, slots=True)
class Probe:
    """One try of one function from one vantage point; ``fault`` is empty when it went well."""

    vantage: str
    function: Function
    at: datetime
    took_ms: int
    fault: str = ""

    @property
    def is_well(self) -> bool:
        return not self.fault


def failures_in_a_row(probe: Probe, earlier: Iterable[Probe]) -> list[Probe]:
    """The row of failures that ends with this probe; ``earlier``: same vantage and function, the newest first."""
    row: list[Probe] = []
    for one in (probe, *earlier):
        if one.is_well:
            break
        row.append(one)
    return row


def down_since(channel: Channel) -> datetime | None:
    """Since when enough vantage points see one and the same function fail; None while too few do."""
    by_function: dict[str, list[datetime]] = {}
    for (_, function), since in channel.failing.items():
        by_function.setdefault(function, []).append(since)
    moments = [sorted(since)[VANTAGES - 1] for since in by_function.values() if len(since) >= VANTAGES]
    return min(moments, default=None)


def is_down(channel: Channel, at: datetime) -> bool:
    """The verdict of the probes: it has lasted long enough."""
    since = down_since(channel)
    return since is not None and at - since >= LASTING
