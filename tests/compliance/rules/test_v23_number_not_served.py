"""V23: a number is served on its day, or its holder goes of his own will."""

from __future__ import annotations

from typing import Any

import pytest

from tests.compliance.queueing import Entry, called, closed, issued, said, served, ticket, verdicts

CALLS = [called("11:00"), called("11:03", nth=2), called("11:06", nth=3)]
NEXT = "Wednesday 2020-06-03 09:10"


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        ("Tuesday 2020-06-02 16:59", []),
        ("Tuesday 2020-06-02 17:00", []),  # the minute of closing is still in time
        ("Tuesday 2020-06-02 17:01", [("yellow", "silent")]),
        ("Wednesday 2020-06-03 09:00", [("yellow", "silent")]),
        ("Saturday 2020-06-06 09:00", [("yellow", "silent")]),
    ],
)
def test_silence_after_closing_breaks_the_promise(as_of: str, expected: list[Any]) -> None:
    assert verdicts("V23", issued(), as_of=as_of) == expected


@pytest.mark.parametrize(
    ("ends", "expected"),
    [
        ([called("11:00"), served("11:20")], []),
        ([called("16:59"), served("17:25")], []),  # the last ones are served after closing
        ([called("17:05"), served("17:25")], []),  # whoever stays on for them is not punished
        ([called("16:50"), served(NEXT)], [("yellow", "ended-otherwise")]),
        ([ticket("released", "16:59")], []),  # the clerk writes what the holder said
        ([ticket("released", "17:01")], [("yellow", "ended-otherwise")]),
        ([ticket("released", "17:01", role="applicant", actor="li")], []),
        ([ticket("released", NEXT, role="applicant", actor="li")], [("yellow", "ended-otherwise")]),
        ([ticket("voided", "11:00", reason="printed twice")], []),
        ([ticket("voided", "11:00", reason=" ")], [("yellow", "ended-otherwise")]),
        ([ticket("voided", "11:00")], [("yellow", "ended-otherwise")]),
        ([ticket("voided", "17:10", reason="printed twice")], [("yellow", "ended-otherwise")]),
        ([*CALLS, ticket("absent", "11:09")], []),
        ([*CALLS[:2], ticket("absent", "11:09")], [("yellow", "ended-otherwise")]),
        ([ticket("absent", "11:09")], [("yellow", "ended-otherwise")]),
        ([*CALLS, ticket("absent", "11:09"), ticket("returned", "11:20")], [("yellow", "ended-otherwise")]),
        ([*CALLS, ticket("absent", "11:09"), ticket("returned", "11:20"), served("12:00")], []),
        ([ticket("carried-over", "17:05", consent="code")], [("notice", "carried-over")]),
        ([ticket("carried-over", "17:05", consent="signature")], [("notice", "carried-over")]),
        ([ticket("carried-over", "17:05", consent="by phone")], [("yellow", "no-consent")]),
        ([ticket("carried-over", "16:00")], [("yellow", "no-consent")]),
        ([ticket("carried-over", NEXT, consent="code")], [("yellow", "ended-otherwise")]),
        ([ticket("closed-unserved", "17:00", cause="longer-service")], [("yellow", "unserved")]),
        # what is made good afterwards stays what it was
        ([ticket("closed-unserved", "17:00", cause="longer-service"), served("17:20")], [("yellow", "unserved")]),
    ],
)  # fmt: skip
def test_how_a_number_ends(ends: list[Entry], expected: list[Any]) -> None:
    assert verdicts("V23", issued(), *ends, as_of="Thursday 2020-06-04 09:00") == expected


def test_three_calls_that_began_after_closing_make_nobody_absent() -> None:
    calls = [called("17:01"), called("17:04", nth=2), called("17:07", nth=3)]
    assert verdicts("V23", issued(), *calls, ticket("absent", "17:10")) == [("yellow", "ended-otherwise")]


@pytest.mark.parametrize(("as_of", "expected"), [("23:59", []), (NEXT, [("yellow", "silent")])])
def test_who_was_called_before_closing_is_waited_for_until_midnight(as_of: str, expected: list[Any]) -> None:
    assert verdicts("V23", issued(), called("16:58"), as_of=as_of) == expected


def test_who_was_sent_back_to_the_queue_waits_again() -> None:
    sent = [called("16:00"), ticket("transferred", "16:10", to_window="w2")]
    assert verdicts("V23", issued(), *sent) == [("yellow", "silent")]


