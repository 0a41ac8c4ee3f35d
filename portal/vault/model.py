"""Whose bytes a key seals, and why something cannot be opened. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from portal.basis import N_, Refusal


@dataclass(frozen=True, slots=True)
class Holder:
    """``person`` is a pseudonymous id; ``subject`` is the matter (``case/…``): its key can be destroyed on its own."""

    person: str
    subject: str


def purpose_of(subject: str, kind: str) -> str:
    """What the sealed part of an event is bound to: moved to another event it does not open."""
    return f"event:{subject}:{kind}"


class Unreadable(Refusal):
    """Sealed bytes that nobody may or can read any more."""


class KeyDestroyed(Unreadable):
    def __init__(self) -> None:
        super().__init__(N_("These personal data have been erased; nobody can read them any more."))


class KeyLocked(Unreadable):
    def __init__(self) -> None:
        super().__init__(N_("These personal data are locked: they are kept for the archive and not shown."))


class MasterKeyUnknown(Refusal):
    def __init__(self, master: str) -> None:
        super().__init__(
            N_("The master key %(master)s is missing; put the file vault-keys back from where it is kept."),
            values={"master": master},
        )


class KeyFileMissing(Refusal):
    def __init__(self) -> None:
        super().__init__(
            N_("There are sealed personal data and no file vault-keys; put it back from where it is kept apart.")
        )


class KeyFileExposed(Refusal):
    def __init__(self, file: str) -> None:
        super().__init__(N_("Others can read %(file)s; take their rights away: chmod 600."), values={"file": file})


class SealBroken(ValueError):
    """Not bytes that the vault sealed for this purpose: altered, cut, or taken from another place."""
