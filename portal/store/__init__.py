"""The database: one declarative base, instants in UTC, units of writing, and the migrations."""

from portal.store.base import Base, db, install
from portal.store.columns import Instant
from portal.store.schema import MIGRATIONS, drift, upgrade
from portal.store.units import (
    CommitInsideTransaction,
    DatabaseBusy,
    TransactionAlreadyOpen,
    WriteOutsideTransaction,
    is_writing,
    reading,
    transaction,
)

__all__ = [
    "MIGRATIONS",
    "Base",
    "CommitInsideTransaction",
    "DatabaseBusy",
    "Instant",
    "TransactionAlreadyOpen",
    "WriteOutsideTransaction",
    "db",
    "drift",
    "install",
    "is_writing",
    "reading",
    "transaction",
    "upgrade",
]
