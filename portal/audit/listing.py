"""Findings as a table for spreadsheets: no cell of it can become a formula."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping

from portal.compliance.engine import Finding
from portal.compliance.rule import Rule
from portal.compliance.sentences import Speech, plain, sentence

HEADER = (
    "rule", "version", "severity", "subject", "on", "office", "post", "actor", "state", "explanation",
    "first_seq", "last_seq", "calendar", "lowered", "numbers",
)  # fmt: skip
# What begins a formula once blanks and marks that nobody sees are skipped, as some spreadsheets do. Wide and small
# forms count, because a spreadsheet may read them as the plain sign.
_UNSEEN = r"\s\x00-\x1f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
_DANGEROUS = re.compile(rf"[\t\r\n]|[{_UNSEEN}]*[=+\-@＝＋－＠﹦﹢﹣﹫−]")


def safe(cell: object) -> str:
    """Text that a spreadsheet shows and never computes; an apostrophe stands before what could begin a formula."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if _DANGEROUS.match(text) else text


def listing(findings: Iterable[Finding], rules: Mapping[tuple[str, int], Rule], speech: Speech) -> bytes:
    """UTF-8 with the mark that spreadsheets ask for; one row per finding, in the engine's order."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(HEADER)
    for finding in findings:
        rule = rules[finding.rule, finding.version]
        numbers = json.dumps(plain(finding.numbers), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        cells = (
            finding.rule,
            finding.version,
            finding.severity.value,
            finding.subject,
            finding.on.isoformat(),
            finding.office,
            finding.post,
            finding.actor,
            "open" if finding.is_open else "closed",
            sentence(rule, finding.variant, finding.numbers, speech, finding.subject),
            finding.first_seq,
            finding.last_seq,
            finding.calendar,
            finding.lowered,
            numbers,
        )
        writer.writerow([safe(cell) for cell in cells])
    return "\ufeff".encode() + text.getvalue().encode()
