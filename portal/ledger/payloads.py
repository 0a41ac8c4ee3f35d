"""Nothing enters the ledger that its list of kinds does not name, in the shape that the list gives it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime

from portal.basis import N_, Refusal
from portal.ledger.canonical import instant_text
from portal.ledger.kinds import COMMON, KINDS, Kind, Shape
from portal.ledger.model import Channel, Value

_SUBJECT = re.compile(r"[a-z]+/[A-Za-z0-9][A-Za-z0-9._:@-]{0,79}")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|\+00:00)")


class KindNotListed(Refusal):
    def __init__(self, kind: str) -> None:
        super().__init__(
            N_("The ledger knows no kind %(kind)s; add it to the list of kinds, with the rules that read it."),
            field="kind",
            values={"kind": kind},
        )


class KeyNotListed(Refusal):
    def __init__(self, kind: str, key: str) -> None:
        super().__init__(
            N_("Events of kind %(kind)s have no %(key)s; leave it out, or list it with the rules that read it."),
            field=key,
            values={"kind": kind, "key": key},
        )


class ValueMisshapen(Refusal):
    def __init__(self, kind: str, key: str, shape: Shape) -> None:
        super().__init__(
            N_("%(key)s of %(kind)s must be written as %(shape)s; correct the value."),
            field=key,
            values={"kind": kind, "key": key, "shape": shape.value},
        )


class SubjectMisshapen(Refusal):
    def __init__(self, subject: str, kind: Kind) -> None:
        super().__init__(
            N_("%(subject)s cannot be the subject of %(kind)s; write %(sort)s/ and then its number."),
            field="subject",
            values={"subject": subject, "kind": kind.name, "sort": kind.sort.value},
        )


class ChannelNotKnown(Refusal):
    def __init__(self, channel: str) -> None:
        super().__init__(
            N_("There is no channel %(channel)s; use one of %(known)s."),
            field="channel",
            values={"channel": channel, "known": ", ".join(Channel)},
        )


def kind_named(name: str) -> Kind:
    """:raises KindNotListed: nothing of that name may be written."""
    try:
        return KINDS[name]
    except KeyError:
        raise KindNotListed(name) from None


def channel_named(name: str) -> Channel:
    """:raises ChannelNotKnown: there is no such channel."""
    try:
        return Channel(name)
    except ValueError:
        raise ChannelNotKnown(name) from None


def checked_subject(subject: str, kind: Kind) -> str:
    """:raises SubjectMisshapen: it is not ``sort/number`` of the kind's sort."""
    if not _SUBJECT.fullmatch(subject) or subject.partition("/")[0] != kind.sort:
        raise SubjectMisshapen(subject, kind)
    return subject


def checked_payload(kind: Kind, payload: Mapping[str, object]) -> dict[str, Value]:
    """Return the payload as it will be stored: dates and instants as text; keys without a value are left out.

    :raises KeyNotListed: a key is not one of this kind.
    :raises ValueMisshapen: a value is not of its key's shape.
    """
    written: dict[str, Value] = {}
    for key, value in payload.items():
        listed = kind.keys.get(key) or COMMON.get(key)
        if listed is None:
            raise KeyNotListed(kind.name, key)
        if value is None:
            continue
        try:
            written[key] = _WRITTEN[listed.shape](value)
        except (ValueError, TypeError):
            raise ValueMisshapen(kind.name, key, listed.shape) from None
    return written


def _text(value: object) -> str:
    if not isinstance(value, str) or "\0" in value:  # PostgreSQL stores no NUL
        raise ValueError
    value.encode()  # half a surrogate pair has no UTF-8: a ValueError too
    return str(value)


def _integer(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) >= 2**53:
        raise ValueError
    return int(value)


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _instant(value: object) -> str:
    if isinstance(value, str) and _INSTANT.fullmatch(value):
        value = datetime.fromisoformat(value)
    if not isinstance(value, datetime) or value.utcoffset() is None:
        raise ValueError
    return instant_text(value.astimezone(UTC))


def _date(value: object) -> str:
    if isinstance(value, str) and len(value) == len("YYYY-MM-DD"):
        value = date.fromisoformat(value)
    if not isinstance(value, date) or isinstance(value, datetime):
        raise TypeError
    return value.isoformat()


def _texts(value: object) -> list[str]:
    """Frames join the members by "|", so none may hold it."""
    if not isinstance(value, list | tuple | set | frozenset):
        raise TypeError
    members = [_text(member) for member in value]
    if any("|" in member for member in members):
        raise ValueError
    return sorted(members) if isinstance(value, set | frozenset) else members


_WRITTEN: Mapping[Shape, Callable[[object], Value]] = {
    Shape.TEXT: _text,
    Shape.INTEGER: _integer,
    Shape.FLAG: _flag,
    Shape.INSTANT: _instant,
    Shape.DATE: _date,
    Shape.TEXTS: _texts,
}
