"""Makers for tests of the rules about tenders: short bids and what two of them have in common."""

from __future__ import annotations

from typing import Any

from tests.compliance.record import event

Entry = dict[str, Any]
TEN = "Tuesday 2020-06-02 10:00"


def tender(kind: str, when: str = TEN, *, n: int = 1, **facts: Any) -> Entry:
    """By the agency that runs it."""
    known = {"subject": f"tender/{n}", "actor": "agency", "role": "clerk", "office": "trade-centre",
             "item_version": None}  # fmt: skip
    return event(kind, when, **(known | facts))


def published(**facts: Any) -> Entry:
    return tender("tender-published", "Monday 2020-06-01 09:00", **({"supervisor_office": "bid-watch"} | facts))


def bid(bidder: str, when: str = TEN, **facts: Any) -> Entry:
    return tender("bid-submitted", when, **({"bidder": bidder, "actor": f"user-{bidder}", "role": "bidder"} | facts))


def compared(bidder: str, other: str, **facts: Any) -> Entry:
    known = {"actor": "system", "role": "system", "bidder": bidder, "other": other}
    return tender("bids-compared", "Wednesday 2020-06-03 10:00", **(known | facts))


def harmless(sign: str, bidder: str | None = None, other: str | None = None, **facts: Any) -> Entry:
    known = {"sign": sign, "bidder": bidder, "other": other, "actor": "wei", "role": "supervisor",
             "office": "bid-watch"}  # fmt: skip
    return tender("bid-sign-cleared", "Thursday 2020-06-04 10:00", **(known | facts))
