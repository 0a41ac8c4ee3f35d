"""Where one request ends and the next begins is never in doubt: ASVS 5.0, 4.2.1, against a portal that really runs."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.running import RunningPortal, running

NEXT = b"GET /items HTTP/1.1\r\nHost: x\r\n\r\n"  # hidden in the body of the one before
LAST = b"0\r\n\r\n"
LONG = b"Content-Length: %d" % len(LAST + NEXT)
TWO_BORDERS = {
    "length and chunks": (LONG + b"\r\nTransfer-Encoding: chunked", LAST),
    "chunks and length": (b"Transfer-Encoding: chunked\r\nContent-Length: 5", LAST),
    "two lengths": (b"Content-Length: %d\r\nContent-Length: 0" % len(NEXT), b""),
    "a space before the colon": (LONG + b"\r\nTransfer-Encoding : chunked", LAST),
    "an unknown coding": (LONG + b"\r\nTransfer-Encoding: xchunked", LAST),
    "two codings": (LONG + b"\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity", LAST),
    "a length with a sign": (b"Content-Length: +0", b""),
    "a folded line": (b"Content-Length:\r\n 0", b""),
}


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPortal]:
    folder = tmp_path_factory.mktemp("borders")
    with running(Path(sys.executable).parent / "portal", folder / "instance", cwd=folder) as portal:
        yield portal


@pytest.mark.parametrize("how", TWO_BORDERS)
def test_a_request_with_two_borders_is_answered_once_and_the_connection_closed(portal: RunningPortal, how: str) -> None:
    headers, begun = TWO_BORDERS[how]
    place = urlsplit(portal.address)
    with socket.create_connection((str(place.hostname), place.port or 0), timeout=10) as connection:
        connection.sendall(b"GET /sign-in HTTP/1.1\r\nHost: x\r\n" + headers + b"\r\n\r\n" + begun + NEXT)
        answer = b"".join(iter(lambda: connection.recv(65536), b""))  # until it is closed, or this fails
    assert answer.count(b"HTTP/1.1 ") == 1
