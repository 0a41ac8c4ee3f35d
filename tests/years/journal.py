"""The journal: acts noted in any order, numbered in the order in which they were recorded, given as ledger rows.

Times are written as an official would say them, local wall clock in China (``"2020-09-14 10:00"``).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from portal.basis import By

SHANGHAI = ZoneInfo("Asia/Shanghai")

Row = dict[str, Any]
Fact = str | int | bool | date | datetime | Sequence[str] | None


def at(text: str | datetime) -> datetime:
    """``"Monday 2020-09-14 10:00"`` or ``"2020-09-14 10:00:30"`` in China, as an aware UTC instant."""
    if isinstance(text, datetime):
        moment = text
    else:
        words = text.split()
        moment = datetime.fromisoformat(" ".join(words[-2:]))
        if len(words) == 3 and moment.strftime("%A") != words[0]:
            raise ValueError(f"{text}: that day is a {moment:%A}")
    return (moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)).astimezone(UTC)


def local_day(moment: datetime) -> date:
    return moment.astimezone(SHANGHAI).date()


def day_number(day: date) -> int:
    """Days since 1970-01-01: how a frame writes a date."""
    return day.toordinal() - date(1970, 1, 1).toordinal()


@dataclass(slots=True)
class Act:
    """One event before it has its number; ``seq`` is 0 until the journal is closed."""

    subject: str
    kind: str
    by: By
    occurred_at: datetime
    recorded_at: datetime
    channel: str
    item_version: str | None
    payload: dict[str, Any]
    seq: int = 0

    def row(self) -> Row:
        return {
            "seq": self.seq,
            "subject": self.subject,
            "kind": self.kind,
            "actor": self.by.actor,
            "role": self.by.role.value,
            "office": self.by.office,
            "window": self.by.window,
            "channel": self.channel,
            "occurred_at": self.occurred_at,
            "recorded_at": self.recorded_at,
            "item_version": self.item_version,
            "payload": self.payload,
            "sealed": None,
            "leaf_hash": None,
        }


@dataclass(slots=True)
class Journal:
    acts: list[Act] = field(default_factory=list)

    def note(
        self,
        subject: str,
        kind: str,
        when: str | datetime,
        by: By,
        *,
        channel: str = "window",
        item_version: str | None = None,
        recorded: str | datetime | None = None,
        **facts: Fact,
    ) -> Act:
        """Facts that are None are left out, as an operation leaves them out."""
        occurred_at = at(when)
        if by.post:
            facts = {"post": by.post, **facts}
        act = Act(
            subject=subject,
            kind=kind,
            by=by,
            occurred_at=occurred_at,
            recorded_at=at(recorded) if recorded else occurred_at,
            channel=channel,
            item_version=item_version,
            payload={name: _written(fact) for name, fact in facts.items() if fact is not None},
        )
        self.acts.append(act)
        return act

    def close(self) -> list[Row]:
        """Number the acts as the ledger would have: by the moment each was recorded."""
        self.acts.sort(key=lambda act: act.recorded_at)
        for seq, act in enumerate(self.acts, start=1):
            act.seq = seq
        return [act.row() for act in self.acts]


def _written(fact: Fact) -> object:
    match fact:
        case datetime():
            return at(fact).isoformat().replace("+00:00", "Z")
        case date():
            return fact.isoformat()
        case str() | int() | None:
            return fact
        case _:
            return sorted(fact)


def write_lines(rows: Sequence[Row], path: Path) -> Path:
    """One event a line, in the ledger's form."""
    with path.open("w", encoding="utf-8") as out:
        for row in rows:
            instants = {name: _written(row[name]) for name in ("occurred_at", "recorded_at")}
            out.write(json.dumps({**row, **instants}, ensure_ascii=False) + "\n")
    return path
