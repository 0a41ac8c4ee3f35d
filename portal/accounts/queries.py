"""Reads about people: who signs in, who holds which post, who held it then."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, bindparam, select

from portal import vault
from portal.accounts import passwords
from portal.accounts.model import (
    Account,
    AccountKind,
    Holding,
    Language,
    Post,
    Tenure,
    by_for,
    name_purpose,
    normal_name,
)
from portal.accounts.tables import AccountRow, HoldingRow, PostRow
from portal.basis import Bilingual, Role
from portal.store import Prepared, db, run

__all__ = [
    "accounts",
    "authenticate",
    "by_for",
    "by_name",
    "has_expired_password",
    "has_old_hash",
    "held_on",
    "holder",
    "holdings",
    "load",
    "post",
    "posts",
    "posts_held",
    "roles_held",
    "tenures",
]


def authenticate(name: str, password: str) -> Account | None:
    """The account that this name and password open. Unknown, closed and password-less ones take the same time.

    Call it outside of a transaction: it takes a tenth of a second on purpose.
    """
    row = db.session.scalar(select(AccountRow).where(AccountRow.name == normal_name(name)))
    is_right = passwords.is_right(password, None if row is None else row.password_hash)
    return account_of(row) if row is not None and is_right and row.closed_at is None else None


def load(account: str) -> Account | None:
    """The open account of that id: who was signed in when it was closed, is no longer."""
    row = db.session.get(AccountRow, account)
    return None if row is None or row.closed_at is not None else account_of(row)


def accounts(ids: Collection[str]) -> dict[str, Account]:
    """Accounts by their ids, closed ones too, for pages that name who acted."""
    rows = db.session.scalars(select(AccountRow).where(AccountRow.id.in_(sorted(set(ids)))))
    return {row.id: account_of(row) for row in rows}


def has_old_hash(account: str) -> bool:
    row = db.session.get(AccountRow, account)
    return row is not None and row.password_hash is not None and passwords.is_old(row.password_hash)


def has_expired_password(account: str, at: datetime) -> bool:
    """Whether somebody else chose the password, and its owner did not change it in time."""
    row = db.session.get(AccountRow, account)
    return row is not None and row.password_until is not None and at > row.password_until


def by_name(name: str) -> Account | None:
    """The open account of that sign-in name."""
    row = db.session.scalar(select(AccountRow).where(AccountRow.name == normal_name(name)))
    return None if row is None or row.closed_at is not None else account_of(row)


def post(code: str) -> Post | None:
    row = db.session.get(PostRow, code)
    return None if row is None else post_of(row)


def posts(office: str | None = None) -> list[Post]:
    statement = select(PostRow).order_by(PostRow.office, PostRow.code)
    if office is not None:
        statement = statement.where(PostRow.office == office)
    return [post_of(row) for row in db.session.scalars(statement)]


def posts_held(account: str, on: date) -> list[Post]:
    """The posts that the person may act in that day; none once the account is closed."""
    return [post_of(row) for row in run(_POSTS_HELD, {"account": account, "on": on})]


def roles_held(account: str, on: date) -> frozenset[Role]:
    return frozenset(held.role for held in posts_held(account, on))


def holder(post: str, on: date) -> Account | None:
    """Who held the post that day, also when the account is closed by now."""
    statement = (
        select(AccountRow)
        .join(HoldingRow, HoldingRow.account == AccountRow.id)
        .where(HoldingRow.post == post, _covers(on))
    )
    row = db.session.scalars(statement).one_or_none()
    return None if row is None else account_of(row)


def holdings(post: str) -> list[Holding]:
    """Everybody who ever held the post, in order."""
    rows = db.session.scalars(select(HoldingRow).where(HoldingRow.post == post).order_by(HoldingRow.from_on))
    return [Holding(row.account, row.post, row.from_on, row.until_on) for row in rows]


def tenures(post: str) -> list[Tenure]:
    """Everybody who ever held the post, the last first, with who appointed them: a commitment passes on (V33)."""
    statement = (
        select(HoldingRow, AccountRow)
        .join(AccountRow, AccountRow.id == HoldingRow.account)
        .where(HoldingRow.post == post)
        .order_by(HoldingRow.from_on.desc())
    )
    return [_tenure(held, row) for held, row in db.session.execute(statement)]


def held_on(on: date, offices: Collection[str] | None = None) -> list[tuple[Post, Tenure | None]]:
    """Every post with who held it that day; of all offices, or of these."""
    posts_wanted, tenures_wanted = select(PostRow), select(HoldingRow, AccountRow).where(_covers(on))
    if offices is not None:
        posts_wanted = posts_wanted.where(PostRow.office.in_(sorted(offices)))
    rows = db.session.execute(tenures_wanted.join(AccountRow, AccountRow.id == HoldingRow.account))
    found = {held.post: _tenure(held, row) for held, row in rows}
    ordered = db.session.scalars(posts_wanted.order_by(PostRow.office, PostRow.code))
    return [(post_of(row), found.get(row.code)) for row in ordered]


def _tenure(held: HoldingRow, row: AccountRow) -> Tenure:
    holding = Holding(held.account, held.post, held.from_on, held.until_on)
    return Tenure(holding, account_of(row), held.appointed_at, held.appointed_by, held.ended_at, held.ended_by)


def account_of(row: Any) -> Account:
    """From a row of the table, or its columns."""
    return Account(
        id=row.id,
        name=row.name,
        display_name=row.display_name or _unsealed(row),
        kind=AccountKind(row.kind),
        language=Language(row.language),
        created_at=row.created_at,
        closed_at=row.closed_at,
    )


def _unsealed(row: Any) -> str:
    """The name of a person or firm; none where nobody can read it any more."""
    name = vault.readable(row.sealed_name, name_purpose(row.id))
    return name.decode() if name else ""


def post_of(row: Any) -> Post:
    return Post(row.code, row.office, Role(row.role), Bilingual(row.title_zh, row.title_en))


def _covers(on: date | BindParameter[date]) -> ColumnElement[bool]:
    return (HoldingRow.from_on <= on) & (HoldingRow.until_on.is_(None) | (HoldingRow.until_on > on))


# Built once: it is asked at every click of the staff.
_POSTS_HELD = Prepared(
    select(PostRow.code, PostRow.office, PostRow.role, PostRow.title_zh, PostRow.title_en)
    .join(HoldingRow, HoldingRow.post == PostRow.code)
    .join(AccountRow, AccountRow.id == HoldingRow.account)
    .where(HoldingRow.account == bindparam("account"), AccountRow.closed_at.is_(None), _covers(bindparam("on")))
    .order_by(PostRow.code)
)
