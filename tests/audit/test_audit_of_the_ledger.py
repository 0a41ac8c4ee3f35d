"""`portal audit --db`: the ledger of this portal, judged by the limits of its catalogue."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner

from portal import create_app, store
from portal.audit.names import Names
from portal.audit.texts import speech
from portal.basis import By, Role
from portal.catalogue.queries import catalogue
from portal.cli import main
from portal.compliance.engine import Number
from portal.compliance.registry import all_rules
from portal.compliance.sentences import sentence
from portal.ledger.operations import append

SHANGHAI = ZoneInfo("Asia/Shanghai")
OFFICE = "social-insurance"
LI = By("li", Role.APPLICANT)
ANNA = By("anna", Role.CLERK, office=OFFICE, post="front")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A portal with Mr Li's case: received on Monday 2020-09-14, delivered after the holiday."""
    monkeypatch.setenv("YINUO_INSTANCE", str(tmp_path))
    app = create_app(instance=tmp_path)
    store.upgrade(app)
    case, version = "case/990100-2020-000001", "unemployment-subsidy@1"
    with app.app_context(), store.transaction():
        handed_in: dict[str, Any] = {"applicant": "li", "matter": "unemployment-subsidy/all"}
        append(case, "submitted", handed_in, by=LI, at=at("2020-09-14 10:00"), channel="web", item_version=version)
        received = {"counted_from": date(2020, 9, 14)}
        append(case, "received", received, by=ANNA, at=at("2020-09-14 10:00"), channel="web", item_version=version)
        append(case, "accepted", {}, by=ANNA, at=at("2020-09-15 09:00"), item_version=version)
        append(case, "delivered", {}, by=ANNA, at=at("2020-10-13 16:00"), item_version=version)
    return tmp_path


def figures(instance: Path, *options: str) -> dict[str, Any]:
    out = instance / "report"
    result = CliRunner().invoke(main, ["audit", "--db", "--lang", "en", "--out", str(out), *options])
    assert result.exit_code == 0, result.output
    told: dict[str, Any] = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    return told


@pytest.mark.parametrize(
    ("as_of", "severity", "taken"),
    [("2020-09-22T12:00", "yellow", 6), ("2020-09-28T12:00", "red", 11), ("2020-10-13T17:00", "red", 17)],
)
def test_mr_lis_case_is_found_in_the_ledger(instance: Path, as_of: str, severity: str, taken: int) -> None:
    found = figures(instance, "--as-of", as_of)["findings"]["V08"]
    assert found == {"notice": 0, "yellow": 0, "red": 0} | {severity: 1}
    assert f"{taken} working days taken, 5 working days allowed" in (instance / "report" / "findings.csv").read_text(
        encoding="utf-8-sig"
    )


def test_the_ledger_is_judged_as_of_its_last_instant_by_default(instance: Path) -> None:
    told = figures(instance)
    assert (told["as_of"], told["cases"], told["events"]) == ("2020-10-13T08:00:00Z", 1, 4)


def test_the_digest_of_the_input_grows_with_the_ledger(instance: Path) -> None:
    before = figures(instance)["input"]
    assert figures(instance)["input"] == before
    app = create_app(instance=instance)
    with app.app_context(), store.transaction():
        append("case/990100-2020-000001", "archived", {}, by=ANNA, at=at("2020-10-13 17:00"))
    assert figures(instance)["input"] != before


def test_an_empty_ledger_has_nothing_to_find(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YINUO_INSTANCE", str(tmp_path))
    store.upgrade(create_app(instance=tmp_path))
    told = figures(tmp_path)
    assert (told["cases"], told["events"]) == (0, 0)
    assert all(not any(counts.values()) for counts in told["findings"].values())


def test_our_own_offices_are_named_as_the_catalogue_names_them(instance: Path) -> None:
    figures(instance)
    text = (instance / "report" / "report.html").read_text(encoding="utf-8")
    name = catalogue().office(OFFICE).name.en
    assert name in text
    assert f">{OFFICE}<" not in text


def test_an_office_that_only_a_foreign_log_knows_keeps_the_name_it_has_there() -> None:
    known = Names({OFFICE: catalogue().office(OFFICE).name})
    assert speech("zh", "UTC", known).office(OFFICE) == known.offices[OFFICE].zh
    assert speech("zh", "UTC", known).office("PWDx") == "PWDx"


def test_what_a_notice_asked_for_is_named_as_the_item_of_its_case_names_it() -> None:
    numbers: dict[str, Number] = {"noticed_on": 20_000, "demands": "layout|process|fire-plan", "notices": 2}
    known = Names(versions={"case/1": "food-licence@1"})
    rule = next(rule for rule in all_rules() if rule.code == "V05")
    said = sentence(rule, None, numbers, speech("zh", "UTC", known), "case/1")
    named = [catalogue().version("food-licence@1").material(code).name.zh for code in ("layout", "process")]  # type: ignore[union-attr]
    assert f"{named[0]}、{named[1]}、fire-plan" in said, "a code that the item does not know stands"
    assert "layout、" in sentence(rule, None, numbers, speech("zh", "UTC"), "case/1")
