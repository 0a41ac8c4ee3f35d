"""`portal worktime`: working-time arithmetic, a line of JSON in and a line of JSON out."""

from __future__ import annotations

import sys

import click

from portal.worktime import doubts_about, national
from portal.worktime.lines import answers


@click.command()
@click.option("--check-year", type=int, metavar="YEAR", help="Ask instead whether a year's notice looks as others did.")
def command(check_year: int | None) -> None:
    """Answer queries about working days and office hours, one line of JSON each, from standard input."""
    if check_year is not None:
        doubts = doubts_about(check_year, national())
        for doubt in doubts:
            click.echo(f"{check_year}: {doubt}")
        sys.exit(bool(doubts))
    for line in answers(sys.stdin.buffer):
        sys.stdout.buffer.write(line)
        sys.stdout.buffer.flush()
