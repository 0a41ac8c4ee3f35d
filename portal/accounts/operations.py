"""Writes about people: accounts, passwords, posts, appointments. Nothing is deleted; an account is closed."""

from __future__ import annotations

import re
import secrets
from datetime import date, datetime

from sqlalchemy import select

from portal import vault
from portal.accounts import passwords
from portal.accounts.model import ROLE_TITLES, Account, AccountKind, Holding, Language, Post, name_purpose, normal_name
from portal.accounts.passwords import Hashed
from portal.accounts.queries import account_of, post_of
from portal.accounts.sign_ins import operations as sign_ins
from portal.accounts.sign_ins.model import Ended
from portal.accounts.tables import AccountRow, HoldingRow, PostRow
from portal.basis import N_, Bilingual, By, Refusal, Role, Word
from portal.store import db

_NAME = re.compile(r"[^\W_][\w.@+-]{1,63}")
_NO_POSTS = frozenset({Role.APPLICANT, Role.SYSTEM})


class NameUnfit(Refusal):
    def __init__(self, name: str) -> None:
        super().__init__(
            N_("%(name)s cannot be a sign-in name; use 2 to 64 letters, digits and . @ + - _"),
            field="name",
            values={"name": name},
        )


class NameTaken(Refusal):
    def __init__(self, name: str) -> None:
        super().__init__(N_("The sign-in name %(name)s is taken; choose another."), field="name", values={"name": name})


class AccountNotKnown(Refusal):
    def __init__(self, account: str) -> None:
        super().__init__(
            N_("There is no open account %(account)s; create it first."), field="account", values={"account": account}
        )


class PostNotKnown(Refusal):
    def __init__(self, post: str) -> None:
        super().__init__(N_("There is no post %(post)s; create it first."), field="post", values={"post": post})


class PostExists(Refusal):
    def __init__(self, post: str) -> None:
        super().__init__(
            N_("The post %(post)s exists already; choose another code."), field="code", values={"post": post}
        )


class RoleNotForPosts(Refusal):
    def __init__(self, role: Role) -> None:
        super().__init__(
            N_("Nobody is appointed %(role)s; choose a role of the staff."),
            field="role",
            values={"role": Word(ROLE_TITLES[role])},
        )


class NotStaff(Refusal):
    def __init__(self, account: str) -> None:
        super().__init__(
            N_("%(account)s is no staff account; only staff hold posts."), field="account", values={"account": account}
        )


class PostHeld(Refusal):
    def __init__(self, post: str, from_on: date) -> None:
        super().__init__(
            N_("The post %(post)s is held on or after %(from_on)s; end that holding first."),
            field="from_on",
            values={"post": post, "from_on": from_on.isoformat()},
        )


class PostNotHeld(Refusal):
    def __init__(self, account: str, post: str) -> None:
        super().__init__(
            N_("%(account)s does not hold the post %(post)s then; check the person, the post and the day."),
            field="post",
            values={"account": account, "post": post},
        )


def create_account(
    name: str,
    display_name: str,
    kind: AccountKind,
    *,
    by: By,
    at: datetime,
    password: str | Hashed | None = None,
    is_first: bool = False,
    language: Language = Language.ZH,
    account: str | None = None,
) -> Account:
    """Create an account; without a password nobody can sign in to it. ``account`` fixes the id of a demonstration.

    ``is_first``: somebody else has chosen the password, and its owner must change it (ASVS 5.0, 6.4.1). A page gives
    it ``Hashed``, as ``passwords.prepared`` makes it before the transaction.

    Who registers for himself does it by ``SYSTEM``: there is no other actor yet.

    :raises Refusal: the name is unfit or taken, or the password is unfit.
    """
    normal = normal_name(name)
    if not _NAME.fullmatch(normal):
        raise NameUnfit(name)
    if db.session.scalar(select(AccountRow.id).where(AccountRow.name == normal)) is not None:
        raise NameTaken(normal)
    shown, own_id = display_name.strip() or normal, account or f"u{secrets.token_hex(8)}"
    is_staff = kind is AccountKind.STAFF  # their names are public
    row = AccountRow(
        id=own_id,
        name=normal,
        password_hash=None if password is None else _hash_for(password, normal, kind),
        password_set_at=None if password is None else at,
        password_until=at + passwords.FIRST_LASTS if is_first else None,
        display_name=shown if is_staff else None,
        sealed_name=None if is_staff else _sealed_name(own_id, shown, at=at),
        kind=kind.value,
        language=language.value,
        created_at=at,
        created_by=by.actor,
    )
    db.session.add(row)
    db.session.flush()
    return account_of(row)


