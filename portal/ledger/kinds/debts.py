"""What offices and large firms owe for goods, works and services, and what became of it (拖欠账款).

No operation of the portal writes these yet: the ledger of arrears is a module to come, and the steps are those that it
will have. Until then they are imported, in the ledger's form or through a mapping. Parties are pseudonymous ids.
"""

from __future__ import annotations

from functools import partial

from portal.basis import N_
from portal.ledger.kinds.listing import Sort, day, flag, integer, kind, text

coming = partial(kind, is_to_come=True)

# A table: each kind as it reads best, its keys below it.
# fmt: off
coming("debt-claimed", Sort.DEBT, "claim_debt", N_("Sum owed, with its contract"), ("V34",), {
    "debtor": text("V34"),  # office code, or the firm's id
    "debtor_sort": text("V34"),  # office, large-firm
    "is_small": flag("V34"),  # the creditor was a small or medium firm when the contract was signed
    "amount_fen": integer("V34"),
    "signed_on": day("V34"),
    "delivered_on": day("V34"),
    "acceptance_end_on": day("V34"),  # by which the contract wants the acceptance done
    "term_days": integer("V34"),  # agreed, in calendar days; none: the contract is silent
    "agreed_on": day("V34"),  # the day of payment, where the contract names a day and no term
    "agreed_rate": integer("V34"),  # interest a year, in parts per million; none: not agreed
    "prime_rate": integer("V34"),  # the one-year LPR when it was signed, in parts per million
})
coming("debt-accepted", Sort.DEBT, "accept_delivery", N_("Delivery accepted"), ("V34",), {
    "accepted_on": day("V34"),
})
coming("creditor-size-found", Sort.DEBT, "find_creditor_size", N_("Size of the creditor found"), ("V34",), {
    "is_small": flag("V34"),
})
coming("debt-disputed", Sort.DEBT, "dispute_debt", N_("Part in dispute"), ("V34",), {
    "disputed_fen": integer("V34"),  # what is in dispute from now on; 0: settled
})
coming("debt-paid", Sort.DEBT, "pay_debt", N_("Said to be paid"), ("V34",), {
    "amount_fen": integer("V34"),
    "paid_on": day("V34"),
})
coming("debt-payment-confirmed", Sort.DEBT, "confirm_debt_payment", N_("Payment confirmed by the creditor"), ("V34",), {
    "amount_fen": integer("V34"),  # of the sum owed
    "interest_fen": integer("V34"),
    "paid_on": day("V34"),
})
coming("debt-payment-refused", Sort.DEBT, "refuse_debt_payment", N_("Payment refused or put off"), ("V34",), {
    "reason": text("V34"),  # leader-changed, internal-process, final-acceptance, other
})
coming("debt-complained", Sort.DEBT, "complain_of_debt", N_("Arrears complained of"), ("V34",), {
    "keeper": text("V34"),  # the office that keeps the ledger of arrears
})
coming("debt-listed", Sort.DEBT, "list_debt", N_("Entered in the ledger of arrears"), ("V34",))

coming("arrears-counted", Sort.OFFICE, "count_arrears", N_("Arrears at the end of the year counted"), ("V34",), {
    "year": integer("V34"),
    "unpaid_fen": integer("V34"),
})
coming("arrears-disclosed", Sort.OFFICE, "disclose_arrears", N_("Arrears of the year made public"), ("V34",), {
    "year": integer("V34"),
})
