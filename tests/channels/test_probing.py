"""Probes over real HTTP: what goes well and leaves no trace, what fails in every way, and that nobody waits for it."""

from __future__ import annotations

import shutil
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal import config, create_app
from portal.channels.model.probes import Function, Probe
from portal.channels.probing import tried, tried_from_everywhere
from portal.channels.tables import ChannelRow, ProbeRow
from portal.config import ProbeTargetsUnfit
from portal.ledger import queries as ledger
from portal.ledger.seals import LedgerNotSealed
from portal.scheduler import jobs, running
from portal.store import db, reading
from portal.web.tables import DraftRow
from tests.requirements.test_r27_degrade_not_die import drips, fails, hangs, hangs_up, says_nonsense, served
from tests.serving import listening

ITEM = "food-licence"


@pytest.fixture
def portal(sqlite_template: Path, tmp_path: Path) -> Iterator[tuple[Flask, str]]:
    """A portal as it is in production, with tokens in its forms, listening at an address."""
    shutil.copyfile(sqlite_template, tmp_path / "portal.sqlite")
    app = create_app({"SQLALCHEMY_DATABASE_URI": f"sqlite:///{tmp_path / 'portal.sqlite'}"}, instance=tmp_path)
    with listening(app) as address, app.app_context():
        yield app, address
        db.session.remove()
        db.engine.dispose()


def rows(table: type) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_every_function_succeeds_and_leaves_nothing_behind(portal: tuple[Flask, str]) -> None:
    _, address = portal
    with reading():
        before = (ledger.last_seq(), rows(DraftRow))
    probes = tried_from_everywhere({"inside": address, "again": address}, ITEM)
    assert [(probe.vantage, probe.function, probe.fault) for probe in probes] == [
        (vantage, function, "") for vantage in ("inside", "again") for function in Function
    ]
    assert all(0 < probe.took_ms < 5000 for probe in probes)
    with reading():
        assert (ledger.last_seq(), rows(DraftRow)) == before


