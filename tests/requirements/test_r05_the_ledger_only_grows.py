"""R05: neither a statement nor the object mapper changes or removes an event, on either database."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import delete, insert, text, update
from sqlalchemy.exc import DatabaseError

from portal.basis import SYSTEM
from portal.ledger import queries
from portal.ledger.operations import append
from portal.ledger.tables import EventRow
from portal.store import transaction

AT = datetime(2020, 9, 14, 2, 0, tzinfo=UTC)

REWRITES = {
    "update": "UPDATE events SET actor = 'x' WHERE seq = 1",
    "update that changes nothing": "UPDATE events SET actor = actor",
    "delete": "DELETE FROM events WHERE seq = 1",
    "upsert": "INSERT INTO events SELECT * FROM events WHERE true ON CONFLICT (seq) DO UPDATE SET actor = 'x'",
}
SQLITE_ONLY = {
    "replace": "REPLACE INTO events SELECT * FROM events",
    "insert or replace": "INSERT OR REPLACE INTO events SELECT * FROM events",
    "update or replace": "UPDATE OR REPLACE events SET seq = 2 WHERE seq = 1",
}
POSTGRESQL_ONLY = {
    "truncate": "TRUNCATE events",
    "merge": "MERGE INTO events USING (SELECT 1 AS n) one ON events.seq = n WHEN MATCHED THEN DELETE",
}


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("name", [*REWRITES, *SQLITE_ONLY, *POSTGRESQL_ONLY])
def test_the_database_itself_refuses_to_rewrite(name: str) -> None:
    with transaction() as session:
        append("case/1", "viewed", by=SYSTEM, at=AT)
        dialect = session.get_bind().dialect.name
    statement = REWRITES.get(name) or (SQLITE_ONLY if dialect == "sqlite" else POSTGRESQL_ONLY).get(name)
    if statement is None:
        return  # the other database's way of writing
    with pytest.raises(DatabaseError, match="only grows"), transaction() as session:
        session.execute(text(statement))
    assert [event.actor for event in queries.events("case/1")] == ["system"]


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("way", ["loaded row", "bulk update", "bulk delete", "deleted row"])
def test_the_object_mapper_cannot_rewrite_either(way: str) -> None:
    with transaction():
        append("case/1", "viewed", by=SYSTEM, at=AT)

    def rewrite() -> None:
        with transaction() as session:
            row = session.get_one(EventRow, 1)
            match way:
                case "loaded row":
                    row.actor = "x"
                case "bulk update":
                    session.execute(update(EventRow).values(actor="x"))
                case "bulk delete":
                    session.execute(delete(EventRow))
                case "deleted row":
                    session.delete(row)

    with pytest.raises(DatabaseError, match="only grows"):
        rewrite()
    assert [event.actor for event in queries.events("case/1")] == ["system"]


@pytest.mark.usefixtures("database")
def test_a_number_is_never_taken_twice() -> None:
    with transaction():
        written = append("case/1", "viewed", by=SYSTEM, at=AT)

    def forge() -> None:
        with transaction() as session:
            row = session.get_one(EventRow, written.seq)
            values = {column.key: getattr(row, column.key) for column in EventRow.__table__.columns}
            session.execute(insert(EventRow).values(values | {"actor": "x"}))

    with pytest.raises(DatabaseError):
        forge()
    assert [event.actor for event in queries.events("case/1")] == ["system"]
