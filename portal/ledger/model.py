"""An event: what happened to a subject, who did it in which capacity, and the facts that rules read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256

from portal.basis import Role
from portal.ledger.canonical import instant_text, leaf_hash
from portal.ledger.kinds import Sort

Value = str | int | bool | list[str]


class Channel(StrEnum):
    """The way by which something reached us, or left us."""

    WEB = "web"
    APP = "app"
    WINDOW = "window"
    KIOSK = "kiosk"
    PHONE = "phone"
    VILLAGE = "village"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Event:
    """``occurred_at`` and ``recorded_at`` are both kept; ``sealed`` holds the personal bytes that rules never see."""

    seq: int
    subject: str
    kind: str
    actor: str
    role: Role
    office: str | None
    window: str | None
    channel: Channel
    occurred_at: datetime
    recorded_at: datetime
    item_version: str | None
    payload: Mapping[str, Value]
    sealed: bytes | None
    leaf_hash: bytes

    @property
    def sort(self) -> Sort:
        return Sort(self.subject.partition("/")[0])

    @property
    def number(self) -> str:
        return self.subject.partition("/")[2]

    @property
    def post(self) -> str | None:
        return self.text("post")

    def text(self, key: str) -> str | None:
        value = self.payload.get(key)
        return value if isinstance(value, str) else None

    def integer(self, key: str) -> int | None:
        value = self.payload.get(key)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def has(self, flag: str) -> bool:
        """Whether the flag is set; an absent flag is not."""
        return self.payload.get(flag) is True

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.payload.get(key)
        return tuple(value) if isinstance(value, list) else ()

    def date(self, key: str) -> date | None:
        value = self.text(key)
        return date.fromisoformat(value) if value else None

    def instant(self, key: str) -> datetime | None:
        value = self.text(key)
        return datetime.fromisoformat(value) if value else None

    @property
    def envelope(self) -> dict[str, object]:
        """What is hashed: everything but the number."""
        return {
            "subject": self.subject,
            "kind": self.kind,
            "actor": self.actor,
            "role": self.role,
            "office": self.office,
            "window": self.window,
            "channel": self.channel,
            "occurred_at": instant_text(self.occurred_at),
            "recorded_at": instant_text(self.recorded_at),
            "item_version": self.item_version,
            "payload": self.payload,
            # By its digest: the log can be checked without the personal bytes, and after their key is gone.
            "sealed": None if self.sealed is None else sha256(self.sealed).hexdigest(),
        }

    def leaf(self) -> bytes:
        """The leaf hash computed again from what the event says; equal to ``leaf_hash`` if nothing was altered."""
        return leaf_hash(self.envelope)
