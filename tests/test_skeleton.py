"""The portal starts from the built wheel as it starts from a checkout, and says in one line why it cannot."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from tests.running import environment, free_port, running

ROOT = Path(__file__).resolve().parent.parent
PORTAL = Path(sys.executable).parent / "portal"
SOURCES = ("portal", "templates", "translations")
FILES = (
    "setup.py",
    "setup.cfg",
    "pyproject.toml",
    "package.json",
    "package-lock.json",
    "README.md",
    "LICENSE",
    "NOTICE",
)


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy, so that no earlier build leaves its traces in it, nor this one in the checkout."""
    tree, target = tmp_path_factory.mktemp("tree"), tmp_path_factory.mktemp("wheel")
    for name in SOURCES:
        shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
    for name in FILES:
        shutil.copyfile(ROOT / name, tree / name)
    words = [
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "--no-index",
        "--wheel-dir",
        str(target),
        str(tree),
    ]
    subprocess.run([sys.executable, "-m", "pip", "--disable-pip-version-check", *words], check=True)
    return next(target.glob("*.whl"))


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `portal` of a fresh environment: it sees our libraries, but the portal itself from the wheel alone."""
    home = tmp_path_factory.mktemp("fresh")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(home)], check=True)
    packages = home / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"
    # Folders named in a .pth file are searched, but their own .pth files, such as an editable install's, are not read.
    (packages / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    words = ["--python", str(home), "install", "--quiet", "--no-deps", "--no-index", "--ignore-installed", str(wheel)]
    subprocess.run([sys.executable, "-m", "pip", "--disable-pip-version-check", *words], check=True)
    return home / "bin" / "portal"


def test_the_wheel_holds_pages_texts_and_browser_files_but_nothing_reserved(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for needed in (
        "portal/templates/base.html",
        "portal/translations/zh_Hans/LC_MESSAGES/messages.mo",
        "portal/static/theme.css",
        "portal/static/vendor/govuk-frontend/govuk-frontend.min.css",
        "portal/static/vendor/govuk-frontend/govuk-frontend.min.js",
        "portal/static/vendor/htmx.org/htmx.min.js",
        "portal/static/vendor/echarts/echarts.min.js",
        "portal/store/migrations/env.py",
    ):
        assert needed in names
    assert [name for name in names if "/assets/" in name or name.endswith((".woff", ".woff2", ".po", ".pyc"))] == []


def test_the_wheel_holds_every_module_and_every_data_file_of_the_checkout(wheel: Path) -> None:
    kinds = {".py", ".toml", ".csv", ".mako"}
    files = {
        str(file.relative_to(ROOT))
        for file in (ROOT / "portal").rglob("*")
        if file.suffix in kinds and "static" not in file.parts
    }
    assert files - set(zipfile.ZipFile(wheel).namelist()) == set()


def test_the_portal_serves_from_the_wheel_and_stops_cleanly(installed: Path, tmp_path: Path) -> None:
    program = "import portal; print(portal.__file__)"
    where = subprocess.run(
        [installed.parent / "python", "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert where.stdout.startswith(str(installed.parent.parent)), "the checkout must not be what is tested here"
    with running(installed, tmp_path / "instance", cwd=tmp_path) as portal:
        assert "承诺有期，件件可查" in portal.get("/")
        assert "A promise with a clock" in portal.get("/", **{"Accept-Language": "en"})
        assert "--govuk-brand-colour" in portal.get("/static/theme.css")
        assert "govuk-template" in portal.get("/static/vendor/govuk-frontend/govuk-frontend.min.css")
        assert portal.stop() == 0
    assert portal.address in portal.output
    assert "Traceback" not in portal.output


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_second_start_listens_within_five_seconds_and_keeps_the_secret(tmp_path: Path, how: signal.Signals) -> None:
    instance = tmp_path / "instance"
    with running(PORTAL, instance, cwd=ROOT) as first:
        assert first.stop(how) == 0
    secret = (instance / "secret-key").read_text()
    open_to_others = {
        file.name: stat.S_IMODE(file.stat().st_mode) & 0o077 for file in instance.iterdir() if file.is_file()
    }
    assert open_to_others.pop("portal.sqlite-turns", 0) == 0  # there once something was written
    assert open_to_others == {"ledger-key": 0, "portal.sqlite": 0, "secret-key": 0}
    with running(PORTAL, instance, cwd=ROOT) as second:
        assert second.seconds < 5
        assert second.stop(how) == 0
    assert (instance / "secret-key").read_text() == secret


def refusal(instance: Path, port: int | str) -> str:
    """Start `portal serve`, which must not start, and return the one line that it says."""
    outcome = subprocess.run(
        [PORTAL, "serve"],
        env={**environment(instance, 0), "PORT": str(port)},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert outcome.returncode == 1
    assert outcome.stdout == ""
    assert outcome.stderr.count("\n") == 1
    return outcome.stderr


def test_a_taken_port_is_one_clear_line(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert f"port {port} of 127.0.0.1 is taken" in refusal(tmp_path, port)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("port", ["0", "99999", "http", "-1", "８０００"])
def test_a_port_that_is_none_is_one_clear_line(tmp_path: Path, port: str) -> None:
    assert f"PORT is {port!r}" in refusal(tmp_path, port)


def test_a_folder_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert "cannot write in" in refusal(tmp_path / "file" / "instance", free_port())


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_of_somebody_else_is_one_clear_line(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    assert "cannot write in" in refusal(tmp_path, free_port())
