"""Kinds that no operation writes yet come in from logs today: through a mapping, and in the ledger's own form."""

from __future__ import annotations

import json
from pathlib import Path

from portal.compliance.engine import judge
from portal.compliance.load import from_files, from_mapping
from portal.compliance.mapping_file import read_mapping
from portal.compliance.registry import all_rules
from tests.compliance.record import at, event, on
from tests.compliance.shared import MAPPINGS

HEADER = "no,claimed,debtor,sum,signed,delivered,term,accepted,confirmed,paid,interest"
LINES = (
    "1,2020-09-02 09:00,bureau,1000000,2020-09-01,2020-09-01,,,,,",  # unpaid: due on 9 October
    "2,2020-09-02 09:00,bureau,1000000,2020-09-01,2020-09-01,,,2020-10-09 16:00,1000000,0",  # in time
    "3,2020-09-02 09:00,school,500000,2020-09-01,2020-09-01,90,,2020-11-10 16:00,500000,0",  # sixty days at the most
    "4,2020-09-02 09:00,school,500000,2020-09-01,2020-09-01,,2020-09-24,,,",  # accepted later: 26 October
    "5,,school,500000,2020-09-01,2020-09-01,,,,,",  # no time of its claim
)

PRICES = """
[log]
timezone = "Asia/Shanghai"
row = "event"

[case]
id = "no"

[times]
formats = ["%Y-%m-%d"]

[[event]]
kind = "grid-price-set"
at = "day"
when = { column = "what", is = ["price"] }
price = "n"
from_on = "day"

[[event]]
kind = "power-billed"
at = "day"
when = { column = "what", is = ["bill"] }
supplier = { constant = "market-hall" }
tariff = { constant = "shops" }
from_on = "from"
until_on = "day"
kwh = { constant = 100 }
amount_fen = "n"
"""


def test_a_bureaus_list_of_debts_is_judged_through_a_mapping(tmp_path: Path) -> None:
    path = tmp_path / "debts.csv"
    path.write_text("\n".join([HEADER, *LINES]) + "\n", encoding="utf-8")
    source = from_mapping(path, read_mapping(MAPPINGS / "arrears.toml"), as_of=at("Friday 2020-10-30 12:00"))
    found = judge(source.log, all_rules(), opens=source.opens).findings
    assert [(f.rule, f.subject, f.office, f.numbers["due_on"]) for f in found] == [
        ("V34", "debt/1", "bureau", on("Friday 2020-10-09")),
        ("V34", "debt/4", "school", on("Monday 2020-10-26")),
    ]
    assert [(row.row, row.column) for row in source.refused] == [(6, "claimed")]


def test_bills_and_grid_prices_come_in_one_file(tmp_path: Path) -> None:
    path, mapping = tmp_path / "power.csv", tmp_path / "power.toml"
    mapping.write_text(PRICES, encoding="utf-8")
    rows = ["no,what,day,from,n", "shops,price,2020-01-01,,5666", "m1,bill,2020-09-30,2020-09-01,8500",
            "m2,bill,2020-09-30,2020-09-01,5666", "m3,bill,2020-10-31,2020-10-01,11000"]  # fmt: skip
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    found = judge(from_mapping(path, read_mapping(mapping)).log, all_rules()).findings
    assert [(f.rule, f.subject, f.variant, f.numbers["markup"]) for f in found] == [
        ("V36", "meter/m1", "half", 500), ("V36", "meter/m3", "half", 941),
    ]  # fmt: skip


def test_a_contract_comes_in_in_the_ledgers_own_form(tmp_path: Path) -> None:
    made = event("commitment-made", "Monday 2009-06-01 10:00", subject="obligation/1", owing_office="county",
                 signed_on="2009-06-01", due_on="2010-01-31")  # fmt: skip
    row = {"seq": 1, **made, "occurred_at": made["occurred_at"].isoformat()}
    path = tmp_path / "old.ndjson"
    path.write_text(json.dumps(row, ensure_ascii=False) + "\n", encoding="utf-8")
    (found,) = judge(from_files(path, limits=(), as_of=at("Thursday 2020-10-15 12:00")).log, all_rules()).findings
    assert (found.rule, found.severity.value, found.office, found.numbers["years"]) == ("V33", "red", "county", 10)
