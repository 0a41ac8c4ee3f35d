"""Sealed bytes open with their key, for their purpose, unaltered; and not otherwise."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.vault import SealBroken, sealing

ID, KEY = sealing.new_key()


@given(st.binary(max_size=400), st.text(max_size=40).filter(lambda text: text.isprintable()))
def test_what_is_sealed_opens_again(content: bytes, purpose: str) -> None:
    sealed = sealing.sealed(ID, KEY, purpose, content)
    assert sealing.opened(KEY, purpose, sealed) == content
    assert sealing.key_id_of(sealed) == ID
    assert len(sealed) == len(content) + sealing.OVERHEAD


def test_two_seals_of_one_text_differ() -> None:
    assert sealing.sealed(ID, KEY, "a", b"same") != sealing.sealed(ID, KEY, "a", b"same")


@pytest.mark.parametrize("place", [17, 28, 29, -1])
def test_one_flipped_bit_is_noticed(place: int) -> None:
    broken = bytearray(sealing.sealed(ID, KEY, "a", b"content"))
    broken[place] ^= 1
    with pytest.raises(SealBroken):
        sealing.opened(KEY, "a", bytes(broken))


def test_another_purpose_another_key_and_a_cut_do_not_open_it() -> None:
    sealed = sealing.sealed(ID, KEY, "event:case/1:submitted", b"content")
    for key, purpose, content in (
        (KEY, "event:case/2:submitted", sealed),
        (sealing.new_key()[1], "event:case/1:submitted", sealed),
        (KEY, "event:case/1:submitted", sealed[:-1]),
        (KEY, "event:case/1:submitted", b""),
    ):
        with pytest.raises(SealBroken):
            sealing.opened(key, purpose, content)


def test_bytes_that_were_never_sealed_are_told_apart() -> None:
    for content in (b"", b"Zhang Wei", b'{"personal":{"name":"plain text that is long enough to be one"}}'):
        with pytest.raises(SealBroken):
            sealing.key_id_of(content)


def test_a_wrapped_key_belongs_to_its_id_and_its_master() -> None:
    master = bytes(32)
    wrapped = sealing.wrapped(ID, KEY, master)
    assert sealing.unwrapped(ID, wrapped, master) == KEY
    for key_id, other in ((sealing.new_key()[0], master), (ID, b"1" * 32)):
        with pytest.raises(SealBroken):
            sealing.unwrapped(key_id, wrapped, other)


def test_a_blind_index_is_the_same_however_it_is_typed() -> None:
    key = bytes(32)
    assert sealing.blind_index(key, "name", " 张 三") == sealing.blind_index(key, "name", "张三")
    assert sealing.blind_index(key, "identity", "11010519491231002x") == sealing.blind_index(
        key, "identity", "１1010519491231002X"
    )
    assert sealing.blind_index(key, "name", "张三") != sealing.blind_index(key, "phone", "张三")
    assert sealing.blind_index(key, "name", "张三") != sealing.blind_index(b"1" * 32, "name", "张三")
