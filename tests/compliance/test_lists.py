"""Lists in a column, and kinds named twice."""

from __future__ import annotations

import polars as pl
import pytest
from narwhals import from_native

from portal.compliance.engine import rows_of
from portal.compliance.engines import on_engine
from portal.compliance.log import Frame
from portal.compliance.log.lists import has_member, members, strung
from tests.compliance.record import event, record, rows

TABLE = pl.DataFrame({"subject": [1, 1, 2, 2], "nth": [1, 2, 3, 4], "list": ["a|b", None, "b", ""]})


@pytest.fixture
def table() -> Frame:
    return from_native(TABLE.lazy())


def test_a_list_has_a_row_per_member(table: Frame) -> None:
    found = [(row["nth"], row["list"]) for row in rows(members(table, "list"), "nth", "list")]
    assert found == [(1, "a"), (1, "b"), (3, "b")]


def test_a_member_is_a_whole_word_and_an_unknown_list_holds_none() -> None:
    words = pl.DataFrame({"list": ["item|place", "items", None, "", "place"]})
    marked = from_native(words.lazy()).with_columns(has=has_member("list", "item"))
    assert [row["has"] for row in rows(marked, "has")] == [False, False, False, False, True]
    assert rows(marked.filter(has_member("list", "item")))[0]["list"] == "item|place"


def test_values_are_strung_in_order_and_cut_short() -> None:
    table = pl.DataFrame({"k": [1, 1, 1, 1, 2, 2], "nth": [4, 2, 3, 1, 6, 5], "v": ["d", "b", "c", "a", None, "x"]})
    lazy = from_native(table.lazy())
    told = strung(lazy, ["k"], "v", order="nth", into="chain", separator=" > ", shown=3)
    assert [row["chain"] for row in rows(told, "k")] == ["a > b > c > …", "x"]
    by_itself = strung(lazy, ["k"], "v", order="v", into="chain")
    assert rows(by_itself, "k")[0]["chain"] == "a|b|c|d"


def test_a_kind_named_twice_is_looked_up_once() -> None:
    log = record([event("received", "Monday 2020-06-01 10:00"), event("refused", "Tuesday 2020-06-02 10:00")])
    assert len(rows(log.events("refused", "received", "refused"))) == 2


def test_duckdb_splits_and_strings_alike() -> None:
    log = record([event("correction-noticed", "Monday 2020-06-01 10:00", demands=["b", "a", "c"])])
    with on_engine(log, "duckdb") as other:
        told = strung(
            members(other.of("correction-noticed"), "demands"), ["seq"], "demands", order="demands", into="all"
        )
        assert rows_of(told) == [{"seq": 1, "all": "a|b|c"}]
