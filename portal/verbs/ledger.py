"""`portal ledger`: how long the ledger is, and its newest events."""

from __future__ import annotations

import click

from portal import create_app
from portal.ledger import queries
from portal.ledger.canonical import canonical, instant_text
from portal.store import reading


@click.group()
def command() -> None:
    """Look at the ledger."""


@command.command()
def count() -> None:
    """Print how many events there are."""
    with create_app().app_context(), reading():
        click.echo(queries.last_seq())


@command.command()
@click.option("-n", "lines", default=10, show_default=True, type=click.IntRange(min=0), help="How many events.")
def tail(lines: int) -> None:
    """Print the newest events, one a line; personal bytes are never printed."""
    with create_app().app_context(), reading():
        for event in queries.last_events(lines):
            facts = canonical(event.payload).decode()
            words = (
                event.seq,
                instant_text(event.occurred_at),
                event.subject,
                event.kind,
                event.role,
                event.actor,
                facts,
            )
            click.echo("\t".join(str(word) for word in words))