@pytest.mark.parametrize(("count", "expected"), [(4, "yellow"), (5, "red"), (6, "red")])
def test_five_of_one_office_in_a_hall_on_a_day_are_red_each(count: int, expected: str) -> None:
    found = said("V23", *(issued(f"10:{n:02}", n) for n in range(1, count + 1)))
    assert [(one.severity.value, one.numbers["unserved"]) for one in found] == [(expected, count)] * count


def test_two_offices_two_halls_and_two_days_are_counted_apart() -> None:
    four = [issued(f"10:0{n}", n) for n in range(1, 5)]
    others = [
        issued("10:10", 5, office="land"),
        issued("10:10", 6, hall="other"),
        issued("Monday 2020-06-01 10:00", 7),
        issued("10:20", 8),
        ticket("carried-over", "17:01", 8, consent="code"),  # a notice is no fifth
    ]
    found = said("V23", *four, *others)
    assert [one.severity.value for one in found] == ["yellow"] * 7 + ["notice"]


def test_the_department_that_withdrew_its_window_answers() -> None:
    end = ticket("closed-unserved", "17:00", cause="window-withdrawn", fault_office="land", fault_window="w3")
    (found,) = said("V23", issued(), end)
    assert (found.office, found.actor, found.numbers["fault_window"]) == ("land", None, "w3")
    assert (found.first_seq, found.last_seq, found.is_open) == (1, 2, False)


@pytest.mark.parametrize(
    ("facts", "end"),
    [
        ({"is_guaranteed": False}, []),
        ({"override": "asked urgently"}, [ticket("closed-unserved", "17:00", cause="longer-service")]),
        ({"override": "asked", "is_guaranteed": False}, [ticket("closed-unserved", "17:00", cause="window-withdrawn",
                                                                fault_office="land")]),
    ],
)  # fmt: skip
def test_the_halls_manager_answers_for_numbers_beyond_capacity(facts: dict[str, Any], end: list[Entry]) -> None:
    (found,) = said("V23", issued(manager_office="centre", **facts), *end)
    assert (found.office, found.variant) == ("centre", "beyond-capacity")


def test_the_closing_may_name_the_halls_manager_itself() -> None:
    end = ticket("closed-unserved", "17:00", cause="over-capacity", fault_office="centre")
    (found,) = said("V23", issued(), end)
    assert (found.office, found.variant) == ("centre", "beyond-capacity")


EMERGENCY = closed("16:40", "16:40", "18:00")
DONE = ticket("closed-unserved", "16:45", cause="closure")


@pytest.mark.parametrize(
    ("closure", "facts", "expected"),
    [
        (EMERGENCY, {}, []),
        (closed("16:40", "16:40", "16:44"), {}, ["yellow"]),  # over before the number was given up
        (closed("16:40", "16:40", "18:00", "drill"), {}, ["yellow"]),
        (closed("16:40", "16:40", "18:00", windows=["w1"]), {}, ["yellow"]),
        (closed("16:40", "16:40", "18:00", role="clerk", actor="clerk"), {}, ["yellow"]),  # not theirs to declare
        (closed(NEXT, "16:40", "18:00"), {}, ["yellow"]),  # remembered on the next day
        (EMERGENCY, {"is_guaranteed": False}, ["yellow"]),
    ],
)
def test_an_emergency_excuses_all_but_issuing_too_many(
    closure: Entry, facts: dict[str, Any], expected: list[str]
) -> None:
    found = said("V23", issued(**facts), DONE, closure, as_of="Thursday 2020-06-04 09:00")
    assert [one.severity.value for one in found] == expected


def test_a_number_without_a_closing_time_is_judged_when_its_day_is_over() -> None:
    assert verdicts("V23", issued(closes_at=None), as_of="23:59") == []
    assert verdicts("V23", issued(closes_at=None), as_of=NEXT) == [("yellow", "silent")]


def test_a_number_of_a_later_days_series_belongs_to_that_day() -> None:
    tomorrow = issued("16:00", day="2020-06-03", closes_at=None)
    assert verdicts("V23", tomorrow, as_of="Wednesday 2020-06-03 16:00") == []
    (found,) = said("V23", tomorrow, as_of="Thursday 2020-06-04 08:00")
    assert f"{found.on:%A}" == "Wednesday"
