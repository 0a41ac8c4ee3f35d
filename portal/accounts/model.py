"""People, posts and who held them: frozen and pure. No password and no hash ever leaves the rows."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from portal.basis import N_, Bilingual, By, Role


class AccountKind(StrEnum):
    PERSON = "person"
    FIRM = "firm"
    STAFF = "staff"


class Language(StrEnum):
    ZH = "zh"
    EN = "en"


@dataclass(frozen=True, slots=True)
class Account:
    """``id`` is pseudonymous: it stands in the ledger for ever, the name does not."""

    id: str
    name: str
    display_name: str
    kind: AccountKind
    language: Language
    created_at: datetime
    closed_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


@dataclass(frozen=True, slots=True)
class Post:
    """A place in an office (岗位) with one role; one person holds it at a time."""

    code: str
    office: str
    role: Role
    title: Bilingual


@dataclass(frozen=True, slots=True)
class Holding:
    """``until_on`` is the first day on which the post is no longer held."""

    account: str
    post: str
    from_on: date
    until_on: date | None = None

    def covers(self, on: date) -> bool:
        return self.from_on <= on and (self.until_on is None or on < self.until_on)


@dataclass(frozen=True, slots=True)
class Tenure:
    """A holding with who appointed to it and who ended it, and when that was written down."""

    holding: Holding
    holder: Account
    appointed_at: datetime
    appointed_by: str
    ended_at: datetime | None = None
    ended_by: str | None = None


ROLE_TITLES: Mapping[Role, str] = {
    Role.APPLICANT: N_("Applicant"),
    Role.AGENT: N_("Agent"),
    Role.CLERK: N_("Clerk"),
    Role.REVIEWER: N_("Reviewer"),
    Role.DECIDER: N_("Decider"),
    Role.HEAD: N_("Head of office"),
    Role.HALL_MANAGER: N_("Hall manager"),
    Role.DISPATCHER: N_("Dispatcher"),
    Role.CATALOGUE_EDITOR: N_("Catalogue editor"),
    Role.CATALOGUE_PUBLISHER: N_("Catalogue publisher"),
    Role.SUPERVISOR: N_("Supervisor"),
    Role.AUDITOR: N_("Auditor"),
    Role.INSPECTOR: N_("Inspector"),
    Role.SYSADMIN: N_("System administrator"),
    Role.SYSTEM: N_("The portal itself"),
}


def by_for(account: Account, post: Post | None = None, *, window: str | None = None) -> By:
    """The ``by`` of an act: in the chosen post, or, without one, for oneself."""
    if post is None:
        return By(account.id, Role.APPLICANT)
    return By(account.id, post.role, office=post.office, post=post.code, window=window)


def name_purpose(account: str) -> str:
    """What the sealed name of a person or firm is bound to."""
    return f"name:{account}"


def normal_name(name: str) -> str:
    """One spelling for full-width and half-width, upper and lower case."""
    return unicodedata.normalize("NFKC", name).strip().casefold()
