"""The audit command: its files, its figures, its refusals; the same input gives the same bytes."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from portal.audit.listing import safe
from portal.audit.parameters import WORDS, told
from portal.audit.texts import translations
from portal.cli import main
from portal.compliance.registry import all_rules
from tests.compliance.shared import MAPPINGS, real_log

MAPPING = """
[log]
name = "Permits of Springfield"
timezone = "America/New_York"
calendar = "weekdays"
area = "990100"
item_type = "permit"
opens = "{opens}"

[case]
id = "id"

[[event]]
kind = "received"
at = "opened"
required = true
office = "office"

[[event]]
kind = "delivered"
at = "closed"

[[limit]]
clock = "feedback"
n = 5
unit = "working-day"
"""
ROWS = """id,opened,closed,office
1,2020-09-14 10:00:00,2020-09-16 10:00:00,north
2,2020-09-14 10:00:00,2020-09-22 10:00:00,=cmd|' /C calc'!A0
3,2020-09-14 10:00:00,,<b>south</b>
4,never,,north
"""


@pytest.fixture
def log(tmp_path: Path) -> Path:
    (tmp_path / "mapping.toml").write_text(MAPPING.format(opens="judge"))
    path = tmp_path / "log.csv"
    path.write_text(ROWS)
    return path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["audit", *map(str, arguments)])


def audited(log: Path, *options: object, folder: str = "out") -> dict[str, Any]:
    out = log.parent / folder
    result = run(log, "--mapping", log.parent / "mapping.toml", "--out", out, "--as-of", "2020-10-01", *options)
    assert result.exit_code == 0, result.output
    figures: dict[str, Any] = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    return figures


def test_the_summary_holds_every_figure(log: Path) -> None:
    figures = audited(log, "--lang", "en")
    assert {"cases", "events", "refused", "findings", "not_applicable", "flows", "calendar", "rules", "digest"} <= set(
        figures
    )
    assert (figures["cases"], figures["events"]) == (3, 5)
    assert [(row["row"], row["column"]) for row in figures["refused"]] == [(5, "opened")]
    assert figures["findings"]["V08"] == {"notice": 0, "yellow": 1, "red": 1}
    assert figures["judged"]["V08"] == {"closed": 2, "closed_late": 1, "open": 1, "open_late": 1}
    assert "decided" in figures["not_applicable"]["V09"]
    assert {rule.code for rule in all_rules()} == set(figures["findings"]) | set(figures["not_applicable"])


def test_the_same_input_gives_the_same_bytes(log: Path) -> None:
    audited(log, folder="a")
    audited(log, folder="b")
    audited(log, "--engine", "duckdb", folder="c")
    files = [{path.name: path.read_bytes() for path in sorted((log.parent / out).iterdir())} for out in "abc"]
    assert set(files[0]) == {"summary.json", "findings.csv", "report.html"}
    assert files[0] == files[1] == files[2]


def test_the_digest_moves_with_the_input_and_not_with_the_language(log: Path) -> None:
    one, other = audited(log, "--lang", "en"), audited(log, "--lang", "zh", folder="zh")
    assert one["digest"] == other["digest"]
    log.write_text(ROWS.replace("09-22", "09-23"))
    assert audited(log)["digest"] != one["digest"]


def test_no_cell_of_the_table_is_a_formula(log: Path) -> None:
    audited(log)
    content = (log.parent / "out" / "findings.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    table = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in table for cell in row.values())
    table = [row for row in table if row["rule"] == "V08"]
    assert [row["subject"] for row in table] == ["case/2", "case/3"]
    assert [row["state"] for row in table] == ["closed", "open"]
    assert table[0]["office"].startswith("'=cmd")
    assert json.loads(table[0]["numbers"])["due_on"] == "2020-09-21"


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@a", "\tx", "\rx", "＝1"])
def test_what_could_begin_a_formula_is_written_as_text(cell: str) -> None:
    assert safe(cell) == f"'{cell}"
    assert safe("V08") == "V08"
    assert safe(None) == ""


class _Addresses(HTMLParser):
    """Everything by which a page could ask for another file."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.found += [value or "" for name, value in attrs if name in ("src", "href", "srcset", "data", "action")]


@pytest.mark.parametrize(("language", "title"), [("en", "Audit of Permits of Springfield"), ("zh", None)])
def test_the_report_needs_no_other_file_and_speaks_its_language(log: Path, language: str, title: str | None) -> None:
    audited(log, "--lang", language)
    text = (log.parent / "out" / "report.html").read_text(encoding="utf-8")
    page = _Addresses()
    page.feed(text)
    assert page.found == []
    assert not {"script", "link", "img", "iframe", "form"} & set(page.tags)
    assert "url(" not in text
    assert "@page" in text
    assert "<b>south</b>" not in text
    assert "&lt;b&gt;south&lt;/b&gt;" in text
    wanted = title or translations("zh").gettext("Findings by rule")
    assert wanted in text
    assert "%(" not in text
    assert f'lang="{"en" if language == "en" else "zh-Hans"}"' in text


def test_the_explanations_carry_the_numbers(log: Path) -> None:
    audited(log, "--lang", "en")
    text = (log.parent / "out" / "report.html").read_text(encoding="utf-8")
    assert "6 working days taken, 5 working days allowed, 1 working day over" in re.sub(r"\s+", " ", text)
    assert "21 Sept 2020" in text


def test_of_one_grade_the_latest_comes_first(log: Path) -> None:
    log.write_text(
        ROWS + "5,2020-09-14 10:00:00,2020-09-28 10:00:00,north\n6,2020-09-14 10:00:00,2020-09-24 10:00:00,north\n"
    )
    audited(log, "--lang", "en")
    text = (log.parent / "out" / "report.html").read_text(encoding="utf-8")
    assert re.findall(r"<code>case/(\d)</code>", text) == ["3", "5", "6", "2"]


