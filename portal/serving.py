"""From an empty folder to a listening portal: checks, secrets, migrations, server, and a clean stop."""

from __future__ import annotations

import errno
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import click
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from portal import create_app, store
from portal.basis import Refusal
from portal.ledger.tree import Tree
from portal.sealing import seal
from portal.web import journal

if TYPE_CHECKING:
    from flask import Flask


class CannotServe(Exception):
    """Something outside the portal stands in the way; the message says what to change."""


class NoPortNumber(CannotServe):
    def __init__(self, text: str) -> None:
        super().__init__(f"PORT is {text!r}: give a number from 1 to 65535, for example PORT=8001")


class PortTaken(CannotServe):
    def __init__(self, host: str, port: int) -> None:
        super().__init__(f"port {port} of {host} is taken: stop what listens there, or choose another with PORT=8001")


class AddressRefused(CannotServe):
    def __init__(self, host: str, port: int, reason: str | None) -> None:
        super().__init__(f"cannot listen at {host}:{port} ({reason}): choose another address or port")


class FolderNotWritable(CannotServe):
    def __init__(self, folder: Path, reason: str | None) -> None:
        super().__init__(f"cannot write in {folder} ({reason}): make it writable, or name another with YINUO_INSTANCE")


class DatabaseLost(CannotServe):
    def __init__(self, size: int, folder: Path) -> None:
        super().__init__(
            f"the database is missing, though {size} events of it are sealed in {folder / 'ledger'}: bring it back "
            "with `portal restore`; for a new beginning name another folder with YINUO_INSTANCE"
        )


def serve(host: str, port: int, instance: Path, *, threads: int, demo: bool) -> None:
    """Block until SIGINT or SIGTERM.

    :raises CannotServe: the port is taken or the folder cannot be written.
    """
    check_address(host, port)
    os.umask(0o077)  # what is made from here on, the database above all, is for its owner alone
    check_folder(instance)
    os.environ["YINUO_INSTANCE"] = str(instance)  # the worker processes find it there
    if demo:
        os.environ["YINUO_DEMO"] = "1"
    prepare(create_app(instance=instance))
    server = Granian(
        "portal:create_app",
        factory=True,
        interface=Interfaces.WSGI,
        address=host,
        port=port,
        workers=1,
        blocking_threads=threads,
        websockets=False,
        log_level=LogLevels.error,
        log_dictconfig=journal.SERVER_LOGGING,
        log_access=False,  # ours names routes; an address would carry the token of a draft
        workers_kill_timeout=5,
    )
    server.on_startup(lambda: click.echo(f"Yinuo (一诺) listens at http://{host}:{port}/  Ctrl-C stops it."))
    with scheduler(f"http://{host}:{port}"):
        server.serve()
    click.echo("Stopped.")


def port_number(text: str) -> int:
    """:raises NoPortNumber: the text is not a port."""
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 65535):
        raise NoPortNumber(text)
    return int(text)


def check_address(host: str, port: int) -> None:
    """:raises PortTaken: somebody listens there. Asked first, because the server itself would share the port."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortTaken(host, port) from None
        raise AddressRefused(host, port, error.strerror) from None


def check_folder(instance: Path) -> None:
    """:raises FolderNotWritable: a file cannot be made there."""
    try:
        instance.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=instance):
            pass
    except OSError as error:
        raise FolderNotWritable(instance, error.strerror) from None


def prepare(app: Flask) -> None:
    """Make ready what stands between a fresh folder and the first request: the tables, and a demonstration's city.

    ``portal.demo.load(at=…)`` leaves a database with cases alone, and returns the lines that introduce the city.

    :raises DatabaseLost: the file is gone and was not empty; making an empty one would hide that.
    """
    instance = Path(app.instance_path)
    if store.is_lost(app) and (sealed := Tree(instance).checkpoint()) and sealed.size:
        raise DatabaseLost(sealed.size, instance)
    store.upgrade(app)
    if app.config["DEMONSTRATION"] and find_spec("portal.demo") is not None:
        with app.app_context():
            for line in import_module("portal.demo").load(at=datetime.now(UTC)):
                click.echo(line)
    with app.app_context():  # from here on the ledger is sealed, or the portal says that it is not
        try:
            seal(datetime.now(UTC), Path(app.instance_path))
        except Refusal as refusal:
            click.echo(str(refusal), err=True)


@contextmanager
def scheduler(own_address: str) -> Iterator[None]:
    """Run `portal scheduler` beside the server, where that verb exists, and stop it with the server.

    It probes the portal at its own address unless other vantage points are named.
    """
    if find_spec("portal.verbs.scheduler") is None:
        yield
        return
    environment = {**os.environ, "YINUO_OWN_ADDRESS": own_address}
    process = subprocess.Popen([sys.executable, "-m", "portal.cli", "scheduler"], env=environment)
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
