"""Find Chromium for the browser tests, or install Debian's when root; prints its path.

Playwright's own download is not used: the tests drive the browser of the system.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

PACKAGES = ("chromium", "fonts-wqy-microhei")  # with a font, or every Chinese character is a box
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Headless without graphics card, sandbox (root has none) and calls home.
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


def found() -> str | None:
    return next((path for path in map(shutil.which, NAMES) if path), None)


def install() -> None:
    """Debian and its relatives, as root only; the tests say what is missing when this could not help."""
    if os.geteuid() != 0 or not Path("/etc/debian_version").exists() or not shutil.which("apt-get"):
        return
    print("Chromium is not installed; asking apt-get for it.", file=sys.stderr)
    quietly = {"DEBIAN_FRONTEND": "noninteractive", **os.environ}
    for words in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *PACKAGES]):
        if subprocess.run(["apt-get", *words], env=quietly, stdout=subprocess.DEVNULL, check=False).returncode:
            print(f"apt-get {words[0]} failed.", file=sys.stderr)
            return


def main() -> int:
    if found() is None:
        install()
    if path := found():
        print(path)
        return 0
    print("No Chromium: the browser tests will be skipped. Install chromium to run them.", file=sys.stderr)
    return 1 if os.environ.get("CI") == "true" else 0


if __name__ == "__main__":
    sys.exit(main())
