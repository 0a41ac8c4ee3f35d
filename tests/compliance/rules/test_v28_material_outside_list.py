"""V28: no material is asked for that is not listed, that the office has, or that it can have."""

from __future__ import annotations

from typing import Any

import pytest

from portal.compliance.engine import Finding
from portal.compliance.engines import on_engine
from portal.compliance.log import Log
from portal.compliance.rules.v28_material_outside_list import RULE
from tests.compliance.demanding import CITIZEN, DISGUISED, NATION, OFFICE, Row, demand, in_order, listed
from tests.compliance.record import event, found, on, record

AS_OF = "Friday 2020-10-16 12:00"


def published(*materials: str, since: str = "2020-03-02", when: str = "Monday 2020-03-02 08:00", **facts: Any) -> Row:
    known = {"subject": "item/food", "item_version": None, "from_on": since, "materials": list(materials), **NATION}
    return event("elements-published", when, **known | facts)


ITEM = published("form", "plan")


def asked(material: str = "form", wording: str = "申请表", **facts: Any) -> Row:
    return demand("material-demanded", **{"item": "food", "material": material, "wording": wording} | facts)


def held(ground: str, when: str = "Wednesday 2020-09-30 11:00", **facts: Any) -> Row:
    known = {"material": "form", "ground": ground, "held_office": "market-office", "since_on": "2020-09-01", **CITIZEN}
    return demand("material-held", when, **known | facts)


def judged(*rows: Row, as_of: str = AS_OF, **facts: Any) -> list[Finding]:
    return found(record(in_order(*rows), as_of=as_of, **facts), RULE)


def said(*rows: Row) -> list[tuple[str, str | None]]:
    return [(f.severity.value, f.variant) for f in judged(*rows)]


UNLISTED = [("yellow", "not-listed")]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (asked(), []),
        (asked("plan"), []),
        (asked("deed", "房产证"), UNLISTED),
        (asked("pla", "图"), UNLISTED),  # a part of a code is another code
        (asked("deed", item="unknown"), []),  # an item that the log does not hold
        (asked("form", "其他材料"), [("yellow", "vague")]),
        (asked("form", "其他有关材料"), [("yellow", "vague")]),
        (asked("form", "相关证明等"), [("yellow", "vague")]),
        (asked("form", "材料清单"), []),
        (asked("deed", wording="与房产有关的证明"), [("yellow", "vague")]),
    ],
)
def test_only_what_the_item_lists_is_asked_for_and_by_its_name(row: Row, expected: list[tuple[str, str]]) -> None:
    assert said(ITEM, row) == expected


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("Wednesday 2020-09-30 23:59", []),
        ("Thursday 2020-10-01 00:00", UNLISTED),  # the new version, in force from the holiday on
        ("Saturday 2020-10-10 10:00", UNLISTED),
    ],
)
def test_the_version_of_that_day_counts(when: str, expected: list[tuple[str, str]]) -> None:
    newer = published("form", since="2020-10-01", when="Monday 2020-09-21 10:00")
    draft = event(
        "elements-published",
        "Monday 2020-09-21 11:00",
        subject="item/food",
        item_version=None,
        materials=["plan"],
        **NATION,
    )
    assert said(ITEM, newer, draft, asked("plan", "平面图", when=when)) == expected


def test_of_two_versions_for_one_day_the_last_word_counts() -> None:
    corrected = published("form", "deed", when="Monday 2020-03-02 09:00")
    assert said(ITEM, corrected, asked("deed", "房产证")) == []
    assert said(ITEM, corrected, asked("plan", "平面图")) == UNLISTED


def test_between_two_versions_nothing_is_said_of_the_list() -> None:
    assert said(published("form", until_on="2020-09-30"), asked("deed", "房产证")) == []


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (held("submitted"), [("yellow", "held")]),
        (held("submitted", held_office="tax-office"), []),  # to another office
        (held("submitted", since_on="2020-10-01"), []),  # later than it was asked for
        (held("submitted", since_on="2020-09-30"), [("yellow", "held")]),
        (held("shared", held_office=None), [("yellow", "shared")]),
        (held("e-licence"), [("yellow", "shared")]),
        (held("shared", material="plan"), []),
        (held("known-to-me"), []),
        (held("shared", **OFFICE), []),  # nobody accuses himself by mistake
    ],
)
def test_what_the_office_has_or_can_have_is_not_asked_for(row: Row, expected: list[tuple[str, str]]) -> None:
    row["payload"] = {key: value for key, value in row["payload"].items() if value is not None}
    assert said(ITEM, asked(), row) == expected


