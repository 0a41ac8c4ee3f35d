"""Every kind of event, its typed payload keys, the step that writes it and who reads each key: one file a subject."""

# Each lists its kinds when it is read, in this order.
from portal.ledger.kinds import cases, inquiries, persons, record, tickets, halls, appointments, channels  # noqa: F401, I001
from portal.ledger.kinds import appeals, credit, enforcement, files, orders, ratings, sharing, tenders  # noqa: F401
from portal.ledger.kinds import findings  # noqa: F401
from portal.ledger.kinds.listing import COMMON, KINDS, Key, Kind, Shape, Sort
from portal.ledger.kinds import benefits, debts, demands, elements, leases, licences, lists, obligations, supply  # noqa: F401

__all__ = ["COMMON", "KINDS", "Key", "Kind", "Shape", "Sort"]
