"""R17: nothing personal lies in clear in the database or beside it; a destroyed key erases, and the log verifies."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from portal import vault
from portal.cases.queries import case_page
from portal.cases.uploads import read_upload
from portal.ledger import queries as ledger
from portal.store import Base, db, reading, transaction
from tests.cases.city import MONDAY, employ
from tests.requirements.handing_in import Planting, plant
from tests.requirements.planted import VALUES, found_in, found_in_folder


@pytest.fixture
def planted(database: Flask, tmp_path: Path) -> list[Planting]:  # noqa: ARG001 -- its context is what is needed
    with transaction():
        staff = employ()
    return plant(staff, tmp_path, at=MONDAY)


def everything_stored() -> bytes:
    """Every value of every row of every table, as the database gives it back."""
    parts: list[bytes] = []
    with reading():
        for table in Base.metadata.sorted_tables:
            for row in db.session.execute(select(table)):
                parts += [value if isinstance(value, bytes) else str(value).encode() for value in row]
    return b"\n".join(parts)


def test_a_hundred_planted_values_are_nowhere_in_the_rows_nor_in_the_files(
    planted: list[Planting], tmp_path: Path
) -> None:
    assert len(set(VALUES)) == 100
    assert len(planted) == 20
    assert found_in(everything_stored()) == []
    with reading():  # the search would find them: opened, they are there
        page = case_page(planted[3].number, at=MONDAY)
    assert set(found_in(str(page.personal))) == set(planted[3].person.values)
    assert len(list((tmp_path / "uploads").rglob("*/*"))) == 20
    assert found_in_folder(tmp_path) == []  # database, its log, and the uploads


def test_a_file_opens_for_who_may_read_it(planted: list[Planting], tmp_path: Path) -> None:
    with reading():
        (paper,) = case_page(planted[0].number, at=MONDAY).papers
        assert paper.file_name == f"{planted[0].person.name}{planted[0].person.phone}.pdf"
        assert planted[0].person.identity.encode() in read_upload(str(paper.stored_as), folder=tmp_path)


def test_erasing_one_leaves_the_others_and_every_leaf_as_it_was(planted: list[Planting], tmp_path: Path) -> None:
    with reading():
        before = [event.leaf_hash for event in ledger.events_after(0, 10_000)]
    with transaction():
        vault.destroy(f"case/{planted[0].number}", why="asked", by="u1", at=MONDAY)
    with reading():
        events = ledger.events_after(0, 10_000)
        assert [event.leaf_hash for event in events] == before
        assert [event.leaf() for event in events] == before
        gone, kept = (case_page(one.number, at=MONDAY) for one in planted[:2])
        assert (gone.personal, gone.answers, gone.papers[0].file_name) == ({}, {}, None)
        assert kept.personal["name"] == planted[1].person.name
        with pytest.raises(vault.KeyDestroyed):
            read_upload(str(gone.papers[0].stored_as), folder=tmp_path)


def test_a_case_is_found_by_the_exact_name_without_the_name_being_stored(planted: list[Planting]) -> None:
    with reading():
        assert vault.found("name", planted[5].person.name) == [f"case/{planted[5].number}"]
        assert vault.found("name", planted[5].person.name[:3]) == []
