"""Ids, numbers and codes of tickets and appointments."""

from __future__ import annotations

import hmac
import secrets
from datetime import date
from hashlib import sha256
from typing import Final, cast

from sqlalchemy import Table, bindparam, insert, update

from portal.cases.model.handin import CODE_LENGTH, CODE_LETTERS
from portal.hall.tables import TicketSeriesRow
from portal.store import Prepared, run
from portal.vault.queries import keyring

_ID_LETTERS: Final = "0123456789abcdefghjkmnpqrstvwxyz"
_ID_LENGTH: Final = 12  # 60 bits: an address nobody finds by trying


_RAISED = Prepared(
    update(cast("Table", TicketSeriesRow.__table__))
    .where(
        TicketSeriesRow.hall == bindparam("_hall"),
        TicketSeriesRow.day == bindparam("_day"),
        TicketSeriesRow.series == bindparam("_series"),
    )
    .values(last=TicketSeriesRow.last + 1)
    .returning(TicketSeriesRow.last)
)


def new_id(key: str | None = None) -> str:
    """At random, or from the sender's own key: either way nobody finds it without what only the portal knows."""
    if key is None:
        return "".join(secrets.choice(_ID_LETTERS) for _ in range(_ID_LENGTH))
    digest = hmac.new(keyring().index, f"ticket id\0{key}".encode(), sha256).digest()
    return "".join(_ID_LETTERS[byte % len(_ID_LETTERS)] for byte in digest[:_ID_LENGTH])


def holders_code(subject: str) -> str:
    """The holder's own code of a ticket or appointment: it follows from the id and a key outside the database."""
    digest = int.from_bytes(hmac.new(keyring().index, f"holder's code\0{subject}".encode(), sha256).digest())
    letters = []
    for _ in range(CODE_LENGTH):
        digest, place = divmod(digest, len(CODE_LETTERS))
        letters.append(CODE_LETTERS[place])
    return "".join(letters)


def is_holders_code(subject: str, code: str) -> bool:
    plain = code.strip().upper().replace(" ", "").replace("-", "")
    return hmac.compare_digest(plain.encode(), holders_code(subject).encode())


def next_number(hall: str, day: date, series: str) -> int:
    """From 1 on in every series and day; no two get the same, and a rollback leaves no gap."""
    number: int | None = run(_RAISED, {"_hall": hall, "_day": day, "_series": series}).scalar()
    if number is None:
        number = 1
        run(insert(TicketSeriesRow), {"hall": hall, "day": day, "series": series, "last": number})
    return number
