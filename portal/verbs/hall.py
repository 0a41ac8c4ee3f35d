"""`portal hall`: what a hall's own records, or another hall's readings, tell about queues."""

from __future__ import annotations

import json
from pathlib import Path

import click


@click.group()
def command() -> None:
    """Queues, waits and windows."""


@command.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--mapping", required=True, type=click.Path(path_type=Path), help="How the readings read: a TOML file.")
@click.option("--json", "as_json", is_flag=True, help="Everything, for a program.")
@click.option(
    "--rows", type=click.IntRange(0), default=20, show_default=True, help="How many of each list are shown; 0: all."
)
@click.option(
    "--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="Language of the report."
)
def readings(file: Path, mapping: Path, as_json: bool, rows: int, lang: str) -> None:
    """Read readings of queues: who was left waiting, where nobody served, and how well waits can be foretold."""
    from portal.audit.texts import speech
    from portal.hall.readings import telling
    from portal.hall.readings.mapping import read_mapping
    from portal.hall.readings.reading import read

    plan = read_mapping(mapping)
    whole = telling.told(read(file, plan))
    if as_json:
        click.echo(json.dumps(telling.values(whole), ensure_ascii=False, indent=1))
        return
    for line in telling.lines(whole, speech(lang, plan.timezone), lang, rows or None):
        click.echo(line)


@command.command()
def check() -> None:
    """Compare every number ever given with the ledger: none shared, none missing, nobody called twice."""
    from portal import create_app
    from portal.hall.queries.faults import faults, histories
    from portal.store import reading

    with create_app(doors=False).app_context(), reading():
        known = histories()
        found = faults(known)
    for fault in found:
        click.echo(fault, err=True)
    if found:
        raise click.ClickException(f"{len(found)} faults in {len(known)} numbers.")
    click.echo(f"{len(known)} numbers, each once, each as the ledger says.")
