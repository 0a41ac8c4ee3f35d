"""The register of findings: the list, and one finding with the events that prove it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import abort, g, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from portal.accounts.policy import Act, Target, require
from portal.catalogue.model import ItemVersion, VersionUnknown
from portal.catalogue.queries import catalogue
from portal.compliance.findings import queries
from portal.compliance.findings.model import Standing
from portal.compliance.findings.queries import FindingUnknown
from portal.compliance.findings.ties import spanned
from portal.compliance.procedure import queries as procedures
from portal.compliance.procedure.model import JUDGEMENTS, STAGE_TITLES, Stage
from portal.compliance.rule import Scope, Severity
from portal.ledger import queries as ledger
from portal.ledger.kinds import KINDS
from portal.ledger.model import Event
from portal.store import reading
from portal.web.forms import Form, SelectField
from portal.web.page import page
from portal.web.staff import history, people
from portal.web.staff.findings import SEVERITY_TITLES, rules, titled
from portal.web.staff.paging import Pages
from portal.web.staff.people import offices_to_choose
from portal.web.staff.procedure import words
from portal.web.staff.subjects import subject_named
from portal.web.supervisor.overview import own_offices

PER_PAGE = 25
CALENDAR = "calendar/CN"
STANDING, CLEARED, ALL = "standing", "cleared", "all"


class FilterForm(Form):
    severity = SelectField(_l("Grade"))
    rule = SelectField(_l("Rule"))
    office = SelectField(_l("Office"))
    standing = SelectField(_l("State"))
    stage = SelectField(_l("Procedure"))


def listing() -> ResponseReturnValue:
    offices = own_offices(g.by, Act.SEE_FINDINGS)
    form = _filter_form(offices)
    wanted: dict[str, Any] = {
        "offices": (str(form.office.data),) if form.office.data else offices,
        "rules": _one(form.rule.data),
        "severities": _one(form.severity.data),
        "is_standing": {STANDING: True, CLEARED: False, ALL: None}[str(form.standing.data)],
        **_at_stage(str(form.stage.data)),
    }
    with reading():
        pages = Pages.of(queries.count_findings(**wanted), PER_PAGE)
        rows = titled(queries.findings(limit=PER_PAGE, offset=pages.offset, **wanted))
        stages = procedures.stages([told.standing.number for told in rows])
        return page(
            form=form, rows=rows, pages=pages, stages=stages, stage_titles=STAGE_TITLES, people=people,
            subject_named=subject_named,
        )  # fmt: skip


def _at_stage(stage: str) -> dict[str, Any]:
    """Nothing was done yet about what is suspected; it has no procedure to be found by."""
    if not stage:
        return {}
    if stage == Stage.SUSPECTED:
        return {"but": procedures.numbers_begun()}
    return {"among": procedures.numbers_at(Stage(stage))}


def _filter_form(offices: Collection[str] | None) -> FilterForm:
    form = FilterForm(formdata=request.args, meta={"csrf": False})
    everything = ("", gettext("All"))
    titles = {rule.code: rule.title for rule in rules().values()}
    known = [(code, name) for code, name in offices_to_choose(g.today) if offices is None or code in offices]
    form.severity.choices = [everything, *((s.value, gettext(SEVERITY_TITLES[s])) for s in reversed(Severity))]
    form.rule.choices = [everything, *((code, f"{code} {gettext(title)}") for code, title in sorted(titles.items()))]
    form.office.choices = [everything, *known]
    form.standing.choices = [
        (STANDING, gettext("Standing")),
        (CLEARED, gettext("No longer found")),
        (ALL, gettext("All")),
    ]
    form.stage.choices = [everything, *((stage.value, gettext(title)) for stage, title in STAGE_TITLES.items())]
    for field in (form.severity, form.rule, form.office, form.standing, form.stage):
        codes = [choice[0] for choice in field.choices or ()]
        if field.data not in codes:
            field.data = codes[0]  # an address typed by hand: what it names is not there
    return form


def _one(value: object) -> tuple[str, ...]:
    return (str(value),) if value else ()


@dataclass(frozen=True, slots=True)
class Proof:
    """One event of the evidence; ``is_within`` marks those from the first to the last that the finding names."""

    event: Event
    title: str
    details: list[tuple[str, str]]
    is_within: bool


def finding(number: str) -> ResponseReturnValue:
    with reading():
        try:
            standing = queries.finding(number)
        except FindingUnknown:
            abort(404)
        offices = own_offices(g.by, Act.SEE_FINDINGS)
        if offices is not None and standing.office not in offices:
            abort(404)
        require(g.by, Act.SEE_FINDINGS, Target(office=standing.office))
        return page(
            told=titled([standing])[0],
            proofs=_proofs(standing),
            judgements=[event for event in ledger.events(f"finding/{number}") if event.kind in JUDGEMENTS],
            taken=procedures.procedure_page(number, at=g.now),
            titles={name: kind.title for name, kind in KINDS.items()},
            subject_named=subject_named,
            **words(),
        )


def _proofs(standing: Standing) -> list[Proof]:
    """Every event of the subjects that the finding spans, with what befell calendar and office meanwhile."""
    ends = [event for seq in (standing.first_seq, standing.last_seq) if (event := ledger.event(seq)) is not None]
    events = _spanned(standing, ends)
    if ends:
        until = g.now if standing.is_open else max(event.occurred_at for event in ends)
        events += _around(standing, min(event.occurred_at for event in ends), until)
    known: dict[str, ItemVersion | None] = {}
    return [_proof(event, standing, known) for event in sorted(events, key=lambda event: event.seq)]


def _spanned(standing: Standing, ends: Collection[Event]) -> list[Event]:
    """All of the subject; of a matter, all of its subjects; of a person's acts, those from the first to the last."""
    rule = rules().get((standing.rule, standing.rule_version))
    scope = rule.scope if rule else Scope.CASE
    other = standing.numbers.get("other_seq")
    named = [*ends, *([found] if isinstance(other, int) and (found := ledger.event(other)) is not None else [])]
    subjects = {standing.about, *(event.subject for event in named)}
    if scope is Scope.MATTER:
        subjects |= set(spanned({standing.about: ()}, scope))
    events = _told_of(subjects, standing)
    if scope is Scope.PERSON and standing.accused:
        beside = sorted(set(spanned({standing.about: ()}, scope)) - subjects)
        acts = (event for found in ledger.events_of(beside).values() for event in found)
        within = range(standing.first_seq, standing.last_seq + 1)
        events += [event for event in acts if event.actor == standing.accused and event.seq in within]
    return events


