"""Who acts: the roles of the life cycle, and the ``by`` that every operation receives."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """One role an act is done in; a person may hold several posts, an act has exactly one."""

    APPLICANT = "applicant"
    AGENT = "agent"
    CLERK = "clerk"
    REVIEWER = "reviewer"
    DECIDER = "decider"
    HEAD = "head"
    HALL_MANAGER = "hall-manager"
    DISPATCHER = "dispatcher"
    CATALOGUE_EDITOR = "catalogue-editor"
    CATALOGUE_PUBLISHER = "catalogue-publisher"
    SUPERVISOR = "supervisor"
    AUDITOR = "auditor"
    INSPECTOR = "inspector"
    SYSADMIN = "sysadmin"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class By:
    """The actor of an act: a pseudonymous account id, the role, office and post it is done in.

    An agent acts on an ``authorisation``, whose number goes into every event.
    """

    actor: str
    role: Role
    office: str | None = None
    post: str | None = None
    window: str | None = None
    authorisation: str | None = None


SYSTEM = By("system", Role.SYSTEM)
