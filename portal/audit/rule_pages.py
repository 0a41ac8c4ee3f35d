"""A rule as a reader wants it: since when, on what law, with what numbers and sentences, and what it looks at."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from portal.audit.parameters import told
from portal.basis import N_, LegalSource
from portal.compliance.rule import Rule, Scope
from portal.compliance.sentences import Speech
from portal.ledger.kinds import KINDS

SCOPES: Mapping[Scope, str] = {
    Scope.CASE: N_("one case, inquiry or other matter by itself"),
    Scope.MATTER: N_("everything that one applicant tried in one matter"),
    Scope.PERSON: N_("what one member of staff did"),
    Scope.OFFICE: N_("what one office did"),
    Scope.HALL: N_("what one hall did on one day"),
    Scope.REFERENCE: N_("a record and what it refers to"),
}
OURS = N_("our own number")
_TYPES: Mapping[str, str] = {  # as the directory of powers sorts items (权责清单)
    "permit": N_("administrative permits"),
    "confirmation": N_("administrative confirmations"),
    "benefit": N_("benefits"),
    "reward": N_("rewards"),
    "ruling": N_("administrative rulings"),
    "filing": N_("filings"),
    "other": N_("other powers"),
    "service": N_("public services"),
    "disclosure": N_("disclosure of information"),
    "petition": N_("petitions"),
    "appeal": N_("complaints and appeals"),
}
_PLACE = re.compile(r"%\((\w+)\)s")


@dataclass(frozen=True, slots=True)
class Ground:
    """``where``: the division code of a place, None for the whole country; ``types``: of items, all where empty."""

    source: LegalSource
    where: str | None
    types: tuple[str, ...]
    first_on: date | None
    until_on: date | None


@dataclass(frozen=True, slots=True)
class Page:
    """One version of a rule in a reader's language; ``parameters``: words, value, source or that it is ours."""

    rule: Rule
    title: str
    sentences: tuple[str, ...]
    grounds: tuple[Ground, ...]
    parameters: tuple[tuple[str, str, str], ...]
    scope: str
    evidence: tuple[str, ...]
    first_on: date | None
    until_on: date | None


def page_of(rule: Rule, speech: Speech) -> Page:
    say = speech.translate
    patterns = [rule.sentence] if isinstance(rule.sentence, str) else list(rule.sentence.values())
    return Page(
        rule=rule,
        title=say(rule.title),
        sentences=tuple(dict.fromkeys(_PLACE.sub("…", say(pattern)) for pattern in patterns)),
        grounds=tuple(_ground(source, say) for source in rule.sources),
        parameters=tuple(
            (*told(rule, name, parameter, say), parameter.source or say(OURS))
            for name, parameter in rule.parameters.items()
        ),
        scope=say(SCOPES[rule.scope]),
        evidence=tuple(dict.fromkeys(say(KINDS[kind].title) for kind in (*rule.needs, *rule.begins_with))),
        first_on=None if rule.in_force_from == date.min else rule.in_force_from,
        until_on=rule.until,
    )


def by_code(rules: Iterable[Rule]) -> dict[str, list[Rule]]:
    """The versions of each rule, the newest first."""
    found: dict[str, list[Rule]] = {}
    for rule in sorted(rules, key=lambda one: (one.code, -one.version)):
        found.setdefault(rule.code, []).append(rule)
    return found


def _ground(source: LegalSource, say: Callable[[str], str]) -> Ground:
    return Ground(
        source,
        where=None if source.area == "CN" else source.area,
        types=tuple(say(_TYPES.get(name, name)) for name in source.item_types),
        first_on=None if source.in_force_from == date.min else source.in_force_from,
        until_on=source.until,
    )
