"""A witness in a process of its own verifies every checkpoint by its own code before it signs."""

from __future__ import annotations

import ssl
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from portal.ledger.merkle import is_included
from portal.ledger.notes import Signer, opened
from portal.ledger.tree import Tree
from portal.ledger.witness import WitnessSilent, have_witnessed
from portal.sealing import ask_witness

AT = datetime(2020, 9, 14, 2, 0, tzinfo=UTC)
WITNESS = Signer("witness.example/w1", bytes([5] * 32))
SERVER = Path(__file__).with_name("witness_server.py")


def leaves(first: int, count: int) -> list[bytes]:
    return [sha256(b"%d" % number).digest() for number in range(first, first + count)]


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    tree = Tree(tmp_path / "ours")
    tree.grow(leaves(0, 5), at=AT)
    return tree


@pytest.fixture
def address(tree: Tree) -> Iterator[str]:
    key = tree.verifier
    assert key is not None
    command = [sys.executable, str(SERVER), key.name, key.line(), WITNESS.seed.hex()]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        process.terminate()


def test_each_checkpoint_is_witnessed_and_the_receipt_carries_the_witness(tree: Tree, address: str) -> None:
    for size, more in ((5, 0), (8, 3), (400, 392)):
        if more:
            tree.grow(leaves(size - more, more), at=AT)
        cosigned = have_witnessed(tree, address, WITNESS.verifier)
        assert (cosigned.size, cosigned.cosigned_by) == (size, (WITNESS.name,))
    proof = tree.inclusion(123)
    assert is_included(leaves(123, 1)[0], 123, proof.signed.size, proof.path, proof.signed.root)
    key = tree.verifier
    assert key is not None
    assert opened(proof.signed.note, key, [WITNESS.verifier]).cosigned_by == (WITNESS.name,)


def test_what_the_witness_saw_last_is_asked_for_when_we_have_lost_it(tree: Tree, address: str) -> None:
    have_witnessed(tree, address, WITNESS.verifier)
    (tree.folder / "witnessed").unlink()
    tree.grow(leaves(5, 20), at=AT)
    assert have_witnessed(tree, address, WITNESS.verifier).size == 25


def test_a_rewritten_ledger_is_not_witnessed_although_our_own_key_signs_it(
    tree: Tree, address: str, tmp_path: Path
) -> None:
    have_witnessed(tree, address, WITNESS.verifier)
    forged = Tree(tmp_path / "forged")
    (tmp_path / "forged").mkdir()
    (tmp_path / "forged" / "ledger-key").write_text((tmp_path / "ours" / "ledger-key").read_text())
    forged.grow([sha256(b"another past").digest(), *leaves(1, 9)], at=AT)
    with pytest.raises(WitnessSilent, match="422"):
        have_witnessed(forged, address, WITNESS.verifier)


def test_a_witness_whose_certificate_nobody_vouches_for_is_not_told_anything(tree: Tree, tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    begin = datetime.now(UTC) - timedelta(days=1)
    names = x509.SubjectAlternativeName([x509.DNSName("localhost")])
    until, number = begin + timedelta(days=9), x509.random_serial_number()
    made = x509.CertificateBuilder(name, name, key.public_key(), number, begin, until)
    pem = made.add_extension(names, critical=False).sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "witness.pem").write_bytes(private + pem)
    asked: list[str] = []

    class Pretender(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(self.path)

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "witness.pem")
    with HTTPServer(("127.0.0.1", 0), Pretender) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        Thread(target=server.serve_forever, daemon=True).start()
        with pytest.raises(WitnessSilent, match="CERTIFICATE_VERIFY_FAILED"):
            have_witnessed(tree, f"https://localhost:{server.server_port}", WITNESS.verifier)
        server.shutdown()
    assert asked == []


def test_a_wrong_witness_and_a_silent_one_are_told_and_stop_nothing(tree: Tree, address: str, tmp_path: Path) -> None:
    with pytest.raises(WitnessSilent, match="another key"):
        have_witnessed(tree, address, Signer(WITNESS.name, bytes(32)).verifier)
    settings = {"YINUO_WITNESS_URL": "http://127.0.0.1:9", "YINUO_WITNESS_KEY": WITNESS.verifier.line()}
    assert not ask_witness(tmp_path / "ours", settings)
    assert not ask_witness(tmp_path / "ours", {})
    assert tree.witnessed() is None
