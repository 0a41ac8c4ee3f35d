"""What the rules about debts, demands, lists, bills and benefits say is said without a hole and without a code."""

from __future__ import annotations

import re
from importlib import import_module

import pytest

from portal.audit.texts import speech
from portal.compliance.amounts import amount
from portal.compliance.engine import Finding
from portal.compliance.sentences import sentence
from tests.compliance.record import found

MODULES = (
    "v26_unlisted_approval", "v27_category_split", "v28_material_outside_list", "v29_contradictory_elements",
    "v30_illegal_fee", "v33_old_debts_ignored", "v34_arrears", "v35_benefit_not_paid", "v36_power_marked_up",
    "v37_relief_kept",
)  # fmt: skip
EN, ZH = speech("en", "Asia/Shanghai"), speech("zh", "Asia/Shanghai")


def findings(name: str) -> list[Finding]:
    rule = import_module(f"portal.compliance.rules.{name}").RULE
    return found(import_module(f"tests.compliance.rules.test_{name}").everything(), rule)


@pytest.mark.parametrize("name", MODULES)
def test_a_finding_is_said_in_both_languages(name: str) -> None:
    rule = import_module(f"portal.compliance.rules.{name}").RULE
    held = findings(name)
    assert held
    for finding in held:
        for how in (EN, ZH):
            said = sentence(rule, finding.variant, finding.numbers, how)
            assert not re.search(r"%\(|–|\b1 (working days|calendar days|years)\b", said), said
        latin = set(re.findall(r"[a-z]+(?:-[a-z]+)+", said))
        assert not latin & (set(rule.words) | {rule.code}), said


@pytest.mark.parametrize(
    ("value", "unit", "en", "zh"),
    [
        (205_000_000, "fen", "2,050,000.00 yuan", "2,050,000.00元"),
        (1, "fen", "0.01 yuan", "0.01元"),
        (5666, "price", "0.5666 yuan", "0.5666元"),
        (941, "per-mille", "94.1 %", "94.1%"),
        (1, "year", "1 year", "1年"),
        (10, "year", "10 years", "10年"),
    ],
)
def test_sums_prices_and_shares_are_said_in_whole_units(value: int, unit: str, en: str, zh: str) -> None:
    assert (amount(value, unit, EN.translate), amount(value, unit, ZH.translate)) == (en, zh)
