"""V48: whoever keeps the record is told when it is not as it was sealed, and when the machine's clock went back."""

from __future__ import annotations

from typing import Any

import pytest

from portal.compliance.registry import all_rules
from tests.compliance.record import event, found, record

V48 = [rule for rule in all_rules() if rule.code == "V48"]


def told(kind: str, **payload: Any) -> list[tuple[str | None, str, Any]]:
    log = record([event(kind, "Monday 2020-09-14 10:00", subject="ledger/x", actor="system", role="system", **payload)])
    return [(one.variant, one.severity.value, one.numbers.get("number")) for one in found(log, *V48)]


@pytest.mark.parametrize(
    ("kind", "payload", "verdicts"),
    [
        ("ledger-doubted", {"fault_seq": 41, "fault": "altered"}, [("altered", "red", 41)]),
        ("ledger-doubted", {"fault": "the root is another"}, [("unsound", "red", None)]),
        ("clock-set-back", {"seconds": 3600}, [("clock", "red", 3600)]),
        ("clock-set-back", {"seconds": 2}, [("clock", "red", 2)]),
        ("clock-set-back", {"seconds": 1}, []),  # the fine adjustment of a time service
    ],
)
def test_what_shakes_the_record_is_red(kind: str, payload: dict[str, Any], verdicts: list[Any]) -> None:
    assert told(kind, **payload) == verdicts


def test_each_doubt_is_a_finding_of_its_own() -> None:
    faults = [
        event("ledger-doubted", f"Monday 2020-09-14 1{hour}:00", subject="ledger/seals", role="system", fault_seq=seq)
        for hour, seq in enumerate((41, 12))
    ]
    assert [one.numbers["number"] for one in found(record(faults), *V48)] == [41, 12]


def test_a_request_like_any_other_shakes_nothing() -> None:
    assert found(record([event("received", "Monday 2020-09-14 10:00")]), *V48) == []
