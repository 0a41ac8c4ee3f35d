"""Take a backup, thin out old ones, unpack one and put it in its place."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from portal.backup import archive, databases, keys
from portal.backup.model import ENDING, Manifest, NotABackup, file_name, manifest_of, taken_at, to_discard
from portal.basis import N_, Refusal

FOLDER_VARIABLE = "YINUO_BACKUPS"
MANIFEST = "manifest.json"
# What lies in the instance folder and belongs to the record. Keys do not: whoever finds a backup finds none in it.
KEPT = ("ledger", "uploads", "items", "norms", "trees", "offices.toml", "flows.toml", "offices", "areas", "rules")
_PLACED = (*KEPT, databases.SQLITE_FILE)


class InstanceInUse(Refusal):
    def __init__(self, instance: Path) -> None:
        super().__init__(
            N_("%(folder)s already holds a portal; add --replace to lay what is there aside, or name an empty folder."),
            field="into",
            values={"folder": str(instance)},
        )


class NoRoomForBackups(Refusal):
    def __init__(self, folder: Path, why: str) -> None:
        super().__init__(
            N_("No backup could be written into %(folder)s (%(why)s); make room or set YINUO_BACKUPS."),
            values={"folder": str(folder), "why": why},
        )


def folder_of(instance: Path) -> Path:
    """Where backups go: ``YINUO_BACKUPS``, which ought to be another machine's disk, else beside the database."""
    return Path(os.environ.get(FOLDER_VARIABLE) or instance / "backups")


def taken(folder: Path) -> list[tuple[datetime, Path]]:
    """The backups in the folder, oldest first."""
    found = ((taken_at(file.name), file) for file in folder.glob(f"*{ENDING}"))
    return sorted((at, file) for at, file in found if at is not None)


def take(instance: Path, folder: Path, *, at: datetime) -> Path:
    """Write one encrypted backup and return its file; those who write meanwhile are not kept waiting.

    The sealed tree is listed before the database is read, so that no checkpoint speaks of events that are missing.

    :raises NoRoomForBackups: the folder cannot be written, or the disk is full.
    """
    recipient = keys.recipient(instance)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with _scratch(folder) as staging:
            _copy_tree(instance / "ledger", staging / "ledger")
            manifest = databases.dump(staging, at)
            (staging / MANIFEST).write_text(manifest.text())
            file = folder / file_name(at)
            archive.write(file, _members(staging, instance), recipient)
    except OSError as error:
        raise NoRoomForBackups(folder, error.strerror or str(error)) from error
    return file


def thin_out(folder: Path) -> list[Path]:
    """Delete the backups that no hour, day or month needs any more, and return their names."""
    files = dict(taken(folder))
    gone = [files[at] for at in sorted(to_discard(files))]
    for file in gone:
        file.unlink(missing_ok=True)
    return gone


@contextmanager
def unpacked(file: Path, key: Path, beside: Path) -> Iterator[tuple[Path, Manifest]]:
    """The backup in a folder next to ``beside``, on the same disk; the folder goes at the end, unless it was moved.

    :raises NotABackup: it is damaged, or encrypted for another key.
    """
    identity = keys.identity(key)
    beside.mkdir(parents=True, exist_ok=True)
    with _scratch(beside) as staging:
        archive.read(file, staging, identity)
        manifest = staging / MANIFEST
        if not manifest.is_file():
            raise NotABackup("it has no first page")
        yield staging, manifest_of(manifest.read_text())


def require_free(instance: Path, *, may_replace: bool) -> None:
    """:raises InstanceInUse: there is a portal, and it may not be replaced."""
    if not may_replace and _in_the_way(instance):
        raise InstanceInUse(instance)


def put_in_place(staging: Path, instance: Path, *, may_replace: bool, at: datetime) -> Path | None:
    """Move what was unpacked and verified into the instance folder; what was there goes aside, into what is returned.

    :raises InstanceInUse: there is something, and it may not be replaced.
    """
    require_free(instance, may_replace=may_replace)
    in_the_way = _in_the_way(instance)
    aside = None
    if in_the_way:
        aside = instance / f"before-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
        aside.mkdir(mode=0o700)
        for file in in_the_way:
            file.rename(aside / file.name)
    for name in _PLACED:
        if (staging / name).exists():
            (staging / name).rename(instance / name)
    return aside


def _in_the_way(instance: Path) -> list[Path]:
    names = (*_PLACED, f"{databases.SQLITE_FILE}-wal", f"{databases.SQLITE_FILE}-shm")
    return [file for file in (instance / name for name in names) if file.exists()]


@contextmanager
def _scratch(folder: Path) -> Iterator[Path]:
    staging = Path(tempfile.mkdtemp(prefix=".at-work-", dir=folder))  # for the owner alone
    try:
        yield staging
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _copy_tree(source: Path, target: Path) -> None:
    """The checkpoint first: the parts of the tree that it speaks of are there already."""
    if not source.is_dir():
        return
    files = [file for file in source.rglob("*") if file.is_file()]
    for file in sorted(files, key=lambda file: (not file.name.startswith("checkpoint"), str(file))):
        copy = target / file.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        try:
            shutil.copyfile(file, copy)
        except FileNotFoundError:  # an unfinished tile that was replaced by a fuller one
            continue


def _members(staging: Path, instance: Path) -> Iterator[tuple[str, Path]]:
    """The first page first, then what was copied, then the folders that only ever grow, straight from the instance."""
    yield MANIFEST, staging / MANIFEST
    for root, names in ((staging, ("ledger", "tables", databases.SQLITE_FILE)), (instance, KEPT[1:])):
        for name in names:
            top = root / name
            files = sorted(file for file in top.rglob("*") if file.is_file()) if top.is_dir() else [top]
            for file in files:
                if file.is_file():
                    yield str(file.relative_to(root)), file
