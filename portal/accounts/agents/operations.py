"""Writes about agents: authorise, revoke, register a village agent. Each authorisation is in the ledger."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Final

from sqlalchemy import delete, func, select

from portal.accounts import operations as accounts
from portal.accounts import queries as account_queries
from portal.accounts.agents.model import AgentSort, Authorisation, AuthorisationUnfit, fold
from portal.accounts.agents.queries import authorisation, village_agents, village_post
from portal.accounts.agents.tables import AuthorisationRow
from portal.accounts.model import AccountKind, Holding
from portal.accounts.policy import Target, require
from portal.basis import N_, Bilingual, By, Role
from portal.ledger import queries as ledger
from portal.ledger.operations import append
from portal.store import db
from portal.worktime.months import add_months

LONGEST: Final = 36  # months; parameter of ours: whoever is to act for longer is asked again


def authorise(
    principal: str,
    agent_name: str,
    sort: AgentSort,
    *,
    items: Collection[str] = (),
    from_on: date,
    until_on: date,
    confirmed_by: str,
    by: By,
    at: datetime,
    on: date,
) -> Authorisation:
    """Let somebody act for the principal; the edge has had the principal confirm it with ``confirmed_by``.

    :raises AuthorisationUnfit: the days, the agent or the sort cannot be so.
    """
    require(by, "authorise", Target(owner=principal))
    _check_days(from_on, until_on, on)
    agent = _agent_named(principal, agent_name, sort, from_on)
    number = _next_number(on.year)
    facts = {
        "principal": principal,
        "agent": agent,
        "agent_sort": sort.value,
        "items": sorted(set(items)),
        "from_on": from_on,
        "until_on": until_on,
        "confirmed_by": confirmed_by,
    }
    append(f"authorisation/{number}", "authorised", facts, by=by, at=at, channel="web")
    return _project(number)


def revoke(number: str, *, by: By, at: datetime) -> Authorisation:
    """Nothing more is done on it from now on; what was done stays.

    :raises AuthorisationUnfit: it was revoked before.
    """
    given = authorisation(number)
    require(by, "revoke_authorisation", Target(owner=given.principal))
    if given.revoked_at is not None:
        raise AuthorisationUnfit(N_("This authorisation has been revoked already."))
    append(f"authorisation/{number}", "authorisation-revoked", by=by, at=at, channel="web")
    return _project(number)


def register_village_agent(name: str, place: str, *, by: By, at: datetime, on: date) -> Holding:
    """Let the person of that sign-in name serve a village as agent of the office from that day on.

    :raises AuthorisationUnfit: nobody has that name, or the person serves already.
    """
    require(by, "register_agent", Target(office=by.office))
    account = account_queries.by_name(name)
    if account is None or account.kind is not AccountKind.PERSON:
        raise AuthorisationUnfit(N_("No person has registered with this sign-in name; look again."), field="name")
    if village_post(account.id, on) is not None:
        raise AuthorisationUnfit(N_("This person is a village agent already."), field="name")
    office = by.office or ""
    number = 1 + sum(post.role is Role.AGENT for post in account_queries.posts(office))
    title = Bilingual(f"{place}代办员", f"Village agent, {place}")
    post = accounts.create_post(f"{office}.agent-{number}", office, Role.AGENT, title, by=by, at=at)
    return accounts.appoint(account.id, post.code, on, by=by, at=at)


def end_village_agent(post: str, *, by: By, at: datetime, on: date) -> Holding:
    """From that day on the person acts for nobody as village agent; the authorisations lapse with the post.

    :raises AuthorisationUnfit: nobody serves in the post, or only since that day.
    """
    require(by, "register_agent", Target(office=by.office))
    serving = {held.code: holder for held, holder in village_agents(by.office or "", on)}
    since = {holding.account: holding.from_on for holding in account_queries.holdings(post)}
    if post not in serving or since[serving[post].id] >= on:
        raise AuthorisationUnfit(N_("Nobody serves there, or only since today; come back tomorrow."))
    return accounts.end_holding(serving[post].id, post, on, by=by, at=at)


def rebuild_authorisations() -> int:
    """Make the projection again from the ledger alone, and return how many there are."""
    db.session.execute(delete(AuthorisationRow))
    numbers = [event.number for events in ledger.stream(kinds=("authorised",)) for event in events]
    for number in numbers:
        _project(number)
    return len(numbers)


def _check_days(from_on: date, until_on: date, on: date) -> None:
    if from_on < on:
        raise AuthorisationUnfit(N_("Nobody is authorised for days gone by; begin today or later."), field="from_on")
    if until_on < from_on:
        raise AuthorisationUnfit(N_("The last day comes before the first; look at both again."), field="until_on")
    if until_on > add_months(from_on, LONGEST):
        raise AuthorisationUnfit(
            N_("An authorisation lasts %(n)s months at most; choose an earlier last day."),
            field="until_on",
            values={"n": LONGEST},
        )


def _agent_named(principal: str, name: str, sort: AgentSort, on: date) -> str:
    """The account of the agent. Only its existence is told, to somebody who is signed in and knows the name."""
    agent = account_queries.by_name(name)
    owner = account_queries.load(principal)
    if agent is None or owner is None or agent.kind is not AccountKind.PERSON:
        raise AuthorisationUnfit(
            N_("No person has registered with this sign-in name; ask your agent for it."), field="agent"
        )
    if agent.id == principal:
        raise AuthorisationUnfit(N_("Nobody is his own agent; name another person."), field="agent")
    if sort is AgentSort.VILLAGE and village_post(agent.id, on) is None:
        raise AuthorisationUnfit(
            N_("This person is registered by no office as a village agent; choose another kind."), field="sort"
        )
    if (sort is AgentSort.FIRM_CLERK) != (owner.kind is AccountKind.FIRM) and sort is not AgentSort.VILLAGE:
        raise AuthorisationUnfit(
            N_("A firm has clerks, a person has family or friends; choose the other kind."), field="sort"
        )
    return agent.id


def _next_number(year: int) -> str:
    """``A-<year>-<series>``; the unit is the only writer, so no number is given twice."""
    here = f"A-{year}-"
    last = db.session.scalar(
        select(func.max(AuthorisationRow.number)).where(AuthorisationRow.number.startswith(here, autoescape=True))
    )
    return f"{here}{int((last or here + '0').removeprefix(here)) + 1:06d}"


def _project(number: str) -> Authorisation:
    given = fold(ledger.events(f"authorisation/{number}"))
    assert given is not None, "it has just been written"
    row = db.session.get(AuthorisationRow, number) or AuthorisationRow(number=number)
    row.principal, row.agent, row.sort = given.principal, given.agent, given.sort.value
    row.items = " ".join(sorted(given.items))
    row.from_on, row.until_on = given.from_on, given.until_on
    row.given_at, row.revoked_at = given.given_at, given.revoked_at
    db.session.add(row)
    db.session.flush()
    return given
