"""Puts the rules to a synthetic log, and compares what they say with what is known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from portal.compliance.engine import Finding, judge
from portal.compliance.load import log_of
from portal.compliance.log import Log
from portal.compliance.registry import all_rules
from portal.compliance.rule import Rule
from tests.years.city import LIMITS
from tests.years.faulty.fault import Fault, FaultySet
from tests.years.journal import SHANGHAI, Row


def log_at(rows: Sequence[Row], as_of: datetime, limits: Sequence[dict[str, Any]] = LIMITS) -> Log:
    """``as_of`` is local wall clock."""
    return log_of(rows, limits=limits, as_of=as_of.replace(tzinfo=SHANGHAI))


def rules_named(*codes: str) -> list[Rule]:
    return [rule for rule in all_rules() if not codes or rule.code in codes]


def findings_of(log: Log, rules: Iterable[Rule] | None = None) -> list[Finding]:
    return judge(log, all_rules() if rules is None else rules, counting=False).findings


def is_said(fault: Fault, finding: Finding) -> bool:
    """Whether the finding says what is known of the fault: whose, how grave, where it begins, and every number."""
    named = fault.post in (None, finding.post) and fault.actor in (None, finding.actor)
    return (
        (finding.rule, finding.subject, finding.severity) == (fault.code, fault.subject, fault.severity)
        and named
        and finding.office == fault.office
        and (fault.first is None or fault.first.seq == finding.first_seq)
        and all(finding.numbers.get(name) == number for name, number in fault.numbers.items())
    )


def missed(faulty: FaultySet, findings: Sequence[Finding], code: str | None = None) -> list[str]:
    """Faults (of that kind) of which no finding says what is known, with what was said instead."""
    told = []
    for fault in faulty.faults:
        if code in (None, fault.code) and not any(is_said(fault, finding) for finding in findings):
            instead = [finding for finding in findings if finding.subject == fault.subject]
            told.append(f"{fault.code} {fault.name}: expected {fault}, said {instead}")
    return told


def unasked_for(faulty: FaultySet, findings: Sequence[Finding]) -> list[Finding]:
    """Findings that no fault explains: false alarms."""
    known = {(fault.code, fault.subject) for fault in faulty.faults}
    known |= {(code, fault.subject) for fault in faulty.faults for code in fault.also}
    beside = {subject for fault in faulty.faults for subject in fault.beside}
    return [
        finding
        for finding in findings
        if (finding.rule, finding.subject) not in known and finding.subject not in beside
    ]
