"""Every seeded fault among a thousand lawful cases: DuckDB finds what Polars finds, and nothing of the lawful.

One log holds both, because DuckDB takes its time for each step of a rule and next to none for a row.
"""

from __future__ import annotations

from portal.compliance.engines import on_engine
from portal.compliance.registry import all_rules
from tests.years.faulty import KINDS, faulty_set
from tests.years.judging import findings_of, log_at
from tests.years.lawful import lawful_year


def test_duckdb_finds_the_same_faults_and_is_as_quiet_on_a_lawful_thousand() -> None:
    lawful, faulty = lawful_year(2021, 1_000), faulty_set()
    assert lawful.as_of == faulty.as_of
    # both number their inquiries from one on
    rows = [{**row, "subject": row["subject"].replace("inquiry/", "inquiry/9")} for row in lawful.rows]
    quiet, last = {row["subject"] for row in rows}, max(row["seq"] for row in rows)
    assert quiet.isdisjoint(row["subject"] for row in faulty.rows)
    log = log_at([*rows, *({**row, "seq": row["seq"] + last} for row in faulty.rows)], faulty.as_of)
    expected = findings_of(log)
    with on_engine(log, "duckdb") as other:
        found = findings_of(other, all_rules())
    assert found == expected
    assert {finding.rule for finding in found} >= set(KINDS)
    assert [finding for finding in found if finding.subject in quiet] == []
