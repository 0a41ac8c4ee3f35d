"""Signed checkpoints against keys, notes and signatures that others have published."""

from __future__ import annotations

from base64 import b64decode
from datetime import UTC, datetime

import pytest

from portal.ledger.notes import (
    COSIGNATURE,
    Checkpoint,
    KeyMisshapen,
    NoteMisshapen,
    NotSigned,
    Signer,
    Verifier,
    key_number,
    opened,
    sign,
)

# From the documentation of Go's note package.
PRIVATE = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
PUBLIC = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
SIGNATURE = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
WITNESS = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"  # of a witness that runs
AT = datetime(2020, 9, 14, 2, 0, 0, 500_000, tzinfo=UTC)
OURS = Signer("yinuo.example/ledger", bytes(range(32)))
CHECKPOINT = Checkpoint("yinuo.example/ledger", 3, bytes(range(32)))


def test_the_published_note_is_signed_to_the_letter() -> None:
    signer = Signer.parse(PRIVATE)
    assert (signer.signed(TEXT), signer.verifier.line(), signer.line()) == (SIGNATURE, PUBLIC, PRIVATE)


def test_the_key_of_a_witness_has_the_number_that_the_witness_published() -> None:
    witness = Verifier.parse(WITNESS)
    assert key_number(witness.name, COSIGNATURE, witness.public).hex() == "da77ade7"
    assert witness.line(COSIGNATURE) == WITNESS


@pytest.mark.parametrize("line", ["", "a+b", PUBLIC[:-4], PUBLIC.replace("c74f20a3", "c74f20a4"), "a b" + PUBLIC])
def test_a_key_that_is_none_is_refused(line: str) -> None:
    with pytest.raises(KeyMisshapen):
        Verifier.parse(line)


def test_a_checkpoint_is_read_back_with_its_time_to_the_second() -> None:
    signed = sign(CHECKPOINT, OURS, AT)
    found = opened(signed.note, OURS.verifier)
    assert found.checkpoint == CHECKPOINT
    assert found.signed_at == signed.signed_at == AT.replace(microsecond=0)


def test_the_time_is_signed_as_cosignature_v1_says() -> None:
    line = sign(CHECKPOINT, OURS, AT).note.splitlines()[-1]
    blob = b64decode(line.split(" ")[2])
    seconds = int(AT.timestamp())
    assert int.from_bytes(blob[4:12], "big") == seconds
    assert OURS.verifier.is_right(blob[12:], f"cosignature/v1\ntime {seconds}\n{CHECKPOINT.text}".encode())


def test_a_time_that_was_changed_is_not_believed() -> None:
    note = sign(CHECKPOINT, OURS, AT).note
    later = sign(CHECKPOINT, OURS, AT.replace(year=2021)).note
    other = sign(Checkpoint(CHECKPOINT.origin, 4, CHECKPOINT.root), OURS, AT.replace(year=2021)).note
    mixed = "\n".join([*note.splitlines()[:-1], other.splitlines()[-1]]) + "\n"
    assert opened(mixed, OURS.verifier).signed_at is None
    assert opened(later, OURS.verifier).signed_at != opened(note, OURS.verifier).signed_at


@pytest.mark.parametrize("place", range(0, 60, 7))
def test_no_character_of_a_checkpoint_can_be_changed(place: int) -> None:
    note = sign(CHECKPOINT, OURS, AT).note
    with pytest.raises((NotSigned, NoteMisshapen)):
        opened(note[:place] + chr(ord(note[place]) ^ 1) + note[place + 1 :], OURS.verifier)


def test_another_key_of_the_same_name_is_not_ours() -> None:
    forged = sign(CHECKPOINT, Signer(OURS.name, bytes(32)), AT).note
    with pytest.raises(NotSigned):
        opened(forged, OURS.verifier)


def test_signatures_of_strangers_are_passed_over_and_a_known_witness_is_named() -> None:
    witness, stranger = Signer("witness.example/w1", bytes([1] * 32)), Signer("stranger.example", bytes([2] * 32))
    text = CHECKPOINT.text
    note = sign(CHECKPOINT, OURS, AT).note + witness.cosigned(text, AT.replace(year=2021)) + stranger.signed(text)
    found = opened(note, OURS.verifier, [witness.verifier])
    assert found.cosigned_by == ("witness.example/w1",)
    assert found.signed_at == AT.replace(year=2021, microsecond=0)
