"""Events straight from their rows as the canonical bytes that are hashed, faster than by way of objects.

The payload is taken as the text that is stored: one that is not canonical gives another hash, as it should. Whatever an
attacker put into a column becomes bytes that do not fit; no row is refused here.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from json.encoder import encode_basestring
from typing import Any

from portal.ledger.canonical import LEAF, instant_text
from portal.ledger.checking import Check
from portal.store import db

Line = tuple[int, bytes, bytes, bytes]  # seq, canonical bytes, their leaf hash, the leaf hash that is stored

_COLUMNS = (
    "seq, actor, channel, item_version, kind, occurred_at, office, payload, recorded_at, role, sealed, subject, "
    '"window", leaf_hash'
)
_ROWS = f"SELECT {_COLUMNS} FROM events WHERE seq > {{}} AND seq <= {{}} ORDER BY seq LIMIT {{}}"  # noqa: S608 -- numbers
_PORTION = 4096
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class _Quoted(dict[Any, str]):
    """Each distinct value as JSON text; names of people, offices and kinds come again and again."""

    def __missing__(self, value: Any) -> str:
        text = "null" if value is None else encode_basestring(str(value))
        if len(self) < 100_000:  # subjects would fill the memory
            self[value] = text
        return text


def lines(until: int, after: int = 0) -> Iterator[list[Line]]:
    """Every event in order of its number, in portions."""
    cursor = db.session.connection().connection.cursor()  # in the transaction that reading() opened
    quoted = _Quoted()
    while True:
        # Numbers of ours only; straight from the driver, since rows and column types take most of the time.
        cursor.execute(_ROWS.format(int(after), int(until), _PORTION))
        rows = cursor.fetchall()
        if not rows:
            return
        after = rows[-1][0]
        yield [_line(row, quoted) for row in rows]


def feed(check: Check, *, until: int) -> None:
    """Give every event of the database to the check.

    :raises Found: one is missing, or does not give the hash that is stored with it.
    """
    expected = 0
    for portion in lines(until):
        leaves: list[bytes] = []
        for seq, _, leaf, stored in portion:
            expected += 1
            if seq != expected or leaf != stored:
                check.add(leaves)
                check.fail(expected, "missing" if seq != expected else "altered: it does not give its hash")
            leaves.append(leaf)
        check.add(leaves)


def _line(row: Any, quoted: _Quoted) -> Line:
    seq, actor, channel, version, kind, occurred, office, payload, recorded, role, sealed, subject, window, stored = row
    seal = "null" if sealed is None else f'"{sha256(sealed).hexdigest()}"'
    first = _instant(occurred)
    text = (
        f'{{"actor":{quoted[actor]},"channel":{quoted[channel]},"item_version":{quoted[version]},"kind":{quoted[kind]},'
        f'"occurred_at":"{first}","office":{quoted[office]},"payload":{payload},'
        f'"recorded_at":"{first if recorded == occurred else _instant(recorded)}","role":{quoted[role]},'
        f'"sealed":{seal},"subject":{encode_basestring(str(subject))},"window":{quoted[window]}}}'
    )
    content = text.encode("utf-8", "surrogatepass")
    return seq, content, sha256(LEAF + content).digest(), bytes(stored)


def _instant(value: Any) -> str:
    """Microseconds on SQLite, an aware datetime on PostgreSQL; anything else is no instant and fits no hash."""
    if isinstance(value, int):
        seconds, micros = divmod(value, 1_000_000)
        return f"{_seconds(seconds)}.{micros:06d}Z"
    return instant_text(value) if isinstance(value, datetime) else str(value)


@lru_cache(4096)
def _seconds(since_epoch: int) -> str:
    try:
        return instant_text(_EPOCH + timedelta(seconds=since_epoch))[: len("2020-09-14T02:00:00")]
    except OverflowError:
        return str(since_epoch)
