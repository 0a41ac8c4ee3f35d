"""`portal rules` tells what offices are judged by."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from portal.cli import main
from portal.compliance.registry import all_rules

OWN = '''
"""A rule of a deployment's own, in a second version."""
from datetime import date
from portal.basis import LegalSource
from portal.compliance.rule import Parameter, Rule

OLD, NEW = (
    Rule(
        "V90", title=f"Told late {n}", sentence="%(taken)s days", sources=(LegalSource("a norm", "article 1"),),
        needs=("decided",), parameters={"within": Parameter(n)}, version=n, in_force_from=first, until=until,
    )
    for n, first, until in ((1, date(2020, 1, 1), date(2021, 1, 1)), (2, date(2021, 1, 1), None))
)
OLD.check(lambda log, within: log)
NEW.check(lambda log, within: log)
'''


def told(*words: str) -> Result:
    return CliRunner().invoke(main, ["rules", *words])


def test_the_list_has_a_line_for_each_rule_in_both_languages() -> None:
    codes = sorted({rule.code for rule in all_rules()})
    for language in ("zh", "en"):
        lines = told("list", "--lang", language).output.splitlines()
        assert [line.split()[0] for line in lines] == codes
    assert "V08  v1  结果反馈超时" in told("list").output


def test_a_rule_is_shown_with_law_numbers_and_dates() -> None:
    shown = told("show", "v04", "--lang", "en").output
    for line in (
        "V04 Not accepted in time",
        "    - 《行政许可法》第三十二条第一款第四项, for administrative permits, from 1 Jul 2004",
        "    - red card when over the limit by: 3 working days (our own number)",
    ):
        assert line in shown.splitlines()


def test_a_deployments_own_versions_stand_newest_first_with_their_days(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "own.py").write_text(OWN)
    monkeypatch.setenv("YINUO_INSTANCE", str(tmp_path))
    shown = told("show", "V90", "--lang", "en").output
    assert shown.index("Version 2, from 1 Jan 2021") < shown.index("Version 1, from 1 Jan 2020, before 1 Jan 2021")
    assert date(2021, 1, 1).isoformat() not in shown


def test_an_unknown_rule_says_which_there_are() -> None:
    result = told("show", "V99")
    assert result.exit_code == 2
    assert "V08" in result.output
