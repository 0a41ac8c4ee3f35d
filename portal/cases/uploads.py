"""Files that came with a case: kept under a random name below ``instance/uploads``, never in a public folder."""

from __future__ import annotations

import os
import secrets
from hashlib import sha256
from pathlib import Path

from portal import config, vault
from portal.cases.model import StoredFile
from portal.vault import Holder

LONGEST_NAME = 120


def keep_upload(content: bytes, file_name: str, *, holder: Holder, folder: Path | None = None) -> StoredFile:
    """Lay the bytes down sealed, and say where; a draft keeps the answer until the hand-in.

    :raises KeyDestroyed: the holder has no key; who opens a draft or a case gives it one.
    """
    token = secrets.token_hex(16)
    stored_as = f"{token[:2]}/{token}"
    file = _path(stored_as, folder)
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
        stream.write(vault.seal_with(holder, _purpose(stored_as), content))
    return StoredFile(_plain(file_name), len(content), sha256(content).hexdigest(), stored_as)


def read_upload(stored_as: str, *, folder: Path | None = None) -> bytes:
    """:raises Unreadable: its key has been destroyed or is locked."""
    return vault.opened(_path(stored_as, folder).read_bytes(), _purpose(stored_as))


def discard_upload(stored: StoredFile, *, folder: Path | None = None) -> None:
    """Throw away a file that was never handed in; the caller knows that no case holds it."""
    _path(stored.stored_as, folder).unlink(missing_ok=True)


def _purpose(stored_as: str) -> str:
    return f"file:{stored_as}"


def _path(stored_as: str, folder: Path | None) -> Path:
    root = ((folder or config.instance_folder()) / "uploads").resolve()
    file = (root / stored_as).resolve()
    if not file.is_relative_to(root):
        raise ValueError(f"{stored_as} lies outside of the folder of uploads")
    return file


def _plain(file_name: str) -> str:
    """The bare name without folders and control characters, cut from the front so that its ending stays."""
    bare = file_name.replace("\\", "/").rsplit("/", 1)[-1]
    printable = "".join(letter for letter in bare if letter.isprintable()).strip() or "file"
    return printable[-LONGEST_NAME:]
