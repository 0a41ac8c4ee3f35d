"""R07: a thousand receipts are proven without the database, and whatever is altered in one is refused."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from portal.basis import By, Refusal, Role
from portal.ledger import queries
from portal.ledger.operations import append
from portal.ledger.proofs import checked, receipt
from portal.ledger.tree import Tree
from portal.sealing import seal
from portal.store import reading, transaction

AT = datetime(2020, 9, 14, 2, 0, tzinfo=UTC)
CLERK = By("a1", Role.CLERK, office="social-insurance", post="front-desk", window="3")
COUNT = 1300


def places(content: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every word and number of a receipt."""
    if isinstance(content, dict | list):
        for name, value in content.items() if isinstance(content, dict) else enumerate(content):
            yield from places(value, (*way, name))
    elif content is not None:
        yield way


def altered(content: Any, way: tuple[Any, ...], chance: random.Random) -> str:
    changed = json.loads(json.dumps(content))
    holder = changed
    for name in way[:-1]:
        holder = holder[name]
    value = holder[way[-1]]
    if isinstance(value, str):
        at = chance.randrange(max(1, len(value) - 1))  # the line at the end aside
        sign = chance.choice([sign for sign in "AB9+/ 例" if sign != value[at : at + 1]])
        holder[way[-1]] = value[:at] + sign + value[at + 1 :]
    else:
        holder[way[-1]] = not value if isinstance(value, bool) else value + 1
    return json.dumps(changed)


@pytest.mark.usefixtures("database")
def test_a_thousand_receipts_are_proven_and_an_altered_one_never_is(tmp_path: Path) -> None:
    chance = random.Random(6962)
    with transaction():
        for number in range(COUNT):
            append(
                f"case/990100-2020-{number % 97:06d}", "commented", by=CLERK, at=AT + timedelta(seconds=number),
                sealed="密文".encode() if number % 3 else None,
            )  # fmt: skip
    seal(AT, tmp_path)
    tree = Tree(tmp_path)
    key = tree.verifier
    assert key is not None
    with reading():
        events = chance.sample([*queries.events_after(0, COUNT)], 1000)
    refused: set[str] = set()
    for event in events:
        text = receipt(event.envelope, tree.inclusion(event.seq - 1), key)
        assert checked(text, key).seq == event.seq
        content = json.loads(text)
        way = chance.choice(list(places(content)))
        try:
            proven = checked(altered(content, way, chance), key)
        except Refusal:
            refused.add(str(way[0]))
        else:
            # the line that tells the time has a signature of its own; without it the event is proven, and no time is
            assert (way, proven.signed.signed_at) == (("proof",), None), f"{way} was altered and still proves"
    assert {"event"} < refused


@pytest.mark.usefixtures("database")
def test_the_proof_of_one_event_does_not_prove_another(tmp_path: Path) -> None:
    with transaction():
        for number in range(20):
            append(f"case/990100-2020-{number:06d}", "commented", by=CLERK, at=AT)
    seal(AT, tmp_path)
    tree = Tree(tmp_path)
    key = tree.verifier
    assert key is not None
    with reading():
        events = [*queries.events_after(0, 20)]
    for event in events:
        other = tree.inclusion(event.seq % 20)
        with pytest.raises(Refusal):
            checked(receipt(event.envelope, other, key), key)


def test_the_page_says_the_same(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        with transaction():
            events = [append(f"case/990100-2020-{n:06d}", "commented", by=CLERK, at=AT) for n in range(5)]
        seal(AT, tmp_path)
    client = app.test_client()
    for event in events:
        assert client.get(f"/open/verify/{event.seq}/{event.leaf_hash.hex()}").status_code == 200
        wrong = bytes([event.leaf_hash[0] ^ 1]) + event.leaf_hash[1:]
        assert client.get(f"/open/verify/{event.seq}/{wrong.hex()}").status_code != 200
