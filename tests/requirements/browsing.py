"""A browser without a screen for a portal that really runs: keeps cookies, reads a page's form and sends it."""

from __future__ import annotations

import urllib.error
import urllib.request
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from typing import Any
from urllib.parse import urlsplit

from werkzeug.test import stream_encode_multipart

from tests.crawl import PageReader, SeenForm


@dataclass(frozen=True)
class Answer:
    """One answer by itself, with the words of a test client."""

    status_code: int
    location: str
    text: str


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_given: Any) -> None:
        return None


@dataclass
class Browser:
    """``path`` and ``text`` are of the page that is open, ``status`` is its own."""

    address: str
    path: str = "/"
    text: str = ""
    status: int = 0
    jar: CookieJar = field(default_factory=CookieJar)

    def __post_init__(self) -> None:
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))

    def get(self, path: str) -> str:
        return self._open(urllib.request.Request(self.address + path))

    def raw(self, path: str) -> bytes:
        """A file; the page that is open stays open."""
        with self._opener.open(self.address + path, timeout=60) as answer:
            return bytes(answer.read())

    def send(self, *, to: str = "", **fields: object) -> str:
        """Send the form of this page that goes to ``to``, as it is filled in but for ``fields``."""
        form = self.form(to or self.path)
        given = {name: value for name, value in form.values.items() if form.kinds.get(name) != "file"}
        stream, length, boundary = stream_encode_multipart({**given, **fields})
        kind = {"Content-Type": f"multipart/form-data; boundary={boundary}", "Content-Length": str(length)}
        return self._open(urllib.request.Request(self.address + form.action, stream.read(), kind))

    def ask(self, wish: urllib.request.Request) -> Answer:
        """What is answered to just this, wherever it leads; the open page stays open, and threads may ask at once."""
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar), _NoRedirect)
        try:
            with opener.open(wish, timeout=60) as answer:
                return Answer(answer.status, "", answer.read().decode())
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.headers.get("Location", ""), error.read().decode())

    def form(self, to: str) -> SeenForm:
        reader = PageReader(self.path)
        reader.feed(self.text)
        found = [form for form in reader.forms if form.method == "POST" and form.action == to]
        assert found, f"{self.path} ({self.status}) has no form that goes to {to}\n{self.text}"
        return found[0]

    def cookie(self, name: str) -> str:
        return next(cookie.value or "" for cookie in self.jar if cookie.name.endswith(name))

    def _open(self, wish: urllib.request.Request) -> str:
        try:
            answer = self._opener.open(wish, timeout=60)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            self.text, self.status = answer.read().decode("utf-8", "replace"), int(answer.status)
            self.path = urlsplit(str(answer.url)).path
        return self.text
