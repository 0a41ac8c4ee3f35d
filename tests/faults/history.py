"""What a client saw: each wish when it was sent, and what came back, if anything did.

One line of JSON for each, appended with a single write, so that a killed writer leaves whole lines (and perhaps a
torn last one, which says nothing). A wish that was sent and not answered is *unknown*: it may or may not have happened.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Wish:
    """``key`` names the wish however often it is sent; ``content`` is what was sent, ``of`` the case it is about."""

    key: str
    kind: str
    content: str
    of: str = ""
    answers: tuple[str, ...] = ()
    refusals: tuple[str, ...] = ()
    sent: int = 1

    @property
    def is_acknowledged(self) -> bool:
        return bool(self.answers)


class Diary:
    """Appends to the history of one client."""

    def __init__(self, file: Path) -> None:
        self._file = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def sent(self, key: str, kind: str, content: str, of: str = "") -> None:
        self._write({"key": key, "what": "sent", "kind": kind, "content": content, "of": of})

    def answered(self, key: str, answer: str) -> None:
        self._write({"key": key, "what": "answered", "answer": answer})

    def refused(self, key: str, words: str) -> None:
        self._write({"key": key, "what": "refused", "answer": words})

    def _write(self, line: dict[str, str]) -> None:
        os.write(self._file, json.dumps({**line, "at": time.time()}, ensure_ascii=False).encode() + b"\n")


def wishes(files: Iterable[Path]) -> list[Wish]:
    """Everything that was wished for, over all clients; a wish sent again is the same wish."""
    found: dict[str, Wish] = {}
    for line in _lines(files):
        key = line["key"]
        match line["what"]:
            case "sent" if key in found:
                found[key] = replace(found[key], sent=found[key].sent + 1)
            case "sent":
                found[key] = Wish(key, line["kind"], line["content"], line["of"])
            case "answered":
                found[key] = replace(found[key], answers=(*found[key].answers, line["answer"]))
            case "refused":
                found[key] = replace(found[key], refusals=(*found[key].refusals, line["answer"]))
    return list(found.values())


def _lines(files: Iterable[Path]) -> list[dict[str, str]]:
    lines: list[dict[str, str]] = []
    for file in files:
        for text in file.read_text().splitlines():
            try:
                lines.append(json.loads(text))
            except json.JSONDecodeError:
                continue  # torn by a kill
    return sorted(lines, key=lambda line: float(line["at"]))
