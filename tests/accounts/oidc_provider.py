"""An OpenID provider in a process of its own: it signs whoever comes in as SUBJECT, and lies when it is told to.

Run as: python oidc_provider.py CLIENT SECRET; prints its port. POST /lie/NAME sets the lie of what it says next.
"""

from __future__ import annotations

import json
import secrets
import sys
import time
from base64 import b64decode, urlsafe_b64encode
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, OctKey

SUBJECT = "citizen-4711"
KEY, STRANGER = (ECKey.generate_key("P-256", {"kid": "k1"}) for _ in range(2))
CODES: dict[str, dict[str, str]] = {}
STATE = {"lie": ""}


def token_of(asked: dict[str, str], client: str, issuer: str, lie: str) -> str:
    now = int(time.time())
    claims: dict[str, Any] = {"iss": issuer, "sub": SUBJECT, "aud": client, "iat": now, "exp": now + 300}
    claims["nonce"] = asked["nonce"]
    lies: dict[str, dict[str, Any]] = {
        "nonce": {"nonce": "another"},
        "audience": {"aud": "another-client"},
        "issuer": {"iss": "https://another.example"},
        "expired": {"iat": now - 7200, "exp": now - 3600},
        "nobody": {"sub": "nobody-known"},
    }
    claims |= lies.get(lie, {})
    if lie == "secret":  # signed with what the client knows too
        return jwt.encode({"alg": "HS256", "kid": "k1"}, claims, OctKey.import_key("s" * 40), algorithms=["HS256"])
    return jwt.encode({"alg": "ES256", "kid": "k1"}, claims, STRANGER if lie == "key" else KEY)


class Provider(BaseHTTPRequestHandler):
    client, secret = "", ""

    @property
    def issuer(self) -> str:
        assert isinstance(self.server, ThreadingHTTPServer)
        return f"http://127.0.0.1:{self.server.server_port}"

    def do_GET(self) -> None:
        place = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(place.query).items()}
        if place.path == "/.well-known/openid-configuration":
            named = "https://another.example" if STATE["lie"] == "metadata" else self.issuer
            ends = {f"{end}_endpoint": f"{self.issuer}/{end}" for end in ("authorization", "token")}
            self.tell({"issuer": named, "jwks_uri": f"{self.issuer}/jwks", **ends})
        elif place.path == "/jwks":
            self.tell({"keys": [KEY.as_dict(private=False)]})
        elif place.path == "/authorization" and asked["client_id"] == self.client:
            code = secrets.token_urlsafe(16)
            CODES[code] = asked
            answer = {"error": "access_denied"} if STATE["lie"] == "denied" else {"code": code}
            self.send_response(302)
            self.send_header("Location", f"{asked['redirect_uri']}?{urlencode({**answer, 'state': asked['state']})}")
            self.end_headers()
        else:
            self.tell({"error": "no such address"}, 404)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        if self.path.startswith("/lie/"):
            STATE["lie"] = self.path.removeprefix("/lie/")
            self.tell({})
            return
        sent = {name: values[0] for name, values in parse_qs(body).items()}
        asked = CODES.pop(sent.get("code", ""), None)
        known = b64decode(self.headers.get("Authorization", "Basic ").split(" ", 1)[1]).decode()
        digest = urlsafe_b64encode(sha256(sent.get("code_verifier", "").encode()).digest()).decode().rstrip("=")
        if asked is None or known != f"{self.client}:{self.secret}" or asked.get("code_challenge") != digest:
            self.tell({"error": "invalid_grant"}, 400)
            return
        token = token_of(asked, self.client, self.issuer, STATE["lie"])
        self.tell({"access_token": secrets.token_urlsafe(8), "token_type": "Bearer", "id_token": token})

    def tell(self, what: dict[str, Any], status: int = 200) -> None:
        body = json.dumps(what).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


if __name__ == "__main__":
    Provider.client, Provider.secret = sys.argv[1:3]
    with ThreadingHTTPServer(("127.0.0.1", 0), Provider) as server:
        sys.stdout.write(f"{server.server_port}\n")
        sys.stdout.flush()
        server.serve_forever()
