"""One audit from a source of events to its files."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from portal.audit.listing import listing
from portal.audit.names import Names
from portal.audit.report import report
from portal.audit.summary import summary
from portal.audit.texts import speech
from portal.basis import N_, Refusal
from portal.compliance.engine import Judgement, judge
from portal.compliance.engines import on_engine
from portal.compliance.load import Period, Source
from portal.compliance.rule import Rule

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class CannotWrite(Refusal):
    """The folder for the report cannot be used."""


@dataclass(frozen=True, slots=True)
class Audit:
    """Everything that an audit found, before it is written in a language."""

    source: Source
    rules: tuple[Rule, ...]
    judgement: Judgement
    period: Period

    @property
    def scope(self) -> dict[str, str | None]:
        """The moment of judgement (UTC) and the period of hand-in, as texts."""
        moment = _EPOCH + timedelta(microseconds=self.source.log.as_of.at)
        first, last = self.period
        return {
            "as_of": moment.isoformat().replace("+00:00", "Z"),
            "from": first.isoformat() if first else None,
            "to": last.isoformat() if last else None,
        }


def audit(
    source: Source,
    rules: Sequence[Rule],
    *,
    engine: str = "polars",
    period: Period = (None, None),
    parameters: Mapping[str, Mapping[str, int]] | None = None,
    progress: Callable[[str], object] = str,
) -> Audit:
    """Put every rule to the source on that engine; the findings do not depend on which."""
    with on_engine(source.log, engine) as log:
        judgement = judge(
            log, rules, parameters=parameters, opens=source.opens, sources=source.sources, progress=progress
        )
    return Audit(source, tuple(rules), judgement, period)


def write(done: Audit, folder: Path, language: str, *, names: Names | None = None) -> dict[str, Any]:
    """Write summary.json, findings.csv, report.html, and open.csv for an extract; return the summary.

    ``names``: of a log that is our own; codes stay in the columns of findings.csv.

    :raises CannotWrite: the folder cannot be made or written.
    """
    words = speech(language, done.source.zone, names)
    figures = summary(done.source, done.judgement, done.rules, done.scope, words)
    by_version = {(rule.code, rule.version): rule for rule in done.rules}
    files = {
        "summary.json": (json.dumps(figures, ensure_ascii=False, indent=2) + "\n").encode(),
        "findings.csv": listing(done.judgement.findings, by_version, words),
        "report.html": report(done.judgement, by_version, figures, language, words).encode(),
    }
    if done.source.opens == "beside":
        files["open.csv"] = listing(done.judgement.beside, by_version, words)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (folder / name).write_bytes(content)
    except OSError as error:
        raise CannotWrite(
            N_("The report cannot be written to %(folder)s (%(why)s); give another folder after --out."),
            values={"folder": str(folder), "why": error.strerror or type(error).__name__},
        ) from None
    return figures
