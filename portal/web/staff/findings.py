"""Findings as pages say them: the rule's title, its sentence with numbers, what it rests on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from flask import current_app
from flask_babel import gettext

from portal.basis import N_, Refusal
from portal.cases.queries.pages import item_versions
from portal.catalogue.model import ItemVersion
from portal.catalogue.queries import catalogue
from portal.compliance.findings.model import Standing
from portal.compliance.registry import all_rules
from portal.compliance.rule import Rule, Severity
from portal.compliance.sentences import MATERIALS, Speech, sentence, spoken
from portal.web.refused import comma
from portal.web.staff.history import material_name
from portal.web.staff.people import office_name, person_name
from portal.web.wording import cited, day, moment

SEVERITY_TITLES = {
    Severity.RED: N_("red card"),
    Severity.YELLOW: N_("yellow card"),
    Severity.NOTICE: N_("notice"),
}
SEVERITY_SHAPES = {Severity.RED: "■", Severity.YELLOW: "▲", Severity.NOTICE: "○"}
NUMBERS = {
    "taken": N_("Taken"),
    "allowed": N_("Allowed"),
    "overdue": N_("Over the limit"),
    "due_on": N_("Due on"),
    "due_at": N_("Due at"),
    "started_on": N_("Counted after"),
    "ended_on": N_("Ended, or stood on"),
    "ended_at": N_("Ended, or stood at"),
    "front_desk": N_("With the front desk"),
    "back_office": N_("With the back office"),
    "other_office": N_("With other offices"),
    "applicant": N_("With the applicant"),
    "chases": N_("The applicant came to ask, times"),
    "nth": N_("How often in this matter"),
    "offices": N_("Offices"),
    "hops": N_("Hand-overs"),
    "chain": N_("Chain"),
    "missing": N_("Missing"),
    "notices": N_("Notices"),
    "demands": N_("Newly asked for"),
    "fault": N_("Fault"),
    "faults": N_("Faults"),
    "hours": N_("Sent back after"),
    "stage": N_("Stage"),
    "changes": N_("Changes"),
    "opinions": N_("Opinions"),
    "declared": N_("Days declared"),
    "actual": N_("Lasted"),
    "of_type": N_("Of this kind in all"),
    "type_allowed": N_("Of this kind allowed"),
    "in_all": N_("In all"),
    "all_allowed": N_("In all allowed"),
    "until_on": N_("Last day"),
    "due_without_on": N_("Due on without the pause"),
    "approved_by": N_("Approved by"),
    "clock": N_("Limit"),
    "days": N_("Days"),
    "minutes": N_("Time between"),
    "outcome": N_("Outcome"),
    "acts": N_("Acts"),
    "again_on": N_("Changed back on"),
    "answered_on": N_("Answered on"),
    "decided_on": N_("Decided on"),
    "extended_on": N_("Extended on"),
    "from_on": N_("First day"),
    "noticed_on": N_("Notice of"),
    "passed_on": N_("Passed on"),
    "passed_by": N_("Passed on by"),
    "nth_extension": N_("Which extension"),
    "other_seq": N_("Other event"),
    "pause_type": N_("Special procedure"),
    "late_minutes": N_("Written down late from, minutes"),
    "elsewhere_minutes": N_("Written down late away from a window from, minutes"),
    "sync_days": N_("Offline batch recorded within, working days"),
    "again_days": N_("Handed in again within, days"),
    "type_days": N_("Pauses of one kind, working days"),
    "total_days": N_("Pauses of all kinds, working days"),
    "slack_minutes": N_("Slack, minutes"),
    "bulk": N_("Acts in bulk from"),
    "bulk_minutes": N_("Acts in bulk within, minutes"),
    "opens_minute": N_("Work begins, minute of the day"),
    "closes_minute": N_("Work ends, minute of the day"),
    "within": N_("Allowed, working days"),
    "red_from": N_("Red from"),
    "red_over": N_("Red above"),
    "red_ratio": N_("Red from so many times the limit"),
    "yellow_from": N_("Yellow from"),
    "reply": N_("Answer within, working days"),
    "favour_days": N_("In favour within, days"),
    "permit_days": N_("Permits, days"),
    "petition_days": N_("Petitions, days"),
    "disclosure_days": N_("Disclosure of information, days"),
    "hearing_days": N_("Hearings, days"),
    "online_days": N_("Online, days"),
}
CASE = "case/"
PEOPLE = ("approved_by",)  # numbers that are account ids


@dataclass(frozen=True, slots=True)
class Told:
    standing: Standing
    rule: Rule | None
    title: str
    sentence: str
    how: Speech

    @property
    def shape(self) -> str:
        return SEVERITY_SHAPES[self.standing.severity]

    @property
    def severity(self) -> str:
        return str(gettext(SEVERITY_TITLES[self.standing.severity]))

    @property
    def sources(self) -> list[str]:
        """The law that the rule rests on."""
        return [cited(source) for source in (self.rule.sources if self.rule else ())]

    @property
    def parameters(self) -> list[tuple[str, str]]:
        ours = gettext("our own number")
        return [
            (named(name), f"{parameter.value} ({parameter.source or ours})")
            for name, parameter in (self.rule.parameters.items() if self.rule else ())
        ]

    @property
    def numbers(self) -> list[tuple[str, str]]:
        """What the rule computed, by name where the name is a common one."""
        numbers, about = self.standing.numbers, self.standing.about
        return [
            (
                named(name),
                person_name(str(value)) if name in PEOPLE else spoken(self.rule, name, numbers, self.how, about),
            )
            for name, value in numbers.items()
            if value is not None and name != "unit"  # it is spoken with each amount
        ]


def named(number: str) -> str:
    return str(gettext(NUMBERS[number])) if number in NUMBERS else number


def titled(standings: Iterable[Standing]) -> list[Told]:
    found, known = list(standings), rules()
    how = speech(found)
    return [_told(standing, known.get((standing.rule, standing.rule_version)), how) for standing in found]


def rules() -> dict[tuple[str, int], Rule]:
    return {(rule.code, rule.version): rule for rule in all_rules(Path(current_app.instance_path) / "rules")}


def _told(standing: Standing, rule: Rule | None, how: Speech) -> Told:
    """A rule that this deployment no longer has leaves its findings with their bare code."""
    if rule is None:
        return Told(standing, None, standing.rule, "", how)
    try:
        said = sentence(rule, standing.variant, standing.numbers, how, standing.about)
    except KeyError:  # a deployment has edited its rule since: the numbers stand beside, the sentence does not fit them
        said = ""
    return Told(standing, rule, gettext(rule.title), said, how)


def speech(standings: Iterable[Standing] = ()) -> Speech:
    """How pages speak of rules and findings: materials by their names in the item of each case, asked for once."""
    listing = [one.about.removeprefix(CASE) for one in standings if any(name in one.numbers for name in MATERIALS)]
    versions = {number: _version(code) for number, code in item_versions(listing).items()} if listing else {}
    return Speech(
        _word,
        day,
        moment,
        comma=comma(),
        material=lambda about, code: material_name(versions.get(about.removeprefix(CASE)), code),
    )


def _version(code: str) -> ItemVersion | None:
    try:
        return catalogue().version(code)
    except Refusal:
        return None


def _word(text: str) -> str:
    """A text of a rule in the reader's language; office codes, alone or in a chain, become names."""
    offices = catalogue().office_of
    if all(part in offices for part in text.split(" > ")):
        return " → ".join(office_name(part) for part in text.split(" > "))
    return str(gettext(text)) if text else ""
