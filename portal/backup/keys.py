"""For whom backups are encrypted (age, X25519): the public half writes them, only the secret one reads them."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from pyrage import IdentityError, RecipientError, x25519

from portal.basis import N_, Refusal

RECIPIENT_VARIABLE = "YINUO_BACKUP_RECIPIENT"  # age1…: then the server itself cannot read its backups
KEY_FILE = "backup-key"


class BackupKeyUnfit(Refusal):
    def __init__(self, where: str) -> None:
        super().__init__(
            N_("%(where)s holds no key for backups; make one with age-keygen, or remove it and a new one is made."),
            values={"where": where},
        )


def recipient(instance: Path) -> x25519.Recipient:
    """The one of ``YINUO_BACKUP_RECIPIENT``, else of the secret in the instance folder, made by the first to ask."""
    if named := os.environ.get(RECIPIENT_VARIABLE):
        try:
            return x25519.Recipient.from_str(named.strip())
        except RecipientError:
            raise BackupKeyUnfit(RECIPIENT_VARIABLE) from None
    file = instance / KEY_FILE
    if not file.exists():
        _write_new(file)
    return identity(file).to_public()


def identity(file: Path) -> x25519.Identity:
    """:raises BackupKeyUnfit: the file is missing, or holds no ``AGE-SECRET-KEY-…`` line."""
    try:
        lines = file.read_text().split()
    except OSError:
        raise BackupKeyUnfit(str(file)) from None
    try:
        return x25519.Identity.from_str(next(line for line in lines if line.startswith("AGE-SECRET-KEY-")))
    except (StopIteration, IdentityError):
        raise BackupKeyUnfit(str(file)) from None


def _write_new(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    aside = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
        stream.write(f"{x25519.Identity.generate()}\n")
    try:
        os.link(aside, file)  # never over the key of another process
    except FileExistsError:
        pass
    finally:
        aside.unlink()
