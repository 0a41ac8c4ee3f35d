"""What a database that cannot do its work says, as refusals that tell what was saved and what to do next."""

from __future__ import annotations

from typing import Final

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from portal.basis import N_, Refusal

_LOCKED: Final = "database is locked"
_FULL: Final = ("database or disk is full", "readonly database")
_BROKEN: Final = "disk I/O error"  # of a commit too: its last page may be on the disk or not
_GONE: Final = (
    "unable to open database file", "connection failed", "connection is lost", "server closed the connection",
    "connection is bad", "connection to server", "connection is closed", "consuming input failed",
)  # fmt: skip
_LOCK_NOT_AVAILABLE, _DISK_FULL = "55P03", ("53100", "53200", "58030")  # states of PostgreSQL
_GOING_DOWN: Final = ("57P01", "57P02", "57P03", "53300")
_CONNECTION: Final = "08"  # the class of states


class StoreUnavailable(Refusal):
    """Nothing is wrong with what was asked; the database cannot do it now."""


class DatabaseBusy(StoreUnavailable):
    """Another writer held the database for longer than anyone should wait."""

    def __init__(self) -> None:
        super().__init__(N_("Too much is being written at this moment; nothing was saved. Try again in a minute."))


class StorageFull(StoreUnavailable):
    def __init__(self) -> None:
        super().__init__(N_("There is no room to store anything; nothing was saved. Try again in some minutes."))


class DatabaseGone(StoreUnavailable):
    def __init__(self) -> None:
        super().__init__(N_("The database does not answer; nothing was saved. Try again in some minutes."))


class OutcomeUnknown(StoreUnavailable):
    """The connection broke while the commit was under way."""

    def __init__(self) -> None:
        super().__init__(
            N_(
                "The database went silent while it was saving. "
                "Send the same page once more in some minutes: it counts once."
            )
        )


def named(error: Exception, *, is_committing: bool = False) -> StoreUnavailable | None:
    """The refusal that says what the database's own words mean; None for a mistake of ours."""
    if isinstance(error, PoolExhausted):  # every connection of the pool is taken
        return DatabaseBusy()
    if not isinstance(error, DBAPIError):
        return None
    words, state = str(error.orig), getattr(error.orig, "sqlstate", None) or ""
    if _LOCKED in words or state == _LOCK_NOT_AVAILABLE:
        return DatabaseBusy()
    if any(word in words for word in _FULL) or state in _DISK_FULL:
        return StorageFull()
    if _BROKEN in words and not is_committing:
        return StorageFull()
    is_gone = error.connection_invalidated or state.startswith(_CONNECTION) or state in _GOING_DOWN
    # An error of PostgreSQL carries a state; one without is of the connection, and has many wordings.
    is_gone |= isinstance(error, OperationalError) and getattr(error.orig, "sqlstate", "") is None
    if is_gone or any(word in words for word in (*_GONE, _BROKEN)):
        return OutcomeUnknown() if is_committing else DatabaseGone()
    return None
