"""A finding in words: the rule's sentence with its numbers, in whatever language and form the reader's edge speaks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from portal.compliance.amounts import amount
from portal.compliance.engine import Number
from portal.compliance.rule import Rule

OFFICES = ("chain", "holder")  # texts that list offices
MATERIALS = ("demands", "lacking")  # texts that list materials, by their codes in the item of the case
MEASURED = ("taken", "allowed", "overdue")  # in the unit of the limit that was judged
_EPOCH_DAY = date(1970, 1, 1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Speech:
    """How an edge speaks: its translation of msgids, its dates and times, its comma between members of a list."""

    translate: Callable[[str], str]
    day: Callable[[date], str]
    moment: Callable[[datetime], str]
    comma: str = ", "
    office: Callable[[str], str] = str  # the name of an office of ours; what a foreign log calls its own stands
    material: Callable[[str, str], str] = lambda _about, code: code  # likewise, of the item that a case is about


def plain(numbers: Mapping[str, Number]) -> dict[str, Number]:
    """Numbers as they are stored: days (``…_on``) and instants (``…_at``) as ISO texts, everything else as it is."""
    return {name: _plain(name, value) for name, value in numbers.items()}


def sentence(rule: Rule, variant: str | None, numbers: Mapping[str, Number], speech: Speech, about: str = "") -> str:
    """Explain a finding; ``numbers`` raw from the engine or as stored, ``about``: the subject it was found at."""
    shown = {name: spoken(rule, name, numbers, speech, about) for name in numbers}
    return speech.translate(rule.sentence_for(variant)) % shown


def _plain(name: str, value: Number) -> Number:
    if isinstance(value, int) and name.endswith("_on"):
        return (_EPOCH_DAY + timedelta(days=value)).isoformat()
    if isinstance(value, int) and name.endswith("_at"):
        return (_EPOCH + timedelta(microseconds=value)).isoformat().replace("+00:00", "Z")
    return value


def spoken(rule: Rule | None, name: str, numbers: Mapping[str, Number], speech: Speech, about: str = "") -> str:
    """One number of a finding in words, with its unit if it has one."""
    stored = _plain(name, numbers[name])
    if stored is None:
        return "–"
    if isinstance(stored, int):
        return amount(stored, _unit(rule, name, numbers), speech.translate)
    if name.endswith("_on"):
        return speech.day(date.fromisoformat(stored))
    if name.endswith("_at"):
        return speech.moment(datetime.fromisoformat(stored))
    if name in OFFICES:
        return speech.comma.join(speech.office(member) for member in stored.split("|"))
    if name in MATERIALS:
        return speech.comma.join(speech.material(about, member) for member in stored.split("|"))
    words = rule.words if rule else {}
    return speech.comma.join(speech.translate(words.get(member, member)) for member in stored.split("|"))


def _unit(rule: Rule | None, name: str, numbers: Mapping[str, Number]) -> str:
    own = str(numbers.get("unit") or "") if name in MEASURED else ""
    return own or (rule.amounts.get(name, "") if rule else "")
