"""`portal account`: accounts and posts from the console, so that a new portal gets its first administrator."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import click

from portal import config, create_app
from portal.accounts import operations, queries
from portal.accounts.model import ROLE_TITLES, Account, AccountKind, Holding
from portal.accounts.oidc import operations as oidc
from portal.accounts.second_factor import operations as second_factors
from portal.accounts.sign_ins import operations as sign_ins
from portal.accounts.sign_ins.model import Ended
from portal.basis import N_, SYSTEM, Bilingual, Refusal, Role
from portal.store import db, transaction

ZONE: Final = ZoneInfo("Asia/Shanghai")
POSTS: Final = [role.value for role in Role if role not in (Role.APPLICANT, Role.SYSTEM)]


class NameUnknown(Refusal):
    def __init__(self, name: str) -> None:
        super().__init__(
            N_("There is no open account %(account)s; create it first."), field="account", values={"account": name}
        )


@click.group()
def command() -> None:
    """Create accounts, set passwords, appoint to posts. Who has this console has the portal: everything is SYSTEM's."""


@command.command()
@click.argument("name")
@click.option("--shown", help="The name that pages show; else the sign-in name.")
@click.option("--kind", type=click.Choice([kind.value for kind in AccountKind]), default="staff", show_default=True)
@click.password_option(help="Asked for when it is not given; on the command line others may read it.")
def create(name: str, shown: str | None, kind: str, password: str) -> None:
    """Create the account NAME; its owner changes the password at the first sign-in, within a week."""
    with _writing() as at:
        account = operations.create_account(
            name, shown or name, AccountKind(kind), by=SYSTEM, at=at, password=password, is_first=True
        )
    click.echo(f"{account.name} is created, with the id {account.id}.")


@command.command()
@click.argument("name")
@click.password_option(help="Asked for when it is not given.")
def password(name: str, password: str) -> None:
    """Give NAME a new password, to be changed at the next sign-in; every sign-in of the account is ended."""
    with _writing() as at:
        operations.set_password(_account(name).id, password, at=at, is_first=True)
    click.echo(f"{name} has a new password.")


@command.command()
@click.argument("name")
def close(name: str) -> None:
    """Close the account NAME, end its sign-ins and its holdings from today on."""
    with _writing() as at:
        account = _account(name)
        for held in _held_by(account, _day(at)):
            until = max(_day(at), held.from_on + timedelta(days=1))  # a holding has one day at least
            operations.end_holding(account.id, held.post, until, by=SYSTEM, at=at)
        operations.close_account(account.id, by=SYSTEM, at=at)
    click.echo(f"{name} is closed.")


@command.command()
@click.argument("name")
@click.argument("post")
@click.option("--role", type=click.Choice(POSTS), help="Of a post that is not there yet.")
@click.option("--office", help="Of a post that is not there yet.")
@click.option("--title", help="Of a post that is not there yet; else the name of the role.")
def appoint(name: str, post: str, role: str | None, office: str | None, title: str | None) -> None:
    """Appoint NAME to POST from today on; a post that is not there is made with --role and --office."""
    with _writing() as at:
        if queries.post(post) is None and role and office:
            words = title or ROLE_TITLES[Role(role)]
            operations.create_post(post, office, Role(role), Bilingual(words, words), by=SYSTEM, at=at)
        holding = operations.appoint(_account(name).id, post, _day(at), by=SYSTEM, at=at)
    click.echo(f"{name} holds {post} from {holding.from_on} on.")


@command.command("end-sign-ins")
@click.argument("name")
def end_sign_ins(name: str) -> None:
    """End every sign-in of NAME, for example because a device was lost."""
    with _writing() as at:
        ended = sign_ins.end_all(_account(name).id, why=Ended.REVOKED, at=at)
    click.echo(f"{ended} sign-ins of {name} are ended.")


@command.command("reset-second-factor")
@click.argument("name")
def reset_second_factor(name: str) -> None:
    """Take the second factor of NAME away, when no two people are left who could do it on the page."""
    with _writing() as at:
        second_factors.take_away(_account(name).id, at=at)
    click.echo(f"{name} sets up a new second factor at the next sign-in.")


@command.group("oidc")
def oidc_group() -> None:
    """Let an identity at the provider of YINUO_OIDC_ISSUER open an account."""


@oidc_group.command("bind")
@click.argument("name")
@click.argument("subject")
def oidc_bind(name: str, subject: str) -> None:
    """Let the provider's SUBJECT ("sub" of its tokens) open the account NAME."""
    issuer = _issuer()
    with _writing() as at:
        oidc.bind(_account(name).id, issuer, subject, at=at)
    click.echo(f"{subject} at {issuer} opens {name}.")


@oidc_group.command("unbind")
@click.argument("name")
def oidc_unbind(name: str) -> None:
    """Take every binding of the account NAME away and end its sign-ins."""
    with _writing() as at:
        gone = oidc.unbind(_account(name).id, at=at)
    click.echo(f"{gone} bindings of {name} are gone.")


def _issuer() -> str:
    if (given := config.oidc()) is None:
        raise config.OidcUnfit
    return given.issuer


@contextmanager
def _writing() -> Iterator[datetime]:
    with create_app(doors=False).app_context():
        try:
            with transaction():
                yield datetime.now(UTC)
        finally:
            db.session.remove()
            db.engine.dispose()


def _day(at: datetime) -> date:
    return at.astimezone(ZONE).date()


def _held_by(account: Account, on: date) -> list[Holding]:
    codes = [post.code for post in queries.posts_held(account.id, on)]
    holdings = [held for code in codes for held in queries.holdings(code)]
    return [held for held in holdings if held.account == account.id and held.until_on is None]


def _account(name: str) -> Account:
    account = queries.by_name(name)
    if account is None:
        raise NameUnknown(name)
    return account
