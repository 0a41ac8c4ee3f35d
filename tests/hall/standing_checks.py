"""What must hold of the hall in a database, and of what people were told, whatever was killed meanwhile."""

from __future__ import annotations

from collections.abc import Sequence

from portal.hall.queries.faults import Histories, histories
from portal.hall.queries.faults import faults as standing_faults


def faults(told: Sequence[dict[str, str]]) -> list[str]:
    """Shared or missing numbers, double calls, lost tickets, rows unlike the ledger; none is what is wanted."""
    known = histories()
    return standing_faults(known) + _lost(told, known)


def _lost(told: Sequence[dict[str, str]], known: Histories) -> list[str]:
    kinds = {"issued": "ticket-issued", "called": "ticket-called", "served": "ticket-served"}
    return [
        f"{line['what']} {line['ticket']} was acknowledged and is not there"
        for line in told
        if line["what"] in kinds and kinds[line["what"]] not in [event.kind for event in known.get(line["ticket"], ())]
    ]
