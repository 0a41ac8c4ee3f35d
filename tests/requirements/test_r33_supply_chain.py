"""R33: what the portal is built of is pinned with its hashes, under licences that allow it."""

from __future__ import annotations

import json
import re
import sys
from importlib import metadata
from pathlib import Path

import pytest
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from portal import create_app
from tests.running import load_small_city, running
from tools import audit
from tools.licences import licence_of
from tools.sbom import bill_of_materials

# Terms under which everything may be passed on with the portal, which is Apache-2.0.
FREE = {
    *("0BSD", "Apache-2.0", "BSD License", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC", "MIT", "MIT-0", "MIT-CMU"),
    *("PSF-2.0", "Zlib"),
}
# Installed beside the portal and never changed: each could be replaced by its user.
EXCEPTIONS = {
    "certifi": "MPL-2.0",
    "python-stdnum": "LGPL-2.1-or-later",
    "pylopdf-fonts-zh-cn": "OFL-1.1",
    "psycopg": "LGPL-3.0-only",
    "psycopg-binary": "LGPL-3.0-only",
    "psycopg-pool": "LGPL-3.0-only",
}
# Put into every Python process of a portal: it writes down whom the process calls or asks for by name.
WATCH = """
import os, sys
def note(event, words):
    if event in ("socket.connect", "socket.sendto", "socket.getaddrinfo"):
        place = words[0] if event == "socket.getaddrinfo" else words[1]
        with open(os.environ["CALLED"], "a") as file:
            print(event, place[0] if isinstance(place, tuple) else place, file=file)
sys.addaudithook(note)
with open(os.environ["CALLED"], "a") as file:
    print("watched", os.getpid(), file=file)
"""
ROOT = Path(__file__).resolve().parents[2]
PINNED = re.compile(r"^([a-z0-9-]+)==(\S+?)(?: ; .*?)?((?: \\\n    --hash=sha256:[0-9a-f]{64})+)$", re.MULTILINE)


def locked() -> dict[str, tuple[str, int]]:
    """Version and number of hashes by name."""
    text = (ROOT / "requirements.lock").read_text()
    return {name: (version, hashes.count("--hash")) for name, version, hashes in PINNED.findall(text)}


def brought(extra: str = "") -> set[str]:
    """Everything that the portal with one extra brings here, by following what each package asks for."""
    found, waiting = set[str](), [("portal", extra), ("portal", "")]
    while waiting:
        asking, with_extra = waiting.pop()
        for text in metadata.requires(asking) or []:
            asked = Requirement(text)
            name = canonicalize_name(asked.name)
            if asked.marker is None or asked.marker.evaluate({"extra": with_extra}):
                waiting += [(name, one) for one in ("", *asked.extras) if name not in found or one]
                found.add(name)
    return found


def test_the_lock_holds_every_package_that_is_installed_at_its_version() -> None:
    pins = locked()
    assert {name: pins.get(name, ("no", 0))[0] for name in brought()} == {
        name: metadata.version(name) for name in brought()
    }


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


@pytest.mark.parametrize("extra", ["", "postgres", "gm", "duckdb"])
def test_every_package_stands_under_terms_that_fit_ours(extra: str) -> None:
    said = {name: licence_of(name) for name in brought(extra) - EXCEPTIONS.keys()}
    strange = {name: words for name, words in said.items() if not set(re.split(r" (?:AND|OR) ", words)) <= FREE}
    assert strange == {}
    assert len(said) > 50


def test_the_exceptions_are_what_they_are_said_to_be() -> None:
    assert {name: licence_of(name) for name in EXCEPTIONS} == EXCEPTIONS


def test_the_bill_of_materials_names_every_locked_package_with_version_and_licence() -> None:
    listed = {each.name: each for each in bill_of_materials().components}
    python = {name: each.version for name, each in listed.items() if str(each.purl).startswith("pkg:pypi/")}
    assert python == {name: version for name, (version, _) in locked().items()}
    assert {"govuk-frontend", "htmx.org", "echarts"} <= listed.keys()
    assert [name for name, each in listed.items() if not each.licenses or not each.hashes] == []


def test_the_bill_of_materials_is_what_the_standard_calls_one() -> None:
    written = JsonV1Dot6(bill_of_materials()).output_as_string()
    judge = JsonStrictValidator(SchemaVersion.V1_6)
    assert judge.validate_str(written) is None
    assert judge.validate_str(written.replace("SHA-256", "MD-256")) is not None


def test_where_the_data_of_known_holes_cannot_be_had_it_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert audit.main("http://127.0.0.1:9/") == 0
    assert "were not looked for" in capsys.readouterr().out


def test_an_ordinary_day_calls_nobody_outside(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(WATCH)
    called = tmp_path / "called"
    command = Path(sys.executable).parent / "portal"
    settings = {"PYTHONPATH": str(tmp_path), "CALLED": str(called)}
    load_small_city(command, tmp_path / "instance", cwd=tmp_path, **settings)
    with running(command, tmp_path / "instance", "--demo", cwd=tmp_path, **settings) as portal:
        for path in ("/", "/items", "/open/verify", "/sign-in"):
            portal.get(path)
    noted = [line.split() for line in called.read_text().splitlines()]
    assert len([line for line in noted if line[0] == "watched"]) > 2, (
        "the load, the server or its worker was not watched"
    )
    assert {line[1] for line in noted if line[0] != "watched"} <= {"127.0.0.1", "localhost", "::1", "None"}
