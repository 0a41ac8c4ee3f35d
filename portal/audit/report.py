"""The report for people: one page that needs no other file, in the reader's language, good on paper."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from portal import config
from portal.audit.parameters import told
from portal.audit.style import STYLE
from portal.audit.texts import LOCALES, translations
from portal.basis import N_
from portal.compliance.engine import Finding, Judgement, NotAsked
from portal.compliance.rule import Rule, Severity
from portal.compliance.sentences import Speech, sentence
from portal.ledger.kinds import KINDS

COUNTED_IN_MINUTES = ("hour", "instant", "working-minute")
SHOWN = 500  # findings printed one by one; all of them stand in findings.csv
ROWS_SHOWN = 100  # refused and noted rows; all of them stand in summary.json
NAMES: Mapping[str, str] = {
    "notice": N_("notice"),
    "yellow": N_("yellow card"),
    "red": N_("red card"),
    "source": N_("no legal source applies there and then"),
    "calendar": N_("the calendar of that time was not yet settled"),
    "resource": N_("people"),
    "group": N_("groups"),
}


def report(
    judgement: Judgement,
    rules: Mapping[tuple[str, int], Rule],
    figures: Mapping[str, Any],
    language: str,
    speech: Speech,
) -> str:
    environment = Environment(
        loader=FileSystemLoader(config.TEMPLATES),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    spoken = translations(language)
    environment.install_gettext_callables(spoken.gettext, spoken.ngettext, newstyle=True)  # type: ignore[attr-defined]
    gravest = sorted(judgement.findings, key=lambda finding: (-finding.severity.rank, -_lateness(finding), finding.key))
    return environment.get_template(
        "audit/report.html"
    ).render(
        language="zh-Hans" if language == "zh" else "en",
        locale=LOCALES[language],
        # Not in the template, where the portal's own pages may carry no style of their own.
        style=Markup(f"<style>{STYLE}</style>"),  # noqa: S704 -- our own text, without any value in it
        figures=figures,
        as_of=speech.moment(datetime.fromisoformat(figures["as_of"])),
        severities=[severity.value for severity in reversed(Severity)],
        names={name: speech.translate(text) for name, text in NAMES.items()},
        totals=Counter(finding.severity.value for finding in judgement.findings),
        titles={rule.code: speech.translate(rule.title) for rule in rules.values()},
        offices=_offices(judgement.findings, speech),
        findings=[_shown(finding, rules, speech) for finding in gravest[:SHOWN]],
        found=len(gravest),
        unasked={code: _why(why, speech) for code, why in sorted(judgement.not_applicable.items())},
        beside=len(judgement.beside),
        rules=[_basis(rule, speech) for rule in rules.values() if rule.code not in judgement.not_applicable],
        rows_shown=ROWS_SHOWN,
    )


def _lateness(finding: Finding) -> int:
    """Minutes over the limit, for the order alone: a day is a day, worked or not; 0 where nothing is measured."""
    overdue = finding.numbers.get("overdue")
    if not isinstance(overdue, int):
        return 0
    return overdue if finding.numbers.get("unit") in COUNTED_IN_MINUTES else overdue * 24 * 60


def _offices(findings: list[Finding], speech: Speech) -> list[dict[str, Any]]:
    """Offices by red, then yellow cards; those with notices alone last."""
    counted: dict[str, Counter[str]] = {}
    for finding in findings:
        counted.setdefault(finding.office or "", Counter())[finding.severity.value] += 1
    rows = [
        {"office": speech.office(office), **{s.value: counts[s.value] for s in Severity}}
        for office, counts in counted.items()
    ]
    return sorted(rows, key=lambda row: (-row["red"], -row["yellow"], -row["notice"], row["office"]))


def _shown(finding: Finding, rules: Mapping[tuple[str, int], Rule], speech: Speech) -> dict[str, Any]:
    rule = rules[finding.rule, finding.version]
    office = speech.office(finding.office) if finding.office else None
    return {
        "code": finding.rule,
        "severity": finding.severity.value,
        "lowered": finding.lowered,
        "subject": finding.subject,
        "who": " · ".join(part for part in (office, finding.post, finding.actor) if part),
        "explanation": sentence(rule, finding.variant, finding.numbers, speech, finding.subject),
        "events": f"{finding.first_seq} – {finding.last_seq}",
    }


def _why(why: NotAsked, speech: Speech) -> str:
    """Kinds of events by the titles that people know them by; names of clocks stand as they are."""
    said = {
        place: speech.comma.join(speech.translate(KINDS[name].title) if name in KINDS else name for name in names)
        for place, names in ((place, value.split(", ")) for place, value in why.values.items())
    }
    return speech.translate(why.message) % said


def _basis(rule: Rule, speech: Speech) -> dict[str, Any]:
    return {
        "name": rule.name,
        "code": rule.code,
        "sources": [str(source) for source in rule.sources],
        "parameters": [
            (*told(rule, name, parameter, speech.translate), parameter.source)
            for name, parameter in sorted(rule.parameters.items())
        ],
    }
