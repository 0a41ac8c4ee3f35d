"""V41: bids that share signs of having been made together are a suspicion for the supervisor."""

from __future__ import annotations

from datetime import date
from itertools import combinations
from random import Random
from typing import Any

import pytest

from portal.compliance.engine import Finding
from portal.compliance.engines import on_engine
from portal.compliance.log import Log
from portal.compliance.rules.v41_suspect_collusion import RULE
from tests.compliance.bidding import TEN, Entry, bid, compared, harmless, published, tender
from tests.compliance.record import found, record


def log_of(*entries: Entry, **facts: Any) -> Log:
    return record(list(entries), as_of="Friday 2020-06-12 10:00", **facts)


def said(*entries: Entry, **facts: Any) -> list[tuple[str, str, str, str]]:
    """Severity, variant, members and signs of each finding."""
    return [
        (one.severity.value, str(one.variant), str(one.numbers["members"]), str(one.numbers["signs"]))
        for one in found(log_of(*entries, **facts), RULE)
    ]


def apart(*names: str, **facts: Any) -> list[Entry]:
    """Bids that have nothing in common, at prices without a rule."""
    sums = [7_310_000, 9_020_000, 9_950_000, 13_300_000, 13_900_000, 21_000_000]
    return [bid(name, price_fen=sums[n], author=f"w{name}", device=f"d{name}", address=f"n{name}", agent=f"g{name}",
                staff=[f"s{name}"], deposit_account=f"k{name}", **facts) for n, name in enumerate(names)]  # fmt: skip


def alike(**same: Any) -> list[Entry]:
    """a and b share these, c shares nothing."""
    return [published(), bid("a", **same), bid("b", **same), *apart("c")]


def test_bids_made_apart_are_nothing() -> None:
    assert said(published(), *apart("a", "b", "c", "d", "e", "f"), compared("a", "b", similarity_percent=79)) == []


@pytest.mark.parametrize(
    ("same", "sign"),
    [
        ({"author": "w"}, "author"),
        ({"agent": "g"}, "agent"),
        ({"staff": ["p", "q"]}, "staff"),
        ({"deposit_account": "k"}, "deposit"),
    ],
)
def test_one_sign_of_the_regulation_between_two_bids_is_a_suspicion(same: dict[str, Any], sign: str) -> None:
    assert said(*alike(**same)) == [("yellow", "ring", "a|b", sign)]


def test_one_shared_person_among_several_is_enough() -> None:
    rows = [bid("a", staff=["p", "q"]), bid("b", staff=["q", "r"]), bid("c", staff=["s"])]
    assert said(*rows) == [("yellow", "ring", "a|b", "staff")]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"similarity_percent": 79}, []),
        ({"similarity_percent": 80}, [("yellow", "ring", "a|b", "text")]),
        ({"similarity_percent": 10, "is_same_error": True}, [("yellow", "ring", "a|b", "text")]),
        ({"is_mixed": True}, [("yellow", "ring", "a|b", "mixed")]),
        ({"similarity_percent": 95, "is_mixed": True}, [("red", "ring", "a|b", "text|mixed")]),
    ],
)
def test_what_the_comparison_of_two_bids_says(facts: dict[str, Any], expected: list[tuple[str, ...]]) -> None:
    assert said(*apart("a", "b", "c"), compared("b", "a", **facts)) == expected


@pytest.mark.parametrize("same", [{"author": "w", "agent": "g"}, {"staff": ["p"], "deposit_account": "k"}])
def test_two_signs_between_the_same_two_are_grave(same: dict[str, Any]) -> None:
    assert [severity for severity, *_ in said(*alike(**same))] == ["red"]


def test_two_signs_of_different_pairs_are_not_added_up() -> None:
    rows = [bid("a", author="w"), bid("b", author="w", agent="g"), bid("c", agent="g"), *apart("d")]
    (one,) = found(log_of(*rows), RULE)
    assert (one.severity, one.numbers["members"], one.numbers["most"]) == ("yellow", "a|b|c", 1)


@pytest.mark.parametrize("same", [{"device": "d"}, {"address": "n"}])
def test_a_weak_sign_is_a_notice(same: dict[str, Any]) -> None:
    assert said(*alike(**same)) == [("notice", "weak", "a|b", next(iter(same)))]


def test_weak_signs_do_not_add_up_to_a_strong_one() -> None:
    assert said(*alike(device="d", address="n")) == [("notice", "weak", "a|b", "device|address")]


@pytest.mark.parametrize(("clock", "count"), [("11:00", 1), ("11:01", 0), ("09:00", 1), ("08:59", 0)])
def test_an_address_counts_within_the_hour_to_the_minute(clock: str, count: int) -> None:
    assert len(said(bid("a", TEN, address="n"), bid("b", f"2020-06-02 {clock}", address="n"), *apart("c"))) == count


