"""The file of a backup: readable with the right key alone, and never half."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyrage import x25519

from portal.backup import archive, keys
from portal.backup.model import NotABackup

PLANTED = b"\xe5\xbc\xa0\xe4\xb8\x89 110101199003078515 "


@pytest.fixture
def key() -> x25519.Identity:
    return x25519.Identity.generate()


@pytest.fixture
def file(tmp_path: Path, key: x25519.Identity) -> Path:
    content = tmp_path / "content"
    content.write_bytes(PLANTED * 50_000)
    target = tmp_path / "one.tar.gz.age"
    archive.write(target, [("deep/content", content), ("gone", tmp_path / "gone")], key.to_public())
    return target


def test_what_was_packed_comes_out_again_and_what_vanished_meanwhile_is_left_out(
    tmp_path: Path, file: Path, key: x25519.Identity
) -> None:
    archive.read(file, tmp_path / "out", key)
    assert (tmp_path / "out/deep/content").read_bytes() == PLANTED * 50_000
    assert not (tmp_path / "out/gone").exists()


def test_nothing_that_was_packed_can_be_read_in_the_file(file: Path) -> None:
    content = file.read_bytes()
    assert PLANTED[:9] not in content
    assert b"content" not in content


def test_the_file_is_for_its_owner_alone(file: Path) -> None:
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("place", [0, 60, 250, -1, -5000])
def test_an_altered_byte_is_found(tmp_path: Path, file: Path, key: x25519.Identity, place: int) -> None:
    content = bytearray(file.read_bytes())
    content[place % len(content)] ^= 1
    file.write_bytes(content)
    with pytest.raises(NotABackup):
        archive.read(file, tmp_path / "out", key)


@pytest.mark.parametrize("left", [0, 10, 150, 300])
def test_a_file_that_was_cut_off_is_found(tmp_path: Path, file: Path, key: x25519.Identity, left: int) -> None:
    file.write_bytes(file.read_bytes()[: left or -1])
    with pytest.raises(NotABackup):
        archive.read(file, tmp_path / "out", key)


def test_another_key_opens_nothing(tmp_path: Path, file: Path) -> None:
    with pytest.raises(NotABackup):
        archive.read(file, tmp_path / "out", x25519.Identity.generate())


def test_a_failure_while_packing_leaves_no_file(tmp_path: Path, key: x25519.Identity) -> None:
    with pytest.raises(PermissionError):
        archive.write(tmp_path / "two.age", _failing(), key.to_public())
    assert not list(tmp_path.glob("*two*"))


def _failing() -> Iterator[tuple[str, Path]]:
    yield "first", Path(__file__)
    raise PermissionError("the disk said no")


def test_a_member_that_points_outside_is_refused(tmp_path: Path, key: x25519.Identity) -> None:
    import gzip

    import pyrage

    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        tar.addfile(tarfile.TarInfo("../outside"), io.BytesIO())
    evil = tmp_path / "evil.age"
    evil.write_bytes(pyrage.encrypt(gzip.compress(packed.getvalue()), [key.to_public()]))
    with pytest.raises(NotABackup):
        archive.read(evil, tmp_path / "out", key)
    assert not (tmp_path / "outside").exists()


def test_the_secret_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    first = keys.recipient(tmp_path)
    assert str(keys.recipient(tmp_path)) == str(first)
    assert (tmp_path / keys.KEY_FILE).stat().st_mode & 0o777 == 0o600


def test_with_a_recipient_from_outside_the_server_holds_no_secret(
    tmp_path: Path, key: x25519.Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(keys.RECIPIENT_VARIABLE, str(key.to_public()))
    assert str(keys.recipient(tmp_path)) == str(key.to_public())
    assert not (tmp_path / keys.KEY_FILE).exists()


@pytest.mark.parametrize("content", ["", "AGE-SECRET-KEY-1NONSENSE", "changeme"])
def test_a_key_that_is_none_is_refused_by_name(tmp_path: Path, content: str) -> None:
    (tmp_path / keys.KEY_FILE).write_text(content)
    with pytest.raises(keys.BackupKeyUnfit, match="backup-key"):
        keys.recipient(tmp_path)
