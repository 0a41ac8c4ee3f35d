"""Two answers to one question: the clocks of a case, and the spans that the rules judge, agree on what was due when."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from portal.catalogue.queries import catalogue, limits_table
from portal.compliance.load import from_events
from portal.compliance.log import spans
from portal.ledger import queries as ledger
from portal.store import reading, transaction
from tests.cases.city import employ
from tests.cases.test_projection import rows, walk

EPOCH = date(1970, 1, 1)
SPANS: dict[str, dict[str, Any]] = {
    "feedback": {"start": "received", "stop": "delivered"},
    "decide": {
        "start": ("accepted", "deemed-accepted", "tolerantly-accepted", "promise-accepted"),
        "stop": "decided",
    },
}


@pytest.mark.parametrize("seed", range(41, 44))
def test_the_rules_and_the_projection_agree_on_every_first_leg(seed: int, sqlite_database: Flask) -> None:  # noqa: ARG001
    with transaction():
        staff = employ()
    moment, _ = walk(seed, staff, steps=120)
    moment += timedelta(minutes=1)
    kept = {
        (row["number"], row["name"], row["limit_kind"]): row
        for row in rows()[1]
        if row["name"] in SPANS and row["leg"] == 1
    }
    compared = 0
    with reading():
        log = from_events(ledger.stream(), limits=limits_table(catalogue()), as_of=moment).log
        for clock, ends in SPANS.items():
            for standard in ("promised", "statutory"):
                found = spans(log, limit=clock, standard=standard, **ends)
                named = found.join(log.subjects.select("subject", "name"), on="subject", how="left")
                for span in named.collect().to_native().to_dicts():
                    row = kept.get((span["name"].removeprefix("case/"), clock, standard))
                    if row is None or row["stopped_by"] == "restarted":
                        continue
                    compared += 1
                    due_on = EPOCH + timedelta(days=span["due_on"])
                    is_late = row["is_late"] if row["is_late"] is not None else row["breach_at"] <= moment
                    assert (row["due_on"], is_late) == (due_on, bool(span["is_late"])), (span, row)
    assert compared >= 3
