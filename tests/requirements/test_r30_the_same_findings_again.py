"""R30: the ledger judged again gives what stands in the register, nothing is lost, and each finding explains itself.

That the clock itself is monotone and adds up over pauses is asked of random days in tests/worktime.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import delete, func, select, update

from portal.audit.texts import speech
from portal.cases import operations as cases
from portal.cases.tables import CaseRow, ClockRow
from portal.compliance.findings import operations as register
from portal.compliance.findings import queries
from portal.compliance.findings.tables import FindingRow
from portal.compliance.log import Log
from portal.compliance.registry import all_rules
from portal.compliance.sentences import sentence
from portal.ledger import queries as ledger
from portal.scheduler.jobs import tick
from portal.store import db, reading, transaction
from tests.cases.city import employ
from tests.cases.test_projection import walk
from tests.compliance.record import at, event
from tests.compliance.ways import WINDOW
from tests.test_scheduler import everything_judged, everything_standing
from tests.years import golden
from tests.years.faulty import faulty_set
from tests.years.judging import findings_of, log_at

TABLES = (CaseRow, ClockRow, FindingRow)
SEEN_ELSEWHERE = {"V47", "V48"}  # looks and clocks of a machine: no faults of a case, their rules' own tests have them
# bids, firms, orders, appeals, ratings, data and credit: tests/compliance/test_sentences_of_supervision.py has them all
SEEN_ELSEWHERE |= {"V17", "V31", "V32", "V38", "V39", "V40", "V41", "V42", "V43", "V44", "V45", "V46", "V49"}
# arrears, promises, prices, lists, benefits and relief: tests/compliance/test_sentences_of_new_rules.py has them all
SEEN_ELSEWHERE |= {"V26", "V27", "V28", "V29", "V30", "V33", "V34", "V35", "V36", "V37"}
RULES = {(rule.code, rule.version): rule for rule in all_rules()}


def lived(seed: int) -> datetime:
    """Random steps by everybody, with a look in between, and a last one when whatever was due has passed."""
    with transaction():
        staff = employ()
    moment, recorded = walk(seed, staff, steps=60)
    assert recorded > 15
    late: datetime = moment + timedelta(days=45)
    tick(lambda: moment)
    tick(lambda: late)
    return late


def rows() -> list[list[dict[str, Any]]]:
    with reading():
        chosen = [select(*table.__table__.columns).order_by(*table.__table__.primary_key) for table in TABLES]
        return [[dict(row._mapping) for row in db.session.execute(wish)] for wish in chosen]


def test_what_stands_is_what_the_ledger_says_when_it_is_judged_again(database: Flask) -> None:  # noqa: ARG001
    moment = lived(1)
    standing = everything_standing()
    assert len(standing) > 5
    assert standing == everything_judged(moment) == everything_judged(moment)


def test_whatever_is_made_from_the_ledger_is_the_same_when_it_is_made_again(database: Flask) -> None:  # noqa: ARG001
    moment = lived(3)
    with transaction():
        cases.recompute(moment)
    before, seq = rows(), ledger.last_seq()
    assert all(before)
    with transaction():
        for table in (ClockRow, CaseRow, FindingRow):
            db.session.execute(delete(table))
        cases.rebuild(at=moment)
        assert register.rebuild_findings() == len(before[2])
    assert rows() == before
    assert ledger.last_seq() == seq, "making again writes nothing into the ledger"


def test_a_finding_that_somebody_strikes_from_the_register_is_there_again(sqlite_database: Flask) -> None:  # noqa: ARG001
    moment = lived(4)
    before = rows()
    with transaction():
        db.session.execute(delete(FindingRow).where(FindingRow.number == before[2][0]["number"]))
        db.session.execute(update(FindingRow).values(severity="notice"))
    assert everything_standing() != everything_judged(moment), "the difference is seen"
    with transaction():
        register.rebuild_findings()
    assert rows() == before
    assert everything_standing() == everything_judged(moment)


def test_every_finding_names_rule_version_calendar_and_an_event_of_its_own(
    sqlite_database: Flask,  # noqa: ARG001
) -> None:
    lived(5)
    with reading():
        standing = queries.findings(limit=1000, is_standing=None)
        assert len(standing) == db.session.scalar(select(func.count()).select_from(FindingRow))
        for one in standing:
            rule, first = RULES[one.rule, one.rule_version], ledger.event(one.first_seq)
            assert rule.sources, one
            assert first is not None, one
            assert one.first_seq <= one.last_seq <= ledger.last_seq()
            assert one.calendar, one
            assert ledger.events(f"finding/{one.number}")[0].kind == "finding-raised"
            for language in ("en", "zh"):
                said = sentence(rule, one.variant, one.numbers, speech(language, "Asia/Shanghai"))
                assert said
                assert not re.search(r"%\(|None", said), said


def logs(*, is_backwards: bool = False) -> list[Log]:
    """A year with faults of every kind, a platform live too early, and a window that shows an old sheet."""
    faulty = faulty_set()
    sheet: dict[str, Any] = {
        "item": "item",
        "element": "materials",
        "shown": "old",
        "in_force": "new",
        "switched_at": at("2020-07-01 00:00"),
    }
    stories = [
        (faulty.rows, faulty.as_of),
        (golden.z3(), datetime.fromisoformat("2020-08-05 17:00")),
        ([{"seq": 1, **event("element-snapshot", "2020-07-06 10:00", subject=WINDOW, **sheet)}], faulty.as_of),
    ]
    return [log_at(list(reversed(rows)) if is_backwards else rows, as_of) for rows, as_of in stories]


def test_a_finding_of_every_rule_that_a_faulty_year_breaks_tells_law_numbers_and_what_it_rests_on() -> None:
    found = [one for log in logs() for one in findings_of(log)]
    assert {one.rule for one in found} == {rule.code for rule in all_rules()} - SEEN_ELSEWHERE
    for one in found:
        rule = RULES[one.rule, one.version]
        assert all(source.norm and source.article for source in rule.sources), one.rule
        assert one.calendar, one.rule
        assert one.numbers, one.rule
        assert {
            sentence(rule, one.variant, one.numbers, speech(language, "Asia/Shanghai")) for language in ("en", "zh")
        }
    again = [one for log in logs(is_backwards=True) for one in findings_of(log)]
    assert sorted(again, key=str) == sorted(found, key=str), "in whatever order the record is read"
