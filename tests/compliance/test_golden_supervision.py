"""Golden scenarios of supervision: Z9 (its order), Z11 and Z12; what is said is everything that may be said."""

from __future__ import annotations

from itertools import pairwise
from random import Random

import pytest

from portal.compliance.engine import Finding, judge
from portal.compliance.registry import all_rules
from tests.compliance.bidding import Entry, bid, compared, published
from tests.compliance.enforcing import listed, offence
from tests.compliance.record import event, on, record


def said(rows: list[Entry], as_of: str, **facts: str) -> list[Finding]:
    ordered = sorted(rows, key=lambda row: row["occurred_at"])
    return judge(record(ordered, as_of=as_of, **facts), all_rules()).findings


# --- Z9: over two million owed to a firm, to be paid by 31 October after the inspection; on 1 November it is not -----


def z9() -> list[Entry]:
    order: Entry = {"subject": "order/yining", "actor": "iris", "role": "inspector", "office": "inspection",
             "item_version": None, "rule": "V34", "to_office": "yining", "due_on": "2020-10-31"}  # fmt: skip
    return [event("rectification-ordered", "Friday 2020-09-25 10:00", **order)]


@pytest.mark.parametrize("as_of", ["Friday 2020-10-30 17:00", "Saturday 2020-10-31 23:59"])
def test_z9_is_silent_until_the_promised_day_is_over(as_of: str) -> None:
    assert said(z9(), as_of) == []


def test_z9_is_red_on_the_first_of_november() -> None:
    (one,) = said(z9(), "Sunday 2020-11-01 00:00")
    assert (one.rule, one.severity, one.variant, one.office, one.is_open) == ("V46", "red", "overdue", "yining", True)
    assert (one.numbers["due_on"], one.numbers["overdue"]) == (on("Saturday 2020-10-31"), 1)


def test_z9_stays_red_when_it_is_paid_late() -> None:
    paid = {"subject": "order/yining", "actor": "yan", "office": "yining"}
    rows = [
        *z9(),
        event("rectification-reported", "Monday 2020-11-09 10:00", **paid),
        event("rectification-rechecked", "Tuesday 2020-11-10 10:00", subject="order/yining", actor="ida",
              office="inspection", role="inspector", conclusion="passed"),
    ]  # fmt: skip
    (one,) = said(rows, "Monday 2020-11-30 10:00")
    assert (one.rule, one.severity, one.variant, one.is_open) == ("V46", "red", "late", False)
    assert (one.numbers["done_on"], one.numbers["overdue"]) == (on("Monday 2020-11-09"), 9)


# --- Z11: a set of bids with one planted ring ------------------------------------------------------------------------

RING = ("f03", "f08", "f11")


def z11() -> list[Entry]:
    """Fourteen firms bid; three of them had one maker, one account, and prices half a percent apart."""
    random = Random(11)
    names = [f"f{n:02}" for n in range(1, 15)]
    rows = [published()]
    for n, name in enumerate(names):
        own = {
            "author": f"w-{name}",
            "deposit_account": f"k-{name}",
            "price_fen": random.randrange(48_000, 56_000) * 1_000,
        }
        if name in RING:
            own = {"author": "w-ring", "deposit_account": "k-ring",
                   "price_fen": 50_000_000 + 250_000 * RING.index(name)}  # fmt: skip
        rows.append(bid(name, f"Tuesday 2020-06-02 {9 + n // 4:02}:{n % 4 * 10:02}", device=f"d-{name}",
                        address=f"n-{name}", agent=f"g-{name}", staff=[f"s-{name}"], **own))  # fmt: skip
    rows += [compared(a, b, similarity_percent=random.randrange(20, 60)) for a, b in pairwise(names)]
    return [*rows, compared("f03", "f11", similarity_percent=91)]


def test_z11_names_the_ring_and_nobody_else() -> None:
    (one,) = said(z11(), "Friday 2020-06-05 17:00")
    assert (one.rule, one.severity, one.variant, one.office) == ("V41", "red", "ring", "bid-watch")
    assert (one.numbers["members"], one.numbers["signs"]) == ("|".join(RING), "author|text|prices|deposit")
    assert (one.numbers["most"], one.actor, one.post) == (4, None, None)


def test_z11_without_the_ring_says_nothing() -> None:
    honest = [row for row in z11() if row["payload"].get("bidder") not in RING]
    assert said(honest, "Friday 2020-06-05 17:00") == []


# --- Z12: a list of 36 acts, then one of 50: the same act before and after -------------------------------------------

FIRST = [f"act-{n:02}" for n in range(1, 37)]
SECOND = [f"act-{n:02}" for n in range(1, 51)]


def z12(act: str, decided: str) -> list[Entry]:
    return [
        listed("2020-01-01", *FIRST),
        listed("2020-09-01", *SECOND),
        offence("offence-found", "Monday 2020-08-03 10:00", act=act, correct_by_on="2020-08-10"),
        offence("offence-corrected", "Friday 2020-08-07 10:00", actor="firm", role="applicant", office=None),
        offence("penalised", decided, measure="fine"),
    ]


@pytest.mark.parametrize(
    ("act", "decided", "expected"),
    [
        ("act-36", "Monday 2020-08-31 17:00", [("V40", "yellow", "listed")]),
        ("act-36", "Tuesday 2020-09-01 09:00", [("V40", "yellow", "listed")]),
        ("act-37", "Monday 2020-08-31 17:00", []),  # the first list does not name it
        ("act-37", "Tuesday 2020-09-01 09:00", [("V40", "yellow", "listed")]),
        ("act-50", "Tuesday 2020-09-01 09:00", [("V40", "yellow", "listed")]),
        ("act-51", "Tuesday 2020-09-01 09:00", []),
    ],
)
def test_z12_judges_the_same_act_by_the_list_of_its_day(
    act: str, decided: str, expected: list[tuple[str, str, str]]
) -> None:
    found = said(z12(act, decided), "Wednesday 2020-09-30 17:00", area="410100")
    assert [(one.rule, one.severity.value, one.variant) for one in found] == expected
