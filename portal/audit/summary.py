"""The figures of an audit, and the digest by which two runs are compared."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

import narwhals as nw
from narwhals import col

from portal.compliance.engine import Finding, Judgement, rows_of
from portal.compliance.foreign import Refused
from portal.compliance.load import Source
from portal.compliance.log import Log, runs
from portal.compliance.rule import Rule, Severity
from portal.compliance.sentences import Speech, plain

CARRIERS = ("resource", "group")


def flows(log: Log) -> dict[str, dict[str, int]]:
    """Hand-overs and returns between people and between groups; a log without either has none to count."""
    found = {}
    for carrier in CARRIERS:
        chain = runs(log.steps, carrier)
        returns = chain.group_by("subject").agg(
            steps=nw.len().cast(nw.Int64),
            passed=col("is_hand_over").sum().cast(nw.Int64),
            back=col("is_return").sum().cast(nw.Int64),
        )
        totals = rows_of(
            returns.select(
                steps=col("steps").sum().cast(nw.Int64),
                passed=col("passed").sum().cast(nw.Int64),
                back=col("back").sum().cast(nw.Int64),
                cases=(col("back") > 0).cast(nw.Int64).sum().cast(nw.Int64),
            )
        )[0]
        if totals["steps"]:
            found[carrier] = {
                "hand_overs": int(totals["passed"]),
                "returns": int(totals["back"]),
                "cases_with_returns": int(totals["cases"]),
            }
    return found


def facts(finding: Finding) -> dict[str, Any]:
    """A finding as plain values: what the digest is made over."""
    return {
        "rule": finding.rule,
        "version": finding.version,
        "subject": finding.subject,
        "first_seq": finding.first_seq,
        "last_seq": finding.last_seq,
        "severity": finding.severity.value,
        "on": finding.on.isoformat(),
        "office": finding.office,
        "post": finding.post,
        "actor": finding.actor,
        "numbers": plain(finding.numbers),
        "calendar": finding.calendar,
        "is_open": finding.is_open,
        "variant": finding.variant,
        "lowered": finding.lowered,
    }


def digest(source: Source, judgement: Judgement, rules: Sequence[Rule]) -> str:
    """SHA-256 over findings, calendars, rule versions and the digest of the input."""
    whole = {
        "input": source.digest,
        "as_of": source.log.as_of.at,
        "calendars": calendars(source.log),
        "rules": [rule.name for rule in rules],
        "findings": [facts(finding) for finding in judgement.findings],
        "beside": [facts(finding) for finding in judgement.beside],
    }
    text = json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def calendars(log: Log) -> list[str]:
    return [log.calendars[number] for number in sorted(log.calendars)]


def summary(
    source: Source, judgement: Judgement, rules: Sequence[Rule], scope: dict[str, str | None], speech: Speech
) -> dict[str, Any]:
    """What summary.json holds. Rules that could not be put to this log stand under ``not_applicable`` alone."""
    asked = list(dict.fromkeys(rule.code for rule in rules if rule.code not in judgement.not_applicable))
    return {
        "log": source.name,
        **scope,
        "cases": source.cases,
        "events": source.events,
        "refused": [_row(entry, speech) for entry in source.refused],
        "noted": [_row(entry, speech) for entry in source.noted],
        "findings": {code: _by_severity(code, judgement.findings) for code in asked},
        "judged": {
            code: {
                "closed": judged.closed,
                "closed_late": judged.closed_late,
                "open": judged.open,
                "open_late": judged.open_late,
            }
            for code, judged in sorted(judgement.populations.items())
        },
        "beside": {code: sum(f.rule == code for f in judgement.beside) for code in asked if judgement.beside},
        "not_applicable": {
            code: speech.translate(why.message) % why.values for code, why in sorted(judgement.not_applicable.items())
        },
        "flows": flows(source.log),
        "calendar": calendars(source.log),
        "rules": [rule.name for rule in rules],
        "input": source.digest,
        "digest": digest(source, judgement, rules),
    }


def _by_severity(code: str, findings: Sequence[Finding]) -> dict[str, int]:
    return {
        severity.value: sum(finding.rule == code and finding.severity is severity for finding in findings)
        for severity in Severity
    }


def _row(entry: Refused, speech: Speech) -> dict[str, Any]:
    return {"row": entry.row, "column": entry.column, "reason": speech.translate(entry.reason)}
