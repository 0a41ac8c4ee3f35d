"""How findings are graded, kept apart and ordered, and which engine computes them makes no difference."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from narwhals import String, col, lit

from portal.basis import LegalSource
from portal.compliance.engine import has_ground, judge, unasked
from portal.compliance.engines import on_engine
from portal.compliance.log import Frame, Log
from portal.compliance.registry import RuleUnusable, all_rules
from portal.compliance.rule import Parameter, Rule, Severity
from tests.compliance.record import event, limit, record

NATION = LegalSource("N", "1", in_force_from=date(2020, 1, 1))


def rule(severity: str = "yellow", *, sources: tuple[LegalSource, ...] = (NATION,), **facts: Any) -> Rule:
    """Finds every receipt."""
    made = Rule(
        "V99", title="t", sentence="s %(at)s", sources=sources, needs=facts.pop("needs", ("received",)), **facts
    )

    @made.check
    def check(log: Log) -> Frame:
        none = lit(None, dtype=String)
        seqs = {"first_seq": col("seq"), "last_seq": col("seq")}
        return log.of("received").select(
            "subject", "office", "actor", "at", "day", **seqs, post=none, severity=lit(severity), on=col("day")
        )

    return made


RECEIVED = [event("received", "Monday 2020-09-14 10:00")]


def test_a_finding_names_rule_version_person_events_and_calendar() -> None:
    (finding,) = judge(record(RECEIVED), [rule(version=3)]).findings
    assert (finding.rule, finding.version, finding.key) == ("V99", 3, ("V99", "case/1", 1))
    assert (finding.office, finding.actor, finding.on, finding.severity) == (
        "office",
        "clerk",
        date(2020, 9, 14),
        Severity.YELLOW,
    )
    assert finding.calendar


@pytest.mark.parametrize(
    ("source", "severity", "lowered"),
    [
        (NATION, "red", None),
        (LegalSource("N", "1", in_force_from=date(2020, 9, 15)), "notice", "source"),
        (LegalSource("N", "1", until=date(2020, 9, 14)), "notice", "source"),
        (LegalSource("N", "1", until=date(2020, 9, 15)), "red", None),
        (LegalSource("N", "1", area="9901"), "red", None),
        (LegalSource("N", "1", area="41"), "notice", "source"),
        (LegalSource("N", "1", item_types=("permit",)), "notice", "source"),
        (LegalSource("N", "1", item_types=("permit", "benefit")), "red", None),
    ],
)
def test_without_a_source_that_applies_there_and_then_it_is_only_a_notice(
    source: LegalSource, severity: str, lowered: str | None
) -> None:
    (finding,) = judge(record(RECEIVED), [rule("red", sources=(source,))]).findings
    assert (finding.severity.value, finding.lowered) == (severity, lowered)


def test_the_law_of_the_nation_judges_no_foreign_office() -> None:
    assert has_ground((NATION,), date(2020, 9, 14), "990100", None)
    assert has_ground((NATION,), date(2020, 9, 14), "CN", None)
    assert not has_ground((NATION,), date(2020, 9, 14), "US-MA", None)
    assert has_ground((LegalSource("Code", "1", area="US-MA"),), date(2020, 9, 14), "US-MA", None)


def test_a_date_that_is_not_settled_gives_no_card() -> None:
    events = [event("received", "Thursday 2019-10-10 10:00", counted_from="2019-10-10")]
    log = record(events, limit("feedback", 60), as_of="Friday 2019-11-01 10:00")
    unsettled = rule("red", sources=(LegalSource("N", "1"),))
    plain = unsettled.asks
    assert plain is not None
    unsettled.check(lambda log: plain(log).with_columns(is_certain=lit(0)))
    (finding,) = judge(log, [unsettled]).findings
    assert (finding.severity, finding.lowered) == (Severity.NOTICE, "calendar")


def test_of_two_rows_with_one_key_the_gravest_is_kept() -> None:
    mixed = rule("yellow")
    plain = mixed.asks
    assert plain is not None

    def both(log: Log) -> Frame:
        from narwhals import concat

        return concat([plain(log), plain(log).with_columns(severity=lit("red"))], how="vertical")

    mixed.check(both)
    (finding,) = judge(record(RECEIVED), [mixed]).findings
    assert finding.severity is Severity.RED


def test_a_version_of_a_rule_judges_what_began_while_it_was_in_force() -> None:
    events = [*RECEIVED, event("received", "Tuesday 2020-09-15 10:00", subject="case/2")]
    old = rule(version=1, until=date(2020, 9, 15))
    new = rule(version=2, in_force_from=date(2020, 9, 15))
    found = judge(record(events), [old, new]).findings
    assert [(finding.subject, finding.version) for finding in found] == [("case/1", 1), ("case/2", 2)]


def test_findings_come_in_one_fixed_order() -> None:
    events = [event("received", f"2020-09-14 1{n % 10}:00", subject=f"case/{9 - n}") for n in range(9)]
    keys = [finding.key for finding in judge(record(events), [rule()]).findings]
    assert keys == sorted(keys)


def test_a_rule_is_not_put_to_a_log_that_cannot_answer_it() -> None:
    log = record(RECEIVED, kinds=("received",))
    reason = unasked(rule(needs=("received", "delivered")), log)
    assert reason is not None
    assert reason.values == {"kinds": "delivered"}
    assert unasked(rule(clocks=("feedback",)), log) is not None
    assert unasked(rule(clocks=("feedback",)), record(RECEIVED, limit("feedback", 5))) is None


def test_a_deployment_may_set_the_parameters_of_a_rule() -> None:
    asked = []
    made = Rule("V98", "t", "s", (NATION,), ("received",), parameters={"after": Parameter(3)})

    @made.check
    def check(log: Log, after: int) -> Frame:
        asked.append(after)
        return rule().asks(log)  # type: ignore[misc]

    judge(record(RECEIVED), [made])
    judge(record(RECEIVED), [made], parameters={"V98": {"after": 7}})
    assert asked == [3, 7]


def test_a_check_whose_parameters_are_not_declared_is_refused() -> None:
    made = Rule("V98", "t", "s", (NATION,), ("received",))

    def asks_for_more(log: Log, after: int) -> Frame:
        return log.of("received").filter(col("day") > after)

    with pytest.raises(TypeError, match="after"):
        made.check(asks_for_more)


def test_what_is_still_open_in_an_extract_is_listed_beside() -> None:
    log = record(RECEIVED, limit("feedback", 5), as_of="Friday 2020-10-09 10:00")
    rules = [one for one in all_rules() if one.code == "V08"]
    judged = judge(log, rules, opens="beside")
    assert (judged.findings, [finding.subject for finding in judged.beside]) == ([], ["case/1"])
    assert len(judge(log, rules).findings) == 1


def test_both_engines_find_the_same() -> None:
    events = []
    for number in range(60):
        own = {"subject": f"case/{number}"}
        day = f"2020-09-{1 + number % 30:02d}"
        events.append(event("received", f"{day} 10:00", **own))
        if number % 3:
            events.append(event("accepted", f"{day} 11:00", actor="b", **own))
        if number % 4 == 0:
            wait = {"actor": "li", "role": "applicant", "from_on": day, "until_on": f"2020-10-{1 + number % 20:02d}"}
            events.append(event("wait-requested", f"{day} 12:00", **wait, **own))
        if number % 5:
            events.append(event("decided", f"2020-10-{1 + number % 28:02d} 10:00", actor="c", **own))
            events.append(event("delivered", f"2020-10-{1 + number % 28:02d} 16:00", actor="c", **own))
        if number % 10 == 1:
            events.append(event("reopened", "2020-10-29 10:00", actor="c", **own))
    limits = (
        limit("feedback", 5),
        limit("decide", 3, statutory_n=10, statutory_unit="calendar-day", extension_n=10),
    )
    log = record(events, *limits, as_of="Friday 2020-10-30 17:00")
    rules = [one for one in all_rules() if one.code in ("V08", "V09")]
    here = judge(log, rules)
    assert {finding.rule for finding in here.findings} == {"V08", "V09"}
    with on_engine(log, "duckdb") as other:
        there = judge(other, rules)
    assert there.findings == here.findings
    assert there.populations == here.populations


@pytest.fixture
def own_rules(tmp_path: Path) -> Path:
    folder = tmp_path / "rules"
    folder.mkdir()
    return folder


BODY = '''"""A rule of this deployment."""
from portal.basis import LegalSource
from portal.compliance.rule import Rule

RULE = Rule({code!r}, title="t", sentence="s", sources={sources}, needs=("received",))


@RULE.check
def check(log):
    return log.of("received")
'''


def test_a_deployments_own_rule_is_found_by_being_there(own_rules: Path) -> None:
    (own_rules / "w01.py").write_text(BODY.format(code="W01", sources='(LegalSource("N", "1"),)'))
    assert {"V08", "V09", "W01"} <= {rule.code for rule in all_rules(own_rules)}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (BODY.format(code="W02", sources="()"), "W02"),
        (BODY.format(code="V08", sources='(LegalSource("N", "1"),)'), "V08"),
        ('"""Nothing."""\n', "empty.py"),
    ],
)
def test_a_rule_without_source_or_with_a_code_that_is_taken_is_refused(own_rules: Path, text: str, named: str) -> None:
    (own_rules / "empty.py").write_text(text)
    with pytest.raises(RuleUnusable, match=named):
        all_rules(own_rules)
