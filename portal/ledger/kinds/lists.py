"""Published registers: the powers of an area, its fees, the national categories of a licence.

The subject is one register (``list/<name>``), so that whoever has it has all of it. No operation of the portal writes
these yet; they are imported, in the ledger's form or through a mapping.
"""

from __future__ import annotations

from functools import partial

from portal.basis import N_
from portal.ledger.kinds.listing import Sort, day, integer, kind, text, texts

coming = partial(kind, is_to_come=True)

# A table: each kind as it reads best, its keys below it.
# fmt: off
coming("node-listed", Sort.LIST, "list_node", N_("Category listed"), ("V27",), {
    "code": text("V27"),  # a child's begins with its parent's
    "name": text("V27"),
    "from_on": day("V27"),
    "until_on": day("V27"),  # the first day on which it no longer stands
})
coming("power-listed", Sort.LIST, "list_power", N_("Power listed"), ("V26",), {
    "item": text("V26"),
    "acts": texts("V26"),  # approval, filing, certificate, check
    "holder": text("V26"),  # the office that has the power
    "from_on": day("vocabulary"),
    "until_on": day("vocabulary"),  # the first day on which it no longer stands
})
coming("power-moved", Sort.LIST, "move_power", N_("Power moved to another office"), ("V26",), {
    "item": text("V26"),
    "to_office": text("V26"),
    "from_on": day("vocabulary"),
})
coming("pilot-authorised", Sort.LIST, "authorise_pilot", N_("Pilot authorised"), ("V26",), {
    "item": text("V26"),
    "pilot_office": text("V26"),
    "basis": text("V26"),
    "from_on": day("vocabulary"),
    "until_on": day("vocabulary"),
})
coming("fee-listed", Sort.LIST, "list_fee", N_("Fee listed"), ("V30",), {
    "fee": text("V30"),
    "rate_fen": integer("V30"),  # for one unit
    "from_on": day("vocabulary"),
    "until_on": day("vocabulary"),
})
coming("proof-listed", Sort.LIST, "list_proof", N_("Proof listed"), ("V28",), {
    "proof": text("V28"),
    "from_on": day("vocabulary"),
    "until_on": day("vocabulary"),
})