def _sealed_name(account: str, shown: str, *, at: datetime) -> bytes:
    holder = vault.Holder(account, f"account/{account}")
    return vault.seal(holder, name_purpose(account), shown.encode(), at=at)


def set_password(
    account: str, password: str | Hashed, *, at: datetime, but: str | None = None, is_first: bool = False
) -> None:
    """Ends every sign-in of the account, ``but`` the one of that handle; the others as in ``create_account``.

    :raises Refusal: there is no such open account, or the password is unfit.
    """
    row = _open_account(account)
    row.password_hash, row.password_set_at = _hash_for(password, row.name, AccountKind(row.kind)), at
    row.password_until = at + passwords.FIRST_LASTS if is_first else None
    sign_ins.end_all(account, why=Ended.PASSWORD_CHANGED, at=at, but=but)


def renew_hash(account: str, renewed: Hashed) -> None:
    """Keep the hash that today's parameters make of a password just verified; ask ``queries.has_old_hash`` before.

    Who changed the password meanwhile has a hash of today, and keeps it.
    """
    row = _open_account(account)
    if row.password_hash is not None and passwords.is_old(row.password_hash):
        row.password_hash = renewed.text
        db.session.flush()


def choose_language(account: str, language: Language) -> None:
    _open_account(account).language = language.value
    db.session.flush()


def close_account(account: str, *, by: By, at: datetime) -> None:
    """Nobody signs in any more; the account stays, because the ledger names it. Its holdings are ended apart."""
    row = _open_account(account)
    row.closed_at, row.closed_by, row.password_hash = at, by.actor, None
    sign_ins.end_all(account, why=Ended.ACCOUNT_CLOSED, at=at)


def create_post(code: str, office: str, role: Role, title: Bilingual, *, by: By, at: datetime) -> Post:
    """:raises Refusal: the code is in use, or the role is one that nobody is appointed to."""
    if role in _NO_POSTS:
        raise RoleNotForPosts(role)
    if db.session.get(PostRow, code) is not None:
        raise PostExists(code)
    row = PostRow(
        code=code,
        office=office,
        role=role.value,
        title_zh=title.zh,
        title_en=title.en,
        created_at=at,
        created_by=by.actor,
    )
    db.session.add(row)
    db.session.flush()
    return post_of(row)


def appoint(account: str, post: str, from_on: date, *, by: By, at: datetime) -> Holding:
    """Let the person hold the post from that day on.

    :raises Refusal: the account is unknown or no staff account, the post is unknown or held on or after that day.
    """
    row = _open_account(account)
    place = db.session.get(PostRow, post)
    if row.kind != (AccountKind.PERSON if place is not None and place.role == Role.AGENT else AccountKind.STAFF):
        raise NotStaff(account)  # a village agent (代办员) is the one post that a citizen holds
    if place is None:
        raise PostNotKnown(post)
    held = select(HoldingRow).where(
        HoldingRow.post == post, (HoldingRow.until_on.is_(None)) | (HoldingRow.until_on > from_on)
    )
    if db.session.scalars(held).first() is not None:
        raise PostHeld(post, from_on)
    db.session.add(HoldingRow(account=account, post=post, from_on=from_on, appointed_at=at, appointed_by=by.actor))
    db.session.flush()
    return Holding(account, post, from_on)


def end_holding(account: str, post: str, until_on: date, *, by: By, at: datetime) -> Holding:
    """Let the person's holding of the post end; ``until_on`` is the first day without it.

    :raises PostNotHeld: the person does not hold the post, or took it up only then.
    """
    row = db.session.scalars(
        select(HoldingRow).where(
            HoldingRow.account == account,
            HoldingRow.post == post,
            HoldingRow.until_on.is_(None),
            HoldingRow.from_on < until_on,
        )
    ).one_or_none()
    if row is None:
        raise PostNotHeld(account, post)
    row.until_on, row.ended_at, row.ended_by = until_on, at, by.actor
    db.session.flush()
    return Holding(account, post, row.from_on, until_on)


def _hash_for(password: str | Hashed, name: str, kind: AccountKind) -> str:
    return (password if isinstance(password, Hashed) else passwords.prepared(password, name=name, kind=kind)).text


def _open_account(account: str) -> AccountRow:
    row = db.session.get(AccountRow, account)
    if row is None or row.closed_at is not None:
        raise AccountNotKnown(account)
    return row
