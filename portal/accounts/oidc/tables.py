"""Which account an identity at a provider opens."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.store import Base, Instant


class OidcBindingRow(Base):
    """Only issuer and subject together name somebody (OpenID Connect Core 1.0, 5.7); a name or an e-mail does not."""

    __tablename__ = "oidc_binding"

    issuer: Mapped[str] = mapped_column(Text, primary_key=True)
    subject: Mapped[str] = mapped_column(Text, primary_key=True)
    account: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    bound_at: Mapped[datetime] = mapped_column(Instant)
