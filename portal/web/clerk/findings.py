"""What an office is accused of, for its head and its hall manager: the list, and one finding to answer."""

from __future__ import annotations

from flask import abort, g
from flask.typing import ResponseReturnValue

from portal.accounts.policy import Act, Target, may, require
from portal.compliance.findings import queries as register
from portal.compliance.findings.queries import FindingUnknown
from portal.compliance.procedure import queries
from portal.compliance.procedure.seeing import Seen, seen_at
from portal.store import reading
from portal.web.page import page
from portal.web.staff.findings import titled
from portal.web.staff.paging import Pages
from portal.web.staff.procedure import step_page, words

PER_PAGE = 25


def listing() -> ResponseReturnValue:
    require(g.by, Act.SEE_OWN_FINDINGS, Target(office=g.by.office))
    with reading():
        numbers = queries.numbers_against(g.by.office)
        pages = Pages.of(len(numbers), PER_PAGE)
        shown = numbers[pages.offset : pages.offset + PER_PAGE]
        told = {one.standing.number: one for one in titled(register.named(shown))}
        rows = [(told[number], queries.procedure_page(number, at=g.now)) for number in shown]
        return page(rows=rows, pages=pages, **words())


def finding(number: str) -> ResponseReturnValue:
    with reading():
        _seen(number)
        told = titled([register.finding(number)])[0]
        return page(told=told, taken=queries.procedure_page(number, at=g.now), **words())


def finding_step(number: str, step: str) -> ResponseReturnValue:
    return step_page(lambda: _seen(number), step, "clerk.finding")


def _seen(number: str) -> Seen:
    """Another office's finding is not there."""
    require(g.by, Act.SEE_OWN_FINDINGS, Target(office=g.by.office))
    try:
        seen = seen_at(number, g.now)
    except FindingUnknown:
        abort(404)
    if not may(g.by, Act.SEE_OWN_FINDINGS, Target(office=seen.procedure.office)):
        abort(404)
    return seen
