"""R23: a log line says when, who, what and with what result; it is one line, and it holds no secret."""

from __future__ import annotations

import json
import logging
import sys
import urllib.error
import urllib.parse
import urllib.request
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.basis import NotAllowed
from portal.web import journal
from tests.running import running

IDENTITY, PHONE, TOKEN, PASSWORD = "330106199003070017", "13800138000", "tok-3n-of-a-draft", "pass-w0rd-of-somebody"
FORGED = 'x\r\n{"at": "2026-01-01", "what": "all is well"}\u2028{"at": 2}'


def written(message: str, *words: object) -> str:
    return journal.Lines().format(logging.LogRecord("a.library", logging.WARNING, "x.py", 1, message, words, None))


@pytest.mark.parametrize("text", [FORGED, "a\nb", "a\x00b\x1b[31m", "a\x85b\u2029c", "\ud800"])
def test_whatever_is_written_is_one_line(text: str) -> None:
    line = written("told %s", text)
    assert len(line.splitlines()) == 1
    assert json.loads(line)["from"] == "a.library"
    assert "\x1b" not in line


def test_a_line_hides_what_tells_who_somebody_is() -> None:
    line = written("no case of %s, call %s", IDENTITY, PHONE)
    assert IDENTITY not in line
    assert PHONE not in line


@pytest.fixture
def lines(app: Flask, caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    def fail(token: str) -> str:
        raise ValueError(f"{IDENTITY} typed {PHONE} into {token}")

    def forbid(token: str) -> str:
        raise NotAllowed("what %(token)s holds is hidden", values={"token": token})

    app.add_url_rule("/fails/<token>", "fails", fail)
    app.add_url_rule("/forbids/<token>", "forbids", forbid)
    app.testing = False
    caplog.handler.setFormatter(journal.Lines())
    caplog.set_level(logging.INFO)
    return caplog


def entries(caplog: pytest.LogCaptureFixture) -> list[dict[str, object]]:
    return [json.loads(line) for line in caplog.text.splitlines()]


def test_an_answer_says_when_where_what_and_how_it_ended(client: FlaskClient, lines: pytest.LogCaptureFixture) -> None:
    client.get(f"/items?words={IDENTITY}&token={TOKEN}")
    (entry,) = entries(lines)
    assert str(entry["at"]).endswith("+00:00")
    assert (entry["what"], entry["result"], entry["status"]) == ("GET /items", "done", 200)
    assert entry["where"] == "127.0.0.1"


def test_a_failure_is_found_again_by_the_code_on_its_page(client: FlaskClient, lines: pytest.LogCaptureFixture) -> None:
    answer = client.get(f"/fails/{TOKEN}?lang=en")
    trace, end = entries(lines)
    assert trace["error"] == "ValueError"
    assert trace["incident"] == end["incident"]
    assert str(end["incident"]) in answer.text
    assert end["result"] == "failed"
    for secret in (IDENTITY, PHONE, TOKEN):
        assert secret not in lines.text


@pytest.mark.parametrize("mark", ["\r\n", "\n", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029"])
def test_no_header_and_no_address_begins_a_line_of_its_own(
    client: FlaskClient, lines: pytest.LogCaptureFixture, mark: str
) -> None:
    """As a server hands them on that let them through: ours does not even do that."""
    forged = f'x{mark}{{"what": "forged"}}'
    names = ("USER_AGENT", "REFERER", "X_FORWARDED_FOR", "ACCEPT_LANGUAGE", "COOKIE", "IDEMPOTENCY_KEY")
    headers = {f"HTTP_{name}": forged for name in names}
    for path in (f"/items/{quote(forged)}", f"/{quote(forged)}", f"/items?lang={quote(forged)}"):
        client.get(path, environ_overrides=headers)
    client.get("/items", environ_overrides={"REQUEST_METHOD": forged})
    client.get("/items", environ_overrides={"REMOTE_ADDR": forged})
    told = entries(lines)
    assert len(told) == 5
    assert {str(entry["what"]).split(" ")[-1] for entry in told} <= {"/items", "/items/<item>", "address)"}


def test_a_refused_right_is_noted_with_its_reason_and_without_what_it_hides(
    client: FlaskClient, lines: pytest.LogCaptureFixture
) -> None:
    client.get(f"/forbids/{TOKEN}")
    (entry,) = entries(lines)
    assert (entry["result"], entry["level"], entry["why"]) == ("refused", "warning", "what %(token)s holds is hidden")
    assert TOKEN not in lines.text


def test_the_real_server_writes_one_line_for_each_answer_and_no_secret(tmp_path: Path) -> None:
    command = Path(sys.executable).parent / "portal"
    with running(command, tmp_path / "instance", cwd=tmp_path) as portal:
        for path in (f"/apply/{TOKEN}/details", f"/cases/{IDENTITY}", f"/items?words={PHONE}", f"/{TOKEN}%0d%0aforged"):
            with suppress(urllib.error.HTTPError):
                portal.get(path, **{"User-Agent": TOKEN, "X-Forwarded-For": TOKEN, "Cookie": f"session={TOKEN}"})
        form = urllib.parse.urlencode({"name": FORGED, "password": PASSWORD, "csrf_token": TOKEN}).encode()
        with pytest.raises(urllib.error.HTTPError, match="400"):
            urllib.request.urlopen(portal.address + "/sign-in", form, timeout=10)
    told = [line for line in portal.output.splitlines() if line.startswith("{")]
    noted = [json.loads(line) for line in told]
    assert [entry["what"] for entry in noted if entry["from"] == "portal.journal"][-5:] == [
        "GET /apply/<token>/details",
        "GET /cases/<number>",
        "GET /items",
        "GET (no such address)",
        "POST /sign-in",
    ]
    for secret in (IDENTITY, PHONE, TOKEN, PASSWORD, "all is well", "forged"):
        assert secret not in portal.output
