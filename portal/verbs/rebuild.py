"""`portal rebuild`: make every projection again from the ledger alone."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from portal import create_app
from portal.accounts.agents.operations import rebuild_authorisations
from portal.appeals.operations import rebuild_inquiries
from portal.cases.operations import rebuild
from portal.channels.operations import rebuild_channels
from portal.compliance.findings.operations import rebuild_findings
from portal.compliance.procedure.rows import rebuild_procedures
from portal.data_rights.operations import rebuild_data_requests
from portal.hall.operations import rebuild_halls
from portal.store import transaction


@click.command()
def command() -> None:
    """Remake cases, clocks, inquiries, numbers and findings from the events; nothing in the ledger changes."""
    with create_app(doors=False).app_context(), transaction():
        cases = rebuild(at=datetime.now(UTC))
        inquiries = rebuild_inquiries()
        findings = rebuild_findings()
        rebuild_procedures()
        rebuild_data_requests()
        rebuild_authorisations()
        numbers = rebuild_halls()
        rebuild_channels()
    click.echo(f"{cases} cases, {inquiries} inquiries, {numbers} numbers and {findings} findings were made again.")
