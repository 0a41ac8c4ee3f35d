"""An audit of a period: every rule over the whole ledger, kept as a folder of files that anybody can compare."""

from __future__ import annotations

import csv
import io
import json
import re
import secrets
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from flask import abort, current_app, flash, g, redirect, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from portal import audit as audits_of
from portal.accounts.policy import Act, require
from portal.catalogue.queries import catalogue, halls_table, limits_table
from portal.compliance.load import HOME_ZONE, from_events
from portal.compliance.registry import all_rules
from portal.compliance.rule import Severity
from portal.ledger import queries as ledger
from portal.store import reading
from portal.web.forms import DateField, Form, ValidationError
from portal.web.language import LANGUAGES, language
from portal.web.page import page
from portal.web.staff.findings import SEVERITY_SHAPES, SEVERITY_TITLES, rules
from portal.web.staff.people import office_name
from portal.web.wording import zone

FILES = {"summary.json": "application/json", "findings.csv": "text/csv", "report.html": "text/html"}
ROWS_SHOWN = 200
MOST_LISTED = 20
_NAME = re.compile(r"[0-9]{8}-[0-9]{6}-[0-9a-f]{8}")


class AuditForm(Form):
    opened_from = DateField(_l("Cases handed in from (optional)"), description=_l("For example 2026 9 1"))
    opened_to = DateField(_l("Cases handed in until (optional)"), description=_l("For example 2026 9 30"))
    as_of = DateField(
        _l("Judged as of (optional)"),
        description=_l("The end of that day; left empty, this moment"),
    )

    def validate_opened_to(self, field: DateField) -> None:
        if field.data and self.opened_from.data and field.data < self.opened_from.data:
            raise ValidationError(gettext("The last day lies before the first; swap the two"))

    def validate_as_of(self, field: DateField) -> None:
        if field.data and field.data > g.today:
            raise ValidationError(gettext("This day is still to come: nothing has happened on it yet"))


def listing() -> ResponseReturnValue:
    require(g.by, Act.RUN_AUDIT)
    form = AuditForm()
    if form.validate_on_submit():
        name = f"{g.now:%Y%m%d-%H%M%S}-{secrets.token_hex(4)}"
        _run(form, folder() / name)
        flash(gettext("The audit is done."), "success")
        return redirect(url_for("supervisor.audit", name=name), 303)
    return page(form=form, done=_done()), form.status


def folder() -> Path:
    return Path(current_app.instance_path) / "audits"


def _run(form: AuditForm, into: Path) -> None:
    """In the language of the page, as `portal audit --db` would do it; the same ledger gives the same bytes."""
    period = (form.opened_from.data, form.opened_to.data)
    found = all_rules(Path(current_app.instance_path) / "rules")
    with reading():
        limits, halls, as_of = limits_table(catalogue()), halls_table(catalogue()), _moment(form.as_of.data)
        source = from_events(ledger.stream(), limits=limits, halls=halls, as_of=as_of, opened=period)
        done = audits_of.audit(source, found, period=period)
    into.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    audits_of.write(done, into, LANGUAGES[language()].code, names=audits_of.own_names(source))


def _moment(day: date | None) -> datetime:
    if day is None or day == g.today:
        at: datetime = g.now
        return at
    return datetime.combine(day + timedelta(1), time(), zone()) - timedelta(microseconds=1)


def _done() -> list[tuple[str, dict[str, Any]]]:
    """The newest first."""
    if not folder().is_dir():
        return []
    names = sorted((path.name for path in folder().iterdir() if _NAME.fullmatch(path.name)), reverse=True)
    return [
        (name, json.loads(file.read_text()))
        for name in names[:20]
        if (file := folder() / name / "summary.json").is_file()
    ]


def _file(name: str, file: str) -> Path:
    found = folder() / name / file
    if not _NAME.fullmatch(name) or file not in FILES or not found.is_file():
        abort(404)
    return found


def audit(name: str) -> ResponseReturnValue:
    require(g.by, Act.RUN_AUDIT)
    figures = json.loads(_file(name, "summary.json").read_text())
    rows = list(csv.DictReader(io.StringIO(_file(name, "findings.csv").read_text(encoding="utf-8-sig"))))
    ranks = {severity.value: severity.rank for severity in Severity}
    gravest = sorted(rows, key=lambda row: -ranks[row["severity"]])
    return page(
        name=name,
        figures=figures,
        as_of=datetime.fromisoformat(figures["as_of"]),
        first=_day(figures["from"]),
        last=_day(figures["to"]),
        rows=gravest[:ROWS_SHOWN],
        total=len(rows),
        severities=list(reversed(Severity)),
        severity_titles=SEVERITY_TITLES,
        severity_shapes=SEVERITY_SHAPES,
        totals={s: sum(counts[s.value] for counts in figures["findings"].values()) for s in Severity},
        rule_titles={rule.code: rule.title for rule in rules().values()},
        office_name=office_name,
        files=list(FILES),
        zone_name=HOME_ZONE,
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def audit_file(name: str, file: str) -> ResponseReturnValue:
    """Always a download: the report carries styles of its own, which our pages refuse."""
    require(g.by, Act.RUN_AUDIT)
    return send_file(
        io.BytesIO(_file(name, file).read_bytes()),
        mimetype=FILES[file],
        as_attachment=True,
        download_name=f"yinuo-audit-{name}-{file}",
    )
