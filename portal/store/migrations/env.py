"""Alembic's entry: it works inside the write unit that portal.store.schema has opened."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from portal.store import append_only
from portal.store.columns import Instant


def render_item(kind: str, item: Any, autogen_context: AutogenContext) -> str | Literal[False]:
    """Instants are written by their own name, so that each database gets its own form of them."""
    if kind == "type" and isinstance(item, Instant):
        autogen_context.imports.add("from portal.store.columns import Instant")
        return "Instant()"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=context.config.attributes["metadata"],
    render_as_batch=True,
    render_item=render_item,
    compare_type=True,
    compare_server_default=True,
    autogenerate_plugins=["alembic.autogenerate.*", append_only.PLUGIN],
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
