"""The public page that proves an entry, from the receipt to the proof and back."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.ledger import queries
from portal.ledger.operations import append
from portal.ledger.proofs import checked, receipt
from portal.ledger.tiles import Tiles
from portal.ledger.tree import Tree
from portal.sealing import seal
from portal.store import reading, transaction
from tests.ledger.test_sealing import AT, CLERK


@pytest.fixture
def sealed(app: Flask, tmp_path: Path) -> Tree:
    """Three events under the seal, and a fourth that is not yet."""
    with app.app_context():
        for number in range(4):
            with transaction():
                append("case/990100-2020-000001", "commented", by=CLERK, at=AT + timedelta(seconds=number))
            if number == 2:
                seal(AT + timedelta(seconds=5), tmp_path)
    return Tree(tmp_path)


def leaf(app: Flask, seq: int) -> str:
    with app.app_context(), reading():
        event = queries.event(seq)
    assert event is not None
    return event.leaf_hash.hex()


def receipt_of(app: Flask, tree: Tree, seq: int) -> str:
    with app.app_context(), reading():
        event = queries.event(seq)
    assert event is not None
    assert tree.verifier is not None
    return receipt(event.envelope, tree.inclusion(seq - 1), tree.verifier)


def upload(client: FlaskClient, content: str) -> tuple[int, str]:
    files = {"receipt": (io.BytesIO(content.encode()), "receipt.json")}
    answer = client.post("/open/verify?lang=en", data=files, content_type="multipart/form-data")
    return answer.status_code, answer.text


def test_a_sealed_entry_is_proven_to_whoever_scans_it(app: Flask, client: FlaskClient, sealed: Tree) -> None:
    answer = client.get(f"/open/verify/2/{leaf(app, 2)}?lang=en")
    signed = sealed.checkpoint()
    assert signed is not None
    assert answer.status_code == 200
    assert "This entry is in the sealed ledger" in answer.text
    assert signed.root.hex() in answer.text
    assert all(step.hex() in answer.text for step in sealed.inclusion(1).path)
    assert "990100" not in answer.text  # nothing about the case


@pytest.mark.parametrize(("seq", "of", "status", "heading"), [
    (4, 4, 200, "This entry is being sealed"),
    (1, 2, 404, "This entry is not in the ledger"),
])  # fmt: skip
@pytest.mark.usefixtures("sealed")
def test_what_is_not_proven_is_told_apart(
    app: Flask, client: FlaskClient, seq: int, of: int, status: int, heading: str
) -> None:
    answer = client.get(f"/open/verify/{seq}/{leaf(app, of)}?lang=en")
    assert (answer.status_code, heading in answer.text) == (status, True)


def test_a_portal_that_never_sealed_says_so(client: FlaskClient) -> None:
    assert "being sealed" in client.get(f"/open/verify/1/{'0' * 64}?lang=en").text
    assert "Nothing has been sealed yet" in client.get("/open/verify?lang=en").text
    assert client.get("/open/verify/checkpoint").status_code == 404


def test_an_uploaded_receipt_is_checked_and_an_altered_one_refused(
    app: Flask, client: FlaskClient, sealed: Tree
) -> None:
    content = receipt_of(app, sealed, 2)
    status, text = upload(client, content)
    assert (status, "The receipt is genuine" in text) == (200, True)
    altered = json.loads(content)
    altered["event"]["actor"] = "somebody-else"
    status, text = upload(client, json.dumps(altered))
    assert (status, "does not fit the sealed ledger" in text) == (422, True)
    for nonsense in ("", "[]", '{"event": 1}', "\x00", '{"event": {}, "key": "a", "proof": 3}', "[" * 100_000):
        status, text = upload(client, nonsense)
        assert (status, "no receipt of this kind" in text) == (422, True), nonsense[:20]


def test_a_receipt_of_another_past_is_refused_although_our_key_signed_it(
    app: Flask, client: FlaskClient, sealed: Tree, tmp_path: Path
) -> None:
    other = Tree(tmp_path / "other")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "ledger-key").write_text((tmp_path / "ledger-key").read_text())
    with app.app_context(), reading():
        event = queries.event(2)
    assert event is not None
    assert sealed.verifier is not None
    other.grow([event.leaf_hash], at=AT)
    status, _ = upload(client, receipt(event.envelope, other.inclusion(0), sealed.verifier))
    assert status == 422


def test_monitors_find_checkpoint_key_and_tiles_and_nothing_else(client: FlaskClient, sealed: Tree) -> None:
    signed = sealed.checkpoint()
    assert signed is not None
    assert client.get("/open/verify/checkpoint").text == signed.note
    assert sealed.verifier is not None
    assert client.get("/open/verify/key").text.strip() == sealed.verifier.line()
    assert client.get("/open/verify/tile/0/000.p/3").data == Tiles(sealed.folder).leaves(3, 0)
    for name in ("../verifier-key", "0/../../checkpoint", "0/.000.1", "0/000.p", "%2e%2e/%2e%2e/ledger-key"):
        assert client.get(f"/open/verify/tile/{name}").status_code == 404, name


def test_the_proof_as_a_file_is_the_standards_text(app: Flask, client: FlaskClient, sealed: Tree) -> None:
    proof = client.get(f"/open/verify/2/{leaf(app, 2)}/proof").text
    assert proof.startswith("c2sp.org/tlog-proof@v1\nindex 1\n")
    content = json.loads(receipt_of(app, sealed, 2))
    assert content["proof"] == proof
    assert checked(json.dumps(content), sealed.verifier).seq == 2
