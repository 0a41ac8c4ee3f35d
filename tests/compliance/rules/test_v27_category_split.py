"""V27: a licence covers the national category, not a piece of it that an office invented."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from portal.catalogue.queries import catalogue
from portal.compliance.engine import Finding
from portal.compliance.engines import on_engine
from portal.compliance.log import Log
from portal.compliance.rules.v27_category_split import RULE
from tests.compliance.record import event, found, on, record

Row = dict[str, Any]
NATION: Row = {"actor": "editor", "role": "clerk", "office": "nation"}
OFFICE: Row = {"actor": "wang", "role": "clerk", "office": "market-office"}
HOLDER: Row = {"actor": "firm", "role": "applicant", "office": None}
AS_OF = "Friday 2020-10-16 12:00"
MUSHROOMS = "干制食用菌"


def node(code: str, name: str, since: str = "2020-03-01", **facts: Any) -> Row:
    known = {"subject": "list/food", "item_version": None, "code": code, "name": name, "from_on": since, **NATION}
    return event("node-listed", "Sunday 2020-03-01 08:00", **known | facts)


TREE = [
    node("16", "蔬菜制品"), node("1603", "蔬菜干制品"), node("1604", "食用菌制品"), node("160401", MUSHROOMS),
    node("160402", "腌渍食用菌"), node("0102", "大米"), node("0103", "挂面"),
]  # fmt: skip


def licence(kind: str, when: str = "Wednesday 2020-09-30 10:00", **facts: Any) -> Row:
    return event(kind, when, **{"subject": "licence/1", "item_version": None, **OFFICE} | facts)


def scoped(*entries: str, when: str = "Wednesday 2020-09-30 10:00", **facts: Any) -> Row:
    return licence("licence-scoped", when, tree="food", entries=list(entries), **facts)


def judged(*rows: Row, tree: list[Row] = TREE, as_of: str = AS_OF) -> list[Finding]:
    return found(record(sorted([*tree, *rows], key=lambda row: row["occurred_at"]), as_of=as_of), RULE)


def said(*rows: Row, **more: Any) -> list[tuple[str, str | None]]:
    return [(f.severity.value, f.variant) for f in judged(*rows, **more)]


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (MUSHROOMS, []),
        ("干制食用菌（黑木耳）", [("red", "split")]),
        ("干制食用菌(黑木耳)", [("red", "split")]),
        ("干制食用菌【黑木耳】", [("red", "split")]),
        ("食用菌制品：干制食用菌", []),  # the class before the colon is no part of the name
        ("食用菌制品：干制食用菌（黑木耳）", [("red", "split")]),
        ("干制 食用菌", []),
        ("（干制）食用菌", []),
        ("大米粉丝", [("notice", "unknown")]),  # perhaps another thing
        ("糕点", []),  # begins as nothing that is listed here
    ],
)
def test_what_goes_on_behind_a_national_category_splits_it(entry: str, expected: list[tuple[str, str]]) -> None:
    assert said(scoped(entry)) == expected


def test_z6_black_fungus_is_a_dried_mushroom() -> None:
    """牡丹江: 干制食用菌（黑木耳）, and to have the marking deleted no material may be asked."""
    (finding,) = judged(scoped("干制食用菌（黑木耳）", post="market-office/licences"))
    assert (finding.rule, finding.severity.value, finding.is_open) == ("V27", "red", True)
    assert (finding.office, finding.actor, finding.post) == ("market-office", "wang", "market-office/licences")
    assert (finding.numbers["category"], finding.numbers["entries"]) == (MUSHROOMS, "干制食用菌（黑木耳）")
    deletion = catalogue().item_of["food-marking-deletion"].versions
    assert [version.materials for version in deletion] == [()] * len(deletion) != []


def test_the_catalogue_of_the_portal_itself_knows_the_category() -> None:
    (tree,) = [tree for tree in catalogue().trees if tree.code == "food-production"]
    rows = [node(one.code, one.name.zh, str(tree.in_force_from)) for one in tree.nodes.values()]
    assert MUSHROOMS in {row["payload"]["name"] for row in rows}
    assert said(scoped(MUSHROOMS), tree=rows) == []
    assert said(scoped("干制食用菌（黑木耳）"), tree=rows) == [("red", "split")]


def test_the_longest_category_counts() -> None:
    (finding,) = judged(scoped("蔬菜干制品（辣椒）"), tree=[*TREE, node("160301", "蔬菜干制品（自然干制）")])
    assert finding.numbers["category"] == "蔬菜干制品"


@pytest.mark.parametrize(
    ("facts", "granted", "expected"),
    [
        ({}, "2020-09-30", []),  # listed all along
        ({"since": "2020-10-16"}, "2020-09-30", []),  # it came to be listed
        ({"since": "2020-10-17"}, "2020-09-30", [("red", "split")]),  # it will be
        ({"until_on": "2020-09-30"}, "2020-09-30", [("red", "split")]),  # no longer listed on that day
        ({"until_on": "2020-10-01"}, "2020-09-30", []),
        (OFFICE, "2020-09-30", [("red", "split")]),  # by the issuing office itself
        ({"subject": "list/drinks"}, "2020-09-30", [("red", "split")]),  # another register
    ],
)
def test_the_register_of_that_day_and_of_since_counts(
    facts: Row, granted: str, expected: list[tuple[str, str]]
) -> None:
    own = node("16040101", "干制食用菌（黑木耳）", **facts)
    assert said(scoped("干制食用菌（黑木耳）", granted_on=granted), tree=[*TREE, own]) == expected


@pytest.mark.parametrize(("granted", "count"), [("2020-02-29", 0), ("2020-03-01", 1)])
def test_before_the_register_named_the_category_there_was_nothing_to_split(granted: str, count: int) -> None:
    assert len(judged(scoped("干制食用菌（黑木耳）", granted_on=granted))) == count


@pytest.mark.parametrize(
    ("by", "written", "entry", "count"),
    [
        (HOLDER, True, "干制食用菌（黑木耳）", 0),
        (HOLDER, False, "干制食用菌（黑木耳）", 1),
        (HOLDER, True, "干制食用菌（香菇）", 1),
        (OFFICE, True, "干制食用菌（黑木耳）", 1),
        (HOLDER | {"actor": "wang"}, True, "干制食用菌（黑木耳）", 1),  # the clerk in the holder's name
    ],
)
def test_the_holder_may_choose_less_in_writing(by: Row, written: bool, entry: str, count: int) -> None:
    chosen = licence("scope-narrowed", "Monday 2020-09-28 10:00", entry=entry, is_written=written, **by)
    assert len(judged(scoped("干制食用菌（黑木耳）"), chosen)) == count


def test_a_deleted_marking_closes_it_and_does_not_erase_it() -> None:
    rows = [scoped("干制食用菌（黑木耳）", "干制食用菌（香菇）")]
    deleted = [
        licence("marking-deleted", f"{day} 10:00", entry=entry)
        for day, entry in (("2020-10-09", "干制食用菌（黑木耳）"), ("2020-10-10", "干制食用菌（香菇）"))
    ]
    (whole,), (half,), (done,) = judged(*rows), judged(*rows, deleted[0]), judged(*rows, *deleted)
    assert [finding.is_open for finding in (whole, half, done)] == [True, True, False]
    assert whole.key == done.key
    assert done.numbers["cured_on"] == on("Saturday 2020-10-10")  # a make-up working day
    assert whole.numbers["entries"] == "干制食用菌（香菇）|干制食用菌（黑木耳）"


def test_writing_it_again_is_no_new_finding() -> None:
    rows = [scoped("干制食用菌（黑木耳）"), scoped("干制食用菌（黑木耳）", MUSHROOMS, when="Friday 2020-10-09 10:00")]
    (finding,) = judged(*rows)
    assert finding.on == date(2020, 9, 30)


@pytest.mark.parametrize(
    ("held", "asked", "expected"),
    [
        (MUSHROOMS, "干制食用菌（香菇）", ["asked-again"]),
        ("干制食用菌（黑木耳）", "干制食用菌（香菇）", ["asked-again", "split"]),  # a sibling of what was split
        ("食用菌制品", MUSHROOMS, ["asked-again"]),  # a child of the category held
        (MUSHROOMS, "腌渍食用菌", []),  # another category
        (MUSHROOMS, "食用菌制品", []),  # a wider one
    ],
)
def test_nobody_applies_again_for_what_he_has(held: str, asked: str, expected: list[str]) -> None:
    again = licence("scope-asked", "Friday 2020-10-09 10:00", tree="food", entry=asked)
    found_ = judged(scoped(held), again)
    assert sorted(str(f.variant) for f in found_) == expected
    assert all(f.severity.value == "red" for f in found_)


def test_asked_before_it_was_granted_is_an_ordinary_application() -> None:
    asked = licence("scope-asked", "Monday 2020-09-28 10:00", tree="food", entry="干制食用菌（香菇）")
    assert judged(scoped(MUSHROOMS), asked) == []


def test_without_the_register_nothing_is_said() -> None:
    assert judged(scoped("干制食用菌（黑木耳）"), tree=[]) == []


def test_before_the_licensing_law_it_is_a_notice() -> None:
    old = [node("160401", MUSHROOMS, "2001-01-01")]
    (finding,) = judged(scoped("干制食用菌（黑木耳）", granted_on="2004-06-30"), tree=old)
    assert (finding.severity.value, finding.lowered) == ("notice", "source")
    (finding,) = judged(scoped("干制食用菌（黑木耳）", granted_on="2004-07-01"), tree=old)
    assert finding.severity.value == "red"


def everything() -> Log:
    """A log in which the rule finds most of what it can."""
    rows = [
        *TREE, scoped("干制食用菌（黑木耳）", "大米粉丝", MUSHROOMS),
        licence("scope-asked", "Friday 2020-10-09 10:00", tree="food", entry="干制食用菌（香菇）"),
        licence("marking-deleted", "Friday 2020-10-09 11:00", entry="大米粉丝"),
    ]  # fmt: skip
    return record(rows, as_of=AS_OF)


def test_duckdb_says_the_same() -> None:
    log = everything()
    with on_engine(log, "duckdb") as other:
        assert found(other, RULE) == found(log, RULE)
    assert {f.variant for f in found(log, RULE)} == {"split", "asked-again"}
