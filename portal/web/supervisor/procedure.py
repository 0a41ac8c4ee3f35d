"""The steps of a finding's procedure, and the list of what is due in all of them by the days left."""

from __future__ import annotations

from flask import abort, g
from flask.typing import ResponseReturnValue

from portal.accounts.policy import Act
from portal.compliance.findings import queries as register
from portal.compliance.findings.queries import FindingUnknown
from portal.compliance.procedure import queries
from portal.compliance.procedure.seeing import Seen, seen_at
from portal.store import reading
from portal.web.page import page
from portal.web.staff.findings import titled
from portal.web.staff.paging import Pages
from portal.web.staff.procedure import step_page, words
from portal.web.supervisor.overview import own_offices

PER_PAGE = 50


def due() -> ResponseReturnValue:
    offices = own_offices(g.by, Act.SEE_FINDINGS)
    with reading():
        items = queries.due_items(at=g.now, offices=offices)
        pages = Pages.of(len(items), PER_PAGE)
        shown = items[pages.offset : pages.offset + PER_PAGE]
        told = {one.standing.number: one for one in titled(register.named([item.number for item in shown]))}
        return page(
            rows=[(item, told[item.number]) for item in shown],
            pages=pages,
            late=sum(item.left < 0 for item in items),
            **words(),
        )


def finding_step(number: str, step: str) -> ResponseReturnValue:
    return step_page(lambda: _seen(number), step, "supervisor.finding")


def _seen(number: str) -> Seen:
    """What somebody may not see is not there."""
    offices = own_offices(g.by, Act.SEE_FINDINGS)
    try:
        seen = seen_at(number, g.now)
        standing = register.finding(number)
    except FindingUnknown:
        abort(404)
    if offices is not None and standing.office not in offices:
        abort(404)
    return seen
