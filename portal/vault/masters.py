"""Master keys: ``name:base64`` lines in ``instance/vault-keys`` (mode 600) or in YINUO_VAULT_KEYS; the last one seals.

The line ``index`` is the key of the blind index; it is never rotated, because every index would have to be made again.
"""

from __future__ import annotations

import os
import secrets
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from portal import config
from portal.basis import N_, Refusal
from portal.vault.model import KeyFileExposed, KeyFileMissing, MasterKeyUnknown

FILE = "vault-keys"
VARIABLE = "YINUO_VAULT_KEYS"
_INDEX = "index"
_LENGTH = 32  # bytes


class KeyFileUnreadable(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("The master keys must be name:base64 of 32 bytes, one of them named index; correct them."))


@dataclass(frozen=True, slots=True)
class Keyring:
    masters: Mapping[str, bytes]
    current: str
    index: bytes

    def master(self, name: str) -> bytes:
        """:raises MasterKeyUnknown: a key was wrapped by a master that is not here."""
        try:
            return self.masters[name]
        except KeyError:
            raise MasterKeyUnknown(name) from None


def keyring(instance: Path, *, is_unused: Callable[[], bool], environment: Mapping[str, str] = os.environ) -> Keyring:
    """Read the master keys; make the first ones only where nothing has been sealed yet.

    :raises Refusal: they are missing, readable by others, or not keys.
    """
    if given := environment.get(VARIABLE):
        return _parsed(given)
    file = instance / FILE
    if not file.exists():
        if not is_unused():
            raise KeyFileMissing
        config.secret(instance, FILE, make=lambda: _written([(_INDEX, _fresh()), (_name(), _fresh())]))
    return _read(file, file.stat().st_mtime_ns)


def add_master(instance: Path, environment: Mapping[str, str] = os.environ) -> str:
    """Write a new master key behind the others and return its name; what is sealed from now on is sealed by it.

    :raises Refusal: the keys come from outside, so that they are added there.
    """
    if environment.get(VARIABLE):
        raise Refusal(N_("The master keys come from YINUO_VAULT_KEYS; add one there, the last one seals."))
    name = _name()
    _replace(instance / FILE, [*_lines(instance / FILE), (name, _fresh())])
    return name


def remove_masters(instance: Path, names: frozenset[str]) -> None:
    _replace(instance / FILE, [line for line in _lines(instance / FILE) if line[0] not in names])


@lru_cache(maxsize=8)
def _read(file: Path, _changed_ns: int) -> Keyring:
    if file.stat().st_mode & 0o077:
        raise KeyFileExposed(str(file))
    return _parsed(file.read_text())


@lru_cache(maxsize=8)
def _parsed(text: str) -> Keyring:
    try:
        found = {name: b64decode(key, validate=True) for name, _, key in (word.partition(":") for word in text.split())}
    except ValueError:
        raise KeyFileUnreadable from None
    index = found.pop(_INDEX, b"")
    if not found or any(len(key) != _LENGTH for key in (index, *found.values())):
        raise KeyFileUnreadable
    return Keyring(found, list(found)[-1], index)


def _lines(file: Path) -> list[tuple[str, str]]:
    return [(name, key) for name, _, key in (word.partition(":") for word in file.read_text().split())]


def _written(lines: list[tuple[str, str]]) -> str:
    return "".join(f"{name}:{key}\n" for name, key in lines)


def _replace(file: Path, lines: list[tuple[str, str]]) -> None:
    """Whole or not at all: a power cut leaves the old keys or the new ones."""
    aside = file.with_name(f".{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
        stream.write(_written(lines))
        stream.flush()
        os.fsync(stream.fileno())
    aside.replace(file)


def _name() -> str:
    return f"m{secrets.token_hex(4)}"


def _fresh() -> str:
    return b64encode(os.urandom(_LENGTH)).decode()
