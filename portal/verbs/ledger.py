"""`portal ledger`: how long the ledger is, its newest events, its seal, and whether anything in it was altered."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from portal import config, create_app
from portal.accounts.queries import authenticate, posts_held
from portal.basis import By, Refusal, Role
from portal.ledger import export as files
from portal.ledger import queries, whole
from portal.ledger.canonical import canonical, instant_text
from portal.ledger.checking import Check, Fault, Found
from portal.ledger.lines import lines
from portal.ledger.notes import Signed, Verifier, opened
from portal.ledger.operations import declare_emergency
from portal.ledger.tiles import Tiles
from portal.ledger.tree import NotSealedYet, Tree
from portal.scheduler.clock import ZONE
from portal.sealing import seal as seal_now
from portal.store import reading, transaction

FILE = click.Path(dir_okay=False, path_type=Path)
ANSWERING = (Role.HEAD, Role.SUPERVISOR, Role.SYSADMIN)


@click.group()
def command() -> None:
    """Look at the ledger, seal it, and check that nothing in it was altered."""


@command.command()
def count() -> None:
    """Print how many events there are."""
    with create_app(doors=False).app_context(), reading():
        click.echo(queries.last_seq())


@command.command()
@click.option("-n", "most", default=10, show_default=True, type=click.IntRange(min=0), help="How many events.")
def tail(most: int) -> None:
    """Print the newest events, one a line; personal bytes are never printed."""
    with create_app(doors=False).app_context(), reading():
        for event in queries.last_events(most):
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


@command.command()
def seal() -> None:
    """Put everything new into the tree and sign it, now."""
    instance = config.instance_folder()
    with create_app(doors=False).app_context():
        added = seal_now(datetime.now(UTC), instance)
    signed = _checkpoint(Tree(instance))
    click.echo(f"{added} events sealed; {signed.size} in all, root {signed.root.hex()}")


@command.command()
def key() -> None:
    """Print the verifier key, for everybody who wants to check our checkpoints."""
    click.echo(Tree(config.instance_folder()).signer().verifier.line())


@command.command()
@click.argument("file", type=FILE)
def export(file: Path) -> None:
    """Write every sealed event to FILE, one line each, and the signed checkpoint as the last line."""
    signed = _checkpoint(Tree(config.instance_folder()))
    with create_app(doors=False).app_context(), reading(), file.open("wb") as stream:
        for part in files.written(lines(signed.size), signed):
            stream.write(part)
    click.echo(f"{signed.size} events, root {signed.root.hex()}")


@command.command()
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--checkpoint", "kept", type=FILE, help="A checkpoint that you kept: it must be the beginning.")
@click.option("--key", "line", help="The verifier key, if not the one of this portal.")
@click.option("--tiles", type=click.Path(file_okay=False, path_type=Path), help="A copy of the folder `ledger`.")
def verify(file: Path | None, kept: Path | None, line: str | None, tiles: Path | None) -> None:
    """Check the database, or an exported FILE; exit 1 and the number of the first event at fault."""
    tree = Tree(tiles.parent if tiles and tiles.name == "ledger" else tiles or config.instance_folder())
    if tiles is not None:
        tree.folder = tiles
    try:
        trusted = Verifier.parse(line) if line else tree.verifier
        if trusted is None:
            raise click.UsageError("no key is here; give the published one by --key")
        earlier = opened(kept.read_text(), trusted) if kept else None
        signed, unsealed = _verified_file(file, tree, trusted, earlier) if file else _verified_here(tree, earlier)
    except Found as found:
        _told(found.fault)
    except Refusal as refusal:
        _told(Fault(None, str(refusal)))
    later = f"; {unsealed} newer ones are not sealed yet" if unsealed else ""
    click.echo(f"{signed.size} events are as they were sealed{later}\nroot {signed.root.hex()}")


def _told(fault: Fault) -> None:
    click.echo(str(fault))
    sys.exit(1)


def _verified_file(file: Path, tree: Tree, key: Verifier, earlier: Signed | None) -> tuple[Signed, int]:
    try:
        own = tree.checkpoint() if tree.verifier == key else None
    except Refusal:
        own = None  # the file has a checkpoint of its own
    check = Check(
        tiles=Tiles(tree.folder) if own else None,
        sealed=own.size if own else 0,
        roots_at=[earlier.size] if earlier else [],
    )
    with file.open("rb") as stream:
        signed = files.check_file(stream, check, key)
    if earlier:
        check.compare(earlier)
    return signed, 0


def _verified_here(tree: Tree, earlier: Signed | None) -> tuple[Signed, int]:
    signed = _checkpoint(tree)
    with create_app(doors=False).app_context(), reading():
        fault, unsealed = whole.verify(tree, signed, earlier=[earlier] if earlier else [])
    if fault is not None:
        raise Found(fault)
    return signed, unsealed


def _checkpoint(tree: Tree) -> Signed:
    signed = tree.checkpoint()
    if signed is None:
        raise NotSealedYet
    return signed


@command.command()
@click.argument("first")
@click.argument("second")
@click.option("--reason", required=True, help="Why work must go on; it stays in the ledger.")
@click.option("--hours", default=12, show_default=True, type=click.IntRange(1, 72), help="For how long.")
def emergency(first: str, second: str, reason: str, hours: int) -> None:
    """Let new matters in although nothing is sealed; FIRST and SECOND sign in here and answer for it."""
    at = datetime.now(UTC)
    with create_app(doors=False).app_context():
        by, approver = (_answering(name, at) for name in (first, second))
        with transaction():
            event = declare_emergency(reason, hours, approved_by=approver.actor, by=by, at=at)
    click.echo(f"New matters are taken in until {event.text('until_at')}; event {event.seq} says who allowed it.")


def _answering(name: str, at: datetime) -> By:
    password = click.prompt(f"Password of {name}", hide_input=True)
    account = authenticate(name, password)
    posts = [] if account is None else posts_held(account.id, at.astimezone(ZONE).date())
    post = next((post for post in posts if post.role in ANSWERING), None)
    if account is None or post is None:
        raise click.ClickException(f"{name} did not sign in as a head, a supervisor or a system administrator")
    return By(account.id, post.role, office=post.office, post=post.code)
