"""`portal serve`: prepare the instance folder and answer on one address until Ctrl-C."""

from __future__ import annotations

from pathlib import Path

import click

from portal import config, serving


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option("--port", default="8000", envvar="PORT", show_default=True, help="Port to listen at; PORT is read too.")
@click.option("--instance", type=click.Path(path_type=Path), help="Folder of the database and the secrets.")
@click.option("--threads", default=32, show_default=True, help="Requests answered at the same time.")
@click.option("--demo", is_flag=True, envvar="YINUO_DEMO", help="Show an invented city; an empty database gets one.")
def command(host: str, port: str, instance: Path | None, threads: int, demo: bool) -> None:
    """Serve the portal: migrate the database, make the secrets at first start, listen until Ctrl-C."""
    folder = (instance or config.instance_folder()).resolve()
    try:
        serving.serve(host, serving.port_number(port), folder, threads=threads, demo=demo)
    except KeyboardInterrupt:  # before the server listens; from then on it stops by itself
        click.echo("Stopped.")
        raise SystemExit(130) from None
    except serving.CannotServe as refusal:
        raise click.ClickException(str(refusal)) from None
