"""V06: accepting and refusing take a numbered, dated and sealed document; refusing also gives its grounds."""

from __future__ import annotations

from typing import Any

import pytest

from portal.compliance.engine import Finding
from portal.compliance.engines import on_engine
from portal.compliance.rules.v06_document_incomplete import RULE
from tests.compliance.record import event, found, record

WHEN = "Monday 2020-06-01 10:00"
PAPER: dict[str, Any] = {"document_no": "A1", "document_on": "2020-06-01", "is_sealed": True}
GROUNDS: dict[str, Any] = {"reason": "R", "basis": "B", "remedies": "M"}
ACCEPTING = ("accepted", "tolerantly-accepted", "promise-accepted")
NAMES = {"is_sealed": "seal"}


def judged(*events: dict[str, Any], item_type: str = "permit", **facts: Any) -> list[Finding]:
    return found(record(list(events), item_type=item_type, **facts), RULE)


def act(kind: str, when: str = WHEN, **facts: Any) -> dict[str, Any]:
    return event(kind, when, actor="anna", post="desk", **facts)


def refusal(kind: str, **facts: Any) -> dict[str, Any]:
    whole = {**PAPER, **GROUNDS, **facts}
    return act("decided", conclusion="deny", **whole) if kind == "decided" else act(kind, **whole)


@pytest.mark.parametrize("kind", ACCEPTING)
@pytest.mark.parametrize("lacking", PAPER)
def test_an_acceptance_without_number_date_or_seal(kind: str, lacking: str) -> None:
    (finding,) = judged(act(kind, **{**PAPER, lacking: None}))
    assert (finding.severity, finding.actor, finding.post, finding.variant) == ("yellow", "anna", "desk", "acceptance")
    assert finding.numbers["missing"] == NAMES.get(lacking, lacking)
    assert finding.first_seq == finding.last_seq == 1


@pytest.mark.parametrize("kind", ["refused", "decided"])
@pytest.mark.parametrize("lacking", [*PAPER, *GROUNDS])
def test_a_refusal_without_them_or_without_its_grounds(kind: str, lacking: str) -> None:
    (finding,) = judged(refusal(kind, **{lacking: None}))
    assert (finding.severity, finding.variant) == ("yellow", "refusal")
    assert finding.numbers["missing"] == NAMES.get(lacking, lacking)


def test_what_is_whole_is_whole() -> None:
    assert judged(*(act(kind, **PAPER) for kind in ACCEPTING), refusal("refused"), refusal("decided")) == []


@pytest.mark.parametrize("blank", ["", None])
def test_an_empty_reason_is_none(blank: str | None) -> None:
    assert [f.numbers["missing"] for f in judged(refusal("refused", reason=blank))] == ["reason"]


def test_a_document_expressly_unsealed_is_not_sealed() -> None:
    assert [f.numbers["missing"] for f in judged(act("accepted", **{**PAPER, "is_sealed": False}))] == ["seal"]


def test_everything_that_lacks_is_listed() -> None:
    (finding,) = judged(act("refused"))
    assert finding.numbers["missing"] == "document_no|document_on|seal|reason|basis|remedies"


def test_granting_needs_no_grounds_and_is_no_matter_of_this_rule() -> None:
    assert judged(act("decided", conclusion="grant")) == []


def test_what_the_law_accepts_needs_no_document() -> None:
    assert judged(act("deemed-accepted")) == []


# --- guards ----------------------------------------------------------------------------------------------------------

INSTANT = act("accepted", is_instant=True)


def test_what_is_done_on_the_spot_needs_no_acceptance_document() -> None:
    assert judged(INSTANT, act("delivered", "Monday 2020-06-01 10:10")) == []


@pytest.mark.parametrize(
    "events",
    [
        [INSTANT],  # the acceptor says so and nothing shows it
        [INSTANT, act("delivered", "Tuesday 2020-06-02 10:10")],  # not on the spot
        [act("accepted"), act("delivered", "Monday 2020-06-01 10:10")],  # nobody called it instant
        [act("delivered", "Monday 2020-06-01 09:00"), INSTANT],
    ],
)
def test_calling_it_instant_does_not_make_it_so(events: list[dict[str, Any]]) -> None:
    assert len(judged(*events)) == 1


def test_doing_it_on_the_spot_excuses_no_refusal() -> None:
    assert (
        len(judged(refusal("refused", reason=None, is_instant=True), act("delivered", "Monday 2020-06-01 10:10"))) == 1
    )


@pytest.mark.parametrize("kind", ["marked-test", "marked-duplicate"])
@pytest.mark.parametrize(("actor", "count"), [("head", 0), ("anna", 1)])
def test_tests_and_duplicates_are_marked_by_outsiders(kind: str, actor: str, count: int) -> None:
    assert len(judged(act("accepted"), event(kind, "Tuesday 2020-06-02 10:00", actor=actor))) == count


@pytest.mark.parametrize("kind", ["paused", "extended", "wait-requested", "outage-linked", "withdrawn"])
def test_what_moves_a_date_writes_no_document(kind: str) -> None:
    assert len(judged(act("accepted"), event(kind, "Tuesday 2020-06-02 10:00", actor="head"))) == 1


@pytest.mark.parametrize(
    ("when", "area", "item_type", "severity"),
    [
        ("2005-06-01 10:00", "330100", "permit", "yellow"),
        ("2004-06-30 10:00", "330100", "permit", "notice"),  # the day before the licensing law
        ("2020-06-01 10:00", "330100", "benefit", "notice"),  # the licensing law judges no benefit
        ("2021-12-01 10:00", "410500", "benefit", "yellow"),  # a local rule does, from that day
        ("2021-11-30 10:00", "410500", "benefit", "notice"),
    ],
)
def test_the_law_of_the_day_the_place_and_the_item(when: str, area: str, item_type: str, severity: str) -> None:
    (finding,) = judged(act("accepted", when), area=area, item_type=item_type)
    assert finding.severity == severity


def test_duckdb_says_the_same() -> None:
    log = record([act("accepted"), act("refused"), refusal("decided", basis=""), INSTANT], item_type="permit")
    with on_engine(log, "duckdb") as other:
        assert found(other, RULE) == found(log, RULE) != []
