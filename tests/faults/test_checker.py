"""The checker finds what is planted, and nothing in a faultless history; otherwise its silence would mean nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.faults.checker import Standing, Written, faults
from tests.faults.history import Diary, Wish, wishes

SERIES = "990100-2026-"
WISHED = [
    Wish("a", "hand-in", "red", answers=(SERIES + "000001",)),
    Wish("b", "hand-in", "blue", answers=(SERIES + "000002",) * 2, sent=2),
    Wish("c", "hand-in", "green"),  # never answered
    Wish("d", "chase", "", of=SERIES + "000001", answers=(SERIES + "000001",)),
    Wish("e", "hand-in", "grey", refusals=("the database is busy",)),
]


def event(seq: int, number: int, kind: str = "submitted", wisher: str = "", content: str = "") -> Written:
    return Written(seq, f"case/{SERIES}{number:06d}", kind, wisher, content)


EVENTS = (
    event(1, 1, wisher="a", content="red"),
    event(2, 1, "received"),
    event(3, 2, wisher="b", content="blue"),
    event(4, 2, "received"),
    event(5, 1, "chased", wisher="d"),
)
NUMBERS = frozenset({SERIES + "000001", SERIES + "000002"})
STANDING = Standing(EVENTS, NUMBERS, NUMBERS, {SERIES: 2})
LATE = event(6, 3, wisher="c", content="green")
WITH_THIRD = Standing((*EVENTS, LATE), NUMBERS | {SERIES + "000003"}, NUMBERS, {SERIES: 3})


def test_a_faultless_history_has_no_faults_whether_or_not_the_unanswered_wish_happened() -> None:
    assert faults(WISHED, STANDING) == []
    assert faults(WISHED, WITH_THIRD) == []


@pytest.mark.parametrize(
    ("standing", "words"),
    [
        (replace(STANDING, events=EVENTS[:2] + EVENTS[4:]), "event 3 is missing"),
        (replace(STANDING, events=(*EVENTS[:4], replace(EVENTS[4], wisher=""))), "is lost"),
        (replace(STANDING, events=(*EVENTS, event(6, 1, "chased", wisher="d"))), "chase d stands 2 times"),
        (replace(STANDING, events=(*EVENTS, event(6, 2, wisher="b", content="blue"))), "hand-in b stands 2 times"),
        (replace(STANDING, events=(*EVENTS, event(6, 2, wisher="c", content="green"))), "000002 was given 2 times"),
        (replace(STANDING, events=(*EVENTS, event(6, 2, "chased", wisher="x"))), "nobody wished for"),
        (replace(STANDING, events=(*EVENTS[:4], event(5, 2, "chased", wisher="d"))), "and stands as"),
        (replace(STANDING, events=(replace(EVENTS[0], content="pink"), *EVENTS[1:])), "other content"),
        (replace(STANDING, events=(replace(EVENTS[0], is_whole=False), *EVENTS[1:])), "does not give its hash"),
        (replace(WITH_THIRD, given={SERIES: 4}), "has gaps: [4]"),
        (replace(WITH_THIRD, given={SERIES: 2}), "[3] stand"),
        (replace(WITH_THIRD, events=(*EVENTS, event(6, 3, wisher="e", content="grey"))), "refused and stands"),
        (replace(STANDING, rows=frozenset()), "has no row"),
        (replace(STANDING, rows=NUMBERS | {SERIES + "000009"}), "has no events"),
        (replace(STANDING, clocks=frozenset()), "has no clock"),
        (replace(STANDING, differences=("cases",)), "rebuilding would change cases"),
    ],
)
def test_what_is_planted_is_found(standing: Standing, words: str) -> None:
    assert any(words in fault for fault in faults(WISHED, standing)), faults(WISHED, standing)


def test_two_answers_to_one_wish_are_a_fault() -> None:
    told_twice = replace(WISHED[1], answers=(SERIES + "000001", SERIES + "000002"))
    assert any("answered differently" in fault for fault in faults([WISHED[0], told_twice, *WISHED[2:]], STANDING))


def test_a_torn_last_line_says_nothing_and_a_wish_sent_again_is_the_same(tmp_path: Path) -> None:
    files = [tmp_path / "one", tmp_path / "two"]
    first, second = (Diary(file) for file in files)
    first.sent("k", "hand-in", "red")
    second.sent("k", "hand-in", "red")
    second.answered("k", "n1")
    first.sent("l", "hand-in", "blue")
    files[0].write_text(files[0].read_text() + '{"key": "l", "what": "answ')
    assert wishes(files) == [Wish("k", "hand-in", "red", answers=("n1",), sent=2), Wish("l", "hand-in", "blue")]
