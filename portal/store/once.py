"""Exactly one effect for a wish that may be sent twice: a second click, a retry after a silence, a repeated call.

    with transaction():
        if (earlier := once(wish)) is None:
            earlier = keep(wish, operation(…), at=at)

Both lines stand in the transaction of the effect, so the answer is kept if and only if the effect is; and because units
wait for one another, two that come at the same moment cannot both find nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final, cast

from sqlalchemy import Table, bindparam, delete, insert, select

from portal.basis import N_, Refusal
from portal.store.base import db
from portal.store.prepared import Prepared
from portal.store.tables import OnceRow
from portal.store.units import run

KEPT_FOR: Final = timedelta(days=30)  # parameter of ours: whoever repeats a wish later than that asks anew
SHORTEST_KEY, LONGEST_KEY = 16, 128  # characters; parameters of ours


class SentOtherwise(Refusal):
    """The key was used for something else: answering with the earlier result would be a lie."""

    def __init__(self) -> None:
        super().__init__(
            N_("This was sent before with other content, and that counts. Load the page again before you send more.")
        )


class KeyUnfit(Refusal):
    def __init__(self) -> None:
        super().__init__(
            N_("The key of what you send has %(least)s to %(most)s characters; make it at random."),
            field="idempotency_key",
            values={"least": SHORTEST_KEY, "most": LONGEST_KEY},
        )


_KEPT = Prepared(insert(cast("Table", OnceRow.__table__)))
_SAME = Prepared(
    select(OnceRow.digest, OnceRow.answer).where(
        OnceRow.scope == bindparam("scope"), OnceRow.key_hash == bindparam("key_hash")
    )
)


@dataclass(frozen=True, slots=True)
class Wish:
    """One thing that somebody wants done once.

    ``scope`` names the operation, ``key`` is the sender's own and random, ``actor`` whose it is, and ``content``
    whatever distinguishes this wish from another: the fields, or a digest of them.
    """

    scope: str
    key: str
    actor: str
    content: bytes

    def __post_init__(self) -> None:
        """:raises KeyUnfit: a key that could be guessed, or that is longer than a key."""
        if not SHORTEST_KEY <= len(self.key) <= LONGEST_KEY:
            raise KeyUnfit

    @property
    def key_hash(self) -> bytes:
        return sha256(f"{self.actor}\0{self.key}".encode()).digest()

    @property
    def digest(self) -> bytes:
        return sha256(self.content).digest()


def once(wish: Wish) -> str | None:
    """What was answered to this wish before, or None.

    :raises SentOtherwise: the key came before with other content.
    """
    row = run(_SAME, {"scope": wish.scope, "key_hash": wish.key_hash}).one_or_none()
    if row is None:
        return None
    if row.digest != wish.digest:
        raise SentOtherwise
    return str(row.answer)


def keep(wish: Wish, answer: str, *, at: datetime) -> str:
    """Keep the answer and give it back; nothing secret stands in an answer, it is stored as it is."""
    values = {"scope": wish.scope, "key_hash": wish.key_hash, "digest": wish.digest, "answer": answer, "done_at": at}
    run(_KEPT, values)
    return answer


def forget_wishes(at: datetime) -> int:
    """Forget what nobody repeats any more; the effects stay, they are events."""
    done = db.session.execute(delete(OnceRow).where(OnceRow.done_at < at - KEPT_FOR))
    return int(cast("Any", done).rowcount)
