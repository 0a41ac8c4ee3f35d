"""R09: passwords, second-factor secrets, recovery codes and session tokens are found nowhere in clear."""

from __future__ import annotations

from pathlib import Path

from tests.requirements.living import lived_in
from tests.requirements.planted import PEOPLE, found_in, found_in_folder


def test_no_secret_of_an_account_is_in_the_files_the_exports_the_backup_or_the_log(tmp_path: Path) -> None:
    with lived_in(tmp_path, PEOPLE[:1]) as living:
        secret = sorted(living.secrets.values)
        outputs = living.outputs()
        pages = "\n".join(text for *_, text in living.pages_of_staff())
        assert found_in_folder(living.instance, secret) == []
        assert (living.instance / "portal.sqlite-wal").exists()
    assert len(secret) >= 5 + 4 * (2 + 2 + 10)
    for place in outputs.values():
        content = place.read_bytes() if place.is_file() else b""
        assert found_in(content, secret) == []
        assert found_in_folder(place, secret) == []
    assert found_in(living.server_lines, secret) == []
    assert found_in(pages, secret) == []