@pytest.mark.parametrize(
    ("facts", "refused", "expected"),
    [
        ({}, False, []),
        ({"failed_on": "2020-09-29"}, False, [("yellow", "shared")]),  # another day
        (OFFICE, False, [("yellow", "shared")]),  # the office's own word
        (DISGUISED, False, [("yellow", "shared")]),
        ({}, True, [("red", "shared")]),  # then a promise is accepted, and nobody refused
    ],
)
def test_a_failed_sharing_excuses_the_asking_and_no_refusal(
    facts: Row, refused: bool, expected: list[tuple[str, str]]
) -> None:
    down = demand("sharing-failed", **{"failed_on": "2020-09-30", **NATION, **facts})
    rows = [ITEM, asked(), held("shared"), down]
    rows += [demand("demand-refused", "Friday 2020-10-09 10:00")] if refused else []
    assert said(*rows) == expected


@pytest.mark.parametrize(
    ("register", "facts", "expected"),
    [
        ([listed("proof-listed", "proofs", proof="kin")], {}, []),
        ([listed("proof-listed", "proofs", proof="address")], {}, [("yellow", "proof-not-listed")]),
        ([listed("proof-listed", "proofs", proof="kin", until_on="2020-09-30")], {}, [("yellow", "proof-not-listed")]),
        ([listed("proof-listed", "proofs", proof="kin", **OFFICE)], {}, [("yellow", "proof-not-listed")]),
        ([listed("proof-listed", "proofs", proof="address")], {"is_proof": False}, []),
        ([], {}, []),  # no register in the log
    ],
)
def test_a_proof_stands_in_the_register_of_proofs(
    register: list[Row], facts: Row, expected: list[tuple[str, str]]
) -> None:
    row = asked("kin", "亲属关系证明", **{"is_proof": True, "list": "proofs", **facts})
    assert said(published("kin"), *register, row) == expected


@pytest.mark.parametrize(
    ("rows", "severity"),
    [
        ([demand("demand-refused", "Friday 2020-10-09 10:00")], "red"),
        ([demand("demand-refused", "Friday 2020-10-09 10:00", asking_office="market-office", **CITIZEN)], "red"),
        ([demand("demand-refused", "Wednesday 2020-09-30 09:59")], "yellow"),  # before it was asked
        ([demand("demand-refused", "Friday 2020-10-09 10:00", office="tax-office")], "yellow"),
    ],
)
def test_a_refusal_that_follows_makes_it_grave(rows: list[Row], severity: str) -> None:
    (finding,) = judged(ITEM, asked("deed", "房产证", post="market-office/desk"), *rows)
    assert (finding.severity.value, finding.office, finding.actor) == (severity, "market-office", "wang")
    assert finding.post == "market-office/desk"


def test_the_first_refusal_is_the_evidence() -> None:
    refused = [demand("demand-refused", f"{day} 10:00") for day in ("Friday 2020-10-09", "Monday 2020-10-12")]
    (finding,) = judged(ITEM, asked("deed", "房产证"), *refused)
    assert (finding.first_seq, finding.last_seq) == (2, 3)


def test_asking_for_two_materials_is_two_findings_and_asking_twice_is_too() -> None:
    assert len(judged(ITEM, asked("deed", "房产证"), asked("map", "地图", when="Friday 2020-10-09 10:00"))) == 2
    assert len(judged(ITEM, asked("deed", "房产证"), asked("deed", "房产证", when="Friday 2020-10-09 10:00"))) == 2


def test_taking_it_back_closes_it() -> None:
    (closed,) = judged(ITEM, asked("deed", "房产证"), demand("demand-withdrawn", "Saturday 2020-10-10 10:00"))
    assert (closed.is_open, closed.numbers["cured_on"]) == (False, on("Saturday 2020-10-10"))


@pytest.mark.parametrize(
    ("day", "expected"), [("Thursday 2019-04-25", ("notice", "source")), ("Friday 2019-04-26", ("yellow", None))]
)
def test_the_order_of_2019_is_the_first_ground(day: str, expected: tuple[str, str | None]) -> None:
    (finding,) = judged(published("form", since="2018-03-02"), asked("deed", "房产证", when=f"{day} 10:00"))
    assert (finding.severity.value, finding.lowered) == expected


def everything() -> Log:
    """A log in which the rule finds most of what it can."""
    rows = [
        ITEM, asked("deed", "房产证"), asked("form", "其他材料"), asked(), held("submitted"),
        demand("demand-refused", "Friday 2020-10-09 10:00"), listed("proof-listed", "proofs", proof="address"),
        asked("plan", "亲属关系证明", is_proof=True, list="proofs", subject="demand/2"),
        demand("demand-withdrawn", "Friday 2020-10-09 10:00", subject="demand/2"),
    ]  # fmt: skip
    return record(in_order(*rows), as_of=AS_OF)


def test_duckdb_says_the_same() -> None:
    log = everything()
    with on_engine(log, "duckdb") as other:
        assert found(other, RULE) == found(log, RULE)
    assert {f.variant for f in found(log, RULE)} == {"not-listed", "vague", "held", "proof-not-listed"}
