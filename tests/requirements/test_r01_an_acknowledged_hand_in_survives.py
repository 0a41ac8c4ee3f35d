"""R01: what was acknowledged is there after a kill at any moment, once, with its number and its content."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.store import db
from tests.databases import dispose, make_app
from tests.faults.kills import kill_and_check


def settings(url: str, *questions: str) -> list[object]:
    app = make_app(url)
    with app.app_context(), db.engine.connect() as connection:
        found: list[object] = [connection.exec_driver_sql(question).scalar() for question in questions]
    dispose(app)
    return found


@pytest.mark.usefixtures("as_shipped")
def test_a_commit_waits_for_the_disk(database_url: str) -> None:
    if database_url.startswith("sqlite"):
        assert settings(database_url, "PRAGMA synchronous", "PRAGMA journal_mode") == [2, "wal"]  # 2 is FULL
    else:
        assert settings(database_url, "SHOW synchronous_commit") == ["on"]


@pytest.mark.parametrize(("kind", "kills"), [("sqlite_url", 12), ("postgres_url", 6)])
def test_a_kill_loses_and_doubles_nothing(
    kind: str, kills: int, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    outcome = kill_and_check(request.getfixturevalue(kind), tmp_path, kills)
    assert outcome.found == []
    assert outcome.acknowledged > 0, outcome
    assert outcome.acknowledged < outcome.sent, "no kill came while a wish was under way"


@pytest.mark.soak
@pytest.mark.parametrize(("kind", "kills"), [("sqlite_url", 500), ("postgres_url", 200)])
def test_hundreds_of_kills_lose_and_double_nothing(
    kind: str, kills: int, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    outcome = kill_and_check(request.getfixturevalue(kind), tmp_path, kills, seed=2)
    print(f"\n{kind.removesuffix('_url')}: {outcome}")
    assert outcome.found == []
