"""What the pages of a hall share: the hall of the address, who acts, services by office, "unchanged" as an answer."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from flask import Blueprint, Response, abort, g, make_response, request
from flask.typing import ResponseReturnValue

from portal.accounts.throttle import operations as throttle
from portal.accounts.throttle.model import Kind, lane_of_holds
from portal.basis import N_, By, Refusal, Role
from portal.catalogue.model import ItemVersion, Office
from portal.catalogue.queries import catalogue
from portal.hall.places import HallUnknown, Place, place
from portal.web.citizen import acting
from portal.web.citizen.items import in_force, version_or_none
from portal.web.once import VISITOR
from portal.web.sign_in.asking import address

hall = Blueprint("hall", __name__)


def place_or_404(code: str) -> Place:
    try:
        return place(code)
    except HallUnknown:
        abort(404)


def service_or_404(where: Place, item: str) -> ItemVersion:
    """The item as it is in force, if a window of this hall takes it."""
    version = version_or_none(item) if item in where.serving else None
    return version if version is not None else abort(404)


def who() -> By:
    """The account that is signed in, else a visitor whom only the code of the slip tells from others."""
    account = acting.citizen()
    return By(account.id if account is not None else VISITOR, Role.APPLICANT)


def holder() -> str | None:
    account = acting.citizen()
    return None if account is None else account.id


class TooManyFromHere(Refusal):
    """Whoever has no account is told apart from others by the address alone."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(
            N_("Too many were taken from this connection without signing in. Sign in, go to the kiosk in the hall, or "
               "try again in %(minutes)s minutes."),
            values={"minutes": int(wait.total_seconds() // 60) + 1},
        )  # fmt: skip


def leave_some(kind: Kind) -> None:
    """Within a transaction, before something is given to somebody who has no account.

    :raises TooManyFromHere: this address has had its share of the hour; else one could take a hall's whole day.
    """
    if acting.citizen() is None:
        lane, rest = lane_of_holds(kind, address(), g.now)
        if throttle.take_turn([lane], at=g.now):
            raise TooManyFromHere(rest)


@dataclass(frozen=True, slots=True)
class Group:
    """What one office answers for in this hall."""

    office: Office
    versions: list[ItemVersion]


def groups(where: Place, words: str = "") -> list[Group]:
    """The services in force that some window of the hall takes, by the office that answers, in the hall's order."""
    found: dict[str, list[ItemVersion]] = {}
    for version in in_force(words):
        if version.code in where.serving:
            found.setdefault(where.offices[version.code], []).append(version)
    order = [*where.hall.offices, *sorted(found.keys() - set(where.hall.offices))]
    return [Group(catalogue().office(code), found[code]) for code in order if code in found]


def words_asked() -> str:
    return "".join(letter for letter in request.args.get("q", "") if letter.isprintable()).strip()[:100]


def unless_unchanged(body: str, mimetype: str = "text/html", *, of: object = None) -> ResponseReturnValue:
    """The answer with its tag, or 304 for whoever has it; ``of`` is what the tag stands for if not the body."""
    answer: Response = make_response(body)
    answer.mimetype = mimetype
    answer.set_etag(sha256(tag_of(body if of is None else of)).hexdigest()[:32])
    return answer.make_conditional(request.environ)


def tag_of(thing: object) -> bytes:
    return json.dumps(thing, sort_keys=True, ensure_ascii=False, default=str).encode()
