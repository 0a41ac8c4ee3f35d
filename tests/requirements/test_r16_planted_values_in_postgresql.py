"""R16, R17: the hundred personal values, typed into a portal on PostgreSQL, lie nowhere in clear."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, MetaData, Text, create_engine, select, text, type_coerce

from tests.databases import fresh_postgres
from tests.requirements.living import Living, lived_in
from tests.requirements.planted import PEOPLE, found_in, found_in_folder


@pytest.fixture(scope="module", params=[4, pytest.param(len(PEOPLE), marks=pytest.mark.soak)])
def living(request: Any, tmp_path_factory: pytest.TempPathFactory, postgres_server: Connection) -> Iterator[Living]:
    folder, people = tmp_path_factory.mktemp("planted"), PEOPLE[: request.param]
    with fresh_postgres(postgres_server) as url, lived_in(folder, people, YINUO_DATABASE_URL=url) as living:
        yield living


@pytest.fixture(scope="module")
def outputs(living: Living) -> dict[str, Path]:
    return living.outputs()


def test_none_is_in_the_columns_the_files_or_the_log_of_changes(living: Living) -> None:
    engine = create_engine(living.settings["YINUO_DATABASE_URL"])
    everything, tables = MetaData(), dict[str, int]()
    with engine.connect() as connection:
        everything.reflect(connection)
        for table in everything.sorted_tables:
            rows = connection.execute(select(*(_as_stored(column) for column in table.columns))).all()
            tables[table.name] = len(rows)
            for row in rows:
                assert found_in(b"\x00".join(_raw(value) for value in row)) == [], table.name
        connection.commit()
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("CHECKPOINT"))
        place, number = connection.execute(
            text("SELECT current_setting('data_directory'), oid FROM pg_database WHERE datname = current_database()")
        ).one()
    engine.dispose()
    assert tables["events"] > tables["blind_index"] > tables["person"] >= len(living.people)
    for folder in (Path(place) / "base" / str(number), Path(place) / "pg_wal"):
        assert any(folder.iterdir())
        assert found_in_folder(folder, [value for person in living.people for value in person.values]) == []


def _as_stored(column: Any) -> Any:
    return column if str(column.type) == "BYTEA" else type_coerce(column, Text)


def _raw(value: Any) -> bytes:
    return bytes(value) if isinstance(value, (bytes, memoryview)) else str(value).encode()


@pytest.mark.parametrize("name", ["report", "backups", "restored"])
def test_none_is_in_what_leaves_by_the_console(outputs: dict[str, Path], name: str) -> None:
    assert any(file.is_file() for file in outputs[name].rglob("*"))
    assert found_in_folder(outputs[name]) == []


def test_none_is_in_the_exported_ledger_the_folder_or_what_the_server_wrote(
    living: Living, outputs: dict[str, Path]
) -> None:
    log = outputs["log.jsonl"].read_bytes()
    assert len(log.splitlines()) > len(living.people)
    assert found_in(log) == []
    assert found_in_folder(living.instance) == []
    assert living.server_lines.count("POST /register") >= len(living.people)
    assert found_in(living.server_lines) == []
