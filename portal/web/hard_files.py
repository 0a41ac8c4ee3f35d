"""Files that are refused, or long to check, fill no quota of bytes: here their sender is counted, and waits.

One refused file counts one, and so does each second of computing, of those that are taken too. Counted ahead, so that
many requests at once gain nothing. Staff at a window are not counted, as in ``upload_quota``.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from math import ceil

from flask import request

from portal.accounts.throttle import operations as throttle
from portal.accounts.throttle.model import Lane, lane_of_files
from portal.basis import N_, By, Role
from portal.store import transaction
from portal.web.uploads import MOST, FileUnfit


@contextmanager
def counted(files: int, *, field: str, by: By | None, at: datetime) -> Iterator[None]:
    """Around the checking of so many files of one material.

    :raises FileUnfit: enough of them were looked at for these ten minutes.
    """
    if not files or (by is not None and by.role is not Role.APPLICANT):
        yield
        return
    lane, left = lane_of_files(request.remote_addr or "", at)
    ahead, begun = min(files, MOST), time.thread_time()
    _count(lane, ahead, field, left, at)
    refused = ahead
    try:
        yield
        refused = 0
    finally:
        owed = max(refused, round(time.thread_time() - begun))
        with transaction():
            for _ in range(ahead - owed):
                throttle.succeed([lane], at=at)
            for _ in range(owed - ahead):
                throttle.take_turn([lane], at=at)


def _count(lane: Lane, files: int, field: str, left: timedelta, at: datetime) -> None:
    with transaction():
        waits = [throttle.take_turn([lane], at=at) for _ in range(files)]
    if waits[0]:
        raise FileUnfit(
            N_(
                "So many files from your connection could not be taken that no more are looked at for %(minutes)s"
                " min; choose this one again then, or bring it to a window"
            ),
            field=field,
            values={"minutes": ceil(left / timedelta(minutes=1))},
        )
