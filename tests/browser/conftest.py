"""A portal that runs and the system's Chromium that looks at it; both once for all browser tests."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import ConsoleMessage, Page, Request, expect

from portal.web.citizen.hall import display, ticket
from tests.running import RunningPortal, load_small_city, running
from tools import chromium

expect.set_options(timeout=20_000)  # milliseconds: two workers share a small machine

ROOT = Path(__file__).resolve().parents[2]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    path = chromium.found()
    if path is None:
        message = "no Chromium was found: install it (Debian: apt-get install chromium) to run the browser tests"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return {"executable_path": path, "args": list(chromium.FLAGS)}


@pytest.fixture(autouse=True)
def _pages_ask_again_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is made to wait for the seconds that pass in a hall; how many there are, tests/web says."""
    for room in (display, ticket):
        monkeypatch.setattr(room, "POLLED", 1)


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPortal]:
    command, instance = Path(sys.executable).parent / "portal", tmp_path_factory.mktemp("instance")
    load_small_city(command, instance, cwd=ROOT)
    with running(command, instance, "--demo", cwd=ROOT) as portal:
        yield portal


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the browser objected to on this page: scripts refused, files missing, errors thrown."""
    heard: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            heard.append(message.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: heard.append(str(error)))

    def hear_failure(failed: Request) -> None:
        # A download, or a page left before its icon came, ends a navigation on purpose.
        if failed.failure != "net::ERR_ABORTED":
            heard.append(f"not loaded: {failed.url}")

    page.on("requestfailed", hear_failure)
    return heard