@pytest.mark.parametrize("value", ["", "  ", None])
def test_what_is_left_empty_is_shared_by_nobody(value: str | None) -> None:
    assert said(*alike(author=value, device=value, agent=value, address=value, deposit_account=value)) == []


def test_the_maker_of_the_tenders_own_files_made_nobodys_bid() -> None:
    rows = [bid(name, author="agency-clerk") for name in "abc"]
    assert said(published(author="agency-clerk"), *rows) == []
    assert said(published(author="other"), *rows) != []


# --- prices ----------------------------------------------------------------------------------------------------------


def priced(*sums: int) -> list[Entry]:
    return [bid("abcdefgh"[n], price_fen=price) for n, price in enumerate(sums)]


@pytest.mark.parametrize(
    ("sums", "expected"),
    [
        ((1_000_000, 1_050_000, 1_100_000, 1_150_000), [("yellow", "prices")]),  # one step
        ((1_150_000, 1_000_000, 1_100_000, 1_050_000), [("yellow", "prices")]),  # in whatever order they came
        ((1_000_000, 1_010_000, 1_020_100, 1_030_301), [("yellow", "prices")]),  # one ratio
        ((1_000_000, 1_050_000, 1_100_000), [("notice", "prices")]),  # three fall so by chance
        ((1_000_000, 1_050_000, 1_103_000, 1_190_000), []),
        ((1_000_000, 1_050_000), []),
        ((1_000_000, 1_000_000, 1_000_000, 1_000_000), []),  # a fixed price
    ],
)
def test_prices_in_regular_steps(sums: tuple[int, ...], expected: list[tuple[str, str]]) -> None:
    assert [(severity, signs) for severity, _, _, signs in said(*priced(*sums))] == expected


def test_a_ring_keeps_step_among_honest_prices() -> None:
    ring = [bid(name, price_fen=price, author="w") for name, price in zip("abc", (800, 850, 900), strict=True)]
    assert said(*ring, *apart("d", "e", "f")) == [("red", "ring", "a|b|c", "author|prices")]


def test_the_last_price_of_a_bidder_counts_and_every_bid_he_handed_in() -> None:
    rows = [*priced(1_000_000, 1_050_000, 1_100_000, 3_000_000)]
    assert said(*rows, bid("d", "2020-06-02 11:00", price_fen=1_150_000)) == [("yellow", "ring", "a|b|c|d", "prices")]
    again = [bid("a", author="w"), bid("b", author="w"), bid("a", "2020-06-02 11:00", author="x")]
    assert said(*again, *apart("c")) == [("yellow", "ring", "a|b", "author")]  # handing in anew does not undo it


def straight(sums: list[int]) -> bool:
    """The same in the slow way: the square of Pearson's r between rank and price."""
    ranked = sorted(sums)
    n, xs = len(ranked), range(len(ranked))
    mx, my = sum(xs) / n, sum(ranked) / n
    xy = sum((x - mx) * (y - my) for x, y in zip(xs, ranked, strict=True))
    xx, yy = sum((x - mx) ** 2 for x in xs), sum((y - my) ** 2 for y in ranked)
    return yy > 0 and xy * xy / (xx * yy) >= 0.999


def test_the_line_through_prices_against_a_slow_sum() -> None:
    random = Random(41)
    tenders = []
    for _ in range(40):
        step, jitter = random.randrange(1, 90_000), random.choice((0, 400, 4_000))
        tenders.append([5_000_000 + step * n + random.randrange(jitter + 1) for n in range(random.randrange(4, 8))])
    rows = [{**bid("abcdefgh"[n], price_fen=price), "subject": f"tender/{t}"}
            for t, sums in enumerate(tenders) for n, price in enumerate(sums)]  # fmt: skip
    told = {one.subject for one in found(log_of(*rows), RULE)}
    assert told == {f"tender/{t}" for t, sums in enumerate(tenders) if straight(sums)}
    assert 0 < len(told) < len(tenders)


# --- the same winner -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("winners", "told"), [("aaa", 3), ("aa", 0), ("aab", 0), ("ccc", 0)]  # c never bids with the same two only
)  # fmt: skip
def test_two_that_bid_together_again_and_again_while_the_same_one_wins(winners: str, told: int) -> None:
    rows: list[Entry] = []
    for n, winner in enumerate(winners, 1):
        rows += [{**bid(name), "subject": f"tender/{n}"} for name in "ab"]
        rows += [{**bid(f"c{n}"), "subject": f"tender/{n}"}, tender("bid-won", "2020-06-03 10:00", n=n, bidder=winner)]
    assert said(*rows) == [("notice", "weak", "a|b", "same-winner")] * told


