"""What a member of staff may see: a case of a foreign office is not there, and personal facts are masked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask import g, session

from portal.accounts.policy import Act, may
from portal.appeals.model import InquiryNotFound
from portal.appeals.operations import inquiry_target
from portal.appeals.queries import InquiryPage, inquiry_page
from portal.basis import By, Role, mask_text
from portal.cases.duties import target_of
from portal.cases.model import CaseNotFound
from portal.cases.queries import CasePage, case_page
from portal.store import reading
from portal.web.citizen.item_form import masked_value, shown
from portal.web.wording import said

SHOWN_FOR = timedelta(minutes=5)  # parameter of ours: so long personal facts stay open once asked for
_SESSION_KEY = "shown"


def visible_case(number: str) -> CasePage:
    """:raises CaseNotFound: there is none, or it is none of this person's business; the two cannot be told apart."""
    with reading():
        found = case_page(number, at=g.now)
    if not may_see(g.by, found):
        raise CaseNotFound
    return found


def may_see(by: By, found: CasePage) -> bool:
    """Also for a department whose opinion the item asks for (联合审批)."""
    gives_opinion = by.role in (Role.REVIEWER, Role.HEAD) and by.office in found.version.joint_offices
    return may(by, Act.SEE_CASE, target_of(found.case, found.version)) or gives_opinion


def visible_inquiry(number: str) -> InquiryPage:
    """:raises InquiryNotFound: there is none, or it is none of this person's business."""
    with reading():
        found = inquiry_page(number)
    if not may(g.by, Act.SEE_INQUIRY, inquiry_target(found.inquiry)):
        raise InquiryNotFound
    return found


def may_unmask(found: CasePage) -> bool:
    return may(g.by, Act.SEE_PERSONAL_FACTS, target_of(found.case, found.version))


def show_for_a_while(number: str) -> None:
    session[_SESSION_KEY] = {"number": number, "until": int((g.now + SHOWN_FOR).timestamp())}


def is_shown(number: str) -> bool:
    kept = session.get(_SESSION_KEY, {})
    return bool(kept.get("number") == number and g.now < datetime.fromtimestamp(kept.get("until", 0), UTC))


def personal_facts(found: CasePage, *, unmasked: bool) -> list[tuple[str, object]]:
    """(label, value) in the order of the item's form; masked unless asked for."""
    asked = {field.name: field for field in found.version.fields}
    rows: list[tuple[str, object]] = []
    for name in sorted(found.personal, key=lambda name: list(asked).index(name) if name in asked else len(asked)):
        value, field = found.personal[name], asked.get(name)
        if field is None:
            rows.append((name, value if unmasked else masked_value(name, None, value)))
        else:
            is_open = unmasked or not field.is_personal
            text = shown(field, value)
            if not unmasked and isinstance(text, str):
                text = mask_text(text)  # whoever typed a number where none was asked for
            rows.append((said(field.label), text if is_open else masked_value(name, field.kind, value)))
    return rows
