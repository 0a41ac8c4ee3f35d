"""Checkpoints: origin, size and root as a signed note, readable by every witness (C2SP signed-note, tlog-checkpoint).

Our own key signs twice: the note itself, and with the time a cosignature/v1 (C2SP tlog-cosignature), which says that
at that second this was the largest tree we knew. The two sign different texts, so one key serves for both.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from portal.basis import N_, Refusal
from portal.ledger.merkle import HASH_SIZE

ED25519, COSIGNATURE = 0x01, 0x04
_PRIVATE = "PRIVATE+KEY+"
_DASH = "— "
_NAME = re.compile(r"[^\s+]+")
_NUMBER = re.compile(r"0|[1-9][0-9]{0,18}")


class KeyMisshapen(Refusal):
    def __init__(self) -> None:
        super().__init__(
            N_("This is no verifier key; copy the whole line, name+number+key, from where it is published."),
            field="key",
        )


class NoteMisshapen(Refusal):
    def __init__(self) -> None:
        super().__init__(
            N_("This is no signed checkpoint; download it again, and do not change a character of it."),
            field="checkpoint",
        )


class NotSigned(Refusal):
    """Nobody with the key wrote this: a wrong key, a forged signature, or a text that was changed."""

    def __init__(self, name: str) -> None:
        super().__init__(
            N_("The checkpoint is not signed by the key of %(name)s; do not trust it, and tell the supervisor."),
            field="checkpoint",
            values={"name": name},
        )


@dataclass(frozen=True, slots=True)
class Checkpoint:
    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"


@dataclass(frozen=True, slots=True)
class Verifier:
    """A public key with its name, written ``name+number+key`` (a vkey)."""

    name: str
    public: bytes

    @classmethod
    def parse(cls, line: str) -> Verifier:
        """:raises KeyMisshapen: it is no key, or its number is not that of the key."""
        try:
            name, number, coded = line.strip().split("+", 2)
            key = decoded(coded)
        except ValueError:
            raise KeyMisshapen from None
        if not _NAME.fullmatch(name) or len(key) != HASH_SIZE + 1 or key[0] not in (ED25519, COSIGNATURE):
            raise KeyMisshapen
        if number != key_number(name, key[0], key[1:]).hex():
            raise KeyMisshapen
        return cls(name, key[1:])

    def line(self, algorithm: int = ED25519) -> str:
        coded = b64encode(bytes([algorithm]) + self.public).decode()
        return f"{self.name}+{key_number(self.name, algorithm, self.public).hex()}+{coded}"

    def is_right(self, signature: bytes, message: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True)
class Signer:
    name: str
    seed: bytes

    @classmethod
    def parse(cls, line: str) -> Signer:
        """:raises KeyMisshapen: the line is no private key of this form."""
        verifier_like = line.strip().removeprefix(_PRIVATE).split("+", 2)
        try:
            name, number, coded = verifier_like
            key = decoded(coded)
        except ValueError:
            raise KeyMisshapen from None
        if len(key) != HASH_SIZE + 1 or key[0] != ED25519:
            raise KeyMisshapen
        signer = cls(name, key[1:])
        if number != key_number(name, ED25519, signer.verifier.public).hex():
            raise KeyMisshapen
        return signer

    @property
    def verifier(self) -> Verifier:
        return Verifier(self.name, Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw())

    def line(self) -> str:
        number = key_number(self.name, ED25519, self.verifier.public).hex()
        return f"{_PRIVATE}{self.name}+{number}+{b64encode(bytes([ED25519]) + self.seed).decode()}"

    def signed(self, text: str) -> str:
        """The signature line of the note's text."""
        return _signature_line(self.verifier, ED25519, self._sign(text.encode()))

    def cosigned(self, text: str, at: datetime) -> str:
        """The line that says when; to the second."""
        seconds = int(at.timestamp())
        signature = self._sign(_timed(text, seconds))
        return _signature_line(self.verifier, COSIGNATURE, seconds.to_bytes(8, "big") + signature)

    def _sign(self, message: bytes) -> bytes:
        return Ed25519PrivateKey.from_private_bytes(self.seed).sign(message)


