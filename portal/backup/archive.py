"""The file itself: a tar stream, compressed, encrypted by age. ``age -d -i KEY FILE | tar xz`` opens it without us."""

from __future__ import annotations

import gzip
import os
import tarfile
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO

import pyrage
from pyrage import x25519

from portal.backup.model import NotABackup

_FASTEST = 1  # of gzip: uploads hardly shrink, and the database is waited for


def write(file: Path, members: Iterable[tuple[str, Path]], recipient: x25519.Recipient) -> None:
    """Write the members (name inside, file) to ``file``, which appears only once it is whole and on the disk."""
    aside = file.with_name(f".{file.name}.part")
    try:
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as target:
            _through_a_pipe(
                lambda stream: _pack(members, stream), lambda stream: pyrage.encrypt_io(stream, target, [recipient])
            )
            target.flush()
            os.fsync(target.fileno())
        aside.rename(file)
    finally:
        aside.unlink(missing_ok=True)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def read(file: Path, into: Path, identity: x25519.Identity) -> None:
    """Unpack into the folder.

    :raises NotABackup: it is cut off, altered, or encrypted for somebody else; the folder then holds a part of it.
    """
    try:
        with file.open("rb") as source:
            _through_a_pipe(
                lambda stream: pyrage.decrypt_io(source, stream, [identity]), lambda stream: _unpack(stream, into)
            )
    except (OSError, EOFError, pyrage.DecryptError, tarfile.TarError, gzip.BadGzipFile) as error:
        raise NotABackup(str(error) or type(error).__name__) from error


def _pack(members: Iterable[tuple[str, Path]], stream: IO[bytes]) -> None:
    with (
        gzip.GzipFile(fileobj=stream, mode="wb", compresslevel=_FASTEST, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w|") as tar,
    ):
        for name, file in members:
            try:
                tar.add(file, arcname=name, recursive=False)
            except FileNotFoundError:  # an upload thrown away, or a part of the tree replaced, since it was listed
                continue


def _unpack(stream: IO[bytes], into: Path) -> None:
    with gzip.GzipFile(fileobj=stream, mode="rb") as packed:
        with tarfile.open(fileobj=packed, mode="r|") as tar:
            tar.extractall(into, filter="data")
        while packed.read(1 << 20):  # to the end, so that every byte has been checked
            pass
    while stream.read(1 << 20):
        pass


def _through_a_pipe(produce: Callable[[IO[bytes]], object], consume: Callable[[IO[bytes]], object]) -> None:
    """Run both at once; what went wrong on the producing side is raised before what it caused on the other."""
    reading, writing = os.pipe()
    failures: list[BaseException] = []

    def run() -> None:
        try:
            with os.fdopen(writing, "wb") as stream:
                produce(stream)
        except BrokenPipeError:  # the consumer gave up and tells why
            pass
        except BaseException as error:  # noqa: BLE001 -- carried to the thread that waits
            failures.append(error)

    thread = threading.Thread(target=run, name="backup")
    thread.start()
    try:
        with os.fdopen(reading, "rb") as stream:
            consume(stream)
    except BaseException as error:
        thread.join()
        raise (failures[0] if failures else error) from error
    thread.join()
    if failures:
        raise failures[0]
