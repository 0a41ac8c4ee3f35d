"""A fault: one thing that is wrong, and what must be said of it. Worked out by walking days, never by a rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Required, TypedDict

from portal.basis import By
from tests.years.city import Crew, Item
from tests.years.journal import Act, Journal, Row
from tests.years.story import Story

AS_OF = datetime(2021, 6, 30, 17)  # a Wednesday
Number = int | str
NUMBERS_PER_KIND = 1000


class Whose(TypedDict, total=False):
    office: Required[str | None]
    post: str | None
    actor: str | None


@dataclass(frozen=True, slots=True)
class Fault:
    """``post`` and ``actor`` None: the finding is the office's, or whose it is is not pinned here.

    ``first``: the act that the finding's key names, where the norm leaves no choice. ``also``: other rules that may
    rightly speak of the same subjects.
    """

    code: str
    name: str
    subject: str
    severity: str
    office: str | None
    post: str | None = None
    actor: str | None = None
    first: Act | None = None
    numbers: Mapping[str, Number] = field(default_factory=dict)
    also: frozenset[str] = frozenset()
    beside: frozenset[str] = frozenset()  # further subjects of the story, of which the same and other rules may speak


@dataclass(frozen=True, slots=True)
class FaultySet:
    rows: list[Row]
    faults: list[Fault]
    as_of: datetime = AS_OF


@dataclass(slots=True)
class Bench:
    """Where one variant is made: a journal shared by all, and people whom no other variant knows."""

    journal: Journal
    number: int

    @property
    def crew(self) -> Crew:
        return Crew(f"office-{self.number}", self.number)

    def story(self, item: Item, channel: str = "web") -> Story:
        return Story(self.journal, item, self.number, self.crew, channel)


Variant = Callable[[Bench], Fault]


def gather(kinds: Mapping[str, Iterator[Variant]]) -> FaultySet:
    """One ledger of all variants; the people and numbers of each are its own."""
    journal, faults = Journal(), []
    for code, variants in kinds.items():
        first = int(code[1:]) * NUMBERS_PER_KIND
        faults += [variant(Bench(journal, number)) for number, variant in enumerate(variants, start=first)]
    names = [(fault.code, fault.name) for fault in faults]
    if len(set(names)) < len(names):
        twice = sorted({name for name in names if names.count(name) > 1})
        raise ValueError(f"two variants have one name: {twice}; name what is different about each")
    return FaultySet(journal.close(), faults)


def of(by: By) -> Whose:
    """Office, post and actor of a fault that is one person's."""
    return {"office": by.office, "post": by.post, "actor": by.actor}


def day(text: str) -> date:
    """``"Friday 2020-05-15"``; the weekday must be true."""
    weekday, _, iso = text.partition(" ")
    found = date.fromisoformat(iso)
    if found.strftime("%A") != weekday:
        raise ValueError(f"{text}: that day is a {found:%A}")
    return found
