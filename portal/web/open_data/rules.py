"""By what offices are judged, for everybody: each rule with its law, its numbers and its dates."""

from __future__ import annotations

from pathlib import Path

from flask import abort, current_app
from flask.typing import ResponseReturnValue

from portal.audit.rule_pages import by_code, page_of
from portal.compliance.registry import all_rules
from portal.compliance.rule import Rule
from portal.web.page import page
from portal.web.refused import comma
from portal.web.staff.findings import speech


def rules() -> ResponseReturnValue:
    return page(rules={code: versions[0] for code, versions in _versions().items()})


def one_rule(rule: str) -> ResponseReturnValue:
    """By its code."""
    versions = _versions().get(rule.upper())
    if versions is None:
        abort(404)
    return page(versions=[page_of(one, speech()) for one in versions], comma=comma())


def _versions() -> dict[str, list[Rule]]:
    return by_code(all_rules(Path(current_app.instance_path) / "rules"))
