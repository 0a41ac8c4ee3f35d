"""Findings written as the rules write them, and the shortest way of a procedure to each stage."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from portal.basis import SYSTEM, By
from portal.compliance.findings.operations import rebuild_findings
from portal.compliance.procedure import operations
from portal.compliance.procedure.model import Procedure, Stage, Step
from portal.compliance.procedure.seeing import seen_at
from portal.ledger.model import Event
from portal.ledger.operations import append
from portal.store import reading, transaction
from tests.cases.city import Staff, at

ACCUSED_OFFICE, WATCHING = "market-supervision", "government-services"
RAISED = at("Monday 2026-03-02 10:00")
DAYS: Mapping[Step, timedelta] = {Step.ORDER: timedelta(days=8)}  # the appeal's days are over then


def judged(
    number: str = "000001",
    *,
    kind: str = "finding-raised",
    at: datetime = RAISED,
    office: str | None = ACCUSED_OFFICE,
    clerk: int = 1,
    rule: str = "V12",
    severity: str = "yellow",
    began_on: date | None = None,
    is_open: bool = False,
) -> Event:
    """A judgement about a clerk's post, to be called inside a transaction; the register has it afterwards."""
    post = f"{office}.clerk.{clerk}" if office else None
    facts = {
        "rule": rule,
        "rule_version": "1",
        "calendar": "CN",
        "about": "case/330106-2026-000001",
        "first_seq": int(number),
        "last_seq": int(number),
        "severity": severity,
        "began_on": began_on or date(2026, 3, 2),
        "responsible_office": office,
        "responsible_post": post,
        "accused": f"u-{post}" if post else None,
        "numbers": "{}",
        "is_open": is_open,
    }
    event = append(f"finding/{number}", kind, facts, by=SYSTEM, at=at)
    rebuild_findings()
    return event


class People:
    """Who does what in these tests: two who watch, from another office, and the head of the accused one."""

    def __init__(self, staff: Staff) -> None:
        self.staff = staff
        self.first = staff.by("supervisor", WATCHING)
        self.second = staff.by("supervisor", WATCHING, 2)
        self.auditor = staff.by("auditor", WATCHING)
        self.head = staff.by("head", ACCUSED_OFFICE)
        self.hall_manager = staff.by("hall-manager", ACCUSED_OFFICE)

    def of(self, step: Step) -> By:
        """Who takes a step on the shortest way."""
        if step in (Step.EXPLAIN, Step.APPEAL, Step.WAIVE_APPEAL, Step.REPORT):
            return self.head
        return (
            self.second
            if step in (Step.DECIDE_APPEAL, Step.RECHECK, Step.DISMISS, Step.REFUSE_DISMISSAL)
            else self.first
        )


def acts_of(number: str, by: By, moment: datetime, **more: Any) -> dict[Step, Callable[[], Event]]:
    """Every step with whatever it asks for."""
    soon = more.get("day", moment.date() + timedelta(days=14))
    later = more.get("until", moment.date() + timedelta(days=60))
    ground, evidence = more.get("ground", "unfounded"), more.get("evidence")
    who: dict[str, Any] = {"by": by, "at": moment}
    return {
        Step.NOTIFY: lambda: operations.notify(number, **who),
        Step.EXPLAIN: lambda: operations.explain(number, "the line was down", **who),
        Step.CONFIRM: lambda: operations.confirm(number, "the record shows it", **who),
        Step.APPEAL: lambda: operations.appeal(number, "the line was down all day", **who),
        Step.WAIVE_APPEAL: lambda: operations.waive_appeal(number, **who),
        Step.DECIDE_APPEAL: lambda: operations.decide_appeal(
            number, more.get("conclusion", "upheld"), "read again", **who
        ),
        Step.ORDER: lambda: operations.order(number, soon, "answer every case in time", **who),
        Step.EXTEND: lambda: operations.extend(number, later, "two people are ill", **who),
        Step.REPORT: lambda: operations.report(number, "all are answered", **who),
        Step.RECHECK: lambda: operations.recheck(number, more.get("conclusion", "passed"), "looked", **who),
        Step.PROPOSE_DISMISSAL: lambda: operations.propose_dismissal(
            number, ground, "misread", evidence_seq=evidence, **who
        ),
        Step.DISMISS: lambda: operations.dismiss(number, **who),
        Step.REFUSE_DISMISSAL: lambda: operations.refuse_dismissal(number, "it is so", **who),
        Step.PUBLISH: lambda: operations.publish(number, more.get("words", "Cases were left."), **who),
    }


def act(number: str, step: Step, by: By, moment: datetime, **more: Any) -> Event:
    """One step, in a transaction of its own."""
    with transaction():
        return acts_of(number, by, moment, **more)[step]()


WAYS: Mapping[Stage, tuple[Step, ...]] = {
    Stage.SUSPECTED: (),
    Stage.NOTIFIED: (Step.NOTIFY,),
    Stage.EXPLAINED: (Step.NOTIFY, Step.EXPLAIN),
    Stage.CONFIRMED: (Step.NOTIFY, Step.EXPLAIN, Step.CONFIRM),
    Stage.RECTIFYING: (Step.NOTIFY, Step.EXPLAIN, Step.CONFIRM, Step.ORDER),
    Stage.CURED: (Step.NOTIFY, Step.EXPLAIN, Step.CONFIRM, Step.ORDER, Step.REPORT, Step.RECHECK),
    Stage.DISMISSED: (Step.PROPOSE_DISMISSAL, Step.DISMISS),
}


def brought_to(
    stage: Stage, people: People, number: str = "000001", moment: datetime = RAISED, **more: Any
) -> datetime:
    """A new finding, walked to the stage; returns the moment after its last step."""
    with transaction():
        judged(number, at=moment, **more)
    for step in WAYS[stage]:
        moment += DAYS.get(step, timedelta(minutes=1))
        act(number, step, people.of(step), moment)
    return moment + timedelta(minutes=1)


def now(number: str, moment: datetime) -> Procedure:
    with reading():
        return seen_at(number, moment).procedure