@dataclass(frozen=True, slots=True)
class Signed:
    """A checkpoint whose signatures were found right; ``signed_at`` is the latest time that a known key vouches for."""

    checkpoint: Checkpoint
    note: str
    signed_at: datetime | None = None
    cosigned_by: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        return self.checkpoint.size

    @property
    def root(self) -> bytes:
        return self.checkpoint.root


def key_number(name: str, algorithm: int, public: bytes) -> bytes:
    """The four bytes by which a signature line names its key."""
    return sha256(name.encode() + b"\n" + bytes([algorithm]) + public).digest()[:4]


def sign(checkpoint: Checkpoint, signer: Signer, at: datetime) -> Signed:
    text = checkpoint.text
    note = f"{text}\n{signer.signed(text)}{signer.cosigned(text, at)}"
    return Signed(checkpoint, note, datetime.fromtimestamp(int(at.timestamp()), UTC))


def opened(note: str, key: Verifier, witnesses: Iterable[Verifier] = ()) -> Signed:
    """The checkpoint in the note, if the key signed it; lines of keys that nobody named are passed over.

    :raises NoteMisshapen: it does not read as a signed checkpoint.
    :raises NotSigned: no right signature of the key is on it.
    """
    text, signatures = _parts(note)
    checkpoint = checkpoint_in(text)
    number = key_number(key.name, ED25519, key.public)
    if not any(
        name == key.name and blob[:4] == number and key.is_right(blob[4:], text.encode()) for name, blob in signatures
    ):
        raise NotSigned(key.name)
    signed = Signed(checkpoint, note)
    for known in (key, *witnesses):
        at = _cosigned_at(text, signatures, known)
        if at is None:
            continue
        latest = at if signed.signed_at is None else max(at, signed.signed_at)
        names = signed.cosigned_by if known is key else (*signed.cosigned_by, known.name)
        signed = replace(signed, signed_at=latest, cosigned_by=names)
    return signed


def checkpoint_in(text: str) -> Checkpoint:
    """:raises NoteMisshapen: the text is not origin, size and root, each on its line."""
    lines = text.split("\n")
    if len(lines) < 4 or lines[-1] or not lines[0] or not _NUMBER.fullmatch(lines[1]):
        raise NoteMisshapen
    return Checkpoint(lines[0], int(lines[1]), _hash(lines[2]))


def _parts(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    text, gap, rest = note.rpartition("\n\n")
    if not gap or not rest.endswith("\n"):
        raise NoteMisshapen
    signatures = []
    for line in rest[:-1].split("\n"):
        name, _, coded = line.removeprefix(_DASH).partition(" ")
        if not line.startswith(_DASH) or not _NAME.fullmatch(name):
            raise NoteMisshapen
        try:
            blob = decoded(coded)
        except ValueError:
            raise NoteMisshapen from None
        if len(blob) < 5:
            raise NoteMisshapen
        signatures.append((name, blob))
    return text + "\n", signatures


def _cosigned_at(text: str, signatures: list[tuple[str, bytes]], key: Verifier) -> datetime | None:
    number = key_number(key.name, COSIGNATURE, key.public)
    for name, blob in signatures:
        if name == key.name and blob[:4] == number and len(blob) == 4 + 8 + 64:
            seconds = int.from_bytes(blob[4:12], "big")
            if key.is_right(blob[12:], _timed(text, seconds)):
                try:
                    return datetime.fromtimestamp(seconds, UTC)
                except (ValueError, OverflowError, OSError):  # a right signature on a senseless time
                    return None
    return None


def _timed(text: str, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()


def _signature_line(key: Verifier, algorithm: int, blob: bytes) -> str:
    number = key_number(key.name, algorithm, key.public)
    return f"{_DASH}{key.name} {b64encode(number + blob).decode()}\n"


def decoded(coded: str) -> bytes:
    """Base64 written in the one right way: another spelling of the same bytes would let an altered note pass.

    :raises ValueError: it is none, or its last sign holds bits that mean nothing.
    """
    found = b64decode(coded, validate=True)
    if b64encode(found).decode() != coded:
        raise ValueError("this base64 can be written otherwise")
    return found


def _hash(coded: str) -> bytes:
    try:
        found = decoded(coded)
    except ValueError:
        raise NoteMisshapen from None
    if len(found) != HASH_SIZE:
        raise NoteMisshapen
    return found
