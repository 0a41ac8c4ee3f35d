"""R27: what is asked elsewhere may fail in every way; it is told, bounded in time, and nobody in the portal waits."""

from __future__ import annotations

import ast
import logging
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread

import pytest
from flask import Flask
from sqlalchemy import create_engine

import portal
from portal import scheduler
from portal.ledger import witness
from portal.ledger.notes import Signer
from portal.ledger.tree import Tree
from portal.ledger.witness import WitnessSilent, have_witnessed
from portal.scheduler import running

AT = datetime(2020, 9, 14, 2, 0, tzinfo=UTC)
WITNESS = Signer("witness.example/w1", bytes([5] * 32))
PORTAL = Path(portal.__file__).parent
Service = Callable[[socket.socket, Event], None]


def fails(line: socket.socket, _over: Event) -> None:
    line.sendall(b"HTTP/1.1 500 Oh\r\nContent-Length: 6\r\n\r\nbroken")


def says_nonsense(line: socket.socket, _over: Event) -> None:
    line.sendall(b"\xff\xfe\x00nothing that HTTP knows\r\n\r\n")


def signs_nonsense(line: socket.socket, _over: Event) -> None:
    line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nwell")


def hangs(_line: socket.socket, over: Event) -> None:
    over.wait(60)


def hangs_up(line: socket.socket, _over: Event) -> None:
    line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\nand so")


def drips(line: socket.socket, over: Event) -> None:
    line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n")
    while not over.wait(0.02):
        line.sendall(b"x")


@contextmanager
def served(service: Service) -> Iterator[str]:
    over = Event()

    def answer() -> None:
        while not over.is_set():
            try:
                line, _ = door.accept()
            except OSError:
                return
            with line:
                line.settimeout(0.3)
                try:
                    line.recv(100_000)
                    service(line, over)
                except OSError:
                    pass

    with socket.create_server(("127.0.0.1", 0)) as door:
        thread = Thread(target=answer, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{door.getsockname()[1]}"
        over.set()
        socket.create_connection(door.getsockname()).close()  # it waits for somebody
    thread.join(10)


@pytest.mark.parametrize("service", [fails, says_nonsense, signs_nonsense, hangs, hangs_up, drips])
def test_a_witness_that_fails_in_any_way_is_told_and_the_next_checkpoint_is_signed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, service: Service
) -> None:
    monkeypatch.setattr(witness, "PATIENCE", 0.3)
    tree = Tree(tmp_path)
    tree.grow([bytes(32)], at=AT)
    with served(service) as address, pytest.raises(WitnessSilent):
        have_witnessed(tree, address, WITNESS.verifier)
    assert tree.witnessed() is None
    assert tree.grow([bytes(32)], at=AT).size == 2


def test_no_page_asks_the_witness() -> None:
    """Only the scheduler and the console do, so no visitor waits for it."""
    asking = []
    for file in PORTAL.rglob("*.py"):
        imported = {
            name
            for node in ast.walk(ast.parse(file.read_text()))
            if isinstance(node, ast.ImportFrom)
            for name in (node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names))
        }
        if "portal.ledger.witness" in imported:
            asking.append(file.relative_to(PORTAL).as_posix())
    assert asking == ["sealing.py"]
    assert "ask_witness" not in "".join(file.read_text() for file in (PORTAL / "web").rglob("*.py"))


def test_a_database_that_is_away_is_told_once_and_once_that_it_is_back(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    gone = create_engine("postgresql+psycopg://nobody@127.0.0.1:9/nothing")
    looks: list[float] = []

    def tick(_clock: object) -> int:
        looks.append(time.monotonic())
        if len(looks) < 6:
            gone.connect()  # fails as it really does
        return 0

    monkeypatch.setattr(running, "tick", tick)
    monkeypatch.setattr(running, "lease", lambda *_words: nullcontext(enter_result=True))
    runner = running.Scheduler(app.app_context)
    with caplog.at_level(logging.WARNING):
        for _ in range(8):
            runner._tick()
    said = [record.getMessage() for record in caplog.records if record.name == scheduler.__name__]
    assert len(looks) == 8
    assert [("waits" in line, "goes on" in line) for line in said] == [(True, False), (False, True)], said
    assert not any(record.exc_info for record in caplog.records)
