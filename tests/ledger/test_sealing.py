"""The sealed ledger on both databases: what is appended is sealed, and whatever is done to it afterwards is found."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from portal.basis import By, Refusal, Role
from portal.compliance.findings import queries as register
from portal.ledger import queries
from portal.ledger.canonical import canonical
from portal.ledger.checking import Check, Found
from portal.ledger.export import check_file, written
from portal.ledger.gate import require_sealed
from portal.ledger.lines import feed, lines
from portal.ledger.notes import NotSigned, Signed, Signer
from portal.ledger.operations import append, declare_emergency
from portal.ledger.proofs import checked, receipt
from portal.ledger.sealing import LedgerRewritten
from portal.ledger.seals import EmergencyUnfit, LedgerNotSealed
from portal.ledger.tiles import Tiles, tile_path
from portal.ledger.tree import Tree, TreeBroken
from portal.scheduler.jobs import tick
from portal.sealing import check, look_at_seal, seal
from portal.store import db, reading, transaction

AT = datetime(2020, 9, 14, 2, 0, tzinfo=UTC)
CLERK = By("a1", Role.CLERK, office="social-insurance", post="front-desk", window="3")
TRIGGERS = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'events'"
FORGER = Signer("yinuo.invalid/forger", bytes([7] * 32))


def write(count: int) -> None:
    with transaction():
        for number in range(count):
            append(
                f"case/990100-2020-{number % 7:06d}",
                "commented",
                by=CLERK,
                at=AT + timedelta(microseconds=number),
                sealed='密"文'.encode() if number % 3 else None,
            )


def tamper(database: Flask, *statements: str) -> None:
    """As whoever owns the database can: the triggers off, then the change."""
    if database.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
        with db.engine.begin() as connection:
            found = connection.execute(text(TRIGGERS))
            for name in found.scalars().all():
                connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
    else:
        with db.engine.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE events DISABLE TRIGGER ALL")
    with db.engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def fault_here(tree: Tree) -> int | None:
    signed = tree.checkpoint()
    assert signed is not None
    check = Check(tiles=Tiles(tree.folder), sealed=signed.size, roots_at=[signed.size])
    try:
        with reading():
            feed(check, until=queries.last_seq())
        check.compare(signed)
    except Found as found:
        return found.fault.seq
    return -1


@pytest.fixture
def tree(database: Flask, tmp_path: Path) -> Tree:  # noqa: ARG001 -- its context is what is needed
    return Tree(tmp_path)


def newest(tree: Tree) -> Signed:
    signed = tree.checkpoint()
    assert signed is not None
    return signed


def test_what_is_appended_is_sealed_in_order_and_the_root_is_that_of_all(tree: Tree, tmp_path: Path) -> None:
    for count in (0, 3, 260, 1):
        write(count)
        seal(AT, tmp_path)
    assert newest(tree).size == 264
    check = Check(tiles=Tiles(tree.folder), sealed=264)
    with reading():
        feed(check, until=queries.last_seq())
        found = queries.seal()
    check.compare(newest(tree))
    assert found is not None
    assert (found.size, found.root) == (264, newest(tree).root)
    assert [note.splitlines()[1] for note in tree.history()] == ["0", "3", "263", "264"]


def test_an_idle_ledger_is_signed_again_each_minute_and_not_each_second(tree: Tree, tmp_path: Path) -> None:
    write(2)
    for seconds, expected in ((0, 0), (30, 0), (61, 61)):
        seal(AT + timedelta(seconds=seconds), tmp_path)
        assert newest(tree).signed_at == AT + timedelta(seconds=expected)
    assert len(list(tree.history())) == 1


@pytest.mark.parametrize(
    ("statement", "seq"),
    [
        ("UPDATE events SET actor = 'a2' WHERE seq = 40", 40),
        ("UPDATE events SET payload = '{ }' WHERE seq = 41", 41),
        ("UPDATE events SET sealed = NULL WHERE seq = 42", 42),
        ("DELETE FROM events WHERE seq = 43", 43),
        ("DELETE FROM events WHERE seq > 290", 291),
        ("UPDATE events SET seq = seq + 1000 WHERE seq = 44", 44),
    ],
)
def test_a_change_in_the_database_is_found_at_its_event(
    database: Flask, tree: Tree, tmp_path: Path, statement: str, seq: int
) -> None:
    write(300)
    seal(AT, tmp_path)
    tamper(database, statement)
    assert fault_here(tree) == seq


def test_a_rewriting_that_fits_its_own_hash_is_found_by_the_tiles(database: Flask, tree: Tree, tmp_path: Path) -> None:
    write(600)
    seal(AT, tmp_path)
    with reading():
        event = queries.event(500)
    assert event is not None
    forged = sha256(b"\0" + canonical({**event.envelope, "actor": "a2"})).hexdigest()
    is_sqlite = database.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite")
    value = f"x'{forged}'" if is_sqlite else f"decode('{forged}', 'hex')"
    tamper(database, f"UPDATE events SET actor = 'a2', leaf_hash = {value} WHERE seq = 500")
    assert fault_here(tree) == 500


def test_the_nightly_check_records_what_it_found_once_and_the_rules_accuse(
    database: Flask, tree: Tree, tmp_path: Path
) -> None:
    write(300)
    seal(AT, tmp_path)
    assert (newest(tree).size, check(AT, tmp_path)) == (300, None)
    tamper(database, "UPDATE events SET actor = 'a2' WHERE seq = 41")
    for night in (1, 2):
        fault = check(AT + timedelta(days=night), tmp_path)
        assert fault is not None
        assert fault.seq == 41
    with reading():
        (doubt,) = queries.events("ledger/seals")
    assert doubt.integer("fault_seq") == 41
    tick(lambda: AT + timedelta(days=3))
    with reading():
        (finding,) = register.findings(rules=("V48",), about="ledger/seals")
    assert (finding.variant, finding.severity, finding.numbers["number"]) == ("altered", "red", 41)


def test_nothing_is_signed_on_top_of_a_database_that_lost_events(database: Flask, tree: Tree, tmp_path: Path) -> None:
    write(10)
    seal(AT, tmp_path)
    before = newest(tree)
    tamper(database, "DELETE FROM events WHERE seq > 8")
    with pytest.raises(LedgerRewritten):
        seal(AT + timedelta(hours=1), tmp_path)
    assert newest(tree) == before


def test_nothing_is_signed_on_top_of_changed_tiles(tree: Tree, tmp_path: Path) -> None:
    write(300)
    seal(AT, tmp_path)
    file = tree.folder / tile_path(0, 1, 44)
    file.write_bytes(bytes(32) + file.read_bytes()[32:])
    write(1)
    with pytest.raises(TreeBroken):
        seal(AT + timedelta(hours=1), tmp_path)


def test_a_crash_between_tiles_and_checkpoint_leaves_the_older_one_which_holds(tree: Tree, tmp_path: Path) -> None:
    write(250)
    seal(AT, tmp_path)
    write(20)
    with reading():
        rest = [leaf for _, leaf in queries.leaf_hashes(250, 100)]
    Tiles(tree.folder).extend(250, rest)  # and here the power went
    assert Tiles(tree.folder).root(250) == newest(tree).root
    assert tree.inclusion(249).signed.size == 250
    seal(AT + timedelta(seconds=1), tmp_path)
    assert newest(tree).size == 270


def test_another_sequencer_waits_for_its_turn(tree: Tree, tmp_path: Path) -> None:
    write(1)
    with tree.growing() as is_ours:
        assert is_ours
        assert seal(AT, tmp_path) == 0
    assert seal(AT, tmp_path) == 1


def test_every_receipt_is_proven_offline_and_an_altered_one_is_not(tree: Tree, tmp_path: Path) -> None:
    write(300)
    seal(AT, tmp_path)
    key = tree.verifier
    assert key is not None
    with reading():
        events = queries.events_after(0, 300)
    for event in events:
        text_of = receipt(event.envelope, tree.inclusion(event.seq - 1), key)
        assert checked(text_of, key).seq == event.seq
        content = json.loads(text_of)
        content["event"]["actor"] = "a2"
        with pytest.raises(Refusal):
            checked(json.dumps(content), key)
    with pytest.raises(NotSigned):
        checked(text_of, FORGER.verifier)


def test_the_offline_check_needs_neither_flask_nor_a_database(tree: Tree, tmp_path: Path) -> None:
    write(5)
    seal(AT, tmp_path)
    key = tree.verifier
    assert key is not None
    with reading():
        event = queries.event(4)
    assert event is not None
    file = tmp_path / "receipt.json"
    file.write_text(receipt(event.envelope, tree.inclusion(3), key))
    script = "import sys; from portal.verbs.verify import command; command(sys.argv[1:], standalone_mode=False); "
    script += "assert not {'flask', 'sqlalchemy'} & set(sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script, str(file), "--key", key.line()], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "Proven: event 4" in done.stdout


def test_the_alarm_comes_after_a_quarter_of_an_hour_and_the_stop_after_a_day(tree: Tree, tmp_path: Path) -> None:
    write(1)
    require_sealed(AT)  # never sealed: nothing stands still
    seal(AT, tmp_path)
    assert look_at_seal(AT + timedelta(minutes=15)) is None
    assert look_at_seal(AT + timedelta(minutes=16)) is not None
    require_sealed(AT + timedelta(hours=24))
    with pytest.raises(LedgerNotSealed):
        require_sealed(AT + timedelta(hours=24, seconds=1))
    seal(AT + timedelta(hours=25), tmp_path)
    require_sealed(AT + timedelta(hours=25))
    assert tree.verifier is not None


@pytest.mark.usefixtures("tree")
def test_two_people_let_new_matters_in_for_some_hours_and_one_cannot(tmp_path: Path) -> None:
    write(1)
    seal(AT, tmp_path)
    later = AT + timedelta(hours=30)
    head = By("h1", Role.HEAD, office="social-insurance")
    with pytest.raises(EmergencyUnfit), transaction():
        declare_emergency("disk full", 12, approved_by="h1", by=head, at=later)
    with transaction():
        declare_emergency("disk full", 12, approved_by="s1", by=head, at=later)
    require_sealed(later + timedelta(hours=12))
    with pytest.raises(LedgerNotSealed):
        require_sealed(later + timedelta(hours=12, seconds=1))


def test_a_database_is_exported_as_it_was_hashed(tree: Tree, tmp_path: Path) -> None:
    write(30)
    seal(AT, tmp_path)
    key = tree.verifier
    assert key is not None
    with reading():
        content = b"".join(written(lines(30), newest(tree)))
    assert check_file(io.BytesIO(content), Check(), key) == newest(tree)
