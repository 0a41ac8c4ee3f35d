"""R19: what has been kept long enough is erased by the daily job, not a day before, and a report says so."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from portal import vault
from portal.basis import By, Role
from portal.cases import operations
from portal.cases.model import CaseState, Step
from portal.data_rights.model import KEEPINGS
from portal.data_rights.queries import retention_runs
from portal.scheduler.jobs import sweep_data
from portal.store import reading, transaction
from tests.cases.city import MONDAY, Staff, at, case_maker, employ
from tests.requirements.handing_in import Planting, plant

WITHDRAWN = MONDAY + timedelta(hours=1)
TWO_YEARS_ON = at("Saturday 2028-03-04 03:10")  # the case closed on Monday 2 March 2026


@pytest.fixture
def staff(database: Flask) -> Staff:  # noqa: ARG001 -- its context is what is needed
    with transaction():
        return employ()


@pytest.fixture
def planted(staff: Staff, tmp_path: Path) -> list[Planting]:
    found = plant(staff, tmp_path, at=MONDAY, people=2)
    with transaction():
        operations.record(found[0].number, Step.WITHDRAW, by=By(found[0].applicant, Role.APPLICANT), at=WITHDRAWN)
    return found


def states(planted: list[Planting]) -> list[str]:
    with reading():
        return [vault.state_of(f"case/{one.number}") for one in planted]


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (at("Thursday 2028-03-02 03:10"), "open"),  # the day itself is still kept
        (at("Friday 2028-03-03 03:10"), "erased"),
    ],
)
def test_a_withdrawn_case_is_erased_after_two_years_and_an_open_one_never(
    planted: list[Planting], moment: datetime, expected: str
) -> None:
    sweep_data(moment)
    assert states(planted) == [expected, "open"]


def test_a_decided_case_is_kept_for_ten_years(staff: Staff) -> None:
    number = case_maker(staff)(to=CaseState.DELIVERED)
    for moment, expected in ((TWO_YEARS_ON, "open"), (at("Sunday 2036-03-02 03:10"), "open")):
        sweep_data(moment)
        assert vault.state_of(f"case/{number}") == expected
    sweep_data(at("Wednesday 2036-03-05 03:10"))
    assert vault.state_of(f"case/{number}") == "erased"


def test_locked_data_are_erased_too_when_their_time_has_come(planted: list[Planting]) -> None:
    with transaction():
        vault.lock(f"case/{planted[0].number}", why="asked", by="u1", at=WITHDRAWN)
    sweep_data(TWO_YEARS_ON)
    assert states(planted)[0] == "erased"


def test_a_second_run_erases_nothing_more_and_every_run_is_reported(planted: list[Planting]) -> None:
    assert sweep_data(TWO_YEARS_ON) == 1
    assert sweep_data(TWO_YEARS_ON) == 0
    assert states(planted) == ["erased", "open"]
    with reading():
        runs = retention_runs()
    assert {run.sort for run in runs} == {keeping.sort for keeping in KEEPINGS}
    assert sum(run.erased for run in runs) == 1


def test_every_class_names_its_source() -> None:
    assert all(keeping.source.norm for keeping in KEEPINGS)
