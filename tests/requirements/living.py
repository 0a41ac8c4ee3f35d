"""Life in a portal that really runs: people register, hand in and ask on its pages, and staff look at everything."""

from __future__ import annotations

import base64
import io
import json
import re
import secrets
import shlex
import subprocess
import sys
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyotp
import pytest
from itsdangerous.encoding import base64_decode
from werkzeug.datastructures import FileStorage

from portal.backup import archive, keys
from portal.catalogue.model import FieldKind, FormField
from tests import papers
from tests.requirements.browsing import Browser
from tests.requirements.planted import Planted
from tests.running import RunningPortal, environment, running
from tests.web.citizen.visits import typed, version_of

ROOT = Path(__file__).resolve().parents[2]
COMMAND = Path(sys.executable).parent / "portal"
AT_THE_WINDOW = 3  # people who hand in a second time, at a clerk's window
ITEM, OFFICE = "residence-permit", "government-services"
STAFF = {"clerk": "clerk", "head": "head", "supervisor": "supervisor", "auditor": "auditor"}
FIRST_PAGES = (
    "/clerk/",
    "/clerk/inquiries/",
    "/clerk/inquiries/?state=answered",
    "/clerk/to-acknowledge",
    "/clerk/hand-in/",
    "/supervisor/",
    "/supervisor/approvals",
    "/supervisor/audits",
    "/supervisor/data-requests",
    "/supervisor/findings",
    "/supervisor/outages",
    "/supervisor/posts",
    "/account/sign-ins",
)


@dataclass
class Secrets:
    """What opens an account; ``values`` is what may stand nowhere."""

    password: str = field(default_factory=lambda: f"Grün-{secrets.token_hex(8)}-7")
    first_password: str = field(default_factory=lambda: f"Erst-{secrets.token_hex(8)}-3")
    values: set[str] = field(default_factory=set)


