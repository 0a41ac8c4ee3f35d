"""Make the pictures of the README: a fresh demo city, a clerk's sign-in, one page each."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from playwright.sync_api import sync_playwright

from portal.demo.notes import password_in
from tools.chromium import FLAGS, found

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
CLERK = "si-clerk-1"
PATIENCE = 180  # seconds for the demo city to be made


def main() -> int:
    chromium = found()
    if chromium is None:
        print("no Chromium was found: install chromium and run this again", file=sys.stderr)
        return 1
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
        probe.close()
        command = [sys.executable, "-m", "portal.cli", "serve", "--demo", "--port", str(port), "--instance", folder]
        server = subprocess.Popen(command, cwd=ROOT, env=os.environ | {"YINUO_INSTANCE": folder})
        try:
            address = f"http://127.0.0.1:{port}"
            wait_for(address)
            take(address, Path(folder), str(chromium))
        finally:
            server.terminate()
            server.wait(timeout=20)
    return 0


def wait_for(address: str) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            urllib.request.urlopen(address, timeout=5).close()  # noqa: S310 -- our own server
        except (urllib.error.URLError, OSError):
            if time.monotonic() > end:
                raise
            time.sleep(0.5)
        else:
            return


def take(address: str, instance: Path, chromium: str) -> None:
    password = password_in(instance)
    assert password is not None, "the demo city left no sheet of accounts"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        page = browser.new_page(viewport={"width": 1200, "height": 820}, locale="zh-CN")
        page.goto(f"{address}/sign-in")
        page.fill("input[name=name]", CLERK)
        page.fill("input[name=password]", password)
        page.click("main form button[type=submit]")
        page.goto(f"{address}/clerk/")
        page.screenshot(path=IMAGES / "worklist.png")
        browser.close()


if __name__ == "__main__":
    sys.exit(main())
