"""Keys of persons: made once, adopted, locked, destroyed, and wrapped anew by another master key."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, update

from portal import vault
from portal.basis import Refusal
from portal.store import db, reading, transaction
from portal.vault import Holder, KeyDestroyed, KeyLocked, SealBroken, masters
from portal.vault.tables import KeyRow

NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)
ONE, OTHER = Holder("p1", "case/1"), Holder("p2", "case/2")


def sealed(holder: Holder = ONE, text: str = "张三") -> bytes:
    with transaction():
        return vault.seal(holder, "test", text.encode(), at=NOW)


@pytest.fixture
def own_keys(database: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The key file in a folder of the test, as a deployment has it."""
    monkeypatch.delenv(masters.VARIABLE)
    monkeypatch.setattr(database, "instance_path", str(tmp_path))
    return tmp_path / masters.FILE


@pytest.mark.usefixtures("database")
def test_one_holder_has_one_key_and_two_have_two() -> None:
    first, again, other = sealed(), sealed(), sealed(OTHER)
    ids = [vault.sealing.key_id_of(content) for content in (first, again, other)]
    assert ids[0] == ids[1] != ids[2]
    assert vault.opened(first, "test").decode() == "张三"


@pytest.mark.usefixtures("database")
def test_a_ciphertext_put_in_anothers_place_does_not_open() -> None:
    mine, other = sealed(), sealed(OTHER)
    with pytest.raises(SealBroken):
        vault.opened(mine[:17] + other[17:], "test")
    with pytest.raises(SealBroken):
        vault.opened(mine, "another purpose")


@pytest.mark.usefixtures("database")
def test_a_key_made_in_a_unit_that_fails_seals_nothing_later() -> None:
    def fail() -> None:
        with transaction():
            vault.seal(ONE, "test", b"lost", at=NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert vault.opened(sealed(), "test").decode() == "张三"


@pytest.mark.usefixtures("database")
def test_a_destroyed_key_opens_nothing_and_a_new_one_opens_only_what_is_new() -> None:
    old = sealed()
    with transaction():
        assert vault.destroy("case/1", why="asked", by="u1", at=NOW) == 1
    with pytest.raises(KeyDestroyed):
        vault.opened(old, "test")
    assert vault.readable(old, "test") is None
    assert vault.state_of("case/1") == "erased"
    new = sealed(text="李四")
    assert vault.opened(new, "test").decode() == "李四"
    with pytest.raises(KeyDestroyed):
        vault.opened(old, "test")


@pytest.mark.usefixtures("database")
def test_a_destroyed_key_leaves_no_wrapped_bytes_in_its_row() -> None:
    sealed()
    with transaction():
        vault.destroy("case/1", why="asked", by="u1", at=NOW)
    with reading():
        row = db.session.scalars(select(KeyRow)).one()
    assert (row.wrapped, row.changed_by, row.why) == (None, "u1", "asked")


@pytest.mark.usefixtures("database")
def test_a_locked_key_opens_nothing_until_it_is_unlocked() -> None:
    content = sealed()
    with transaction():
        vault.lock("case/1", why="asked", by="u1", at=NOW)
    with pytest.raises(KeyLocked):
        vault.opened(content, "test")
    assert vault.state_of("case/1") == "locked"
    assert vault.still_sealed(["case/1", "case/9"], limit=5) == ["case/1"]
    with transaction():
        vault.unlock("case/1", why="court", by="u1")
    assert vault.opened(content, "test").decode() == "张三"


@pytest.mark.usefixtures("database")
def test_what_was_sealed_for_a_draft_goes_with_the_case_that_it_became() -> None:
    draft = Holder("draft", "draft/1")
    content = sealed(draft)
    with transaction():
        assert vault.adopt(draft, ONE) == 1
    assert vault.opened(content, "test").decode() == "张三"
    with transaction():
        vault.destroy("case/1", why="asked", by="u1", at=NOW)
    with pytest.raises(KeyDestroyed):
        vault.opened(content, "test")


@pytest.mark.usefixtures("database")
def test_a_subject_is_found_by_an_exact_value_until_it_is_erased() -> None:
    with transaction():
        vault.note("case/1", [("name", "张三"), ("phone", "13800000000"), ("phone", "")])
        vault.note("case/2", [("name", "张三丰")])
    assert vault.found("name", " 张三 ") == ["case/1"]
    assert vault.found("phone", "13800000000") == ["case/1"]
    assert vault.found("identity", "张三") == []
    with transaction():
        vault.destroy("case/1", why="asked", by="u1", at=NOW)
    assert vault.found("name", "张三") == []


def test_a_rotation_wraps_every_key_anew_and_touches_nothing_that_is_sealed(own_keys: Path) -> None:
    contents = [sealed(Holder(f"p{n}", f"case/{n}")) for n in range(7)]
    old = own_keys.read_text().split()[-1].partition(":")[0]
    with reading():
        new = vault.rotate()
    while True:
        with transaction():
            if not vault.rewrap(at_once=3):
                break
    assert vault.counts() == {new: 7, "locked": 0, "destroyed": 0}
    with transaction():
        assert vault.retire_masters() == [old]
    assert old not in own_keys.read_text()
    assert [vault.opened(content, "test").decode() for content in contents] == ["张三"] * 7


def test_a_master_key_that_still_wraps_something_is_not_forgotten(own_keys: Path) -> None:
    content = sealed()
    vault.rotate()
    with pytest.raises(Refusal, match="1 keys"), transaction():
        vault.retire_masters()
    assert own_keys.exists()
    assert vault.opened(content, "test").decode() == "张三"


def test_the_key_file_is_its_owners_alone_and_a_readable_one_is_refused(own_keys: Path) -> None:
    sealed()
    assert own_keys.stat().st_mode & 0o777 == 0o600
    own_keys.chmod(0o644)
    own_keys.write_text(own_keys.read_text())  # another moment of change: it is read again
    with pytest.raises(vault.KeyFileExposed):
        sealed()


def test_a_lost_key_file_is_asked_for_and_never_made_again(own_keys: Path) -> None:
    content, kept = sealed(), own_keys.read_text()
    own_keys.unlink()
    with pytest.raises(vault.KeyFileMissing):
        sealed()
    with pytest.raises(vault.KeyFileMissing):
        vault.opened(content, "test")
    own_keys.write_text(kept)
    own_keys.chmod(0o600)
    assert vault.opened(content, "test").decode() == "张三"


def test_a_key_of_an_unknown_master_says_which_one_is_missing(own_keys: Path) -> None:
    content = sealed()
    with transaction():
        db.session.execute(update(KeyRow).values(master="m-lost"))
    with pytest.raises(vault.MasterKeyUnknown, match="m-lost"):
        vault.opened(content, "test")
    assert own_keys.exists()


@pytest.mark.parametrize("text", ["", "m1:AAAA index:AAAA", "index:" + "A" * 43 + "=", "m1:!!! index:!!!"])
def test_keys_that_are_none_are_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / masters.FILE).write_text(text)
    (tmp_path / masters.FILE).chmod(0o600)
    with pytest.raises(masters.KeyFileUnreadable):
        masters.keyring(tmp_path, is_unused=lambda: True, environment={})
