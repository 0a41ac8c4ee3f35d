"""How much one sender may lay down in a day, so that nobody fills the disk: kept in the database, by address.

Staff at a window are not counted: they scan for many people, and answer by name for what they do.
"""

from __future__ import annotations

import hmac
from datetime import date
from hashlib import sha256

from flask import g, request
from sqlalchemy import delete

from portal.basis import N_, By, Role, sender_of
from portal.store import db
from portal.web.keyed import lasting_secret
from portal.web.tables import UploadDayRow
from portal.web.uploads import FileUnfit

MOST_A_DAY = 300 * 1024 * 1024  # parameter of ours, in bytes: five requests with sixty scans of a megabyte each


def take(size: int, *, field: str, by: By | None, on: date) -> None:
    """Add what is about to be kept; days gone by are forgotten.

    :raises FileUnfit: it would be more than the day allows.
    """
    if by is not None and by.role is not Role.APPLICANT:
        return
    db.session.execute(delete(UploadDayRow).where(UploadDayRow.day < on))
    sender = _sender()
    row = db.session.get(UploadDayRow, (on, sender))
    if (row.size if row else 0) + size > MOST_A_DAY:
        raise FileUnfit(
            N_("%(most)s MB were sent from your connection today; send the rest tomorrow, or bring it to a window"),
            field=field,
            values={"most": MOST_A_DAY // 2**20},
        )
    if row is None:
        db.session.add(UploadDayRow(day=on, sender=sender, size=size))
    else:
        row.size += size


def whoever_sends() -> By | None:
    by = g.get("by")
    return by if isinstance(by, By) else None


def _sender() -> str:
    """The address, or the network of an IPv6 one, hidden: the table tells nobody who was here."""
    return hmac.new(lasting_secret(), f"uploads\0{sender_of(request.remote_addr or '')}".encode(), sha256).hexdigest()
