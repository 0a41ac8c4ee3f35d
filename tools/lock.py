"""Writes requirements.lock: everything that the portal needs to run, pinned, with the hash of every file of it.

Run by `make lock` after a change of setup.cfg or constraints.txt. Versions are those of constraints.txt. The hashes are
of all files that the package index holds of a version, so that one lock serves every platform and Python.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from configparser import ConfigParser
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from urllib.request import Request, urlopen

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_sdist_filename, parse_wheel_filename

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"
PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
HEAD = "# Written by `make lock`: versions of constraints.txt with the hashes of all their files. Do not edit.\n"


def main() -> None:
    setup = ConfigParser()
    setup.read(ROOT / "setup.cfg")
    wanted = setup["options"]["install_requires"].split("\n")
    found = resolved([line for line in wanted if line])
    elsewhere = for_other_platforms(found)
    found |= resolved([str(requirement.name) for requirement in elsewhere.values()])
    lines = []
    for name, metadata in sorted(found.items()):
        marker = f" ; {elsewhere[name].marker}" if name in elsewhere else ""
        hashes = "".join(f" \\\n    --hash=sha256:{digest}" for digest in hashes_of(name, str(metadata["version"])))
        lines.append(f"{name}=={metadata['version']}{marker}{hashes}\n")
    LOCK.write_text(HEAD + "".join(lines))
    print(f"{len(lines)} packages are locked.")


def resolved(wanted: list[str]) -> dict[str, dict[str, Any]]:
    """What pip would install of these, by name: its metadata."""
    if not wanted:
        return {}
    with tempfile.NamedTemporaryFile(suffix=".json") as report:
        constraint = ["--constraint", str(ROOT / "constraints.txt")]
        command = [*PIP, "--quiet", "install", "--dry-run", "--ignore-installed", "--report", report.name, *constraint]
        subprocess.run([*command, *wanted], check=True)
        installs = json.loads(Path(report.name).read_text())["install"]
    return {canonicalize_name(each["metadata"]["name"]): each["metadata"] for each in installs}


def for_other_platforms(found: dict[str, dict[str, Any]]) -> dict[str, Requirement]:
    """What is asked for on another system or Python only: a lock without it would refuse to install there."""
    asked: dict[str, Requirement] = {}
    for metadata in found.values():
        for text in metadata.get("requires_dist", []):
            requirement = Requirement(text)
            name = canonicalize_name(requirement.name)
            if name not in found and requirement.marker and "extra" not in str(requirement.marker):
                asked.setdefault(name, requirement)
    return {name: each for name, each in asked.items() if not _is_past(str(each.marker))}


def _is_past(marker: str) -> bool:
    """Asked for only by a Python older than ours."""
    return bool(re.search(r"python(?:_full)?_version <=? [\"'](?:2\.\d|3\.(?:\d|10|11))(?:\.0)?[\"']", marker))


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value or "" for name, value in attrs if tag == "a" and name == "href"]


def hashes_of(name: str, version: str) -> list[str]:
    """SHA-256 of every file of the version, from the page of the package in the index that pip uses."""
    asked = subprocess.run([*PIP, "config", "get", "global.index-url"], capture_output=True, text=True, check=False)
    index = asked.stdout.strip() or "https://pypi.org/simple"
    page = Request(f"{index.rstrip('/')}/{name}/", headers={"Accept": "text/html"})  # noqa: S310 -- pip's own index
    with urlopen(page, timeout=60) as answer:  # noqa: S310 -- as above
        links = _Links()
        links.feed(answer.read().decode())
    hashes = set()
    for link in links.found:
        file, digest = unquote(Path(urlsplit(link).path).name), urlsplit(link).fragment
        if _version(file) == version and digest.startswith("sha256="):
            hashes.add(digest.removeprefix("sha256="))
    if not hashes:
        raise SystemExit(f"the index names no hash of {name} {version}: is it the index that pip uses?")
    return sorted(hashes)


def _version(file: str) -> str | None:
    try:
        parsed = parse_wheel_filename(file)[1] if file.endswith(".whl") else parse_sdist_filename(file)[1]
    except ValueError:
        return None
    return str(parsed)


if __name__ == "__main__":
    main()
