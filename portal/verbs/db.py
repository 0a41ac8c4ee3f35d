"""`portal db`: bring the database to the newest migration, or, in development, write a migration."""

from __future__ import annotations

import click

from portal import create_app, store
from portal.store import schema


@click.group()
def command() -> None:
    """Migrate the database, or write migrations."""


@command.command()
def upgrade() -> None:
    """Bring the database to the newest migration."""
    store.upgrade(create_app(doors=False))
    click.echo("The database is at the newest migration.")


@command.command()
def check() -> None:
    """Compare the database with the tables in the code."""
    differences = store.drift(create_app(doors=False))
    for difference in differences:
        click.echo(str(difference))
    if differences:
        raise click.ClickException("the database differs from the code; run `portal db upgrade`, or write a migration")
    click.echo("The database is as the code says.")


@command.command()
@click.argument("message")
def revise(message: str) -> None:
    """Write the migration from the newest one to the tables in the code."""
    click.echo(str(schema.write_migration(message)))


@command.command()
def initial() -> None:
    """Replace all migrations by one; only while nothing is released."""
    click.echo(str(schema.rewrite_initial_migration()))
