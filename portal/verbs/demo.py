"""`portal demo`: fill an empty portal with the invented city."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import click

from portal import config, create_app, store


@click.group()
def command() -> None:
    """Show an invented city."""


@command.command()
@click.option("--instance", type=click.Path(path_type=Path), help="Folder of the database and the secrets.")
@click.option("--cases", type=click.IntRange(40, 2000), default=300, show_default=True, help="How many cases it gets.")
def load(instance: Path | None, cases: int) -> None:
    """Load the demo city into an empty portal; a portal that has it already is left as it is."""
    from portal import demo

    os.umask(0o077)  # the database is for its owner alone
    folder = (instance or config.instance_folder()).resolve()
    os.environ["YINUO_INSTANCE"] = str(folder)
    app = create_app({"DEMONSTRATION": True}, instance=folder, doors=False)
    store.upgrade(app)
    with app.app_context():
        lines = demo.load(at=datetime.now(UTC), cases=cases)
    if not lines:
        raise click.ClickException(
            f"the portal in {folder} holds cases or posts of its own; name an empty folder with --instance"
        )
    for line in lines:
        click.echo(line)
