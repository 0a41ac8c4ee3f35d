"""Short stories for the tests of one rule: tell what happened, ask that rule, read what it says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from portal.compliance.engine import Finding
from tests.years.city import Crew, Item
from tests.years.faulty.fault import AS_OF
from tests.years.journal import Journal
from tests.years.judging import findings_of, log_at, rules_named
from tests.years.story import Story

Tale = Callable[[Story], None]


def said_of(code: str, item: Item, *tales: Tale, as_of: datetime = AS_OF, channel: str = "web") -> list[Finding]:
    """What the rule says of these cases, all of one office and its people."""
    journal = Journal()
    for number, tale in enumerate(tales, start=1):
        tale(Story(journal, item, number, Crew("office", 1), channel))
    return findings_of(log_at(journal.close(), as_of), rules_named(code))


def verdicts(code: str, item: Item, *tales: Tale, as_of: datetime = AS_OF, channel: str = "web") -> list[str]:
    return [finding.severity.value for finding in said_of(code, item, *tales, as_of=as_of, channel=channel)]
