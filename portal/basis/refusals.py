"""The root of every error that a person caused and a person can mend: named by its fact, saying what to do next."""

from __future__ import annotations

from collections.abc import Mapping

from portal.basis.texts import Bilingual


class Refusal(Exception):
    """A rule of the portal says no.

    ``message`` is an English msgid with ``%(name)s`` places, marked with N_() where the subclass is raised;
    the edge translates it with ``values``. ``field`` names the form field or column at fault, if there is one.
    A value that people read is no code: a ``Word`` (a msgid), a ``Bilingual``, or a tuple of them; the edge says it.
    """

    def __init__(self, message: str, *, field: str | None = None, values: Mapping[str, object] | None = None) -> None:
        super().__init__(message % _in_english(values) if values else message)
        self.message = message
        self.field = field
        self.values = dict(values or {})


class NotAllowed(Refusal):
    """This role may not do that here; nothing about the object is revealed."""


def _in_english(values: Mapping[str, object]) -> dict[str, object]:
    return {name: _said(value) for name, value in values.items()}


def _said(value: object) -> object:
    if isinstance(value, tuple):
        return ", ".join(str(_said(member)) for member in value) or "-"
    return value.en if isinstance(value, Bilingual) else value
