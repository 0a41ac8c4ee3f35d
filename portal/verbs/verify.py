"""`portal verify receipt.json`: whether the event on a receipt is in the sealed ledger, without a database."""

from __future__ import annotations

from pathlib import Path

import click

from portal.basis import Refusal
from portal.ledger.notes import Verifier
from portal.ledger.proofs import checked


@click.command()
@click.argument("receipt", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--key", help="The verifier key that you trust, name+number+key, or a file that holds it.")
@click.option("--witness", multiple=True, help="The verifier key of a witness; what it signed is then told.")
def command(receipt: Path, key: str | None, witness: tuple[str, ...]) -> None:
    """Check a RECEIPT offline; exit 0 if it is proven, 1 if it is not."""
    try:
        trusted = None if key is None else Verifier.parse(_key(key))
        proven = checked(receipt.read_bytes(), trusted, [Verifier.parse(_key(line)) for line in witness])
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from None
    signed, event = proven.signed, proven.event
    click.echo(
        f"Proven: event {proven.seq} ({event.get('subject')} {event.get('kind')}, {event.get('recorded_at')}) "
        f"is in the ledger of {signed.size} events that {proven.key.name} signed"
        + (f" at {signed.signed_at:%Y-%m-%dT%H:%M:%SZ}." if signed.signed_at else ".")
    )
    click.echo(f"leaf {proven.leaf.hex()}\nroot {signed.root.hex()}\nkey  {proven.key.line()}")
    for name in signed.cosigned_by:
        click.echo(f"{name} saw the same ledger.")
    if trusted is None:
        click.echo("The key stands in the receipt itself: compare it with the published one, or give it by --key.")


def _key(text: str) -> str:
    file = Path(text)
    return text if "+" in text or not file.is_file() else file.read_text()
