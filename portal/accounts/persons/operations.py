"""Writes about persons and firms: registration, how they are reached, which earlier cases are theirs."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from portal import vault
from portal.accounts import operations as accounts
from portal.accounts.model import Account, Language
from portal.accounts.passwords import Hashed
from portal.accounts.persons.model import Details, DocumentKnown, NameTellsTooMuch
from portal.accounts.persons.queries import details, digest_of, holder_of, purpose_of, sealed_words
from portal.accounts.persons.tables import AttachedCaseRow, PersonRow
from portal.accounts.queries import load
from portal.basis import SYSTEM, mask_text
from portal.store import db


def register(
    sign_in_name: str, password: str | Hashed, told: Details, *, at: datetime, language: Language = Language.ZH
) -> Account:
    """Make the account of whoever registers, a firm if the document is a credit code.

    :raises Refusal: the document is known, or name or password are unfit.
    """
    if mask_text(sign_in_name) != sign_in_name:
        raise NameTellsTooMuch
    digest = digest_of(told.document)
    _free(digest)
    made = accounts.create_account(
        sign_in_name, told.name, told.account_kind, by=SYSTEM, at=at, password=password, language=language
    )
    row = PersonRow(account=made.id, document_kind=told.document.kind.value, document_digest=digest)
    _write(row, told, at=at)
    db.session.add(row)
    db.session.flush()
    return made


def _free(digest: bytes) -> None:
    """A closed account gives its document free.

    :raises DocumentKnown: an open one has it.
    """
    row = db.session.scalar(select(PersonRow).where(PersonRow.document_digest == digest))
    if row is None:
        return
    if load(row.account) is not None:
        raise DocumentKnown
    row.document_digest = None
    db.session.flush()


def correct_contact(account: str, *, phone: str, address: str, at: datetime) -> None:
    """:raises NotRegistered: the account has no details."""
    told = details(account)
    row = db.session.get(PersonRow, account)
    assert row is not None, "details were read from it"
    _write(row, replace(told, phone=phone, address=address), at=at)
    db.session.flush()


def attach_case(account: str, number: str, *, at: datetime) -> None:
    """The edge has seen number and query code."""
    if db.session.get(AttachedCaseRow, (account, number)) is None:
        db.session.add(AttachedCaseRow(account=account, number=number, attached_at=at))
        db.session.flush()


def _write(row: PersonRow, told: Details, *, at: datetime) -> None:
    content = vault.seal(holder_of(row.account), purpose_of(row.account), sealed_words(told), at=at)
    row.content, row.changed_at = content, at
