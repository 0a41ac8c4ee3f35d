"""What a rule is: a norm written as a question to the log, with its sources, its validity and its parameters."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from portal.basis import LegalSource
from portal.compliance.log import Frame

# A rule's question: the log first, then its parameters by name.
Check = Callable[..., Frame]
# What a check returns besides its numbers. ``on``: the local day on which the judged conduct began; the law of that
# day judges it. It may also return is_open, is_certain (0: never more than a notice), calendar and variant.
FINDING = ("subject", "first_seq", "last_seq", "severity", "office", "post", "actor", "on")


class Severity(StrEnum):
    NOTICE = "notice"
    YELLOW = "yellow"
    RED = "red"

    @property
    def rank(self) -> int:
        return list(Severity).index(self)


class Scope(StrEnum):
    """What one finding can depend on: an online run must load all events of it."""

    CASE = "case"
    MATTER = "matter"
    PERSON = "person"
    OFFICE = "office"
    HALL = "hall"  # what one hall did on one day
    REFERENCE = "reference"  # a number, or an appointment, and the one thing it refers to


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number of a rule; without a source it is our own default, and says so."""

    value: int
    source: str | None = None

    @property
    def is_ours(self) -> bool:
        return self.source is None


@dataclass(eq=False)
class Rule:
    """One version of one rule; an old version is never edited, a new one begins where it ends.

    ``title`` and ``sentence`` are msgids; the sentence has ``%(name)s`` places for the numbers of a finding. Several
    sentences are told apart by the text column ``variant`` of the check.
    ``begins_with``: kinds of which one must have happened before there can be anything to find; ``()``: any event.
    ``needs``: kinds without which a log cannot be asked; ``clocks``: clocks of which the log must know a limit, or an
    explicit target (``"target"``), at least one. ``words``: msgids for what stands in text numbers (members of a list
    joined by "|" are looked up one by one). ``amounts``: the unit of a number, so that it is spoken with it; ``taken``,
    ``allowed`` and ``overdue`` follow the number ``unit`` of the finding, where there is one. ``population`` gives the
    spans that were judged, for denominators.
    """

    code: str
    title: str
    sentence: str | Mapping[str, str]
    sources: tuple[LegalSource, ...]
    needs: tuple[str, ...]
    version: int = 1
    scope: Scope = Scope.CASE
    begins_with: tuple[str, ...] = ()
    clocks: tuple[str, ...] = ()
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    in_force_from: date = date.min
    until: date | None = None
    asks: Check | None = None
    counts: Check | None = None
    words: Mapping[str, str] = field(default_factory=dict)
    amounts: Mapping[str, str] = field(default_factory=dict)

    def sentence_for(self, variant: str | None) -> str:
        return self.sentence if isinstance(self.sentence, str) else self.sentence[str(variant)]

    @property
    def name(self) -> str:
        """As stored in findings: ``V08@1``."""
        return f"{self.code}@{self.version}"

    def check(self, function: Check) -> Check:
        """Register the question.

        Its keyword parameters are the rule's parameters by name; one called ``judged`` is given the frame of the
        population instead, computed once.
        """
        self.asks = self._fitting(function)
        return function

    def population(self, function: Check) -> Check:
        """Register the spans that the rule judges (``is_open``, ``is_late``), late or not."""
        self.counts = self._fitting(function)
        return function

    def _fitting(self, function: Check) -> Check:
        wanted = _parameters(function)
        if not wanted <= set(self.parameters):
            missing = ", ".join(sorted(wanted - set(self.parameters)))
            raise TypeError(
                f"{self.code}: parameters={{…}} lacks {missing}; name every parameter of the function there"
            )
        return function

    def values(self, function: Check, given: Mapping[str, int] | None = None) -> dict[str, Any]:
        """The parameters that a function of this rule takes, the deployment's own values first."""
        wanted = _parameters(function)
        merged = {name: parameter.value for name, parameter in self.parameters.items()} | dict(given or {})
        return {name: merged[name] for name in sorted(wanted)}


def takes_judged(function: Check) -> bool:
    return "judged" in inspect.signature(function).parameters


def _parameters(function: Check) -> set[str]:
    return set(inspect.signature(function).parameters) - {"log", "judged"}
