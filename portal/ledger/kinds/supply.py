"""Electricity that somebody passes on: what the grid asks, what the end user is billed (转供电).

No operation of the portal writes these yet: the watch over passed-on electricity is a module to come, and the steps are
those that it will have. Until then they are imported, in the ledger's form or through a mapping.
"""

from __future__ import annotations

from functools import partial

from portal.basis import N_
from portal.ledger.kinds.listing import Sort, day, flag, integer, kind, text

coming = partial(kind, is_to_come=True)

# A table: each kind as it reads best, its keys below it.
# fmt: off
coming("grid-price-set", Sort.TARIFF, "set_grid_price", N_("Grid price set"), ("V36",), {
    "price": integer("V36"),  # of a kWh, in ten-thousandths of a yuan
    "from_on": day("V36"),  # until the next one
})
coming("power-billed", Sort.METER, "bill_power", N_("Electricity billed to the end user"), ("V36",), {
    "bill_no": text("V36"),
    "supplier": text("V36"),  # who passes the electricity on
    "tariff": text("V36"),  # the grid's class of prices: tariff/<this>
    "from_on": day("V36"),
    "until_on": day("V36"),  # the last day
    "kwh": integer("V36"),
    "amount_fen": integer("V36"),  # for the energy
})
coming("power-fee-billed", Sort.METER, "bill_power_fee", N_("A fee on the electricity bill"), ("V36",), {
    "bill_no": text("V36"),
    "is_per_kwh": flag("V36"),
    "amount_fen": integer("V36"),
    "fee": text("V36"),
})
coming("service-fee-agreed", Sort.METER, "agree_service_fee", N_("The user agreed to a fee for a service"), ("V36",), {
    "fee": text("V36"),
})
coming("losses-documented", Sort.METER, "document_losses", N_("Losses of the line measured"), ("V36",), {
    "loss_per_mille": integer("V36"),
    "cap_per_mille": integer("V36"),  # what the province allows at the most
    "from_on": day("V36"),
})
coming("power-refunded", Sort.METER, "refund_power", N_("Overcharge paid back"), ("V36",), {
    "amount_fen": integer("V36"),
})
