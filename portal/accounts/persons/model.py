"""What a person or a firm told about itself. Frozen and pure; whoever holds it has opened a seal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portal.accounts.model import AccountKind
from portal.accounts.persons.documents import Document, DocumentKind
from portal.basis import N_, Refusal


@dataclass(frozen=True, slots=True)
class Details:
    """``representative`` is the legal representative of a firm; ``document`` is then the firm's credit code."""

    name: str
    document: Document
    phone: str
    address: str = ""
    representative: str = ""
    representative_document: Document | None = None

    @property
    def account_kind(self) -> AccountKind:
        return AccountKind.FIRM if self.document.kind is DocumentKind.CREDIT_CODE else AccountKind.PERSON


@dataclass(frozen=True, slots=True)
class AttachedCase:
    number: str
    attached_at: datetime


class DocumentKnown(Refusal):
    def __init__(self) -> None:
        super().__init__(
            N_("Somebody has registered with this document already. If it was not you, come to a window with it."),
            field="number",
        )


class NameTellsTooMuch(Refusal):
    def __init__(self) -> None:
        super().__init__(
            N_("Do not sign in with an identity number or a telephone number; choose another sign-in name."),
            field="sign_in_name",
        )


class NotRegistered(Refusal):
    def __init__(self) -> None:
        super().__init__(N_("This account has no details; register as a person or a firm."))
