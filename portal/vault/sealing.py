"""AES-256-GCM over whole values: version, key id, nonce, ciphertext with its tag. Pure."""

from __future__ import annotations

import os
import secrets
import unicodedata
from hashlib import sha256
from hmac import new as hmac

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from portal.vault.model import SealBroken

VERSION = b"\x01"
_ID, _NONCE, _TAG = 16, 12, 16  # bytes
OVERHEAD = len(VERSION) + _ID + _NONCE + _TAG


def new_key() -> tuple[str, bytes]:
    """A random id in hex, and 256 random bits."""
    return secrets.token_hex(_ID), AESGCM.generate_key(bit_length=256)


def wrapped(key_id: str, key: bytes, master: bytes) -> bytes:
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(master).encrypt(nonce, key, _bound("key", key_id))


def unwrapped(key_id: str, wrapped_key: bytes, master: bytes) -> bytes:
    """:raises SealBroken: wrapped by another master key, or for another id."""
    return _decrypted(AESGCM(master), wrapped_key, _bound("key", key_id))


def sealed(key_id: str, key: bytes, purpose: str, content: bytes) -> bytes:
    """Seal for one purpose; opened for another one it does not open."""
    nonce = os.urandom(_NONCE)
    return VERSION + bytes.fromhex(key_id) + nonce + AESGCM(key).encrypt(nonce, content, _bound("content", purpose))


def opened(key: bytes, purpose: str, bytes_sealed: bytes) -> bytes:
    """:raises SealBroken: altered, or sealed for another purpose."""
    return _decrypted(AESGCM(key), bytes_sealed[len(VERSION) + _ID :], _bound("content", purpose))


def key_id_of(bytes_sealed: bytes) -> str:
    """:raises SealBroken: these are not bytes of the vault."""
    if len(bytes_sealed) < OVERHEAD or not bytes_sealed.startswith(VERSION):
        raise SealBroken("not sealed by this vault")
    return bytes_sealed[len(VERSION) : len(VERSION) + _ID].hex()


def blind_index(key: bytes, purpose: str, value: str) -> bytes:
    """The same for the same value however it is typed; nobody without the key can try values out."""
    normal = "".join(unicodedata.normalize("NFKC", value).split()).casefold()
    return hmac(key, f"{purpose}\0{normal}".encode(), sha256).digest()


def _bound(sort: str, name: str) -> bytes:
    return f"yinuo-vault-1\0{sort}\0{name}".encode()


def _decrypted(cipher: AESGCM, nonce_and_text: bytes, bound: bytes) -> bytes:
    try:
        return cipher.decrypt(nonce_and_text[:_NONCE], nonce_and_text[_NONCE:], bound)
    except (InvalidTag, ValueError):
        raise SealBroken("altered, or sealed for another purpose or by another key") from None
