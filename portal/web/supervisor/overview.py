"""How the offices stand now: open cases by light, findings by rule; each number opens the list that it counts."""

from __future__ import annotations

from collections import Counter

from flask import g
from flask.typing import ResponseReturnValue

from portal.accounts.policy import Act, Target, may, require
from portal.appeals.queries import count_inquiries
from portal.basis import By
from portal.cases import queries
from portal.cases.queries import LIGHT_TITLES, Light
from portal.compliance.findings import queries as register
from portal.compliance.rule import Severity
from portal.ledger import queries as ledger
from portal.ledger.seals import Freshness, freshness
from portal.store import reading
from portal.web.page import page
from portal.web.staff.findings import SEVERITY_SHAPES, SEVERITY_TITLES, rules
from portal.web.staff.people import office_name
from portal.web.supervisor.approvals import waiting_for


def own_offices(by: By, act: Act) -> tuple[str, ...] | None:
    """None means all: who may see an office that nobody has is bound to none."""
    require(by, act, Target(office=by.office))
    return None if may(by, act, Target(office="")) else (by.office or "",)


def dashboard() -> ResponseReturnValue:
    by: By = g.by
    offices = own_offices(by, Act.SEE_COUNTS)
    with reading():
        counts = queries.counts(at=g.now, offices=offices)
        found = register.counts(offices=offices)
        asked = count_inquiries(offices=offices)
        silent = count_inquiries(offices=offices, silent_at=g.now)
        waiting = len(waiting_for(by))
        seal = ledger.seal()
        events = ledger.last_seq()
    totals: Counter[Light] = Counter()
    for row in counts.values():
        totals.update(row)
    return page(
        counts=sorted(counts.items(), key=lambda row: (-row[1][Light.OVERDUE], office_name(row[0]))),
        totals=totals,
        lights=[light for light in Light if totals[light] or light is not Light.PROVISIONAL],
        light_titles=LIGHT_TITLES,
        office_name=office_name,
        found=found,
        found_totals={severity: sum(row[severity] for row in found.values()) for severity in Severity},
        severities=list(reversed(Severity)),
        severity_titles=SEVERITY_TITLES,
        severity_shapes=SEVERITY_SHAPES,
        rule_titles={rule.code: rule.title for rule in rules().values()},
        asked=asked,
        silent=silent,
        waiting=waiting,
        seal=seal,
        freshness=freshness(seal, g.now) if events else Freshness.FRESH,
        may_open_lists=may(by, Act.SEE_WORKLIST, Target(office=by.office)),
        may_open_inquiries=may(by, Act.SEE_INQUIRY, Target(office=by.office)),
    )
