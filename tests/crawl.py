"""Walks every page that a browser can reach from where it stands, and reads the forms on them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.test import TestResponse

from portal.store import db

MOST_OF_A_ROUTE = 3  # addresses of one route that are visited
STARTS = (
    "/",
    "/items",
    "/halls",
    "/help",
    "/accessibility",
    "/follow",
    "/sent-away",
    "/sign-in",
    "/clerk/",
    "/supervisor/",
)


@dataclass
class SeenForm:
    """``values`` are what the page filled in, ``kinds`` tell what a box is for; a choice keeps its first answer."""

    action: str
    method: str
    values: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)


class PageReader(HTMLParser):
    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path
        self.links: list[str] = []
        self.forms: list[SeenForm] = []
        self.inline: list[str] = []  # what a strict content policy would refuse
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.inline += [f"{tag} {name}" for name in given if name == "style" or name.startswith("on")]
        self.inline += [f"{tag} {value}" for value in given.values() if value.strip().lower().startswith("javascript:")]
        if tag == "style" or (tag == "script" and "src" not in given):
            self.inline.append(tag)
        if tag == "a":
            self.links.append(given.get("href", ""))
        elif tag == "form":
            action = urlsplit(given.get("action") or self.path)
            self.forms.append(SeenForm(action.path, given.get("method", "get").upper()))
        elif self.forms and tag in ("input", "textarea", "select", "option"):
            self._box(tag, given)

    def _box(self, tag: str, given: dict[str, str]) -> None:
        form, name = self.forms[-1], given.get("name", "")
        if tag == "select":
            self._select = name
        if tag == "option":
            name = self._select
        kind = given.get("type", "text") if tag == "input" else tag
        if not name or kind in ("submit", "button"):
            return
        form.kinds[name] = kind
        if not form.values.get(name):
            form.values[name] = given.get("value", "")


@dataclass
class Walk:
    pages: dict[str, TestResponse] = field(default_factory=dict)
    forms: dict[tuple[str, str], SeenForm] = field(default_factory=dict)
    inline: dict[str, list[str]] = field(default_factory=dict)
    endpoints: set[str] = field(default_factory=set)


def walk(app: Flask, client: FlaskClient, starts: Iterable[str] = STARTS, *, behind: tuple[str, ...] = ("/",)) -> Walk:
    """``behind``: beginnings of addresses; where else a link leads is not looked at."""
    found, waiting, visits = Walk(), list(starts), Counter[str]()
    routes = app.url_map.bind("localhost")
    while waiting:
        path = waiting.pop(0)
        if not path.startswith(behind):
            continue
        try:
            endpoint, _ = routes.match(urlsplit(path).path, "GET")
        except (HTTPException, RequestRedirect):
            continue
        if path in found.pages or endpoint == "static" or visits[endpoint] >= MOST_OF_A_ROUTE:
            continue
        visits[endpoint] += 1
        answer = client.get(path)
        found.pages[path] = answer
        found.endpoints.add(endpoint)
        if answer.status_code in (301, 302, 303):
            waiting.append(str(answer.location))
        if answer.mimetype != "text/html":
            continue
        reader = PageReader(path)
        reader.feed(answer.text)
        waiting += [link for link in reader.links if link.startswith("/") and not link.startswith("//")]
        for form in reader.forms:
            found.forms.setdefault((form.method, form.action), form)
        if reader.inline:
            found.inline[path] = reader.inline
    return found


def stored() -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, for comparing before and after."""
    db.session.rollback()
    rows = {
        table.name: sorted((tuple(row) for row in db.session.execute(select(table))), key=repr)
        for table in db.metadata.sorted_tables
    }
    db.session.rollback()
    return rows


def changed(before: dict[str, list[tuple[object, ...]]], after: dict[str, list[tuple[object, ...]]]) -> set[str]:
    return {name for name in before if before[name] != after[name]}


def texts_of(rows: dict[str, list[tuple[object, ...]]]) -> Iterator[str]:
    for table in rows.values():
        for row in table:
            for cell in row:
                yield cell.decode("utf-8", "replace") if isinstance(cell, bytes) else str(cell)
