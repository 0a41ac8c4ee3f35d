"""When the demo city is loaded, when it is left alone, and what remains of a load that was killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from portal import cli, create_app, store
from portal.accounts import operations as accounts
from portal.accounts import queries as people
from portal.basis import SYSTEM, Bilingual, Role
from portal.cases.model import CaseState
from portal.cases.tables import CaseRow
from portal.compliance.findings import operations as findings
from portal.demo import loading, notes
from portal.demo.people import is_settled
from portal.ledger import queries as ledger
from portal.ledger.model import Event
from portal.ledger.operations import append
from portal.store import db, transaction
from tests.cases.city import at
from tests.databases import dispose, make_app

pytestmark = pytest.mark.usefixtures("quick_passwords", "folder")
quickly = pytest.mark.usefixtures("sqlite_database", "unexamined")  # findings are looked at elsewhere
KILLED = """
import sys
from portal.demo import loading
from tests.databases import make_app
with make_app(sys.argv[1]).app_context():
    loading.load(at=loading.datetime.fromisoformat(sys.argv[2]), cases=40)
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("YINUO_INSTANCE", str(tmp_path))
    return tmp_path


@pytest.fixture
def unexamined(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(findings, "examine", lambda *_, **__: [])


@quickly
def test_a_killed_load_leaves_nothing_and_the_next_one_is_whole(sqlite_url: str, folder: Path) -> None:
    present = at("Tuesday 2026-03-10 11:00")
    child = subprocess.Popen(
        [sys.executable, "-c", KILLED, sqlite_url, present.isoformat()],
        cwd=Path(__file__).resolve().parents[2],
        env={**os.environ, "YINUO_INSTANCE": str(folder)},
        stderr=subprocess.PIPE,
        text=True,
    )
    assert child.stderr is not None
    said = next(line for line in child.stderr if "2026-" in line)  # accounts and the year 2020 are written by now
    child.send_signal(signal.SIGKILL)
    child.stderr.close()
    assert child.wait() == -signal.SIGKILL, said
    assert (is_settled(), ledger.last_seq(), people.posts()) == (False, 0, [])
    db.session.remove()
    assert loading.load(at=present, cases=40, progress=str)
    assert set(db.session.scalars(select(CaseRow.state))) == set(CaseState) - {CaseState.DRAFT}


@quickly
@pytest.mark.parametrize(
    "present",
    [
        "Sunday 2026-10-04 03:00",  # in the middle of eight days off
        "Monday 2026-11-23 08:01",
    ],
)
def test_it_loads_at_any_hour(present: str) -> None:
    loading.load(at=at(present), cases=40, progress=str)
    assert set(db.session.scalars(select(CaseRow.state))) == set(CaseState) - {CaseState.DRAFT}


@quickly
def test_it_loads_where_the_notice_of_the_year_is_still_missing() -> None:
    assert loading.load(at=at("Wednesday 2027-01-20 10:00"), cases=40, progress=str)
    assert db.session.scalar(select(func.count()).select_from(CaseRow)) == 40


def told(event: Event) -> Event:
    """What happened; the personal bytes are sealed under keys that are new each time."""
    payload = {key: value for key, value in event.payload.items() if key != "bundle_hash"}  # over the leaf hashes
    return replace(event, payload=payload, sealed=None, leaf_hash=b"")


@pytest.mark.usefixtures("unexamined")
def test_the_same_day_makes_the_same_city(folder: Path, sqlite_template: Path) -> None:
    stories = []
    for name in ("one", "two"):
        file = folder / f"{name}.sqlite"
        file.write_bytes(sqlite_template.read_bytes())
        app = make_app(f"sqlite:///{file}")
        with app.app_context():
            loading.load(at=at("Friday 2026-05-22 16:20"), cases=20, progress=str)
            stories.append([told(event) for batch in ledger.stream() for event in batch])
        dispose(app)
    assert stories[0] == stories[1]
    assert len(stories[0]) > 100


@pytest.mark.usefixtures("database")
def test_a_portal_with_posts_of_its_own_is_left_alone(folder: Path) -> None:
    now = datetime.now(UTC)
    with transaction():
        accounts.create_post("own.head", "social-insurance", Role.HEAD, Bilingual("负责人", "Head"), by=SYSTEM, at=now)
    assert loading.load(at=now, progress=str) == []
    assert not is_settled()
    assert not (folder / notes.FILE).exists()


@quickly
def test_a_noted_calendar_makes_no_life_of_its_own() -> None:
    present = at("Tuesday 2026-03-10 11:00")
    with transaction():
        append("calendar/CN", "calendar-amended", {"calendar": "x"}, by=SYSTEM, at=present)
    assert loading.load(at=present, cases=0, progress=str)


@quickly
def test_who_lost_the_sheet_gets_a_new_password(folder: Path) -> None:
    present = at("Tuesday 2026-03-10 11:00")
    loading.load(at=present, cases=0, progress=str)
    old = str(notes.password_in(folder))
    (folder / notes.FILE).unlink()
    loading.load(at=present)
    new = str(notes.password_in(folder))
    assert new != old
    assert people.authenticate("supervisor", new) is not None
    assert people.authenticate("supervisor", old) is None


def test_the_verb_says_why_it_loads_nothing(folder: Path) -> None:
    app = create_app(instance=folder)
    store.upgrade(app)
    now, mask = datetime.now(UTC), os.umask(0o077)
    with app.app_context():
        with transaction():
            accounts.create_post("own.head", "centre-a", Role.HEAD, Bilingual("负责人", "Head"), by=SYSTEM, at=now)
        dispose(app)
    outcome = CliRunner().invoke(cli.main, ["demo", "load", "--instance", str(folder)])
    os.umask(mask)
    assert outcome.exit_code == 1
    assert "--instance" in outcome.output


def test_a_password_can_be_read_aloud_and_is_long_enough_for_staff() -> None:
    made = {notes.new_password() for _ in range(200)}
    assert len(made) == 200
    assert all(len(password) >= 12 and password.isascii() and password == password.lower() for password in made)
