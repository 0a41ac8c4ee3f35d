"""R33: what the portal is built of is pinned with its hashes, under licences that allow it."""

from __future__ import annotations

import json
import re
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from portal import create_app

ROOT = Path(__file__).resolve().parents[2]
PINNED = re.compile(r"^([a-z0-9-]+)==(\S+?)(?: ; .*?)?((?: \\\n    --hash=sha256:[0-9a-f]{64})+)$", re.MULTILINE)


def locked() -> dict[str, tuple[str, int]]:
    """Version and number of hashes by name."""
    text = (ROOT / "requirements.lock").read_text()
    return {name: (version, hashes.count("--hash")) for name, version, hashes in PINNED.findall(text)}


def base() -> set[str]:
    """Everything that the portal without extras brings here, by following what each asks for."""
    found, waiting = set[str](), ["portal"]
    while waiting:
        for text in metadata.requires(waiting.pop()) or []:
            asked = Requirement(text)
            name = canonicalize_name(asked.name)
            if name not in found and (asked.marker is None or asked.marker.evaluate({"extra": ""})):
                found.add(name)
                waiting.append(name)
    return found


def test_the_lock_holds_every_package_that_is_installed_at_its_version() -> None:
    pins = locked()
    assert {name: pins.get(name, ("no", 0))[0] for name in base()} == {name: metadata.version(name) for name in base()}


def test_every_line_of_the_lock_is_a_pin_with_hashes() -> None:
    rest = PINNED.sub("", (ROOT / "requirements.lock").read_text())
    assert [line for line in rest.splitlines() if line and not line.startswith("#")] == []
    assert all(hashes for _, hashes in locked().values())


def test_the_browser_files_are_pinned_too() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert all(each.get("integrity", "").startswith("sha512-") for name, each in packages.items() if name)


@pytest.mark.parametrize("name", ["FLASK_DEBUG", "FLASK_TESTING", "FLASK_ENV"])
def test_no_word_of_the_environment_switches_debugging_on(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "development" if name == "FLASK_ENV" else "1")
    app = create_app(instance=tmp_path)
    assert [app.debug, app.testing, app.config["PROPAGATE_EXCEPTIONS"]] == [False, False, None]
