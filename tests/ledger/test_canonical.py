"""The one spelling of an event, held against the standard's own examples where they have no floats."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.ledger.canonical import NotCanonical, canonical, instant_text, leaf_hash

NUMBERS = st.integers(-(2**53) + 1, 2**53 - 1)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(),
    lambda members: st.lists(members) | st.dictionaries(st.text(), members),
)


def test_members_stand_in_the_order_of_their_utf_16_units() -> None:
    """The property names of RFC 8785, section 3.2.3; 😀 is two surrogates and so comes before דּ."""
    names = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    expected = ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]
    assert list(json.loads(canonical(dict.fromkeys(names, 0)))) == expected


def test_text_is_escaped_as_little_as_the_standard_says() -> None:
    """The string of RFC 8785, section 3.2.2."""
    given_text = '\u20ac$\u000f\nA\'B"\\\\"/'
    assert canonical(given_text) == '"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'.encode()
    assert canonical("\b\t\n\f\r\x1f\x7f\u2028") == b'"\\b\\t\\n\\f\\r\\u001f\x7f\xe2\x80\xa8"'


def test_there_is_no_space_and_no_order_of_arrival() -> None:
    assert canonical({"b": [1, True, None], "a": {}}) == canonical({"a": {}, "b": [1, True, None]})
    assert canonical({"b": [1, True, None], "a": {}}) == b'{"a":{},"b":[1,true,null]}'


@pytest.mark.parametrize("value", [1.5, 2**53, -(2**53), float("nan"), b"bytes", {1: 2}, "\ud800", datetime.now(UTC)])
def test_what_has_no_single_spelling_is_refused(value: object) -> None:
    with pytest.raises(NotCanonical):
        canonical({"value": value})


@given(VALUES)
def test_the_spelling_says_the_same_and_is_its_own_spelling(value: object) -> None:
    spelt = canonical(value)
    assert json.loads(spelt) == value
    assert canonical(json.loads(spelt)) == spelt


@given(st.datetimes(timezones=st.just(UTC)), st.datetimes(timezones=st.just(timezone(timedelta(hours=-9)))))
def test_instants_sort_as_their_texts_do(one: datetime, other: datetime) -> None:
    try:
        texts = instant_text(one), instant_text(other)
    except OverflowError:  # the last hours of the year 9999 have no UTC
        return
    assert (one < other) == (texts[0] < texts[1])
    assert datetime.fromisoformat(texts[0]) == one


def test_a_leaf_is_marked_as_a_leaf() -> None:
    """RFC 6962 puts a zero byte before leaves, so that no node of the tree can pass for one."""
    assert leaf_hash({"a": 1}) == hashlib.sha256(b'\x00{"a":1}').digest()
