"""`portal restore`: from one backup to a portal whose record has been verified."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click

from portal import config, create_app, store
from portal.appeals.operations import rebuild_inquiries
from portal.backup import databases, operations
from portal.backup.keys import KEY_FILE
from portal.backup.model import Manifest
from portal.cases.operations import rebuild
from portal.compliance.findings.operations import rebuild_findings
from portal.compliance.procedure.rows import rebuild_procedures
from portal.ledger.tree import Tree
from portal.ledger.whole import verify
from portal.store import db, reading, transaction

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("file", type=FILE)
@click.option("--key", type=FILE, help="The age identity that opens it; else backup-key of the instance folder.")
@click.option("--into", type=click.Path(file_okay=False, path_type=Path), help="The instance folder; else the usual.")
@click.option("--replace", is_flag=True, help="Lay what is there aside, in a folder before-….")
def command(file: Path, key: Path | None, into: Path | None, *, replace: bool) -> None:
    """Put FILE back: unpack, migrate, verify the ledger against its seal, remake the projections, move into place.

    Stop the portal first. Nothing that is there is touched before the backup has been verified.
    """
    began = time.monotonic()
    instance = into or config.instance_folder()
    operations.require_free(instance, may_replace=replace)
    with operations.unpacked(file, key or instance / KEY_FILE, instance) as (staging, manifest):
        with _opened(staging, instance, manifest):
            sealed = _verified(staging)
            with transaction():
                cases = rebuild(at=datetime.now(UTC))
                inquiries = rebuild_inquiries()
                findings = rebuild_findings()
                rebuild_procedures()
        aside = operations.put_in_place(staging, instance, may_replace=replace, at=datetime.now(UTC))
    click.echo(f"{manifest.last_seq} events, {cases} cases, {inquiries} inquiries, {findings} findings; {sealed}.")
    if aside:
        click.echo(f"What was there lies in {aside}.")
    last = f"{manifest.last_at:%Y-%m-%d %H:%M:%S} UTC" if manifest.last_at else "none"
    click.echo(
        f"Newest event: {last}. Whatever was handed in after {manifest.created_at:%Y-%m-%d %H:%M:%S} UTC is not here.\n"
        f"Restored in {time.monotonic() - began:.1f} seconds. Start it with `portal serve`."
    )


@contextmanager
def _opened(staging: Path, instance: Path, manifest: Manifest) -> Iterator[None]:
    """The context of an application on the unpacked database, brought to the newest migration."""
    settings: dict[str, object] = {"SECRET_KEY": secrets.token_urlsafe(48)}  # nobody signs in while this one lives
    if manifest.database == "sqlite":
        settings["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{staging / databases.SQLITE_FILE}"
    app = create_app(settings, instance=instance, doors=False)
    with app.app_context():
        try:
            databases.require_kind(manifest)
            if manifest.database != "sqlite":
                store.upgrade(app, manifest.revision)
                databases.load(staging, manifest)
            store.upgrade(app)
            yield
        finally:
            db.session.remove()
            db.engine.dispose()


def _verified(staging: Path) -> str:
    """:raises click.ClickException: the events are not those that were sealed."""
    tree = Tree(staging)
    signed = tree.checkpoint()
    if signed is None:
        return "the ledger had never been sealed, so it could not be verified"
    with reading():
        fault, unsealed = verify(tree, signed)
    if fault is not None:
        raise click.ClickException(f"the backup's ledger is not as it was sealed ({fault}); nothing was restored")
    return f"verified against the seal of {signed.size} events ({unsealed} newer ones)"
