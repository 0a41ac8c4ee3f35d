"""The words of basis: a limit has a unit, a source has a place and a time, money has no halves, masks hide enough."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from portal.basis import (
    CalendarDays,
    Fen,
    Hours,
    LegalSource,
    Limit,
    Months,
    Norm,
    Unit,
    WorkingDays,
    WorkingMinutes,
    mask_identity_number,
    mask_name,
    mask_phone,
)


@pytest.mark.parametrize(
    ("limit", "unit", "compares_dates"),
    [
        (WorkingDays(5), Unit.WORKING_DAY, True),
        (CalendarDays(5), Unit.CALENDAR_DAY, True),
        (Months(5), Unit.MONTH, True),
        (WorkingMinutes(5), Unit.WORKING_MINUTE, False),
        (Hours(5), Unit.HOUR, False),
    ],
)
def test_a_limit_is_a_number_with_a_unit_that_knows_how_it_is_judged(
    limit: Limit, unit: Unit, compares_dates: bool
) -> None:
    assert (limit.n, limit.unit, limit.unit.compares_dates) == (5, unit, compares_dates)
    assert str(limit) == f"5 {unit}"


def test_equal_numbers_of_different_units_are_different_limits() -> None:
    assert WorkingDays(5) == Limit(5, Unit.WORKING_DAY)
    assert WorkingDays(5) != CalendarDays(5)


def test_a_limit_of_less_than_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="on the spot"):
        WorkingDays(-1)
    assert WorkingDays(0).n == 0


SOURCE = LegalSource(
    "安阳市政务服务条例", "第五十条", area="4105", item_types=("inquiry",),
    in_force_from=date(2021, 5, 1), until=date(2024, 1, 1),
)  # fmt: skip


@pytest.mark.parametrize(
    ("on", "area", "item_type", "applies"),
    [
        (date(2021, 5, 1), "410500", "inquiry", True),
        (date(2021, 4, 30), "410500", "inquiry", False),
        (date(2023, 12, 31), "410502", "inquiry", True),
        (date(2024, 1, 1), "410500", "inquiry", False),
        (date(2022, 1, 1), "410100", "inquiry", False),
        (date(2022, 1, 1), "410500", "licence", False),
        (date(2022, 1, 1), "410500", None, False),
    ],
)
def test_a_source_applies_in_its_time_its_place_and_to_its_kind(
    on: date, area: str, item_type: str | None, applies: bool
) -> None:
    assert SOURCE.applies(on=on, area=area, item_type=item_type) is applies


def test_a_national_source_without_kinds_applies_everywhere_to_everything() -> None:
    source = LegalSource("行政许可法", "第八十二条", in_force_from=date(2004, 7, 1))
    assert source.applies(on=date(2026, 1, 1), area="450100", item_type="anything")
    assert str(source) == "《行政许可法》第八十二条"


def test_a_norm_is_in_force_up_to_the_day_before_it_no_longer_is() -> None:
    norm = Norm("n", "name", None, "CN", date(2020, 1, 1), until=date(2021, 1, 1))
    days = (date(2019, 12, 31), date(2020, 1, 1), date(2020, 12, 31), date(2021, 1, 1))
    assert [norm.is_in_force(day) for day in days] == [False, True, True, False]


def test_money_is_whole_fen() -> None:
    assert Fen.from_yuan("12.34") == Fen(1234)
    assert (Fen(1234) + Fen(6) - Fen(240)).yuan == Decimal(10)
    assert str(Fen(1050)) == "10.50"
    assert Fen(99) < Fen(100)
    with pytest.raises(ValueError, match="two decimals"):
        Fen.from_yuan("0.001")


@pytest.mark.parametrize(
    ("masked", "expected"),
    [
        (mask_name("张女士"), "张**"),
        (mask_name("李"), "*"),
        (mask_name("欧阳先生们"), "欧**"),
        (mask_identity_number("410502199001011234"), "410***********1234"),
        (mask_identity_number("123456789"), "*********"),
        (mask_phone("13812345678"), "138****5678"),
        (mask_phone("1234567"), "*****67"),
        (mask_phone("1"), "1"),
    ],
)
def test_a_mask_leaves_enough_to_know_ones_own_and_no_more(masked: str, expected: str) -> None:
    assert masked == expected
