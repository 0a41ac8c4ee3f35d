"""Loading a whole catalogue from its folders: norms, offices and flows first, the items on top of them."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar, TypeVar

from portal.catalogue import model as m
from portal.catalogue.defects import Defect, Origin, fault
from portal.catalogue.loading import items, norms, places
from portal.catalogue.loading.parts import Shelf
from portal.catalogue.reading import Table, closed, report_twice

Value = TypeVar("Value")


@dataclass(frozen=True)
class Folders:
    """Each folder may hold items/, norms/, trees/, offices.toml and flows.toml.

    ``extra_items`` are single files not yet in their place; each stands for the item of its code.
    """

    PARTS: ClassVar = (
        ("norms", "*.toml"),
        ("", "offices.toml"),
        ("", "flows.toml"),
        ("trees", "*.toml"),
        ("items", "*.toml"),
    )

    roots: tuple[Path, ...]
    extra_items: tuple[Path, ...] = ()

    def files(self, name: str) -> Iterator[Path]:
        for root in self.roots:
            if name.endswith(".toml"):
                if (root / name).is_file():
                    yield root / name
            else:
                yield from sorted((root / name).glob("*.toml"))

    @property
    def all_files(self) -> tuple[Path, ...]:
        names = ("norms", "offices.toml", "flows.toml", "trees", "items")
        return (*(file for name in names for file in self.files(name)), *self.extra_items)


@dataclass
class Origins:
    """Where each thing was read from, so that a later check can point at its line."""

    items: dict[str, Origin] = field(default_factory=dict)
    versions: dict[str, Origin] = field(default_factory=dict)
    norms: dict[str, Origin] = field(default_factory=dict)
    offices: dict[str, Origin] = field(default_factory=dict)
    halls: dict[str, Origin] = field(default_factory=dict)
    delegations: list[Origin] = field(default_factory=list)


@dataclass(frozen=True)
class Loaded:
    catalogue: m.Catalogue
    defects: tuple[Defect, ...]
    origins: Origins


class _Loader:
    def __init__(self, folders: Folders) -> None:
        self.folders = folders
        self.defects: list[Defect] = []
        self.origins = Origins()

    def load(self) -> Loaded:
        found_norms = self._coded(self.folders.files("norms"), "norm", norms.norm, self.origins.norms)
        offices = self._coded(self.folders.files("offices.toml"), "office", places.office, self.origins.offices)
        halls = self._coded(self.folders.files("offices.toml"), "hall", places.hall, self.origins.halls)
        flows = self._coded(self.folders.files("flows.toml"), "flow", norms.flow, {})
        forms = dict(self._rows(self.folders.files("flows.toml"), "form", norms.form))
        shelf = Shelf(found_norms, offices, halls, flows, forms)
        delegations = tuple(
            self._rows(self.folders.files("offices.toml"), "delegation", places.delegation(found_norms))
        )
        trees = tuple(self._whole(self.folders.files("trees"), norms.tree(found_norms.__contains__)))
        read_item = items.item(shelf, self.origins.versions)
        loaded = self._items([*self.folders.files("items"), *self.folders.extra_items], read_item)
        catalogue = m.Catalogue(self._home(), loaded, offices, found_norms, halls, delegations, trees)
        once = {str(defect): defect for defect in self.defects}  # offices.toml is gone through three times
        return Loaded(catalogue, tuple(once.values()), self.origins)

    def _home(self) -> str:
        """The area meant where none is named: the last offices.toml that says so, the deployment's before ours."""
        tables = [table for file in self.folders.files("offices.toml") if (table := self._table(file)) is not None]
        return next((table.text("home") for table in reversed(tables) if table.has("home")), "")

    def _table(self, file: Path) -> Table | None:
        text = ""
        try:
            text = file.read_text(encoding="utf-8")
            return Table(tomllib.loads(text), Origin.of_text(str(file), text), self.defects)
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            self.defects.append(_unreadable(file, error))
            return None

    def _rows(self, files: Iterable[Path], key: str, read: Callable[[Table], Value]) -> Iterator[Value]:
        for file in files:
            if (table := self._table(file)) is not None:
                for row in table.tables(key):
                    if key == "delegation":
                        self.origins.delegations.append(row.origin)
                    yield closed(row, read)

    def _coded(
        self, files: Iterable[Path], key: str, read: Callable[[Table], Value], origins: dict[str, Origin]
    ) -> dict[str, Value]:
        found: dict[str, Value] = {}
        rows: list[tuple[str, Table]] = []
        for file in files:
            if (table := self._table(file)) is None:
                continue
            for known in ("home", "norm", "office", "hall", "delegation", "flow", "form"):
                table.has(known)
            table.close()
            for row in table.tables(key):
                code = row.raw.get("code")
                found[str(code)] = closed(row, read)
                origins[str(code)] = row.origin
                rows.append((str(code), row))
        report_twice(rows)
        return found

    def _whole(self, files: Iterable[Path], read: Callable[[Table], Value]) -> Iterator[Value]:
        for file in files:
            if (table := self._table(file)) is not None:
                yield closed(table, read)

    def _items(self, files: Iterable[Path], read: Callable[[Table], m.Item]) -> dict[str, m.Item]:
        found: dict[str, m.Item] = {}
        for file in files:
            if (table := self._table(file)) is None:
                continue
            item = closed(table, read)
            if item.code in found and file not in self.folders.extra_items:
                table.fault("code-twice", "code", code=item.code)
            found[item.code] = item
            self.origins.items[item.code] = table.origin
        return found


def _unreadable(file: Path, error: Exception) -> Defect:
    reason = str(error)
    line = int(reason.rpartition("at line ")[2].split(",")[0]) if "at line " in reason else 1
    return Origin(str(file), "", {}).defect(fault("toml-syntax", "", reason=reason, line=line))


def load(folders: Folders) -> Loaded:
    """Read everything; ``defects`` says what could not be read as it should, file by file."""
    return _Loader(folders).load()
