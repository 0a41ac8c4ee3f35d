"""By which names the portal is called: an impossible one is no request of ours, and a foreign one is answered nothing.

Asked before anything else, because addresses on paper, in QR codes and in the questions to a passkey are made of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import Flask, Response

from portal.web.headers import HEADERS

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

    Application = Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]

_NAME = re.compile(
    r"([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?\.?|\[[0-9a-f:.]{2,45}\])(:[0-9]{1,5})?", re.ASCII | re.IGNORECASE
)
LARGEST_PORT = 65535
WORDS = "您访问的地址有误，请核对后重新打开。\nThis address is not ours. Check it and open it again.\n"


def install(app: Flask) -> None:
    """Where YINUO_ORIGIN is set, the portal goes by that name alone; from within the machine by any of the loopback."""
    origin = app.config["ORIGIN"]
    ours = {"127.0.0.1", "localhost", "[::1]", _bare(urlsplit(str(origin)).netloc)} if origin else None
    app.wsgi_app = _Gate(app.wsgi_app, ours)  # type: ignore[method-assign]


def is_possible(host: str) -> bool:
    return bool(_NAME.fullmatch(host)) and _port(host) <= LARGEST_PORT


def _port(host: str) -> int:
    _, colon, port = host.rpartition(":")
    return int(port) if colon and port.isdigit() else 0


def _bare(host: str) -> str:
    return re.sub(r":[0-9]*$", "", host).lower()


class _Gate:
    def __init__(self, within: Any, ours: set[str] | None) -> None:
        self.within, self.ours = within, ours

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        host = str(environ.get("HTTP_HOST") or environ.get("SERVER_NAME") or "")
        if is_possible(host) and (self.ours is None or _bare(host) in self.ours):
            return self.within(environ, start_response)  # type: ignore[no-any-return]
        answer = Response(WORDS, status=400, mimetype="text/plain", headers={**HEADERS, "Cache-Control": "no-store"})
        return answer(environ, start_response)
