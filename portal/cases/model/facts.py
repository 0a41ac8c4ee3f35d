"""The payload of an event as Python values: dates and instants instead of their text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Final

from portal.ledger.kinds import KINDS, Shape
from portal.ledger.model import Event

Facts = Mapping[str, Any]

_READ: Final[Mapping[Shape, Callable[[Any], Any]]] = {
    Shape.DATE: date.fromisoformat,
    Shape.INSTANT: datetime.fromisoformat,
    Shape.TEXTS: tuple,
}


def facts_of(event: Event) -> Facts:
    """Every key of the event's kind that has a value, in the type that its shape means."""
    keys = KINDS[event.kind].keys
    return {
        name: _READ[keys[name].shape](value) if name in keys and keys[name].shape in _READ else value
        for name, value in event.payload.items()
    }
