"""A call for bids: who bid, what the bids have in common, who won, and where the money went.

Nothing writes these yet: the e-bidding to come will, and logs may be imported today. The subject is
``tender/<number>``. Firms, people, accounts, devices and addresses are pseudonyms; what a program or an agency's
template puts into every file by itself (an author "user") is left empty.
"""

from __future__ import annotations

from functools import partial

from portal.basis import N_
from portal.ledger.kinds.listing import Sort, flag, integer, kind, text, texts

coming = partial(kind, is_to_come=True)

# A table: each kind as it reads best, its keys below it.
# fmt: off
coming("tender-published", Sort.TENDER, "publish_tender", N_("Tender published"), ("vocabulary",), {
    "supervisor_office": text("vocabulary"),  # which looks into what is suspected
    "author": text("vocabulary"),  # who made the tender's own files: whoever fills them in has not made them
})
coming("bid-submitted", Sort.TENDER, "submit_bid", N_("Bid handed in"), ("vocabulary", "V41", "V42"), {
    "bidder": text("vocabulary", "V41", "V42"),
    "author": text("vocabulary"),  # who made the files, by their own word
    "device": text("vocabulary"),
    "address": text("vocabulary"),  # of the network
    "agent": text("vocabulary"),  # whom the bidder had handle the bid
    "staff": texts("vocabulary"),  # who is to run the project
    "deposit_account": text("vocabulary"),
    "price_fen": integer("vocabulary"),
    "certificates": texts("V42"),  # of qualification, on which the bid stands
})
coming("bids-compared", Sort.TENDER, "compare_bids", N_("Two bids compared"), ("vocabulary",), {
    "bidder": text("vocabulary"),
    "other": text("vocabulary"),
    "similarity_percent": integer("vocabulary"),  # of the texts, without the tender's own words
    "is_same_error": flag("vocabulary"),  # the same rare mistakes
    "is_mixed": flag("vocabulary"),  # a page of the one is in the other
})
coming("bid-won", Sort.TENDER, "award_tender", N_("Awarded"), ("vocabulary",), {
    "bidder": text("vocabulary"),
})
coming("bid-sign-cleared", Sort.TENDER, "clear_bid_sign", N_("Found to be harmless"), ("vocabulary",), {
    "sign": text("vocabulary"),  # author, agent, staff, text, prices, mixed, deposit, device, address, insurance, …
    "bidder": text("vocabulary"),  # with the other: between these two; alone: of this one; none: in the whole tender
    "other": text("vocabulary"),
})
coming("staff-insurance-checked", Sort.TENDER, "check_staff_insurance", N_("Who insures the staff was looked up"),
       ("V42",), {
    "bidder": text("V42"),
    "staff": text("V42"),
    "payer": text("V42"),  # of the social insurance; none found: empty
})
coming("contract-paid", Sort.TENDER, "pay_contract", N_("Contract money paid to the winner"), ("V42",), {
    "bidder": text("V42"),
    "amount_fen": integer("V42"),
})
coming("contract-money-passed", Sort.TENDER, "note_money_passed", N_("Contract money passed on"), ("V42",), {
    "bidder": text("V42"),
    "recipient": text("V42"),
    "amount_fen": integer("V42"),
})
coming("subcontract-registered", Sort.TENDER, "register_subcontract", N_("Subcontract registered"), ("V42",), {
    "bidder": text("V42"),
    "recipient": text("V42"),
})
