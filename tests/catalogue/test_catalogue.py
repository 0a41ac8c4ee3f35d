"""Questions asked of the catalogue: what is in force where, who acts for whom, what a scope text means."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import pytest

from portal.catalogue.model import (
    Catalogue,
    CatalogueBroken,
    ItemNotInForce,
    ItemUnknown,
    OfficeNotStanding,
    OfficeUnknown,
    VersionUnknown,
    covers,
    name_of,
    words,
)
from portal.catalogue.queries import catalogue, limits_table


@pytest.mark.parametrize(
    ("wide", "narrow", "holds"),
    [
        ("CN", "990100", True),
        ("990000", "990100", True),
        ("990100", "990101", True),
        ("990100", "990200", False),
        ("990101", "990101001", True),
        ("990101100", "990101101", False),
        ("990101", "990100", False),
    ],
)
def test_an_area_holds_what_lies_in_it(wide: str, narrow: str, holds: bool) -> None:
    assert covers(wide, narrow) is holds


@pytest.mark.parametrize(
    ("item", "on", "area", "version"),
    [
        ("unemployment-subsidy", date(2020, 3, 1), None, "unemployment-subsidy@1"),
        ("unemployment-subsidy", date(2023, 11, 30), None, "unemployment-subsidy@1"),
        ("unemployment-subsidy", date(2023, 12, 1), None, "unemployment-subsidy@2"),
        ("petition", date(2022, 4, 30), None, "petition@1"),
        ("petition", date(2022, 5, 1), None, "petition@2"),
        ("social-card", date(2024, 1, 1), None, "social-card@2"),
        ("social-card", date(2024, 1, 1), "990101", "social-card@3"),
        ("social-card", date(2024, 1, 1), "990101001", "social-card@4"),
        ("social-card", date(2024, 1, 1), "990700", "social-card@1"),
    ],
)
def test_the_version_in_force_is_that_of_the_day_and_the_narrowest_area(
    shipped: Catalogue, item: str, on: date, area: str | None, version: str
) -> None:
    assert shipped.in_force(item, on, area).version == version
    assert shipped.version(version).code == item


def test_what_is_not_there_is_refused_by_its_name(shipped: Catalogue) -> None:
    with pytest.raises(ItemUnknown):
        shipped.item("no-such-item")
    with pytest.raises(VersionUnknown):
        shipped.version("petition@9")
    with pytest.raises(VersionUnknown):
        shipped.version("petition")
    with pytest.raises(ItemNotInForce, match="2020-02-29"):
        shipped.in_force("unemployment-subsidy", date(2020, 2, 29))
    with pytest.raises(ItemNotInForce):
        shipped.in_force("petition", date(2020, 9, 14), "880000")
    with pytest.raises(OfficeUnknown):
        shipped.office("nobody")


def test_items_are_found_by_words_audience_topic_and_day(shipped: Catalogue) -> None:
    assert {item.code for item in shipped.items(words="失业")} >= {"unemployment-subsidy", "unemployment-benefit"}
    assert [item.code for item in shipped.items(words="UNEMPLOYMENT subsidy", audience="person")][-1:] == [
        "unemployment-subsidy"
    ]
    assert shipped.items(words="失业", audience="firm") == ()
    assert {item.code for item in shipped.items(category="licences")} >= {"food-licence", "hygiene-licence"}
    in_2020 = {item.code for item in shipped.items(on=date(2020, 9, 14))}
    assert "insurance-change" in in_2020
    assert "pension-claim" not in in_2020


@pytest.mark.parametrize(
    ("office", "on", "acts"),
    [
        ("labour-insurance", date(2010, 1, 1), "labour-insurance"),
        ("labour-insurance", date(2019, 1, 1), "social-insurance"),
        ("social-insurance", date(2018, 12, 31), "labour-insurance"),
        ("industry-and-commerce", date(2020, 1, 1), "market-supervision"),
        ("food-and-drug", date(2020, 1, 1), "market-supervision"),
        ("hotline-centre", date(2021, 4, 30), "hotline-centre"),
        ("hotline-centre", date(2021, 5, 1), "government-services"),
        ("12990100MB9K003478", date(2022, 1, 1), "social-insurance"),
    ],
)
def test_renaming_and_merging_are_followed_either_way(shipped: Catalogue, office: str, on: date, acts: str) -> None:
    assert shipped.office_as_of(office, on).code == acts


def test_nobody_acts_for_an_office_abolished_without_heir_or_before_a_merger_of_two(shipped: Catalogue) -> None:
    with pytest.raises(OfficeNotStanding):
        shipped.office_as_of("village-affairs", date(2020, 1, 1))
    with pytest.raises(OfficeNotStanding):
        shipped.office_as_of("market-supervision", date(2018, 1, 1))


def test_power_follows_the_list_and_the_delegation(shipped: Catalogue) -> None:
    on = date(2025, 6, 2)  # Monday
    assert shipped.has_power("approval-bureau", "hygiene-licence", on)
    assert not shipped.has_power("health-commission", "hygiene-licence", on)  # transferred: the old office may not act
    assert shipped.has_power("centre-b", "insurance-change", on, "990100")  # an outlet acts for its parent
    assert not shipped.has_power("market-supervision", "annual-check-nobody-listed", on)
    assert not shipped.has_power("approval-bureau", "hygiene-licence", date(2024, 6, 3))


@pytest.mark.parametrize(
    ("text", "node", "residue"),
    [
        ("干制食用菌", "1603-1", ""),
        ("干制食用菌（黑木耳）", "1603-1", "黑木耳"),
        ("干制食用菌(黑木耳)", "1603-1", "黑木耳"),
        ("干制食用菌【香菇、黑木耳】", "1603-1", "香菇黑木耳"),
        ("蔬菜制品/食用菌制品/干制食用菌", "1603-1", ""),
        ("16 蔬菜制品 － 1603 食用菌制品", "16", "1603食用菌制品"),
        ("1603 干制食用菌", "1603-1", ""),
        ("蔬菜制品", "16", ""),
        ("水果制品", "17", ""),
        ("水果制品/水果制品", "1702", ""),
        ("碳酸饮料（汽水）", "0602", ""),
        ("碳酸饮料(汽水)", "0602", ""),
        ("黑木耳", None, "黑木耳"),
    ],
)
def test_a_scope_text_is_read_against_the_national_list(
    shipped: Catalogue, text: str, node: str | None, residue: str
) -> None:
    tree = shipped.national("food-production", date(2020, 10, 1))
    assert tree is not None
    reading = tree.scope_node(text)
    assert (reading.node.code if reading.node else None, reading.residue) == (node, residue)
    assert reading.is_national is (node is not None and residue == "")


def test_every_national_category_is_read_as_itself(shipped: Catalogue) -> None:
    for tree in shipped.trees:
        for node in tree.nodes.values():
            path = "/".join(above.name.zh for above in reversed(tree.ancestors(node.code)))
            reading = tree.scope_node(path)
            assert reading.node is not None
            assert (reading.node.code, reading.residue) == (node.code, "")


def test_a_granted_category_covers_what_stands_below_it(shipped: Catalogue) -> None:
    tree = shipped.national("food-production", date(2020, 10, 1))
    assert tree is not None
    assert tree.is_covered("1603-1", {"1603"})
    assert tree.is_covered("1603-1", {"1603-1"})
    assert not tree.is_covered("1602", {"1603"})
    assert {node.code for node in tree.children("1603")} == {"1603-1", "1603-2"}
    assert shipped.national("food-production", date(2020, 2, 29)) is None


def test_the_limits_table_has_a_row_for_each_limit(shipped: Catalogue) -> None:
    rows = limits_table(shipped)
    assert len(rows) == sum(len(version.limits) for version in shipped.versions)
    [row] = [row for row in rows if row["item_version"] == "unemployment-subsidy@1"]
    assert row == {
        "item": "unemployment-subsidy",
        "item_version": "unemployment-subsidy@1",
        "item_type": "benefit",
        "area": "990100",
        "office": "social-insurance",
        "clock": "feedback",
        "situation": None,
        "n": 5,
        "unit": "working-day",
        "statutory_n": None,
        "statutory_unit": None,
        "extension_n": None,
        "extension_unit": None,
        "has_source": True,
        "is_ours": True,
        "start": "received",
        "stops": "delivered",
        "restarts_on": "",
        "pauses": "",
        "pause_days": "",
        "layers": "990000|990100|social-insurance",
    }
    [decide] = [
        r for r in rows if (r["item_version"], r["clock"], r["situation"]) == ("food-licence@1", "decide", None)
    ]
    assert (decide["n"], decide["statutory_n"], decide["extension_n"]) == (15, 20, 10)
    assert decide["pauses"] == "expert-review|hearing|test"
    assert len({tuple(row) for row in rows}) == 1


def test_a_deployments_own_files_join_the_shipped_ones_and_are_read_again_when_they_change(
    small: Path, shipped: Catalogue
) -> None:
    for name in ("offices.toml", "flows.toml"):
        (small / name).unlink()
    for name in ("norms", "trees"):
        for file in (small / name).iterdir():
            file.unlink()
    licence = small / "items" / "shop-licence.toml"
    text = licence.read_text()
    licence.unlink()
    leaflet = small / "items" / "leaflet.toml"
    own = leaflet.read_text().replace('office = "bureau"', 'office = "government-services"')
    leaflet.write_text(own.replace('{ norm = "law"', '{ norm = "licensing-law-2019"'))
    found = catalogue(small)
    assert set(found.item_of) == {*shipped.item_of, "leaflet"}
    assert catalogue(small) is found
    time.sleep(0.01)
    leaflet.write_text(leaflet.read_text().replace("办事手册", "办事指南手册"))
    assert catalogue(small).item("leaflet").name.zh == "办事指南手册"
    licence.write_text(text)
    with pytest.raises(CatalogueBroken, match="portal catalogue check"):
        catalogue(small)


def test_every_word_has_a_name_in_both_languages() -> None:
    named = (
        words.ItemType, words.Audience, words.Channel, words.Level, words.Handling, words.Review, words.PowerSource,
        words.ReformWay, words.MaterialRole, words.MaterialNeed, words.MaterialForm, words.MaterialSource,
        words.ResultKind, words.PauseKind, words.WindowKind, words.SuccessionCause, words.Outcome,
    )  # fmt: skip
    for vocabulary in named:
        for word in vocabulary:
            assert name_of(word).zh
            assert name_of(word).en
    assert name_of(words.ItemType.FILING) != name_of(words.ReformWay.FILING)
