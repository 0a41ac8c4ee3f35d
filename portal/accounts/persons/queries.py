"""Reads about persons and firms: what they told, by which document they are found, what they attached."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from sqlalchemy import select

from portal import vault
from portal.accounts.persons.documents import Document, DocumentKind
from portal.accounts.persons.model import AttachedCase, Details, NotRegistered
from portal.accounts.persons.tables import AttachedCaseRow, PersonRow
from portal.store import db


def details(account: str) -> Details:
    """:raises NotRegistered: the account has none, or nobody can read them any more."""
    row = db.session.get(PersonRow, account)
    kept = vault.words(row.content, purpose_of(account)) if row is not None else {}
    if not kept:
        raise NotRegistered
    other = kept["representative_document"]
    documents = {
        "document": _document(kept["document"]),
        "representative_document": _document(other) if other else None,
    }
    return Details(**{**kept, **documents})


def registered_by(document: Document) -> str | None:
    """The account that registered with this document."""
    return db.session.scalar(select(PersonRow.account).where(PersonRow.document_digest == digest_of(document)))


def attached_cases(account: str) -> list[AttachedCase]:
    statement = select(AttachedCaseRow).where(AttachedCaseRow.account == account)
    rows = db.session.scalars(statement.order_by(AttachedCaseRow.attached_at.desc(), AttachedCaseRow.number))
    return [AttachedCase(row.number, row.attached_at) for row in rows]


def has_attached(account: str, number: str) -> bool:
    return db.session.get(AttachedCaseRow, (account, number)) is not None


def digest_of(document: Document) -> bytes:
    return vault.blind(f"document:{document.kind.value}", document.key)


def holder_of(account: str) -> vault.Holder:
    return vault.Holder(account, f"account/{account}")


def purpose_of(account: str) -> str:
    return f"person:{account}"


def sealed_words(told: Details) -> bytes:
    return json.dumps(asdict(told), ensure_ascii=False).encode()


def _document(kept: dict[str, Any]) -> Document:
    return Document(DocumentKind(kept["kind"]), kept["number"], kept["country"])
