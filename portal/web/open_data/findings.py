"""Confirmed findings that were published, for everybody: the rule, the office, how far it is put right; no names."""

from __future__ import annotations

from flask import g
from flask.typing import ResponseReturnValue

from portal.compliance.procedure import queries
from portal.compliance.procedure.model import STAGE_TITLES
from portal.store import reading
from portal.web.page import page
from portal.web.staff.findings import rules
from portal.web.staff.paging import Pages
from portal.web.staff.people import office_name

PER_PAGE = 25


def findings() -> ResponseReturnValue:
    with reading():
        pages = Pages.of(queries.count_published(), PER_PAGE)
        numbers = queries.published_numbers(limit=PER_PAGE, offset=pages.offset)
        rows = queries.publications(numbers, at=g.now)
    titles = {rule.code: rule.title for rule in rules().values()}
    return page(rows=rows, pages=pages, stage_titles=STAGE_TITLES, rule_titles=titles, office_name=office_name)