def _told_of(subjects: Collection[str], standing: Standing) -> list[Event]:
    """Every event of these; of a hall, whose story never ends, those from the finding's first to its last."""
    events: list[Event] = []
    for subject in sorted(subjects):
        if subject.startswith("hall/"):
            events += ledger.events(subject, after_seq=standing.first_seq - 1, until_seq=standing.last_seq)
        else:
            events += ledger.events(subject)
    return events


def _around(standing: Standing, first: datetime, last: datetime) -> Iterable[Event]:
    """Amendments of the calendar, and outages declared for the office, from the first event to the last, or to now."""
    subjects = [CALENDAR, *([f"office/{standing.office}"] if standing.office else [])]
    found = [event for events in ledger.events_of(subjects).values() for event in events]
    return [event for event in found if first <= event.occurred_at <= last]


def _proof(event: Event, standing: Standing, known: dict[str, ItemVersion | None]) -> Proof:
    reference = event.item_version or ""
    if reference not in known:
        known[reference] = _version(reference)
    is_within = standing.first_seq <= event.seq <= standing.last_seq
    return Proof(event, KINDS[event.kind].title, history.details(event, known[reference]), is_within)


def _version(reference: str) -> ItemVersion | None:
    try:
        return catalogue().version(reference) if reference else None
    except VersionUnknown:
        return None
