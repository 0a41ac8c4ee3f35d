"""Where in a TOML text a field stands: the standard parser gives values without their lines."""

from __future__ import annotations

import re

_HEADER = re.compile(r"^\s*(\[\[?)\s*([A-Za-z0-9_.\-]+)\s*\]\]?\s*$")
_KEY = re.compile(r"^\s*([A-Za-z0-9_\-]+)\s*=\s*(.*)$")
_STRING_OR_COMMENT = re.compile(r'"(?:\\.|[^"\\])*"|\'[^\']*\'|#.*$')
_TOKEN = re.compile(r'""|[\[\]{}]')
_LONG_QUOTES = ('"""', "'''")


def lines_of(text: str) -> dict[str, int]:
    """Map each path, its list members counted from 1 (``version[1].limits[2].promised``), to its line."""
    return _Scan().run(text)


def nearest_line(lines: dict[str, int], path: str) -> int:
    """The line of the path, or of the nearest thing around it: a missing field has no line of its own."""
    while path:
        if path in lines:
            return lines[path]
        shorter = re.sub(r"(\.[^.\[\]]+|\[\d+\])$", "", path)
        path = "" if shorter == path else shorter
    return 1


class _Scan:
    def __init__(self) -> None:
        self.found: dict[str, int] = {}
        self.counts: dict[str, int] = {}
        self.prefix = ""
        self.list_path = ""
        self.members = 0
        self.depth = 0

    def run(self, text: str) -> dict[str, int]:
        is_in_long_text = False
        for number, line in enumerate(text.splitlines(), start=1):
            if not is_in_long_text:
                self._read(_STRING_OR_COMMENT.sub(lambda m: "" if m[0].startswith("#") else '""', line), number)
            if sum(line.count(quotes) for quotes in _LONG_QUOTES) % 2:
                is_in_long_text = not is_in_long_text
        return self.found

    def _read(self, bare: str, number: int) -> None:
        if self.depth > 0:
            self._list_members(bare, number)
        elif header := _HEADER.match(bare):
            self._enter(header[1] == "[[", header[2], number)
        elif key := _KEY.match(bare):
            path = f"{self.prefix}.{key[1]}" if self.prefix else key[1]
            self.found.setdefault(path, number)
            self.list_path, self.members = path, 0
            self._list_members(key[2], number)

    def _enter(self, is_list: bool, name: str, number: int) -> None:
        path = ""
        parts = name.split(".")
        for position, part in enumerate(parts, start=1):
            path = f"{path}.{part}" if path else part
            if is_list and position == len(parts):
                self.counts[path] = self.counts.get(path, 0) + 1
            if path in self.counts:
                path = f"{path}[{self.counts[path]}]"
        self.prefix = path
        self.found.setdefault(path, number)

    def _list_members(self, bare: str, number: int) -> None:
        """A list may run over several lines: remember where each member begins."""
        for token in _TOKEN.findall(bare):
            if self.depth == 1 and token in ("{", "[", '""'):
                self.members += 1
                self.found.setdefault(f"{self.list_path}[{self.members}]", number)
            if token in ("{", "["):
                self.depth += 1
            elif token in ("}", "]"):
                self.depth -= 1
