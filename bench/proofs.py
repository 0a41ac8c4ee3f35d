"""What the sealed ledger costs, and how fast it is checked: beside SHA-256 itself, which nothing can outrun."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from random import Random
from time import perf_counter

from flask import Flask

from bench.figures import Figure, once
from bench.ledger import _append, _units
from portal import create_app
from portal.ledger import queries
from portal.ledger.checking import Check
from portal.ledger.export import check_file, written
from portal.ledger.lines import feed, lines
from portal.ledger.notes import Signed
from portal.ledger.tiles import Tiles
from portal.ledger.tree import Tree
from portal.sealing import seal
from portal.store import db, reading, upgrade

EVENTS = 100_000
UNITS = 1500  # of one event each, for the cost of the seal
TEN_MILLION = 10_000_000
PROOFS = 200


def figures() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(instance=Path(folder))
        upgrade(app)
        with app.app_context():
            yield from _cost_of_the_seal(app, Path(folder))
            yield from _checking(Path(folder))
            db.session.remove()
            db.engine.dispose()
    with tempfile.TemporaryDirectory() as folder:
        yield from _proofs(Path(folder))


def _cost_of_the_seal(app: Flask, instance: Path) -> Iterator[Figure]:
    """The same units with a sequencer at work each second, and without, in turns."""
    group = "sealed ledger on SQLite: the write path"
    pairs = [(_units(UNITS, 1, _append), _beside_a_sequencer(app, instance)) for _ in range(3)]
    alone, beside = max(pair[0] for pair in pairs), max(pair[1] for pair in pairs)
    yield Figure(group, "units of one event, no tree", alone, "1/s")
    yield Figure(group, "units of one event, sealed each second", beside, "1/s")
    yield Figure(group, "share of the throughput that the seal takes", max(1 - beside / alone, 0), "", at_most=0.10)


def _beside_a_sequencer(app: Flask, instance: Path) -> float:
    done = threading.Event()

    def sequencing() -> None:
        with app.app_context():
            while not done.wait(1):
                seal(datetime.now(UTC), instance)
            db.session.remove()

    thread = threading.Thread(target=sequencing)
    thread.start()
    try:
        return _units(UNITS, 1, _append)
    finally:
        done.set()
        thread.join()


def _checking(instance: Path) -> Iterator[Figure]:
    group = "sealed ledger: checking everything"
    _units(EVENTS, 1000, _append)
    seal(datetime.now(UTC), instance)
    tree = Tree(instance)
    signed, key, file = tree.checkpoint(), tree.verifier, instance / "export.ndjson"
    assert signed is not None
    assert key is not None

    def database() -> None:
        check = Check(tiles=Tiles(tree.folder), sealed=signed.size)
        with reading():
            feed(check, until=queries.last_seq())
        check.compare(signed)

    with reading(), file.open("wb") as stream:
        stream.writelines(written(lines(signed.size), signed))

    def exported() -> Signed:
        with file.open("rb") as stream:
            return check_file(stream, Check(), key)

    contents = file.read_bytes().splitlines()
    bare = once(lambda: [sha256(content).digest() for content in contents], repeat=3)
    yield Figure(group, "SHA-256 alone over the same lines", signed.size / bare, "1/s")
    yield Figure(group, "events from the database", signed.size / once(database, repeat=3), "1/s", at_least=100_000)
    yield Figure(group, "events from an exported file", signed.size / once(exported, repeat=3), "1/s", at_least=300_000)


def _proofs(instance: Path) -> Iterator[Figure]:
    """Ten million leaf hashes that nobody wrote; each proof by a reader that has read nothing before."""
    group = f"sealed ledger of {TEN_MILLION:,} events"
    tree, portion = Tree(instance), 256 * 1000
    begin = perf_counter()
    for first in range(0, TEN_MILLION, portion):
        leaves = [sha256(b"%d" % n).digest() for n in range(first, min(first + portion, TEN_MILLION))]
        tree.grow(leaves, at=datetime.now(UTC))
    yield Figure(group, "put into the tree, synced", TEN_MILLION / (perf_counter() - begin), "1/s")
    chance = Random(1)  # noqa: S311 -- which proofs are timed is no secret
    times = []
    for _ in range(PROOFS):
        index = chance.randrange(TEN_MILLION)
        begin = perf_counter()
        tree.inclusion(index)
        times.append(perf_counter() - begin)
    times.sort()
    yield Figure(group, "inclusion proof, median", times[PROOFS // 2] * 1000, "ms", at_most=5)
    yield Figure(group, "inclusion proof, slowest of 200", times[-1] * 1000, "ms")
    begin = perf_counter()
    for _ in range(PROOFS):
        tree.consistency(chance.randrange(1, TEN_MILLION), TEN_MILLION)
    yield Figure(group, "consistency proof, mean", (perf_counter() - begin) / PROOFS * 1000, "ms", at_most=5)
