"""Sentences say amounts of time with their units, one and several, and no code of ours in either language."""

from __future__ import annotations

import re

import pytest

from portal.audit.texts import speech, translations
from portal.catalogue.model import STAGE_PREFIX, PauseKind
from portal.catalogue.queries import catalogue
from portal.compliance.amounts import amount
from portal.compliance.engine import Number
from portal.compliance.log import PAUSE_TYPES
from portal.compliance.registry import all_rules
from portal.compliance.sentences import sentence, spoken
from tests.years.faulty import faulty_set
from tests.years.judging import findings_of, log_at

RULES = {rule.code: rule for rule in all_rules()}
EN, ZH = speech("en", "Asia/Shanghai"), speech("zh", "Asia/Shanghai")


@pytest.mark.parametrize(
    ("value", "unit", "en", "zh"),
    [
        (1, "working-day", "1 working day", "1个工作日"),
        (0, "working-day", "0 working days", "0个工作日"),
        (17, "working-day", "17 working days", "17个工作日"),
        (1, "calendar-day", "1 calendar day", "1个自然日"),
        (61, "month", "61 calendar days", "61个自然日"),  # a limit in months is counted in its days
        (30, "whole-hour", "30 hours", "30小时"),
        (0, "instant", "0 minutes", "0分钟"),
        (59, "minute", "59 minutes", "59分钟"),
        (60, "hour", "1 hour", "1小时"),
        (61, "instant", "1 hour 1 minute", "1小时1分钟"),
        (1440, "instant", "1 day", "1天"),
        (14950, "instant", "10 days 9 hours 10 minutes", "10天9小时10分钟"),
        (7, "", "7", "7"),
    ],
)
def test_an_amount_is_said_with_its_unit(value: int, unit: str, en: str, zh: str) -> None:
    assert (amount(value, unit, EN.translate), amount(value, unit, ZH.translate)) == (en, zh)


@pytest.mark.parametrize("code", ["V08", "V09"])
def test_what_is_late_by_the_clock_is_late_by_days_and_hours(code: str) -> None:
    numbers: dict[str, Number] = {"unit": "instant", "overdue": 14950, "due_at": 0, "ended_at": 897_000_000_000}
    assert sentence(RULES[code], "moment", numbers, EN).endswith(": 10 days 9 hours 10 minutes late.")
    assert sentence(RULES[code], "moment", numbers, ZH).endswith("，迟10天9小时10分钟。")


def test_every_word_and_sentence_has_its_chinese() -> None:
    known = translations("zh")
    for rule in RULES.values():
        told = [rule.sentence] if isinstance(rule.sentence, str) else list(rule.sentence.values())
        for message in (rule.title, *told, *rule.words.values()):
            assert known.gettext(message) != message, message


def test_every_procedure_and_every_stage_of_ours_has_its_name_in_a_sentence() -> None:
    items = [version for item in catalogue().items() for version in item.versions]
    clocks = {limit.clock for version in items for limit in version.limits}
    stages = {clock.removeprefix(STAGE_PREFIX) for clock in clocks if clock.startswith(STAGE_PREFIX)}
    assert stages
    for rule, name, codes in (("V10", "stage", stages), ("V13", "pause_type", {*PauseKind, *PAUSE_TYPES})):
        for code in codes:
            assert not re.search("[A-Za-z]", spoken(RULES[rule], name, {name: str(code)}, ZH)), code


def test_the_procedures_of_the_law_have_names() -> None:
    numbers: dict[str, Number] = {"pause_type": "expert-review", "faults": "no-notice", "from_on": 18414}
    assert "（专家评审）" in sentence(RULES["V13"], "no-notice", numbers, ZH)


def test_a_stage_is_called_by_its_name() -> None:
    numbers: dict[str, Number] = {"stage": "review", "unit": "hour", "taken": 90, "allowed": 60, "overdue": 30}
    numbers |= {"started_on": 18414, "due_at": 0, "ended_at": 1}
    assert "“审查”" in sentence(RULES["V10"], "moment", numbers, ZH)
    assert "1 hour 30 minutes taken, 1 hour allowed, 30 minutes over" in sentence(RULES["V10"], "moment", numbers, EN)


def test_what_a_faulty_year_finds_is_said_without_a_hole_and_without_a_code() -> None:
    faulty = faulty_set()
    for finding in findings_of(log_at(faulty.rows, faulty.as_of)):
        rule = RULES[finding.rule]
        for how in (EN, ZH):
            said = sentence(rule, finding.variant, finding.numbers, how)
            assert not re.search(r"%\(|–|\b1 (working days|days|hours|minutes|times)\b", said), said
        # what is left in Latin letters: offices and papers of the invented city, and a procedure that nobody knows
        latin = set(re.findall(r"[A-Za-z][\w-]*", said)) - set(str(finding.numbers).replace("'", " ").split())
        assert not {word for word in latin if word in rule.words}, said
