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
    "a vertical tab before the coding": (LONG + b"\r\nTransfer-Encoding: \x0bchunked", LAST),
    "a bare line feed": (LONG + b"\nTransfer-Encoding: chunked", LAST),
    "a bare carriage return": (LONG + b"\rTransfer-Encoding: chunked", LAST),
    "a zero byte": (LONG + b"\r\nX: a\x00b\r\nTransfer-Encoding: chunked", LAST),
    "a list of codings": (b"Transfer-Encoding: chunked, identity", LAST),
    "a list of lengths": (b"Content-Length: %d, 0" % len(NEXT), b""),
    "a length below nothing": (b"Content-Length: -1", b""),
    "a length of another base": (b"Content-Length: 0x0", b""),
    "a length with a line below": (b"Content-Length: 0_0", b""),
    "a chunk with a sign": (b"Transfer-Encoding: chunked", b"+0\r\n\r\n"),
    "a chunk of another base": (b"Transfer-Encoding: chunked", b"0x0\r\n\r\n"),
    "a chunk with a line feed in its words": (b"Transfer-Encoding: chunked", b"0;a\nb\r\n\r\n"),
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
