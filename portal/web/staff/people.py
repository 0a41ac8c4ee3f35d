"""Names for the codes in events: people, posts, offices. Asked once per request."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from flask import g
from flask_babel import gettext

from portal.accounts import queries as accounts
from portal.accounts.model import ROLE_TITLES, Post
from portal.basis import Role
from portal.catalogue.model import OfficeKind, OfficeUnknown
from portal.catalogue.queries import catalogue
from portal.ledger.model import Event
from portal.web.wording import said

NO_STAFF = frozenset({Role.APPLICANT, Role.AGENT, Role.SYSTEM})


def office_name(code: str | None) -> str:
    if not code:
        return ""
    try:
        return said(catalogue().office(code).name)
    except OfficeUnknown:
        return code


def offices_to_choose(on: date, *, but: str | None = None) -> list[tuple[str, str]]:
    """Offices of the home area and their outlets that stand that day, without the one named by ``but``."""
    known = catalogue()
    main = {office.code for office in known.main_offices}
    return [
        (office.code, said(office.name))
        for office in known.offices
        if office.is_standing(on)
        and office.code != but
        and (office.code in main or (office.kind is OfficeKind.OUTLET and office.parent in main))
    ]


def person_name(account: str | None) -> str:
    """The name of a member of staff; who has no account here is an applicant, and stays unnamed."""
    if not account:
        return ""
    known: dict[str, str] = g.setdefault("names_of_people", {})
    if account not in known:
        found = accounts.accounts([account])
        known[account] = found[account].display_name if account in found else ""
    return known[account] or gettext(ROLE_TITLES[Role.APPLICANT])


def post_title(code: str | None) -> str:
    if not code:
        return ""
    known: dict[str, Post | None] = g.setdefault("posts_by_code", {})
    if code not in known:
        known[code] = accounts.post(code)
    post = known[code]
    return said(post.title) if post else code


def who(event: Event) -> str:
    """Who did it: for staff the office, the post and the person; others by their role alone."""
    if event.role in NO_STAFF:
        return str(gettext(ROLE_TITLES[event.role]))
    return joined(office_name(event.office), post_title(event.post), person_name(event.actor))


def responsible(office: str | None, post: str | None, actor: str | None) -> str:
    return joined(office_name(office), post_title(post), person_name(actor))


def joined(*parts: str) -> str:
    return str(gettext(", ").join(part for part in parts if part))


def staff_of(office: str, on: date, roles: Collection[Role] = ()) -> list[tuple[str, str]]:
    """Who holds a post in that office that day, with the title, for lists to choose from."""
    found: dict[str, str] = {}
    for post in accounts.posts(office):
        holder = accounts.holder(post.code, on) if not roles or post.role in roles else None
        if holder is not None and holder.is_open:
            found.setdefault(holder.id, joined(holder.display_name, said(post.title)))
    return list(found.items())