# --- who belongs to it -----------------------------------------------------------------------------------------------


def test_who_shares_only_a_weak_sign_with_a_ring_is_not_in_it() -> None:
    rows = [bid("a", author="w", agent="g"), bid("b", author="w", agent="g", device="d"), bid("c", device="d")]
    assert said(*rows, *apart("e")) == [("red", "ring", "a|b", "author|agent"), ("notice", "weak", "b|c", "device")]


def test_two_rings_of_one_tender_are_two_suspicions() -> None:
    rows = [bid("a", author="w"), bid("b", author="w"), bid("c", agent="g"), bid("d", agent="g")]
    assert said(*rows) == [("yellow", "ring", "a|b", "author"), ("yellow", "ring", "c|d", "agent")]


def test_bids_of_different_tenders_are_not_compared() -> None:
    assert said(bid("a", author="w"), {**bid("b", author="w"), "subject": "tender/2"}) == []


def test_rings_are_the_connected_sets_that_a_slow_search_finds() -> None:
    random = Random(7)
    names = [f"f{n:02}" for n in range(14)]
    pairs = random.sample(list(combinations(names, 2)), 9)
    rows = [bid(name, f"2020-06-02 10:{n:02}") for n, name in enumerate(names)]
    told = said(*rows, *(compared(b, a, similarity_percent=90) for a, b in pairs))
    sets = [{name} for name in names]
    for a, b in pairs:
        one, two = (next(held for held in sets if name in held) for name in (a, b))
        if one is not two:
            sets.remove(two)
            one |= two
    assert sorted(members for _, _, members, _ in told) == sorted("|".join(sorted(s)) for s in sets if len(s) > 1)


# --- guards ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("guard", "count"),
    [
        (harmless("author", "a", "b"), 0),
        (harmless("author", "b", "a"), 0),
        (harmless("author"), 0),  # for the whole tender
        (harmless("agent", "a", "b"), 1),
        (harmless("author", "a", "c"), 1),
        (harmless("author", "a", "b", subject="tender/2"), 1),
        (harmless("author", "a", "b", role="clerk", actor="agency"), 1),
        (harmless("author", "a", "b", actor="agency"), 1),  # runs the tender himself
        (harmless("author", "a", "b", actor="a"), 1),
        (harmless("author", "a", "b", actor="user-a"), 1),
    ],
)
def test_only_a_supervisor_without_a_part_in_it_finds_a_sign_harmless(guard: Entry, count: int) -> None:
    assert len(said(*alike(author="w"), guard)) == count


def test_a_public_price_list_clears_the_prices_of_all() -> None:
    rows = priced(1_000_000, 1_050_000, 1_100_000, 1_150_000)
    assert said(*rows, harmless("prices")) == []


# --- who answers, and which law ---------------------------------------------------------------------------------------


def told(*entries: Entry, **facts: Any) -> Finding:
    (one,) = found(log_of(*entries, **facts), RULE)
    return one


def test_the_supervisor_gets_it_and_nobody_is_accused() -> None:
    one = told(*alike(author="w"), compared("a", "b", similarity_percent=90))
    assert (one.office, one.post, one.actor, one.is_open) == ("bid-watch", None, None, False)
    assert (one.subject, one.first_seq, one.last_seq, one.numbers["most"]) == ("tender/1", 2, 5, 2)
    assert one.on == date(2020, 6, 2)  # Tuesday


def test_without_a_named_supervisor_the_office_that_runs_it_is_told() -> None:
    assert told(bid("a", author="w"), bid("b", author="w")).office == "trade-centre"


@pytest.mark.parametrize(
    ("area", "day", "severity"),
    [("330100", "2020-06-02", "yellow"), ("330100", "2012-01-31", "notice"), ("NL", "2020-06-02", "notice")],
)
def test_the_law_of_the_day_and_the_place(area: str, day: str, severity: str) -> None:
    rows = [bid(name, f"{day} 10:00", author="w") for name in "ab"]
    assert [one.severity for one in found(record(rows, area=area), RULE)] == [severity]


def test_duckdb_says_the_same() -> None:
    ring = [bid(name, price_fen=price, author="w") for name, price in zip("abc", (800, 850, 900), strict=True)]
    rows = [*ring, *apart("d", "e", "f"), bid("g", address="n"), bid("h", address="n", device="dd"),
            compared("d", "e", is_mixed=True), harmless("author", "a", "c"),
            tender("bid-won", "2020-06-03 10:00", bidder="a")]  # fmt: skip
    log = log_of(published(), *rows)
    with on_engine(log, "duckdb") as other:
        assert found(other, RULE) == found(log, RULE) != []
