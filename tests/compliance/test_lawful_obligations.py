"""Debts, commitments, bills, licences, demands, benefits and leases that were kept give no card; a day later they do.

The last lawful day is found by walking the calendar, one day after another, never by a rule. Every guard is put to use.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import pytest

from portal.compliance.engine import Finding, judge
from portal.compliance.log import Log
from portal.compliance.registry import all_rules
from tests.compliance.record import SHANGHAI, event, record
from tests.years.days import after, working_on

Row = dict[str, Any]
ONE = timedelta(1)
EACH = 24  # histories of each sort
AS_OF = "Friday 2021-12-31 12:00"
CODES = ("V26", "V27", "V28", "V29", "V30", "V33", "V34", "V35", "V36", "V37")
OFFICE: Row = {"actor": "wang", "role": "clerk", "office": "office"}
PAYER: Row = {"actor": "cashier", "role": "clerk", "office": "office"}
CITIZEN: Row = {"actor": "firm", "role": "applicant", "office": None}
OTHER: Row = {"actor": "chen", "role": "clerk", "office": "supervision"}
NATION: Row = {"actor": "editor", "role": "clerk", "office": "nation"}


class Book:
    """Rows of one log; ``late``: every last day is missed by one."""

    def __init__(self, seed: int, *, late: bool) -> None:
        self.luck, self.late, self.rows = Random(seed), late, list[Row]()

    def note(self, subject: str, kind: str, day: date, by: Row, **facts: Any) -> None:
        entry = event(kind, f"{day} 10:00", subject=subject, item_version=None, **by, **facts)
        entry["payload"] = {key: _written(value) for key, value in entry["payload"].items() if value is not None}
        entry["occurred_at"] = datetime(day.year, day.month, day.day, self.luck.randrange(8, 18), tzinfo=SHANGHAI)
        self.rows.append(entry)

    def last(self, first: date, due: date) -> date:
        """A day up to the last lawful one, often that day itself; or the day after it."""
        if self.late:
            return due + ONE
        return due if self.luck.random() < 0.4 else first + ONE * self.luck.randrange((due - first).days + 1)

    def day(self) -> date:
        """Around the holidays of 2020 and 2021, and in between."""
        return date(2020, 9, 3) + ONE * self.luck.randrange(330)

    def log(self) -> Log:
        return record(sorted(self.rows, key=lambda row: row["occurred_at"]), as_of=AS_OF)


def _written(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def debts(book: Book) -> None:
    for n in range(EACH):
        subject, delivered = f"debt/{n}", book.day()
        term, accepted = book.luck.choice([None, 10, 45, 60, 90]), book.luck.choice([None, delivered + 3 * ONE])
        term = term if n % 6 else 60  # what is complained of is not paid before it must be listed
        due = working_on((accepted or delivered) + min(term or 30, 60) * ONE)
        facts = {"debtor": "office", "debtor_sort": "office", "is_small": True, "amount_fen": 1000, "term_days": term}
        book.note(
            subject, "debt-claimed", delivered, CITIZEN, delivered_on=delivered, signed_on=date(2020, 9, 1), **facts
        )
        if accepted:
            book.note(subject, "debt-accepted", accepted, OFFICE, accepted_on=accepted)
        if n % 5 == 0:
            book.note(subject, "debt-disputed", delivered, OTHER, disputed_fen=400)
            book.note(subject, "debt-paid", due, PAYER, amount_fen=600, paid_on=due)
        if n % 6 == 0:
            book.note(subject, "debt-complained", delivered, CITIZEN, keeper="supervision")
            book.note(subject, "debt-listed", book.last(delivered, after(delivered, 10)), OTHER)
        paid = book.last(accepted or delivered, due)
        book.note(
            subject, "debt-payment-confirmed", paid, CITIZEN, amount_fen=600 if n % 5 == 0 else 1000, paid_on=paid
        )


def commitments(book: Book) -> None:
    for n in range(EACH):
        subject, due = f"obligation/{n}", book.day()
        book.note(subject, "commitment-made", due - 99 * ONE, CITIZEN, owing_office="office", due_on=due)
        book.note(
            subject, "commitment-holder-began", due + ONE, OTHER, holder="h2", held_post="head", from_on=due + ONE
        )
        signed = book.last(due + ONE, due + 11 * ONE)
        book.note(subject, "commitment-handed-on", signed, OFFICE, from_holder="h1", to_holder="h2")
        answered = book.last(due, due + 90 * ONE)
        plan = answered + 20 * ONE
        book.note(
            subject, "commitment-position-taken", answered, OFFICE, stance="plan", planned_on=plan, is_written=True
        )
        if n % 4 == 0:
            book.note(subject, "commitment-changed", book.last(answered, plan), OTHER, is_compensated=True)
        else:
            kept = book.last(answered, plan)
            book.note(subject, "commitment-fulfilled", kept, CITIZEN, fulfilled_on=kept)


def bills(book: Book) -> None:
    book.note("tariff/t", "grid-price-set", date(2020, 8, 1), NATION, price=6000, from_on=date(2020, 8, 1))
    for n in range(EACH):
        subject, first, kwh = f"meter/{n}", book.day(), book.luck.randrange(1, 900)
        loss = 30 * (n % 2)
        if loss:
            book.note(subject, "losses-documented", first, OTHER, loss_per_mille=50, cap_per_mille=30, from_on=first)
        fen = (kwh * 6000 * (1000 + loss) // 1000 + kwh * 50) // 100 + (1 if book.late else 0)
        until = first + 30 * ONE
        book.note(subject, "power-billed", until, CITIZEN, bill_no="1", supplier="market", tariff="t", from_on=first,
                  until_on=until, kwh=kwh, amount_fen=fen)  # fmt: skip
        if n % 3 == 0:
            book.note(subject, "service-fee-agreed", first, CITIZEN, fee="cleaning")
            book.note(
                subject, "power-fee-billed", until, CITIZEN, bill_no="1", is_per_kwh=False, amount_fen=9, fee="cleaning"
            )


def papers(book: Book) -> None:
    """Licences and demands: what is lawful on the last day of a list is not on the day after it."""
    end = date(2021, 12, 1)
    book.note("list/food", "node-listed", date(2020, 8, 1), NATION, code="1", name="干制食用菌")
    book.note("list/powers", "power-listed", date(2020, 8, 1), NATION, item="food", acts=["approval"], holder="office",
              until_on=end)  # fmt: skip
    book.note("list/fees", "fee-listed", date(2020, 8, 1), NATION, fee="copy", rate_fen=500, until_on=end)
    book.note("item/food", "elements-published", date(2020, 8, 1), NATION, from_on=date(2020, 8, 1),
              materials=["form", "plan"])  # fmt: skip
    for n in range(EACH):
        day, subject = book.last(book.day(), end - ONE), f"demand/{n}"
        entry = "干制食用菌（黑木耳）" if book.late or n % 2 else "干制食用菌"
        if n % 2 and not book.late:
            book.note(f"licence/{n}", "scope-narrowed", day, CITIZEN, entry=entry, is_written=True)
        book.note(f"licence/{n}", "licence-scoped", day, OFFICE, tree="food", entries=[entry])
        book.note(subject, "act-demanded", day, OFFICE, act="approval", item="food", list="powers")
        book.note(subject, "payment-demanded", day, OFFICE, payment_sort="fee", fee="copy", list="fees", units=2,
                  amount_fen=1000)  # fmt: skip
        book.note(subject, "material-demanded", day, OFFICE, item="food", material="deed" if book.late else "plan",
                  wording="平面图")  # fmt: skip
        book.note(subject, "material-held", day, CITIZEN, material="plan", ground="shared")
        book.note(subject, "sharing-failed", day, NATION, failed_on=day)


def benefits_and_leases(book: Book) -> None:
    for n in range(EACH):
        subject, day, within = f"entitlement/{n}", book.day(), book.luck.choice([None, 1, 5, 20])
        due = after(day, within or 1)
        book.note(subject, "eligibility-found", day, OFFICE, policy_office="office", amount_fen=900, within_days=within,
                  is_instant=True)  # fmt: skip
        book.note(subject, "beneficiary-contacted", book.last(day, day + 30 * ONE), OFFICE, is_reached=True)
        if n % 4 == 0 and not book.late:
            book.note(subject, "entitlement-declined", due, CITIZEN)
        elif n % 4 == 1 and not book.late:
            book.note(subject, "budget-exhausted", due, OTHER, announced_on=day)
        else:
            book.note(subject, "benefit-paid", book.last(day, due), PAYER, amount_fen=900)
        lease, granted = f"lease/{n}", book.day()
        book.note(lease, "relief-granted", granted, OTHER, head_tenant="tenant", relief_fen=1000, granted_on=granted)
        book.note(lease, "own-use-found", granted, OTHER, own_per_mille=250)
        book.note(lease, "relief-received", book.last(granted, granted + 30 * ONE), CITIZEN, amount_fen=750)


def book_of(seed: int, *, late: bool = False) -> Book:
    book = Book(seed, late=late)
    for part in (debts, commitments, bills, papers, benefits_and_leases):
        part(book)
    return book


def said(log: Log) -> list[Finding]:
    return judge(log, [rule for rule in all_rules() if rule.code in CODES]).findings


@pytest.mark.parametrize("seed", [1, 2])
def test_what_was_kept_gives_no_finding(seed: int) -> None:
    assert Counter((finding.rule, finding.variant) for finding in said(book_of(seed).log())) == {}


def test_no_other_rule_says_anything_of_them() -> None:
    assert judge(book_of(3).log(), all_rules()).findings == []


def test_a_day_later_each_of_them_is_found() -> None:
    found = said(book_of(4, late=True).log())
    assert Counter(finding.rule for finding in found) == {
        "V26": EACH, "V27": EACH, "V28": EACH, "V30": EACH, "V33": EACH, "V34": EACH + EACH // 6, "V35": EACH,
        "V36": EACH, "V37": EACH,
    }  # fmt: skip
    assert [
        f for f in found if not f.office or f.severity.value == "notice" or (f.actor or "").startswith("firm")
    ] == []
    assert len({finding.key for finding in found}) == len(found)
