"""`portal vault`: how the keys of personal data stand, a new master key, and erasing what was kept long enough."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import click

from portal import create_app, vault
from portal.data_rights import operations
from portal.store import reading, transaction


@click.group()
def command() -> None:
    """Keys under which personal data are sealed."""


@command.command()
def status() -> None:
    """Keys by master key, locked and destroyed ones."""
    with create_app(doors=False).app_context(), reading():
        for name, count in vault.counts().items():
            click.echo(f"{name}: {count}")


@command.command()
@click.option("--retire", is_flag=True, help="Forget the older master keys once nothing is wrapped by them.")
def rotate(*, retire: bool) -> None:
    """Make a new master key and wrap every key with it; what is sealed stays as it is, and nobody is signed out."""
    with create_app(doors=False).app_context():
        with reading():
            name = vault.rotate()
        done = 0
        while True:
            with transaction():
                portion = vault.rewrap()
            if not portion:
                break
            done += portion
        click.echo(f"{done} keys are wrapped by {name} now.")
        if retire:
            with transaction():
                gone = vault.retire_masters()
            click.echo(f"Forgotten: {', '.join(gone) or 'none'}. Older backups cannot be read without them.")


@command.command()
def sweep() -> None:
    """Erase the personal data that were kept long enough, as the daily job does."""
    at = datetime.now(UTC)
    with create_app(doors=False).app_context(), transaction():
        erased = operations.sweep(at, at.astimezone(ZoneInfo("Asia/Shanghai")).date())
    click.echo(f"{erased} matters were erased.")
