"""Reads of authorisations: whom somebody lets act, for whom somebody acts, and whether an act is covered."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, select

from portal.accounts import queries as accounts
from portal.accounts.agents.model import (
    AgentSort,
    Authorisation,
    AuthorisationLapsed,
    AuthorisationNotFound,
    require_standing,
)
from portal.accounts.agents.tables import AuthorisationRow
from portal.accounts.model import Account, Post
from portal.basis import N_, By, Refusal, Role
from portal.store import db


def authorisation(number: str) -> Authorisation:
    """:raises AuthorisationNotFound: there is none of that number."""
    row = db.session.get(AuthorisationRow, number)
    if row is None:
        raise AuthorisationNotFound
    return _of(row)


def given_by(principal: str) -> list[Authorisation]:
    """The newest first, those that hold no longer too."""
    return _listed(AuthorisationRow.principal == principal)


def held_by(agent: str) -> list[Authorisation]:
    return _listed(AuthorisationRow.agent == agent)


def agents_of(number: str | None) -> frozenset[str]:
    """Who handed in on this authorisation, whether it still holds or not: an official who did stays out of the case."""
    row = db.session.get(AuthorisationRow, number) if number else None
    return frozenset(() if row is None else (row.agent,))


def by_of_agent(given: Authorisation, on: date) -> By:
    """The ``by`` of an act on this authorisation; a village agent acts in the post."""
    post = village_post(given.agent, on) if given.sort is AgentSort.VILLAGE else None
    return By(
        given.agent,
        Role.AGENT,
        office=post.office if post else None,
        post=post.code if post else None,
        authorisation=given.number,
    )


def require_authorised(by: By, principal: str, item: str | None, on: date) -> None:
    """That this agent may act for the principal in this service that day.

    :raises AuthorisationNotFound: he names no authorisation, or one of other people.
    :raises AuthorisationLapsed: it does not hold.
    """
    given = authorisation(by.authorisation or "")
    if (given.agent, given.principal) != (by.actor, principal):
        raise AuthorisationNotFound
    require_standing(given, item, on)
    if accounts.load(given.agent) is None or accounts.load(principal) is None:
        raise AuthorisationLapsed(
            N_("Authorisation %(number)s is between accounts of which one is closed; ask for a new one."),
            values={"number": given.number},
        )
    if given.sort is AgentSort.VILLAGE and village_post(given.agent, on) is None:
        raise AuthorisationLapsed(
            N_("The agent of authorisation %(number)s is no village agent any more; ask for a new one."),
            values={"number": given.number},
        )


def is_authorised(by: By, principal: str, item: str | None, on: date) -> bool:
    try:
        require_authorised(by, principal, item, on)
    except Refusal:
        return False
    return True


def authorisation_for(agent: str, principal: str, item: str, on: date) -> Authorisation | None:
    """One on which this person may act in a case of the principal about this service that day."""
    both = (AuthorisationRow.agent == agent) & (AuthorisationRow.principal == principal)
    for given in _listed(both):
        if is_authorised(By(agent, Role.AGENT, authorisation=given.number), principal, item, on):
            return given
    return None


def village_post(account: str, on: date) -> Post | None:
    return next((post for post in accounts.posts_held(account, on) if post.role is Role.AGENT), None)


def village_agents(office: str, on: date) -> list[tuple[Post, Account]]:
    """The village agents that the office has registered and who serve that day."""
    found = [(post, accounts.holder(post.code, on)) for post in accounts.posts(office) if post.role is Role.AGENT]
    return [(post, holder) for post, holder in found if holder is not None and holder.is_open]


def _listed(which: ColumnElement[bool]) -> list[Authorisation]:
    statement = select(AuthorisationRow).where(which)
    rows = db.session.scalars(statement.order_by(AuthorisationRow.given_at.desc(), AuthorisationRow.number.desc()))
    return [_of(row) for row in rows]


def _of(row: AuthorisationRow) -> Authorisation:
    return Authorisation(
        row.number,
        row.principal,
        row.agent,
        AgentSort(row.sort),
        frozenset(row.items.split()),
        row.from_on,
        row.until_on,
        row.given_at,
        row.revoked_at,
    )
