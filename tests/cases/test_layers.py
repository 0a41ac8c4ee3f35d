"""The rules count on the calendar that the office keeps: the nation's, under its areas' layers and its own."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from portal.basis import files
from portal.cases import operations, queries
from portal.catalogue import queries as catalogue
from portal.compliance.load import from_events
from portal.compliance.log import Log, spans
from portal.ledger import queries as ledger
from portal.store import reading, transaction
from tests.cases.city import Maker, at, on
from tests.compliance.record import EPOCH, event, limit, record, row, rows, spoken

LAYER = """
[[notice]]
published = 2026-03-03
source = "例州市人民政府关于台风停工的通知"
number = "例政发〔2026〕3号"

[[notice.holiday]]
name = "台风"
off = [[2026-03-05, 2026-03-06]]
"""


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YINUO_INSTANCE", str(tmp_path))


def lay(scope: str, folder: Path) -> None:
    (folder / "areas").mkdir()
    (folder / "areas" / f"{scope}.toml").write_text(LAYER, encoding="utf-8")
    files.look_again()


@pytest.mark.parametrize(
    ("scope", "layers", "due"),
    [
        ("990100", "990000|990100|some-office", "Wednesday 2026-03-11"),
        ("some-office", "990000|990100|some-office", "Wednesday 2026-03-11"),
        ("another-office", "990000|990100|some-office", "Monday 2026-03-09"),
    ],
)
@pytest.mark.parametrize(("delivered", "moved"), [("Monday 2026-03-02", False), ("Thursday 2026-03-12", True)])
def test_a_layer_counts_for_who_is_under_it_once_it_was_known(
    scope: str, layers: str, due: str, delivered: str, moved: bool, tmp_path: Path
) -> None:
    lay(scope, tmp_path)
    events = [event("received", "Monday 2026-03-02 10:00"), event("delivered", f"{delivered} 16:00")]
    log = record(events, limit("feedback", 5, layers=layers))
    span = row(spans(log, start="received", stop="delivered", limit="feedback"))
    assert spoken(span["due_on"]) == (due if moved else "Monday 2026-03-09")


@pytest.mark.parametrize("scope", ["990100", "market-supervision"])
def test_the_audit_and_the_clock_of_the_case_name_the_same_day(scope: str, make_case: Maker, tmp_path: Path) -> None:
    number, elsewhere = make_case(), make_case("social-card", area="990000")
    lay(scope, tmp_path)
    now = at("Friday 2026-03-20 12:00")
    with transaction():
        operations.keep_calendars(now)
    with reading():
        told = {
            case: {clock.key: clock.due_on for clock in queries.case_page(case, at=now).clocks}
            for case in (number, elsewhere)
        }
        log = from_events(ledger.stream(), limits=catalogue.limits_table(catalogue.catalogue()), as_of=now).log
    assert judged(log, "accept", number) == told[number]["accept.1.promised"] == on("Wednesday 2026-03-11")
    assert judged(log, "feedback", elsewhere) == told[elsewhere]["feedback.1.promised"] == on("Monday 2026-03-16")


def judged(log: Log, clock: str, number: str) -> date:
    """The day by which the rules see that clock of the case due."""
    (subject,) = (entry["subject"] for entry in rows(log.subjects) if entry["name"] == f"case/{number}")
    found = rows(spans(log, start="received", stop="delivered", limit=clock))
    (day,) = (span["due_on"] for span in found if span["subject"] == subject)
    return EPOCH + timedelta(days=day)