@dataclass
class Living:
    portal: RunningPortal
    folder: Path
    people: Sequence[Planted]
    numbers: list[str] = field(default_factory=list)
    inquiries: list[str] = field(default_factory=list)
    staff: dict[str, Browser] = field(default_factory=dict)
    secrets: Secrets = field(default_factory=Secrets)
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def instance(self) -> Path:
        return self.folder / "instance"

    @property
    def server_lines(self) -> str:
        return (self.folder / "server.log").read_text()

    def say(self, *words: object) -> str:
        """A verb of the console, in the same instance."""
        done = subprocess.run(
            [str(COMMAND), *map(str, words)],
            cwd=ROOT,
            env={**environment(self.instance, 0), **self.settings},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode in (0, 1), done.stderr  # an audit that found something ends with 1
        return done.stdout + done.stderr

    def outputs(self) -> dict[str, Path]:
        """Everything that leaves the portal by the console, and the backup opened with its key."""
        out = {name: self.folder / name for name in ("log.jsonl", "report", "backups", "restored")}
        self.say("ledger", "seal")
        self.say("ledger", "export", out["log.jsonl"])
        self.say("audit", "--db", "--out", out["report"])
        self.say("backup", "--to", out["backups"])
        (backup,) = (file for file in out["backups"].iterdir() if file.is_file())
        out["restored"].mkdir()
        archive.read(backup, out["restored"], keys.identity(self.instance / keys.KEY_FILE))
        return out

    def pages_of_staff(self) -> Iterator[tuple[str, str, int, str]]:
        """Who, path, status and text, of every first page and of everything about each case and inquiry."""
        of_cases = [f"/clerk/cases/{number}{rest}" for number in self.numbers for rest in ("", "/receipt")]
        of_inquiries = [f"/clerk/inquiries/{number}{rest}" for number in self.inquiries for rest in ("", "/slip")]
        for role, browser in self.staff.items():
            for path in (*FIRST_PAGES, *of_cases, *of_inquiries):
                text = browser.get(path)
                yield role, path, browser.status, text


@contextmanager
def lived_in(folder: Path, people: Sequence[Planted], **settings: str) -> Iterator[Living]:
    """``settings`` are words of the portal's environment."""
    written = folder / "server.log"  # a pipe that nobody empties would stop the server after 64 KB of lines
    command = folder / "portal"
    command.write_text(f'#!/bin/sh\nexec {shlex.quote(str(COMMAND))} "$@" >{shlex.quote(str(written))} 2>&1\n')
    command.chmod(0o700)
    with running(command, folder / "instance", cwd=ROOT, **settings) as portal:
        living = Living(portal, folder, people, settings=settings)
        for n, person in enumerate(people):
            _live(living, n, person)
        for role in STAFF:
            living.staff[role] = _enter_as_staff(living, role)
        for number, person in zip(living.numbers, people, strict=True):
            _comment(living.staff["clerk"], number, person)
        for n, person in enumerate(people[:AT_THE_WINDOW]):
            living.numbers.append(_hand_in_at_the_window(living.staff["clerk"], n, person))
        yield living


def _live(living: Living, n: int, person: Planted) -> None:
    browser = Browser(living.portal.address)
    browser.get("/register?lang=en")
    word = {"sign_in_name": f"person-{n}", "password": living.secrets.password}
    told = {"name": person.name, "number": person.identity, "phone": person.phone, "address": person.address}
    browser.send(**told, **word, kind="identity-card")
    assert browser.path == "/sign-in", browser.text
    browser.send(name=word["sign_in_name"], password=word["password"])
    living.numbers.append(_hand_in(browser, n, person))
    living.secrets.values |= {living.secrets.password, *_tokens(browser)}
    code = re.search(r'id="code">([^<]+)<', browser.get(f"/cases/{living.numbers[-1]}/receipt"))
    assert code, browser.text
    living.secrets.values.add(code[1])
    living.inquiries.append(_ask(browser, person))


def _tokens(browser: Browser) -> tuple[str, str]:
    """The cookie as it is sent, and the token of the sign-in that is signed in it."""
    cookie = browser.cookie("yinuo")
    packed = cookie.startswith(".")
    content = base64_decode(cookie.lstrip(".").split(".")[0])
    return cookie, str(json.loads(zlib.decompress(content) if packed else content)["_user_id"])


def _hand_in(browser: Browser, n: int, person: Planted) -> str:
    browser.get(f"/items/{ITEM}")
    browser.send(to=f"/items/{ITEM}/apply")
    while "/question/" in browser.path:
        browser.send()
    shown = browser.form(browser.path).kinds
    asked = [one for one in version_of(ITEM, datetime.now(UTC)).fields if any(name in shown for name in typed(one))]
    browser.send(**{name: text for one in asked for name, text in _typed(one, person).items()})
    assert browser.path.endswith("/materials"), browser.text
    boxes = [name for name, kind in browser.form(browser.path).kinds.items() if kind == "file"]
    papers_of: dict[str, Any] = {box: paper(n, person) for box in boxes}
    browser.send(**papers_of)
    assert browser.path.endswith("/check"), browser.text
    browser.send(is_true="y")
    found = re.match(r"/cases/([^/]+)", browser.path)
    assert found, browser.text
    return found[1]


def paper(n: int, person: Planted) -> FileStorage:
    """A document or a PDF, by turns, with everything about the person inside and in the name."""
    said = "，".join(person.values)
    name = f"{person.name}{person.phone}{person.identity}"
    if n % 2 == 0:
        content = papers.archive(papers.docx_parts(f"<w:p><w:r><w:t>{said}</w:t></w:r></w:p>"))
        return FileStorage(io.BytesIO(content), filename=f"{name}.docx")
    words = said.encode()
    inside = papers.pdf(b"<</Length %d>>stream\n%b\nendstream" % (len(words), words), catalogue=b"/Said 10 0 R")
    return FileStorage(io.BytesIO(inside), filename=f"{name}.pdf")


def _comment(clerk: Browser, number: str, person: Planted) -> None:
    clerk.get(f"/clerk/cases/{number}/steps/comment")
    clerk.send(comment=f"已电话联系{person.name}，{person.phone}，{person.address}。")
    assert clerk.path == f"/clerk/cases/{number}", clerk.text


def _hand_in_at_the_window(clerk: Browser, n: int, person: Planted) -> str:
    clerk.get("/clerk/hand-in/")
    clerk.send(item=ITEM)
    while "/question/" in clerk.path:
        clerk.send()
    shown = clerk.form(clerk.path).kinds
    asked = [one for one in version_of(ITEM, datetime.now(UTC)).fields if any(name in shown for name in typed(one))]
    told = {name: text for one in asked for name, text in _typed(one, person).items()}
    boxes = [name for name, kind in shown.items() if kind == "file"]
    papers_of: dict[str, Any] = {box: paper(n, person) for box in boxes}
    clerk.send(**told, **papers_of, is_true="y")
    found = re.match(r"/clerk/cases/([^/]+)/receipt", clerk.path)
    assert found, f"{clerk.path}\n{clerk.text}"
    return found[1]


def _typed(asked: FormField, person: Planted) -> dict[str, str]:
    by_kind = {FieldKind.IDENTITY: person.identity, FieldKind.PHONE: person.phone}
    by_name = {"applicant-name": person.name, "address": person.address}
    value = by_kind.get(asked.kind) or by_name.get(asked.name)
    return {f"f_{asked.name}": value} if value else typed(asked)


def _ask(browser: Browser, person: Planted) -> str:
    browser.get("/sent-away")
    today = datetime.now(UTC)
    day = {f"happened-{part}": str(getattr(today, part)) for part in ("year", "month", "day")}
    said = f"号码{person.identity}，电话{person.phone}"
    browser.send(item=ITEM, office=OFFICE, **day, said=said, question=person.remark, phone=person.phone)
    found = re.match(r"/inquiries/([^/]+)", browser.path)
    assert found, browser.text
    return found[1]


def _enter_as_staff(living: Living, role: str) -> Browser:
    """Created on the console; the owner changes the password and sets up a second factor, as everybody must."""
    kept = living.secrets
    living.say("account", "create", f"{role}-person", "--password", kept.first_password)
    living.say("account", "appoint", f"{role}-person", f"{role}-1", "--role", role, "--office", OFFICE)
    browser = Browser(living.portal.address)
    browser.get("/sign-in?lang=en")
    browser.send(name=f"{role}-person", password=kept.first_password)
    kept.values |= {kept.first_password, *_tokens(browser)}
    if browser.path == "/account/password":
        browser.send(now=kept.first_password, password=kept.password)
    browser.get("/account/second-factor")
    secret = re.search(r"<code>([A-Z2-7 ]+)</code>", browser.text)
    if secret is None:
        pytest.fail(f"{browser.path} shows no secret\n{browser.text}")
    plain = secret[1].replace(" ", "")
    browser.send(code=pyotp.TOTP(plain).now())
    recovery = re.findall(r"<li><code>([a-z2-7-]+)</code></li>", browser.text)
    assert len(recovery) == 10, browser.text
    kept.values |= {kept.password, plain, base64.b32decode(plain).hex(), *_tokens(browser), *recovery}
    return browser
