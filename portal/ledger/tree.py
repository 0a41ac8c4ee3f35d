"""The sealed ledger: tiles, the signed checkpoint over them, and the key, all in one folder outside the database.

    ledger-key            the private key, mode 600, beside the folder
    ledger/verifier-key   its public half
    ledger/checkpoint     the newest signed checkpoint
    ledger/checkpoints/   one file a day with every size that was ever signed
    ledger/witnessed      the newest checkpoint that a witness signed too
    ledger/tile/          the hashes

Tiles are on the disk before the checkpoint names them, so a crash in between leaves the older checkpoint, which holds.
"""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from portal import config
from portal.basis import N_, Refusal
from portal.ledger import merkle
from portal.ledger.notes import Checkpoint, Signed, Signer, Verifier, opened, sign
from portal.ledger.tiles import Tiles, sync_folder, write_synced

KEY = "ledger-key"


class NotSealedYet(Refusal):
    """There is no checkpoint, or the event came after it."""

    def __init__(self) -> None:
        super().__init__(N_("This entry is being sealed; look again in a few seconds."))


class TreeBroken(Refusal):
    """The tree in the files is not the one that was signed, so nothing may be signed on top of it."""

    def __init__(self, size: int) -> None:
        super().__init__(
            N_(
                "The ledger's files no longer give the root that was signed for %(size)s events, so nothing new is "
                "sealed; keep everything as it is and run `portal ledger verify`."
            ),
            values={"size": size},
        )


@dataclass(frozen=True, slots=True)
class Inclusion:
    """The leaf at ``index`` is in the tree of the checkpoint."""

    index: int
    path: tuple[bytes, ...]
    signed: Signed


class Tree:
    def __init__(self, instance: Path) -> None:
        self.folder = instance / "ledger"
        self._instance = instance

    @property
    def verifier(self) -> Verifier | None:
        """The public key; None before the first seal. Read without the private one, so a copy of the folder will do."""
        try:
            return Verifier.parse((self.folder / "verifier-key").read_text())
        except FileNotFoundError:
            return None

    def signer(self) -> Signer:
        """The private key; the first to ask makes it."""
        signer = Signer.parse(config.secret(self._instance, KEY, _new_key))
        if self.verifier != signer.verifier:
            self.folder.mkdir(parents=True, exist_ok=True)
            write_synced(self.folder / "verifier-key", f"{signer.verifier.line()}\n".encode())
        return signer

    def checkpoint(self) -> Signed | None:
        """The newest checkpoint, its signature checked.

        :raises Refusal: it is damaged, or another key signed it.
        """
        return self._signed("checkpoint")

    def witnessed(self) -> Signed | None:
        return self._signed("witnessed")

    def _signed(self, name: str) -> Signed | None:
        key = self.verifier
        try:
            note = (self.folder / name).read_text()
        except FileNotFoundError:
            return None
        return None if key is None else opened(note, key)

    def keep_witnessed(self, note: str) -> None:
        write_synced(self.folder / "witnessed", note.encode())
        sync_folder(self.folder)

    def history(self) -> Iterator[str]:
        """Every checkpoint that was signed, oldest first, one for each size."""
        for file in sorted((self.folder / "checkpoints").glob("*")):
            text = file.read_text()
            yield from (f"{note}\n" for note in text.split("\n\n\n") if note.strip())

    @contextmanager
    def growing(self) -> Iterator[bool]:
        """Whether this process alone may let the tree grow."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / ".lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
            else:
                yield True

    def grow(self, leaves: Sequence[bytes], *, at: datetime) -> Signed:
        """Put the leaves into the tree and sign it; with no leaves, say again that the tree is as it was.

        :raises TreeBroken: what was signed before is not the beginning of what would be signed.
        """
        signer, before = self.signer(), self.checkpoint()
        size = before.size if before else 0
        root = before.root if before else merkle.EMPTY_ROOT
        tiles = Tiles(self.folder)
        if tiles.root(size) != root:
            raise TreeBroken(size)
        tiles.extend(size, leaves)
        grown = size + len(leaves)
        new_root, whole = tiles.root(grown), tiles.of_size(grown)  # read back from the files, not from memory
        if not merkle.is_consistent(size, grown, root, new_root, merkle.consistency_proof(size, grown, whole)):
            raise TreeBroken(size)
        signed = sign(Checkpoint(signer.name, grown, new_root), signer, at)
        if leaves or before is None:
            self._remember(signed, at)
        write_synced(self.folder / "checkpoint", signed.note.encode())
        sync_folder(self.folder)
        return signed

    def _remember(self, signed: Signed, at: datetime) -> None:
        folder = self.folder / "checkpoints"
        folder.mkdir(exist_ok=True)
        with (folder / at.astimezone(UTC).date().isoformat()).open("a") as stream:
            stream.write(f"{signed.note}\n\n")
            stream.flush()
            os.fsync(stream.fileno())

    def inclusion(self, index: int) -> Inclusion:
        """Proof against the witnessed checkpoint where that covers it, else against our own.

        :raises NotSealedYet: no checkpoint covers it.
        :raises TileMissing: the files are not whole.
        """
        for signed in (self.witnessed(), self.checkpoint()):
            if signed is not None and 0 <= index < signed.size:
                whole = Tiles(self.folder).of_size(signed.size)
                return Inclusion(index, tuple(merkle.inclusion_proof(index, signed.size, whole)), signed)
        raise NotSealedYet

    def leaf(self, index: int) -> bytes:
        """:raises NotSealedYet: no checkpoint covers it."""
        signed = self.checkpoint()
        if signed is None or not 0 <= index < signed.size:
            raise NotSealedYet
        return Tiles(self.folder).leaf(signed.size, index)

    def is_beginning(self, signed: Signed) -> bool:
        """Whether the tree that grew here began as that checkpoint says."""
        newest = self.checkpoint()
        return newest is not None and signed.size <= newest.size and Tiles(self.folder).root(signed.size) == signed.root

    def consistency(self, old: int, new: int) -> list[bytes]:
        """Proof between any two sizes up to that of the newest checkpoint."""
        return merkle.consistency_proof(old, new, Tiles(self.folder).of_size(new))


def _new_key() -> str:
    """The name is the log's own for ever; a deployment says which by YINUO_LEDGER_NAME before its first seal."""
    name = os.environ.get("YINUO_LEDGER_NAME") or f"yinuo.invalid/{secrets.token_hex(6)}"
    return Signer(name, secrets.token_bytes(32)).line()
