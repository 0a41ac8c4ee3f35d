"""A browser of its own connection, that sends what a browser sends and spends next to no time itself."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlencode

from bench.halls.city import City, Seat

_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
_SESSION = "yinuo"  # the cookie
_TYPE = "application/x-www-form-urlencoded"


class Connection(Protocol):
    """What of http.client's is used."""

    def request(self, method: str, url: str, body: Any = ..., headers: Any = ...) -> None: ...

    def getresponse(self) -> Any: ...


@dataclass(frozen=True, slots=True)
class Answer:
    """``says_something``: the next page has a message to show, because the step was not taken."""

    status: int
    location: str
    text: str
    says_something: bool = False


@dataclass
class Visitor:
    """Cookies and token of one person at one server; several may share a connection."""

    connection: Connection
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""

    def get(self, path: str) -> Answer:
        answer = self._ask("GET", path)
        if (found := _TOKEN.search(answer.text)) is not None:
            self.token = found[1]
        return answer

    def post(self, path: str, **fields: str) -> Answer:
        """A form with its token and a key of its own, as the page it came from has them."""
        fields |= {"csrf_token": self.token, "once_key": secrets.token_urlsafe(24)}
        return self._ask("POST", path, urlencode(fields))

    def _ask(self, method: str, path: str, body: str | None = None) -> Answer:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = _TYPE
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        text, before = answer.read().decode(), self.cookies.get(_SESSION)
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return Answer(answer.status, answer.headers.get("Location", ""), text, self.cookies.get(_SESSION) != before)


def at_window(visitor: Visitor, seat: Seat, nth: int = 0) -> None:
    """Signed in, with the window open."""
    signed_in(visitor, seat, nth)
    visitor.get(f"/clerk/window/{seat.hall}/{seat.window}")
    answer = visitor.post(f"/clerk/window/{seat.hall}/{seat.window}/open")
    assert answer.status == 303, f"{seat.window} was not opened: {answer.status}"


def signed_in(visitor: Visitor, seat: Seat, nth: int = 0) -> None:
    """By password and the nth recovery code."""
    visitor.get("/sign-in")
    visitor.post("/sign-in", name=seat.name, password=seat.password)
    visitor.get("/sign-in/code")
    answer = visitor.post("/sign-in/code", code=seat.codes[nth])
    assert answer.status == 303, f"{seat.name} was not let in: {answer.status}"


def at_kiosk(visitor: Visitor, city: City, seat: Seat) -> None:
    visitor.cookies["kiosk"] = city.kiosks[seat.hall]
    answer = visitor.get(f"/halls/{seat.hall}/kiosk/office/{seat.office}")
    assert answer.status == 200, f"the kiosk of {seat.hall} was not let in: {answer.status}"
