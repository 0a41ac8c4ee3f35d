"""Trying the real pages over HTTP, as somebody would who uses the portal from a place: short, bounded, without a trace.

Signing in is tried with an empty form, which is refused before anybody is looked for; so is following a request. A
hand-in is tried with the field ``probe``: the portal begins the draft as for anybody, in the same transaction takes it
back and answers that nothing was kept: form, token, seal and database were all used.
"""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPException, HTTPResponse
from typing import Final
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from portal.channels.model.probes import Function, Probe

PATIENCE: Final = 5.0  # seconds for one function, all its pages together; parameter of ours
AGAIN_AFTER: Final = 0.3  # seconds after which a line that broke is tried once more
_LONGEST: Final = 1_000_000  # bytes of a page
_TOKEN: Final = re.compile(rb'name="csrf_token"[^>]*value="([^"]+)"')


class _NoRedirects(HTTPRedirectHandler):
    """A page that sends the probe elsewhere is not the page that was asked for."""

    def redirect_request(self, *_args: object, **_more: object) -> None:
        return None


class Fault(Exception):
    """What went wrong, in a word that can be counted."""


@dataclass
class Visitor:
    """A browser of few wants: it keeps cookies and the token of a form, and gives up when its time is over.

    Cookies go back over whatever line they came by: inside, the portal may speak plain HTTP behind its proxy.
    """

    address: str
    until: float
    origin: str | None = None  # under which the portal is known: it may answer to no other name, wherever it is reached
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""

    def get(self, path: str, wanted: int = 200) -> bytes:
        return self._asked(path, None, wanted)

    def post(self, path: str, fields: Mapping[str, str], wanted: int) -> bytes:
        return self._asked(path, {"csrf_token": self.token, **fields}, wanted)

    def _asked(self, path: str, fields: Mapping[str, str] | None, wanted: int) -> bytes:
        try:
            status, content = self._sent(path, fields)
        except (ConnectionError, HTTPException):
            time.sleep(AGAIN_AFTER)  # once more: a line may break without anything being down
            status, content = self._sent(path, fields)
        if status != wanted:
            raise Fault(f"{status} at {path.partition('?')[0]}")
        if found := _TOKEN.search(content):
            self.token = found[1].decode("ascii", "replace")
        return content

    def _sent(self, path: str, fields: Mapping[str, str] | None) -> tuple[int, bytes]:
        body = None if fields is None else urlencode(fields).encode()
        request = Request(f"{self.address}{path}", data=body)  # noqa: S310 -- config takes http and https only
        request.add_header("User-Agent", "yinuo-probe")
        request.add_header("Referer", f"{self.origin or self.address}/")  # asked for with the token, over TLS
        if self.origin:
            request.add_header("Host", urlsplit(self.origin).netloc)
        if self.cookies:
            request.add_header("Cookie", "; ".join(f"{name}={value}" for name, value in self.cookies.items()))
        try:
            with build_opener(_NoRedirects).open(request, timeout=self._left()) as answer:
                return answer.status, self._read(answer)
        except HTTPError as refused:
            with refused:
                return refused.code, self._read(refused)
        except OSError as error:  # URLError too
            cause = getattr(error, "reason", error)
            if isinstance(cause, ConnectionError):
                raise cause from None
            raise Fault("no answer in time" if isinstance(cause, TimeoutError) else "not reached") from None

    def _read(self, answer: HTTPResponse | HTTPError) -> bytes:
        for line in answer.headers.get_all("Set-Cookie", ()):
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name.strip()] = value.strip()
        content = b""
        while len(content) < _LONGEST and (portion := answer.read1(65_536)):
            content += portion
            self._left()
        return content

    def _left(self) -> float:
        left = self.until - time.monotonic()
        if left <= 0:
            raise Fault("no answer in time")
        return left


def _sign_in(visitor: Visitor, _item: str) -> None:
    visitor.get("/sign-in")
    visitor.post("/sign-in", {"name": "", "password": ""}, wanted=422)


def _submit(visitor: Visitor, item: str) -> None:
    visitor.get(f"/items/{item}")
    visitor.post(f"/items/{item}/apply", {"probe": "1"}, wanted=204)


def _refresh(visitor: Visitor, _item: str) -> None:
    visitor.get("/")
    visitor.get("/")


def _query(visitor: Visitor, _item: str) -> None:
    visitor.get("/follow")
    visitor.post("/follow", {"number": "", "code": ""}, wanted=422)
    visitor.get("/open/status")


TRIES: Final[Mapping[Function, Callable[[Visitor, str], None]]] = {
    Function.SIGN_IN: _sign_in,
    Function.SUBMIT: _submit,
    Function.REFRESH: _refresh,
    Function.QUERY: _query,
}


def tried(
    vantage: str,
    address: str,
    function: Function,
    item: str,
    *,
    patience: float = PATIENCE,
    origin: str | None = None,
) -> Probe:
    at, began = datetime.now(UTC), time.monotonic()
    fault = ""
    try:
        TRIES[function](Visitor(address, began + patience, origin), item)
    except Fault as found:
        fault = str(found)
    except (OSError, HTTPException, UnicodeError, socket.gaierror) as error:
        fault = f"not reached: {type(error).__name__}"
    return Probe(vantage, function, at, int((time.monotonic() - began) * 1000), fault)


def tried_from_everywhere(
    targets: Mapping[str, str], item: str, *, patience: float = PATIENCE, origin: str | None = None
) -> list[Probe]:
    """Every function from every vantage point. Each has a thread of its own: one that hangs keeps no other waiting."""

    def one(target: tuple[str, str]) -> list[Probe]:
        return [tried(*target, function, item, patience=patience, origin=origin) for function in Function]

    if not targets:
        return []
    with ThreadPoolExecutor(len(targets)) as pool:
        return [probe for probes in pool.map(one, targets.items()) for probe in probes]
