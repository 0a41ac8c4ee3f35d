"""What the catalogue refuses, named by the fact."""

from __future__ import annotations

from portal.basis import Refusal


class AnswerMissing(Refusal):
    """A question on the way to the situation has no answer."""


class AnswerUnknown(Refusal):
    """The answer is none of those the question offers."""


class QuestionUnknown(Refusal):
    """An answer was given to a question this version does not ask."""


class ItemUnknown(Refusal):
    """No item of that code is in the catalogue."""


class VersionUnknown(Refusal):
    """The item has no such version."""


class ItemNotInForce(Refusal):
    """The item has no version in force on that day in that area."""


class OfficeUnknown(Refusal):
    """No office of that code is in the catalogue."""


class OfficeNotStanding(Refusal):
    """On that day the office did not exist yet, or was abolished and nobody took its place."""


class CatalogueBroken(Refusal):
    """A file of the catalogue cannot be read as one."""
