"""`portal backup`: one encrypted file with everything that is on record, written while the portal goes on."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import click

from portal import config, create_app
from portal.backup import keys, operations


@click.command()
@click.option("--to", type=click.Path(file_okay=False, path_type=Path), help="The folder; else YINUO_BACKUPS.")
@click.option("--list", "is_list", is_flag=True, help="Only list what there is.")
def command(to: Path | None, *, is_list: bool) -> None:
    """Take a backup now and delete those that are no longer needed; the scheduler does so every hour."""
    instance = config.instance_folder()
    folder = to or operations.folder_of(instance)
    if not is_list:
        with create_app(doors=False).app_context():
            written = operations.take(instance, folder, at=datetime.now(UTC))
        for gone in operations.thin_out(folder):
            click.echo(f"deleted {gone.name}")
        click.echo(f"{written}: {written.stat().st_size:,} bytes\n")
        click.echo(_keys(instance))
        return
    for at, file in operations.taken(folder):
        click.echo(f"{at:%Y-%m-%d %H:%M:%S} UTC  {file.stat().st_size:>15,}  {file}")


def _keys(instance: Path) -> str:
    """What a backup does not hold, because whoever finds it must not find the keys in it."""
    files = [file.name for file in sorted(instance.glob("*-key*")) if file.is_file()]
    if os.environ.get(keys.RECIPIENT_VARIABLE):
        files.append(f"the secret half of {keys.RECIPIENT_VARIABLE}")
    return f"Keep apart from the backups, and safe: {', '.join(files)} (of {instance})"
