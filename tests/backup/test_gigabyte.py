"""A database of a gigabyte is backed up and restored, its ledger verified: how long it takes is printed."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import Table, insert

from portal import cli
from portal.backup import operations
from portal.backup.keys import KEY_FILE
from portal.basis import Role
from portal.ledger.canonical import canonical
from portal.ledger.model import Channel, Event
from portal.sealing import seal
from portal.store import db, transaction
from portal.store.base import URL_VARIABLE

BYTES = 1_000_000_000
RTO = timedelta(minutes=15)
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
PAYLOAD = {"calendar": "2026"}
TEMPLATE = Event(
    seq=0,
    subject="calendar/CN",
    kind="calendar-amended",
    actor="system",
    role=Role.SYSTEM,
    office=None,
    window=None,
    channel=Channel.SYSTEM,
    occurred_at=NOW,
    recorded_at=NOW,
    item_version=None,
    payload=PAYLOAD,
    sealed=None,
    leaf_hash=b"",
)
SEALED = 700  # bytes of each event that nobody can compress


@pytest.mark.soak
def test_a_gigabyte_comes_back_within_a_quarter_of_an_hour(
    sqlite_database: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    instance, into = tmp_path / "instance", tmp_path / "restored"
    instance.mkdir()
    monkeypatch.setenv("YINUO_INSTANCE", str(instance))
    address = sqlite_database.config["SQLALCHEMY_DATABASE_URI"]
    size = _fill(Path(address.removeprefix("sqlite:///")))
    seal(NOW, instance)
    began = time.monotonic()
    file = operations.take(instance, tmp_path / "kept", at=NOW)
    taken = time.monotonic() - began
    db.session.remove()
    began = time.monotonic()
    words = ["restore", str(file), "--key", str(instance / KEY_FILE), "--into", str(into)]
    answer = CliRunner().invoke(cli.main, words, env={URL_VARIABLE: f"sqlite:///{into}/portal.sqlite"})
    restored = time.monotonic() - began
    print(  # noqa: T201 -- the figure of a long run
        f"\n{size:,} bytes: backed up in {taken:.0f} s into {file.stat().st_size:,}, restored in {restored:.0f} s"
    )
    assert answer.exit_code == 0, answer.output
    assert "verified against the seal" in answer.output
    assert restored < RTO.total_seconds()


def _fill(file: Path) -> int:
    """Write events until the database has the size; returns it."""
    import secrets

    table = db.metadata.tables["events"]
    assert isinstance(table, Table)
    seq = 0
    while file.stat().st_size < BYTES:
        rows = []
        for seq in range(seq + 1, seq + 20_001):  # noqa: B020 -- goes on where the batch before it ended
            event = replace(TEMPLATE, sealed=secrets.token_bytes(SEALED))
            rows.append(
                {
                    **{
                        name: getattr(event, name)
                        for name in ("subject", "kind", "actor", "office", "window", "sealed")
                    },
                    "seq": seq,
                    "role": event.role.value,
                    "channel": event.channel.value,
                    "occurred_at": NOW,
                    "recorded_at": NOW,
                    "item_version": None,
                    "payload": canonical(PAYLOAD).decode(),
                    "leaf_hash": event.leaf(),
                }
            )
        with transaction() as session:
            session.execute(insert(table), rows)
        with db.engine.connect() as connection:
            connection.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[union-attr]
    return file.stat().st_size
