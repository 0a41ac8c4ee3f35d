"""For whom a citizen acts: for oneself, signed in or not, or as an agent on an authorisation that still holds."""

from __future__ import annotations

from flask import g, session

from portal.accounts.agents.model import Authorisation
from portal.accounts.agents.queries import authorisation, authorisation_for, by_of_agent, is_authorised
from portal.accounts.model import Account, AccountKind
from portal.accounts.persons.queries import has_attached
from portal.basis import By, Refusal, Role
from portal.cases.queries import CasePage
from portal.web.citizen import access

SESSION_KEY = "acting-on"


def citizen() -> Account | None:
    """The person or firm that is signed in; staff act for the office and never here."""
    account: Account | None = g.get("account")
    return account if account is not None and account.kind is not AccountKind.STAFF else None


def chosen() -> Authorisation | None:
    """The authorisation on which this browser begins new requests, as long as it holds."""
    account, number = citizen(), session.get(SESSION_KEY)
    if account is None or not number:
        return None
    try:
        given = authorisation(number)
    except Refusal:
        return None
    return given if given.agent == account.id and is_authorised(by_on(given), given.principal, None, g.today) else None


def by_on(given: Authorisation) -> By:
    return by_of_agent(given, g.today)


def new_request() -> tuple[str, str]:
    """Whose request is begun now, and on which authorisation; both empty for who is not signed in."""
    given, account = chosen(), citizen()
    if given is not None:
        return given.principal, given.number
    return (account.id if account else "", "")


def by_in(found: CasePage) -> By | None:
    """As whom this browser may act in the case; nobody may who has neither code nor account nor authorisation."""
    account = citizen()
    if account is not None and account.id == found.case.applicant:
        return By(account.id, Role.APPLICANT)
    if access.is_granted(found.number) or (account is not None and has_attached(account.id, found.number)):
        return By(found.case.applicant, Role.APPLICANT)
    if account is None:
        return None
    given = authorisation_for(account.id, found.case.applicant, found.version.code, found.on)
    return None if given is None else by_on(given)