def test_a_hand_in_that_the_gate_refuses_is_a_failure(
    portal: tuple[Flask, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, address = portal

    def shut(_at: datetime) -> None:
        raise LedgerNotSealed

    module = sys.modules["portal.web.citizen.applications"]  # the package holds the blueprint under that name
    monkeypatch.setattr(module, "require_sealed", shut)
    assert tried("here", address, Function.SUBMIT, ITEM).fault == f"409 at /items/{ITEM}/apply"
    assert tried("here", address, Function.QUERY, ITEM).is_well


def test_a_database_that_is_away_fails_what_needs_it(portal: tuple[Flask, str], tmp_path: Path) -> None:
    _, address = portal
    db.session.remove()
    db.engine.dispose()
    (tmp_path / "portal.sqlite").rename(tmp_path / "elsewhere")
    assert not tried("here", address, Function.SUBMIT, ITEM).is_well


@pytest.mark.parametrize(
    ("service", "fault"),
    [
        (fails, "500 at /sign-in"),
        (says_nonsense, "not reached: BadStatusLine"),
        (hangs, "no answer in time"),
        (hangs_up, ""),
        (drips, "no answer in time"),
    ],
)
def test_whatever_answers_badly_is_a_fault_within_its_time(service: object, fault: str) -> None:
    began = time.monotonic()
    with served(service) as address:  # type: ignore[arg-type]
        probe = tried("here", address, Function.SIGN_IN, ITEM, patience=0.5)
        took = time.monotonic() - began
    assert not probe.is_well
    assert fault in probe.fault
    assert took < 3


def test_a_portal_with_a_name_is_asked_by_its_name_wherever_it_is_reached() -> None:
    heard: list[bytes] = []

    with socket.create_server(("127.0.0.1", 0)) as door:

        def answer() -> None:
            line, _ = door.accept()
            with line:
                heard.append(line.recv(10_000))
                line.sendall(b"HTTP/1.1 421 No\r\nContent-Length: 0\r\n\r\n")

        thread = Thread(target=answer, daemon=True)
        thread.start()
        address = f"http://127.0.0.1:{door.getsockname()[1]}"
        probe = tried("here", address, Function.REFRESH, ITEM, origin="https://portal.example.gov.cn")
        thread.join(10)
    assert probe.fault == "421 at /"
    assert b"\r\nHost: portal.example.gov.cn\r\n" in heard[0]
    assert b"\r\nReferer: https://portal.example.gov.cn/\r\n" in heard[0]


def test_nobody_there_is_a_fault() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert tried("here", f"http://127.0.0.1:{port}", Function.QUERY, ITEM).fault.startswith("not reached")


def test_a_place_that_hangs_keeps_no_other_waiting(portal: tuple[Flask, str]) -> None:
    _, address = portal
    with served(hangs) as hanging:
        probes = tried_from_everywhere({"dead": hanging, "alive": address}, ITEM, patience=0.5)
    alive = [probe for probe in probes if probe.vantage == "alive"]
    assert max(probe.at for probe in alive) < max(probe.at for probe in probes if probe.vantage == "dead")
    assert len(probes) == 2 * len(Function)


def test_the_scheduler_lists_probes_and_writes(portal: tuple[Flask, str], monkeypatch: pytest.MonkeyPatch) -> None:
    app, address = portal
    monkeypatch.setenv("YINUO_INSTANCE", app.instance_path)
    waiting: list[Probe] = []
    assert jobs.probe({"here": address}, waiting) > 0
    assert waiting == []
    with reading():
        assert rows(ProbeRow) == len(Function)
        assert rows(ChannelRow) > len(Function)
    assert jobs.probe({"here": address}, waiting) == 0


def test_what_cannot_be_written_waits(portal: tuple[Flask, str], monkeypatch: pytest.MonkeyPatch) -> None:
    app, address = portal
    monkeypatch.setenv("YINUO_INSTANCE", app.instance_path)
    waiting: list[Probe] = []
    with monkeypatch.context() as away:
        away.setattr(jobs, "transaction", lambda: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            jobs.probe({"here": address}, waiting)
    assert len(waiting) == len(Function)
    jobs.probe({"here": address}, waiting)
    with reading():
        assert rows(ProbeRow) == 2 * len(Function)


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, {}),
        ({"YINUO_OWN_ADDRESS": "http://127.0.0.1:8000"}, {"here": "http://127.0.0.1:8000"}),
        (
            {"YINUO_PROBE_TARGETS": "a=https://p.example/ b=http://10.0.0.5", "YINUO_OWN_ADDRESS": "http://x"},
            {"a": "https://p.example", "b": "http://10.0.0.5"},
        ),
    ],
)
def test_vantage_points_are_named_from_outside(environment: dict[str, str], expected: dict[str, str]) -> None:
    assert config.probe_targets(environment) == expected


@pytest.mark.parametrize(
    "given", ["https://p.example", "a=ftp://p.example", "a=file:///etc/passwd", "a=http://x a=http://y"]
)
def test_what_is_no_vantage_point_is_refused_in_words(given: str) -> None:
    with pytest.raises(ProbeTargetsUnfit, match="name=address"):
        config.probe_targets({"YINUO_PROBE_TARGETS": given})


def test_on_an_ordinary_day_nothing_is_called_outward(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A scheduler to which nobody named a place opens no connection at all."""
    monkeypatch.setenv("YINUO_INSTANCE", str(tmp_path))
    for name in ("YINUO_PROBE_TARGETS", "YINUO_OWN_ADDRESS", "YINUO_WITNESS_URL"):
        monkeypatch.delenv(name, raising=False)
    called: list[object] = []
    monkeypatch.setattr(socket.socket, "connect", lambda _socket, address: called.append(address))
    for module in (running, jobs):
        monkeypatch.setattr(module, "lease", lambda *_words: nullcontext(enter_result=True))
    runner = running.Scheduler(app.app_context)
    runner.start()
    time.sleep(2)
    runner.stop()
    runner._keep_channels()
    runner._probe()  # even were it asked to
    with app.app_context(), reading():
        assert rows(ChannelRow) > 0  # it did work
    assert called == []


def test_the_scheduler_of_a_server_probes_the_server_s_own_address(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YINUO_INSTANCE", str(tmp_path))
    monkeypatch.setenv("YINUO_OWN_ADDRESS", "http://127.0.0.1:1")
    runner = running.Scheduler(app.app_context)
    assert any(job.func == runner._probe for job in runner._scheduler.get_jobs())
    seen: list[Probe] = []
    jobs.look({"here": "http://127.0.0.1:1"}, seen, lambda: datetime(2026, 3, 2, tzinfo=UTC))
    assert [probe.is_well for probe in seen] == [False] * len(Function)
