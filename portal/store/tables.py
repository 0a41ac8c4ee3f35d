"""What was answered to a wish that carries a key, so that the same wish sent again has no second effect."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.store.base import Base
from portal.store.columns import Instant


class OnceRow(Base):
    """Digests only: neither the key nor what was sent can be read here. The ledger says what happened."""

    __tablename__ = "once"
    __table_args__ = (Index(None, "done_at"),)

    scope: Mapped[str] = mapped_column(String(160), primary_key=True)
    key_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    answer: Mapped[str] = mapped_column(Text)
    done_at: Mapped[datetime] = mapped_column(Instant)
