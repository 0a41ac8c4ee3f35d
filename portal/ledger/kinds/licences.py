"""What a licence says it covers, and what its holder was asked for beside it (目录细分).

No operation of the portal writes these yet: the register of licences is a module to come, and the steps are those that
it will have. Until then they are imported, in the ledger's form or through a mapping.
"""

from __future__ import annotations

from functools import partial

from portal.basis import N_
from portal.ledger.kinds.listing import Sort, day, flag, kind, text, texts

coming = partial(kind, is_to_come=True)

# A table: each kind as it reads best, its keys below it.
# fmt: off
coming("licence-scoped", Sort.LICENCE, "scope_licence", N_("Scope written into the licence"), ("V27",), {
    "tree": text("V27"),  # the register of national categories: list/<this>
    "entries": texts("V27"),  # as they stand on the paper
    "granted_on": day("V27"),
})
coming("scope-asked", Sort.LICENCE, "ask_scope", N_("A new application asked for"), ("V27",), {
    "tree": text("V27"),
    "entry": text("V27"),
})
coming("scope-narrowed", Sort.LICENCE, "narrow_scope", N_("The holder chose a narrower scope"), ("V27",), {
    "entry": text("V27"),
    "is_written": flag("V27"),
})
coming("marking-deleted", Sort.LICENCE, "delete_marking", N_("Marking deleted from the licence"), ("V27",), {
    "entry": text("V27"),
})
