"""The database: one declarative base, instants in UTC, units of writing, and the migrations."""

from portal.store.base import Base, db, install, instance_folder
from portal.store.columns import Instant
from portal.store.faults import DatabaseBusy, DatabaseGone, OutcomeUnknown, StorageFull, StoreUnavailable, named
from portal.store.once import KeyUnfit, SentOtherwise, Wish, forget_wishes, keep, once
from portal.store.prepared import Prepared
from portal.store.schema import MIGRATIONS, drift, is_lost, upgrade
from portal.store.units import (
    CommitInsideTransaction,
    TransactionAlreadyOpen,
    WriteOutsideTransaction,
    is_writing,
    reading,
    run,
    transaction,
)

__all__ = [
    "MIGRATIONS",
    "Base",
    "CommitInsideTransaction",
    "DatabaseBusy",
    "DatabaseGone",
    "Instant",
    "KeyUnfit",
    "OutcomeUnknown",
    "Prepared",
    "SentOtherwise",
    "StorageFull",
    "StoreUnavailable",
    "TransactionAlreadyOpen",
    "Wish",
    "WriteOutsideTransaction",
    "db",
    "drift",
    "forget_wishes",
    "install",
    "instance_folder",
    "is_lost",
    "is_writing",
    "keep",
    "named",
    "once",
    "reading",
    "run",
    "transaction",
    "upgrade",
]
