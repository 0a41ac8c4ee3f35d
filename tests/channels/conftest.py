"""Channels of the catalogue as the portal lists them, the staff who declare, and probes seen from two places."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

import pytest
from flask import Flask

from portal.channels import operations
from portal.channels.model.probes import Function, Probe
from portal.ledger.model import Event
from portal.store import transaction
from tests.cases.city import MONDAY, SHANGHAI, Staff, employ

Rounds = Callable[..., list[Event]]


@pytest.fixture
def staff(database: Flask) -> Staff:  # noqa: ARG001 -- its context is what is needed
    with transaction():
        found = employ()
        operations.list_channels(MONDAY, MONDAY.astimezone(SHANGHAI).date(), operator="government-services")
    return found


def seen(at: datetime, *failing: str, vantages: Iterable[str] = ("inside", "outside")) -> list[Probe]:
    """One round from both places; ``failing`` names the functions that failed everywhere."""
    return [
        Probe(vantage, function, at, 12, "no answer in time" if function in failing else "")
        for vantage in vantages
        for function in Function
    ]


@pytest.fixture
def rounds(staff: Staff) -> Rounds:  # noqa: ARG001 -- its channels are what is probed
    """``rounds(from, 10, "submit")``: so many rounds, two minutes apart, each written when it was seen."""

    def run(
        start: datetime, number: int, *failing: str, vantages: Iterable[str] = ("inside", "outside")
    ) -> list[Event]:
        written: list[Event] = []
        for nth in range(number):
            at = start + timedelta(minutes=2 * nth)
            with transaction():
                written += operations.record_probes(seen(at, *failing, vantages=vantages), at=at)
        return written

    return run
