"""Tables that only grow: the database itself refuses UPDATE, DELETE, REPLACE and TRUNCATE on them.

A table asks for it by ``info={"append_only": True}``. Alembic then writes ``op.make_append_only("…")`` into the
migration, and counts a missing trigger as drift. A trigger can be dropped by whoever owns the table: it is a
seat-belt against our own mistakes, and the proof of the log is kept outside of it.
"""

from __future__ import annotations

from typing import Any

from alembic.autogenerate import renderers
from alembic.autogenerate.api import AutogenContext
from alembic.operations import MigrateOperation, Operations
from alembic.operations.ops import UpgradeOps
from alembic.runtime.plugins import Plugin
from alembic.util import DispatchPriority, PriorityDispatchResult
from sqlalchemy import Connection, MetaData, Table, text

PLUGIN = "portal.append_only"  # Alembic's name for the comparison below

_SQLITE = """
CREATE TRIGGER {table}_refuses_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} only grows: write a correcting event instead'); END
"""
_POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% only grows: write a correcting event instead', TG_TABLE_NAME; END $$
"""
_POSTGRESQL = """
CREATE TRIGGER {table}_refuses_{verb} BEFORE {verb} ON {table} FOR EACH {unit} EXECUTE FUNCTION refuse_rewriting()
"""
_UNITS = {"update": "ROW", "delete": "ROW", "truncate": "STATEMENT"}


def is_append_only(table: Table) -> bool:
    return bool(table.info.get("append_only"))


def missing_triggers(connection: Connection, table: str) -> set[str]:
    """Return the verbs that the database does not refuse on this table, though it should."""
    if connection.dialect.name == "sqlite":
        verbs = {"update", "delete"}  # SQLite has no TRUNCATE
        found = connection.execute(
            text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table"), {"table": table}
        )
    else:
        verbs = set(_UNITS)
        found = connection.execute(
            text("SELECT tgname FROM pg_trigger WHERE tgrelid = to_regclass(:table) AND tgenabled <> 'D'"),
            {"table": table},
        )
    names = set(found.scalars())
    return {verb for verb in verbs if f"{table}_refuses_{verb}" not in names}


@Operations.register_operation("make_append_only")
class MakeAppendOnly(MigrateOperation):
    """``op.make_append_only("events")`` in a migration."""

    def __init__(self, table: str) -> None:
        self.table = table

    @classmethod
    def make_append_only(cls, operations: Operations, table: str) -> Any:
        return operations.invoke(cls(table))

    def reverse(self) -> AllowRewriting:
        return AllowRewriting(self.table)

    def to_diff_tuple(self) -> tuple[Any, ...]:
        return ("make_append_only", self.table)


@Operations.register_operation("allow_rewriting")
class AllowRewriting(MigrateOperation):
    """``op.allow_rewriting("events")``: only ever the way back of a migration."""

    def __init__(self, table: str) -> None:
        self.table = table

    @classmethod
    def allow_rewriting(cls, operations: Operations, table: str) -> Any:
        return operations.invoke(cls(table))

    def reverse(self) -> MakeAppendOnly:
        return MakeAppendOnly(self.table)

    def to_diff_tuple(self) -> tuple[Any, ...]:
        return ("allow_rewriting", self.table)


@Operations.implementation_for(MakeAppendOnly)
def _make(operations: Operations, operation: MakeAppendOnly) -> None:
    is_sqlite = operations.get_context().dialect.name == "sqlite"
    if is_sqlite:
        statements = [_SQLITE.format(table=operation.table, verb=verb) for verb in ("update", "delete")]
    else:
        statements = [_POSTGRESQL_FUNCTION]
        statements += [_POSTGRESQL.format(table=operation.table, verb=verb, unit=unit) for verb, unit in _UNITS.items()]
    for statement in statements:
        operations.execute(statement)


@Operations.implementation_for(AllowRewriting)
def _allow(operations: Operations, operation: AllowRewriting) -> None:
    is_sqlite = operations.get_context().dialect.name == "sqlite"
    for verb in ("update", "delete") if is_sqlite else _UNITS:
        operations.execute(
            f"DROP TRIGGER {operation.table}_refuses_{verb}" + ("" if is_sqlite else f" ON {operation.table}")
        )


@renderers.dispatch_for(MakeAppendOnly)
def _render_make(_context: AutogenContext, operation: MakeAppendOnly) -> str:
    return f"op.make_append_only({operation.table!r})"


@renderers.dispatch_for(AllowRewriting)
def _render_allow(_context: AutogenContext, operation: AllowRewriting) -> str:
    return f"op.allow_rewriting({operation.table!r})"


def compare(context: AutogenContext, upgrade: UpgradeOps, _schemas: object) -> PriorityDispatchResult:
    connection, metadata = context.connection, context.metadata
    assert connection is not None, "autogenerate looks at a database"
    assert isinstance(metadata, MetaData), "there is one base, and so one MetaData"
    for table in metadata.sorted_tables:
        if is_append_only(table) and missing_triggers(connection, table.name):
            upgrade.ops.append(MakeAppendOnly(table.name))
    return PriorityDispatchResult.CONTINUE


# Last, so that the table is created before it is closed.
Plugin(PLUGIN).add_autogenerate_comparator(compare, "schema", priority=DispatchPriority.LAST)
