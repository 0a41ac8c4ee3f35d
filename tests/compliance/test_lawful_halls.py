"""Days of a hall on which every promise was kept give no card, on either engine."""

from __future__ import annotations

from collections import Counter

import pytest

from portal.compliance.engines import on_engine
from portal.compliance.registry import all_rules
from portal.compliance.rule import Severity
from tests.years.judging import findings_of, log_at
from tests.years.lawful.halls import AS_OF, lawful_days

GUARDS = {
    "ticket-absent", "ticket-returned", "ticket-parked", "ticket-resumed", "ticket-transferred", "ticket-released",
    "ticket-voided", "ticket-carried-over", "ticket-closed-unserved", "closure-declared", "surge-declared",
    "issuing-stopped", "issuing-resumed", "ticket-refused", "window-left-empty", "window-opened",
    "appointment-cancelled", "appointment-missed", "hall-closed",
}  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_days_of_more_than_five_hundred_numbers_give_no_yellow_and_no_red(seed: int) -> None:
    found = findings_of(log_at(lawful_days(seed), AS_OF))
    cards = [finding for finding in found if finding.severity is not Severity.NOTICE]
    assert cards == [], Counter((finding.rule, finding.variant) for finding in cards)
    # numbers carried over with consent are told, and nothing else is
    assert {(finding.rule, finding.variant) for finding in found} == {("V23", "carried-over")}


def test_every_guard_was_put_to_use() -> None:
    rows = lawful_days(1)
    kinds = Counter(row["kind"] for row in rows)
    assert set(kinds) >= GUARDS
    assert kinds["ticket-issued"] == 3 * 520
    assert {row["payload"]["rank"] for row in rows if row["kind"] == "ticket-issued"} == {
        "normal", "priority", "appointment", "carried-over",
    }  # fmt: skip


def test_duckdb_says_the_same() -> None:
    log = log_at(lawful_days(4, days=1), AS_OF)
    with on_engine(log, "duckdb") as other:
        assert findings_of(other, all_rules()) == findings_of(log, all_rules())
