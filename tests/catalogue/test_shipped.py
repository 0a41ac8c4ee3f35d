"""The shipped catalogue: clean, in two languages, lawful on every day of its versions, narrow on every level."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest

from portal.basis import Bilingual, Unit
from portal.catalogue.checks import check
from portal.catalogue.loading import Folders
from portal.catalogue.model import CLOCKS, Catalogue, Channel, ItemType, Level, OfficeKind, PauseKind
from portal.catalogue.queries import SHIPPED, hours_names
from portal.ledger.kinds import KINDS

WANTED = [
    "unemployment-subsidy",
    "contribution-base",
    "insurance-change",
    "vehicle-lottery",
    "housing-fund-withdrawal",
    "hospital-appointment",
    "food-licence",
    "food-marking-deletion",
    "enterprise-opening",
    "tea-reward",
    "export-refund",
    "sole-trader",
    "real-estate-transfer",
    "residence-permit",
    "information-disclosure",
    "petition",
    "hotline-appeal",
    "pension-claim",
    "medical-claim",
    "maternity-allowance",
    "unemployment-benefit",
    "training-subsidy",
    "social-card",
    "hygiene-licence",
    "road-freight-licence",
    "birth-bundle",
]
TODAY = date(2026, 11, 23)


def texts(thing: object) -> Iterator[Bilingual]:
    if isinstance(thing, Bilingual):
        yield thing
    elif isinstance(thing, tuple):
        for part in thing:
            yield from texts(part)
    elif is_dataclass(thing):
        for each in fields(thing):
            yield from texts(getattr(thing, each.name))


def test_nothing_is_wrong_with_it() -> None:
    assert [str(defect) for defect in check(Folders((SHIPPED,)), hours_names(Path("/nowhere")))] == []


def test_the_items_asked_for_are_there_and_in_force(shipped: Catalogue) -> None:
    assert len(shipped.item_of) >= 24
    for code in WANTED:
        assert shipped.in_force(code, TODAY).code == code
    for code in ("unemployment-subsidy", "contribution-base", "insurance-change"):
        assert shipped.in_force(code, date(2020, 9, 14)).version == f"{code}@1"


@pytest.mark.parametrize(
    ("item", "clock", "n", "unit", "extension"),
    [
        ("unemployment-subsidy", "feedback", 5, Unit.WORKING_DAY, None),
        ("information-disclosure", "feedback", 20, Unit.WORKING_DAY, 20),
        ("petition", "decide", 60, Unit.CALENDAR_DAY, 30),
        ("hotline-appeal", "feedback", 5, Unit.WORKING_DAY, 5),
        ("hotline-appeal", "acknowledge", 24, Unit.HOUR, None),
        ("food-licence", "accept", 5, Unit.WORKING_DAY, None),
        ("food-licence", "deliver", 10, Unit.WORKING_DAY, None),
        ("enterprise-opening", "feedback", 3, Unit.WORKING_DAY, None),
        ("export-refund", "feedback", 5, Unit.WORKING_DAY, None),
        ("tea-reward", "feedback", 1, Unit.WORKING_DAY, None),
        ("housing-fund-withdrawal", "decide", 3, Unit.CALENDAR_DAY, None),
    ],
)
def test_promises(shipped: Catalogue, item: str, clock: str, n: int, unit: Unit, extension: int | None) -> None:
    limit = shipped.in_force(item, TODAY).limit(clock)
    assert limit is not None
    assert (limit.promised.n, limit.promised.unit) == (n, unit)
    assert (limit.extension.n if limit.extension else None) == extension


@pytest.mark.parametrize(
    ("item", "clock", "n", "unit", "article"),
    [
        ("food-licence", "decide", 20, Unit.WORKING_DAY, "第四十二条第一款"),
        ("pension-claim", "feedback", 20, Unit.WORKING_DAY, "第十八条"),
        ("medical-claim", "feedback", 30, Unit.WORKING_DAY, "第二十条第二款"),
        ("maternity-allowance", "feedback", 10, Unit.WORKING_DAY, "第二十条第三款"),
        ("work-injury-claim", "feedback", 20, Unit.WORKING_DAY, "第二十二条第二款"),
        ("unemployment-benefit", "feedback", 10, Unit.WORKING_DAY, "第二十四条第一款"),
        ("training-subsidy", "feedback", 10, Unit.WORKING_DAY, "第二十四条第三款"),
        ("social-card", "feedback", 10, Unit.WORKING_DAY, "第六条"),
        ("insurance-change", "feedback", 10, Unit.WORKING_DAY, "第十条"),
        ("sole-trader", "decide", 3, Unit.WORKING_DAY, "第十九条"),
        ("real-estate-transfer", "decide", 30, Unit.WORKING_DAY, "第二十条"),
        ("residence-permit", "decide", 15, Unit.CALENDAR_DAY, "第九条"),
    ],
)
def test_statutory_limits(shipped: Catalogue, item: str, clock: str, n: int, unit: Unit, article: str) -> None:
    limit = shipped.in_force(item, TODAY).limit(clock)
    assert limit is not None
    assert limit.statutory is not None
    assert limit.source is not None
    assert (limit.statutory.n, limit.statutory.unit, limit.source.article) == (n, unit, article)


def test_the_subsidy_has_nothing_but_a_feedback_limit_and_the_declaration_none_for_acceptance(
    shipped: Catalogue,
) -> None:
    on = date(2020, 9, 14)
    assert [limit.clock for limit in shipped.in_force("unemployment-subsidy", on).limits] == ["feedback"]
    starts = {kind for limit in shipped.in_force("contribution-base", on).limits for kind in limit.start}
    assert "received" not in starts


def test_two_cities_promise_one_day_where_the_province_promises_three(shipped: Catalogue) -> None:
    promised = {}
    for area in ("990100", "990200", "990300"):
        limit = shipped.in_force("enterprise-opening", TODAY, area).limit("feedback")
        assert limit is not None
        promised[area] = limit.promised.n
    assert promised == {"990100": 3, "990200": 1, "990300": 1}


def test_deleting_a_marking_asks_for_no_material(shipped: Catalogue) -> None:
    version = shipped.in_force("food-marking-deletion", TODAY)
    assert version.all_materials_for(version.situation_of({})) == ()


def test_the_tea_reward_takes_no_paper(shipped: Catalogue) -> None:
    version = shipped.in_force("tea-reward", TODAY)
    assert version.materials_for(version.situation_of({})) == ()


def test_codes_have_their_published_lengths(shipped: Catalogue) -> None:
    for version in shipped.versions:
        office = shipped.office(version.office)
        assert re.fullmatch(r"[0-9A-Z]{12}", version.basic_code)
        assert version.implementation_code == office.credit_code + office.level + version.basic_code
        assert len(version.implementation_code) == 31
        assert all(len(material.official_code) == 34 for material in version.materials)
    assert len({v.implementation_code for v in shipped.versions if v.is_in_force(TODAY)}) == len(
        [v for v in shipped.versions if v.is_in_force(TODAY)]
    )


def test_the_demo_city_lies_in_no_real_division(shipped: Catalogue) -> None:
    assert {office.area[:2] for office in shipped.offices} == {"99"}
    assert {office.consult_phone[:3] for office in shipped.offices} == {"019"}


def test_every_text_is_in_both_languages(shipped: Catalogue) -> None:
    han = re.compile(r"[\u3400-\u9fff]")
    found = [
        *texts(tuple(shipped.item_of.values())),
        *texts(shipped.offices),
        *texts(shipped.halls),
        *texts(tuple(record.name for record in shipped.norms)),
        *(node.name for tree in shipped.trees for node in tree.nodes.values()),
    ]
    assert len(found) > 2000
    for text in found:
        assert text.zh.strip()
        assert text.en.strip()
        assert not han.search(text.en), text


def test_every_source_holds_on_every_day_of_its_version(shipped: Catalogue) -> None:
    for version in shipped.versions:
        last = (version.until or TODAY + timedelta(days=3650)) - timedelta(days=1)
        for limit in version.limits:
            assert limit.has_source, f"{version.version} {limit.clock}"
            assert limit.source is not None
            for on in (version.in_force_from, last):
                assert limit.source.applies(on=on, area=version.area, item_type=version.item_type), limit.norm
            assert limit.is_ours or limit.statutory is not None


def test_2020_knows_nothing_of_later_law(shipped: Catalogue) -> None:
    for version in shipped.versions:
        if version.is_in_force(date(2020, 9, 14)):
            for citation in version.basis:
                assert citation.source.in_force_from <= date(2020, 9, 14)
                assert citation.norm not in ("social-insurance-handling-765", "petition-2022", "market-entity-746")


def test_four_levels_narrow_the_basic_row_and_never_widen_it(shipped: Catalogue) -> None:
    card = shipped.item("social-card")
    assert [version.level for version in card.versions] == [Level.PROVINCE, Level.CITY, Level.COUNTY, Level.TOWNSHIP]
    for item in shipped.item_of.values():
        ceiling = item.ceiling
        for version in item.versions:
            assert (version.name, version.basic_code, version.item_type) == (item.name, item.basic_code, item.item_type)
            for limit in version.limits:
                if limit.clock in ceiling.limits and limit.promised.n:
                    assert limit.promised.unit is ceiling.limits[limit.clock].unit
                    assert limit.promised.n <= ceiling.limits[limit.clock].n
            assert set(ceiling.channels) <= set(version.channels)
            assert ceiling.visits is None or version.visits <= ceiling.visits
            if ceiling.materials is not None:
                assert {material.code for material in version.materials} <= set(ceiling.materials)


def test_the_main_offices_are_four_and_every_item_of_the_city_is_theirs(shipped: Catalogue) -> None:
    main = {office.code for office in shipped.main_offices}
    assert main == {"social-insurance", "approval-bureau", "market-supervision", "government-services"}
    for code in shipped.item_of:
        assert shipped.in_force(code, TODAY).office in main
    outlets = [office for office in shipped.offices if office.kind is OfficeKind.OUTLET]
    assert {"centre-a", "centre-b", "centre-c", "centre-d"} <= {office.code for office in outlets}
    assert all(shipped.office(outlet.parent or "").kind is OfficeKind.MAIN for outlet in outlets)


def test_limits_stop_at_events_the_ledger_knows(shipped: Catalogue) -> None:
    for version in shipped.versions:
        for limit in version.limits:
            assert limit.start, limit.clock
            assert {*limit.start, *limit.stops, *limit.restarts_on} <= set(KINDS)
    assert all({*clock.start, *clock.stops} <= set(KINDS) for clock in CLOCKS.values())


def test_permits_pause_only_for_what_the_law_lists(shipped: Catalogue) -> None:
    lawful = {"hearing", "tender", "auction", "inspection", "test", "quarantine", "appraisal", "expert-review"}
    assert {pause.value for pause in PauseKind} > lawful
    for version in shipped.versions:
        if version.item_type is ItemType.PERMIT:
            assert {pause.value for limit in version.limits for pause in limit.pauses} <= lawful


def test_a_window_channel_has_a_hall_with_windows(shipped: Catalogue) -> None:
    for version in shipped.versions:
        if Channel.WINDOW in version.channels:
            assert all(shipped.hall_of[hall].windows for hall in version.halls)
