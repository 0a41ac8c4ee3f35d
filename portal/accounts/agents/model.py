"""An authorisation as its events have made it, and why it does not hold. Frozen and pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from portal.basis import N_, Refusal
from portal.ledger.model import Event


class AgentSort(StrEnum):
    VILLAGE = "village-agent"  # 代办员, registered by an office
    FAMILY = "family"
    FIRM_CLERK = "firm-clerk"


AGENT_TITLES: Mapping[AgentSort, str] = {
    AgentSort.VILLAGE: N_("Village agent"),
    AgentSort.FAMILY: N_("Family or friend"),
    AgentSort.FIRM_CLERK: N_("Clerk of the firm"),
}


@dataclass(frozen=True, slots=True)
class Authorisation:
    """``items`` are codes of services, none means every one; ``until_on`` is the last day."""

    number: str
    principal: str
    agent: str
    sort: AgentSort
    items: frozenset[str]
    from_on: date
    until_on: date
    given_at: datetime
    revoked_at: datetime | None = None

    def stands(self, on: date) -> bool:
        return self.revoked_at is None and self.from_on <= on <= self.until_on

    def covers(self, item: str) -> bool:
        return not self.items or item in self.items


class AuthorisationUnfit(Refusal):
    """It cannot be given so."""


class AuthorisationNotFound(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("There is no such authorisation; look at the number on the paper again."))


class AuthorisationLapsed(Refusal):
    """An agent acts without a standing authorisation; the message says since when and why."""


def require_standing(given: Authorisation, item: str | None, on: date) -> None:
    """:raises AuthorisationLapsed: it is revoked, over, to come, or about other services."""
    values: dict[str, object] = {"number": given.number}
    if given.revoked_at is not None:
        raise AuthorisationLapsed(N_("Authorisation %(number)s has been revoked; ask for a new one."), values=values)
    if on > given.until_on:
        raise AuthorisationLapsed(
            N_("Authorisation %(number)s ended on %(day)s; ask for a new one."),
            values={**values, "day": given.until_on.isoformat()},
        )
    if on < given.from_on:
        raise AuthorisationLapsed(
            N_("Authorisation %(number)s holds from %(day)s only; come back then."),
            values={**values, "day": given.from_on.isoformat()},
        )
    if item is not None and not given.covers(item):
        raise AuthorisationLapsed(
            N_("Authorisation %(number)s is not about this service; ask for one that is."), values=values
        )


def fold(events: Iterable[Event]) -> Authorisation | None:
    found: Authorisation | None = None
    for event in events:
        if event.kind == "authorised":
            found = _given(event)
        elif event.kind == "authorisation-revoked" and found is not None:
            found = replace(found, revoked_at=event.occurred_at)
    return found


def _given(event: Event) -> Authorisation:
    from_on, until_on = event.date("from_on"), event.date("until_on")
    assert from_on is not None, "an authorisation has its days"
    assert until_on is not None, "an authorisation has its days"
    return Authorisation(
        number=event.number,
        principal=event.text("principal") or "",
        agent=event.text("agent") or "",
        sort=AgentSort(event.text("agent_sort") or ""),
        items=frozenset(event.texts("items")),
        from_on=from_on,
        until_on=until_on,
        given_at=event.occurred_at,
    )
