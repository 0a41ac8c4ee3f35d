"""What a kind of event is: its subject, its typed payload keys, the step that writes it and who reads each key.

The payload holds facts that rules read and nothing personal; personal bytes go into the event's ``sealed`` part.
``COMMON`` keys may stand on any kind. A reader is a rule code (``"V08"``), ``"vocabulary"`` (compliance/log.py),
``"fold"`` (the state of a case or an inquiry), ``"clocks"`` (the projection of due moments), ``"register"``
(compliance/findings) or ``"page"``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Sort(StrEnum):
    """What an event is about: the part of ``subject`` before the slash (``case/330106-2020-000017``)."""

    CASE = "case"
    INQUIRY = "inquiry"
    FINDING = "finding"
    CALENDAR = "calendar"
    OFFICE = "office"
    LEDGER = "ledger"
    AUTHORISATION = "authorisation"
    DATA = "data"  # personal data of a case or inquiry: data/case:330106-2020-000017
    TENDER = "tender"  # one call for bids, with every bid handed in for it
    APPEAL = "appeal"  # one order of the hotline
    ORDER = "order"  # a rectification order
    ENTITY = "entity"  # a firm that is inspected or fined, by a pseudonym
    LENIENCY = "leniency"  # one list of what is not fined, version after version
    SHARE = "share"  # one request for another office's data
    CREDIT = "credit"  # one entry of a credit record
    TICKET = "ticket"
    HALL = "hall"
    APPOINTMENT = "appointment"
    CHANNEL = "channel"  # one way to one item: channel/food-licence:web
    # --- of modules to come; such events are imported today ---
    DEBT = "debt"  # one sum that an office or a large firm owes for goods, works or services
    OBLIGATION = "obligation"  # a commitment or contract of an office (承诺、旧账)
    METER = "meter"  # an end user's electricity meter behind somebody else's supply
    TARIFF = "tariff"  # one class of grid prices: tariff/henan-commercial
    LICENCE = "licence"
    LIST = "list"  # one published register: of powers, of fees, of national categories
    DEMAND = "demand"  # what somebody in office asked of a citizen or a firm
    ITEM = "item"  # an item as it is published: item/food-licence
    ENTITLEMENT = "entitlement"  # what one firm is due of one policy
    LEASE = "lease"  # a head tenant's lease, with those who use the rooms


class Shape(StrEnum):
    """How a payload value is written in the ledger, and (in brackets) its column in a frame."""

    TEXT = "text"  # str (String)
    INTEGER = "integer"  # int (Int64)
    FLAG = "flag"  # bool (Int64, 0 or 1)
    INSTANT = "instant"  # RFC 3339 text in UTC (Int64, microseconds since 1970-01-01T00:00Z)
    DATE = "date"  # YYYY-MM-DD, local (Int64, days since 1970-01-01)
    TEXTS = "texts"  # list of str (String, sorted and joined by "|")


@dataclass(frozen=True, slots=True)
class Key:
    shape: Shape
    read_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """``step`` names the operation that writes it; ``title`` is what the timeline of the subject shows.

    ``is_to_come``: no operation of ours writes it yet; a module to come will, and imported logs may hold it today.
    """

    name: str
    sort: Sort
    step: str
    title: str
    keys: Mapping[str, Key]
    read_by: tuple[str, ...]
    is_to_come: bool = False


def text(*read_by: str) -> Key:
    return Key(Shape.TEXT, read_by)


def integer(*read_by: str) -> Key:
    return Key(Shape.INTEGER, read_by)


def flag(*read_by: str) -> Key:
    return Key(Shape.FLAG, read_by)


def instant(*read_by: str) -> Key:
    return Key(Shape.INSTANT, read_by)


def day(*read_by: str) -> Key:
    return Key(Shape.DATE, read_by)


def texts(*read_by: str) -> Key:
    return Key(Shape.TEXTS, read_by)


COMMON: Mapping[str, Key] = {
    "post": text("vocabulary"),  # the post (岗位) the actor held when acting
    "authorisation": text("fold", "page"),  # number of the authorisation on which an agent acted
    "sync_batch": text("V16"),  # id of an offline batch: late recording is no back-dating if it was declared
}

KINDS: dict[str, Kind] = {}


def kind(
    name: str,
    sort: Sort,
    step: str,
    title: str,
    read_by: tuple[str, ...],
    keys: Mapping[str, Key] | None = None,
    *,
    is_to_come: bool = False,
) -> None:
    if name in KINDS:
        raise ValueError(f"kind {name} is listed twice; give the new one another name")
    KINDS[name] = Kind(name, sort, step, title, dict(keys or {}), read_by, is_to_come)