def test_every_parameter_is_told_in_words_with_its_unit(log: Path) -> None:
    for rule in all_rules():
        for name, parameter in rule.parameters.items():
            words, value = told(rule, name, parameter, str)
            assert words != name, f"{rule.name}: portal/audit/parameters.py has no words for {name}"
            assert value
    audited(log, "--lang", "en")
    text = (log.parent / "out" / "report.html").read_text(encoding="utf-8")
    assert "a batch lies within: 10 minutes" in text
    assert "acts by night begin at: 18:00" in text
    assert "bulk_minutes" not in text


def test_no_words_are_kept_for_a_parameter_that_no_rule_has() -> None:
    names = {name for rule in all_rules() for name in rule.parameters}
    assert {words.split()[-1] for words in WORDS} <= names


def test_an_extract_lists_its_open_cases_beside(log: Path) -> None:
    (log.parent / "mapping.toml").write_text(MAPPING.format(opens="beside"))
    figures = audited(log)
    assert figures["findings"]["V08"] == {"notice": 0, "yellow": 1, "red": 0}
    assert figures["beside"]["V08"] == 1
    assert "case/3" in (log.parent / "out" / "open.csv").read_text(encoding="utf-8-sig")


def test_a_period_and_a_moment_narrow_the_audit(log: Path) -> None:
    assert audited(log, "--from", "2020-09-15")["cases"] == 0
    log_before = run(
        log, "--mapping", log.parent / "mapping.toml", "--as-of", "2020-09-21T23:00", "--out", log.parent / "early"
    )
    assert log_before.exit_code == 0
    early = json.loads((log.parent / "early" / "summary.json").read_text())
    assert early["findings"]["V08"] == {"notice": 0, "yellow": 0, "red": 0}
    assert early["as_of"] == "2020-09-22T03:00:00Z"


def test_the_moment_of_judgement_is_the_logs_last_instant_when_none_is_given(log: Path) -> None:
    result = run(log, "--mapping", log.parent / "mapping.toml", "--out", log.parent / "out")
    assert result.exit_code == 0
    figures = json.loads((log.parent / "out" / "summary.json").read_text())
    assert figures["as_of"] == "2020-09-22T14:00:00Z"


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--out", "x"], "name one source"),
        (["log.csv", "--db", "--out", "x"], "name one source"),
        (["--db", "--mapping", "mapping.toml", "--out", "x"], "give the LOG too"),
        (["log.csv", "--mapping", "mapping.toml"], "--out"),
        (["gone.csv", "--mapping", "mapping.toml", "--out", "x"], "There is no file gone.csv"),
        (["log.csv", "--mapping", "gone.toml", "--out", "x"], "gone.toml"),
        (["log.csv", "--mapping", "mapping.toml", "--as-of", "soon", "--out", "x"], "soon is neither a day"),
        (
            ["log.csv", "--mapping", "mapping.toml", "--from", "2019-02-01", "--to", "2019-01-31", "--out", "x"],
            "--to lies before --from",
        ),
        (["log.csv", "--mapping", "mapping.toml", "--out", "log.csv"], "cannot be written to log.csv"),
        (["other.csv", "--mapping", "mapping.toml", "--out", "x"], "other.csv has no column opened"),
        (["log.csv", "--out", "x"], "add --mapping"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line_and_ends_with_2(
    log: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], named: str
) -> None:
    monkeypatch.chdir(log.parent)
    (log.parent / "other.csv").write_text("id,closed\n1,2\n")
    result = run(*arguments)
    assert result.exit_code == 2, result.output
    assert named in result.output
    assert "Traceback" not in result.output


def test_messages_are_audited_by_the_command_as_a_process_of_its_own(tmp_path: Path) -> None:
    path = real_log("cn_messages/replies.csv.gz")
    arguments = [path, "--mapping", MAPPINGS / "cn_messages.toml", "--out", tmp_path / "out"]
    subprocess.run([sys.executable, "-m", "portal.cli", "audit", *map(str, arguments)], check=True, capture_output=True)
    figures = json.loads((tmp_path / "out" / "summary.json").read_text(encoding="utf-8"))
    assert sum(figures["findings"]["V08"].values()) == 878


def test_no_word_of_a_message_reaches_the_report(tmp_path: Path) -> None:
    path = real_log("cn_messages/replies.csv.gz")
    result = run(path, "--mapping", MAPPINGS / "cn_messages.toml", "--lang", "en", "--out", tmp_path / "out")
    assert result.exit_code == 0
    written = "".join(file.read_text(encoding="utf-8-sig") for file in (tmp_path / "out").iterdir())
    han = set(re.findall("[\u4e00-\u9fff]", written))
    own = set("".join(str(source) for rule in all_rules() for source in rule.sources))
    assert han - own == set()


def test_the_flows_of_the_permits_stand_in_the_summary(tmp_path: Path) -> None:
    path = real_log("nl_permit/receipt.csv.gz")
    assert run(path, "--mapping", MAPPINGS / "nl_permit.toml", "--out", tmp_path).exit_code == 0
    figures = json.loads((tmp_path / "summary.json").read_text(encoding="utf-8"))
    returns = {carrier: (flow["returns"], flow["cases_with_returns"]) for carrier, flow in figures["flows"].items()}
    assert returns == {"resource": (56, 46), "group": (66, 53)}
    assert (figures["cases"], figures["events"]) == (687, 4040)
    assert figures["judged"]["V09"]["closed"] == 637
    assert sum(figures["findings"]["V09"].values()) == 177
