"""A witness of its own making: it verifies signature and consistency by its own few lines, remembers, and cosigns.

Run as a process: python witness_server.py ORIGIN VKEY SEED-HEX; prints its port.
"""

from __future__ import annotations

import sys
from base64 import b64decode, b64encode
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

NAME = "witness.example/w1"
SEEN: dict[str, Any] = {"size": 0, "root": b""}


def recomputed(old: int, new: int, proof: list[bytes], old_root: bytes) -> tuple[bytes, bytes]:
    """Both roots by the recursion of RFC 6962, 2.1.2, read from its end; no code of the portal is used."""
    steps = list(proof)

    def sub(m: int, n: int, is_whole: bool) -> tuple[bytes, bytes]:
        if m == n:
            found = old_root if is_whole else steps.pop(0)
            return found, found
        k = 1
        while k * 2 < n:
            k *= 2
        if m <= k:
            left_old, left_new = sub(m, k, is_whole)
            return left_old, sha256(b"\x01" + left_new + steps.pop(0)).digest()
        right_old, right_new = sub(m - k, n - k, False)
        left = steps.pop(0)
        return sha256(b"\x01" + left + right_old).digest(), sha256(b"\x01" + left + right_new).digest()

    roots = sub(old, new, True)
    if steps:
        raise ValueError("the proof is too long")
    return roots


class Witness(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        status, answer = self.judged(body) if self.path == "/add-checkpoint" else (404, "")
        self.send_response(status)
        self.end_headers()
        self.wfile.write(answer.encode())

    def judged(self, body: str) -> tuple[int, str]:
        head, _, note = body.partition("\n\n")
        first, *proof = head.split("\n")
        text, _, signatures = note.partition("\n\n")
        origin, size, root = text.split("\n")[0], int(text.split("\n")[1]), b64decode(text.split("\n")[2])
        if origin != sys.argv[1]:
            return 404, ""
        key = Ed25519PublicKey.from_public_bytes(b64decode(sys.argv[2].split("+", 2)[2])[1:])
        try:
            key.verify(b64decode(signatures.split("\n")[0].split(" ")[2])[4:], f"{text}\n".encode())
        except Exception:  # noqa: BLE001 -- whatever is wrong with it
            return 403, ""
        old = int(first.removeprefix("old "))
        if old != SEEN["size"]:
            return 409, f"{SEEN['size']}\n"
        if old:
            try:
                roots = recomputed(old, size, [b64decode(step) for step in proof], SEEN["root"])
            except (IndexError, ValueError):
                return 422, ""
            if roots != (SEEN["root"], root):
                return 422, ""
        SEEN.update(size=size, root=root)
        return 200, cosigned(f"{text}\n")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def cosigned(text: str) -> str:
    private = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(sys.argv[3]))
    at = 1_600_048_800
    number = sha256(NAME.encode() + b"\n\x04" + private.public_key().public_bytes_raw()).digest()[:4]
    blob = number + at.to_bytes(8, "big") + private.sign(f"cosignature/v1\ntime {at}\n{text}".encode())
    return f"\N{EM DASH} {NAME} {b64encode(blob).decode()}\n"


if __name__ == "__main__":
    server = HTTPServer(("127.0.0.1", 0), Witness)
    print(server.server_port, flush=True)  # noqa: T201 -- how the test learns the port
    server.serve_forever()
