"""What the pages of a hall share: the hall of the address, who acts, services by office, "unchanged" as an answer."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256

from flask import Blueprint, Response, abort, make_response, request
from flask.typing import ResponseReturnValue

from portal.basis import By, Role
from portal.catalogue.model import ItemVersion, Office
from portal.catalogue.queries import catalogue
from portal.hall.places import HallUnknown, Place, place
from portal.web.citizen import acting
from portal.web.citizen.items import in_force, version_or_none
from portal.web.once import VISITOR

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
