"""A bidder bids on its own qualification, with its own people, and does the work itself (借用、挂靠资质).

Signs: somebody else pays the social insurance of the staff that the bid names; two firms bid on one certificate; the
winner passes nearly all of the money on within days, to others than registered subcontractors. It is a suspicion for
the supervisor. Certificates of different tenders, and what was paid, are seen where a whole log is judged.
"""

from __future__ import annotations

from datetime import date

from narwhals import Int64, String, col, concat, lit, when

from portal.basis import N_, LegalSource
from portal.compliance.log import Frame, Log
from portal.compliance.log.bids import bids, cleared, supervisors
from portal.compliance.log.lists import members
from portal.compliance.rule import Parameter, Rule, Scope

CHECKED, PAID, PASSED = "staff-insurance-checked", "contract-paid", "contract-money-passed"
NUMBERS = ("staff", "other_seq", "percent")
TEXTS = ("bidder", "other", "certificate")
COLUMNS = (
    "subject", "first_seq", "last_seq", "severity", "office", "post", "actor", "on", "variant", *TEXTS, *NUMBERS,
)  # fmt: skip

RULE = Rule(
    "V42",
    title=N_("Bid on somebody else's qualification"),
    sentence={
        "insurance": N_(
            "The social insurance of staff whom the bid of %(bidder)s names is paid by somebody else. Persons: "
            "%(staff)s. This is a suspicion to be looked into, no verdict."
        ),
        "certificate": N_(
            "Two firms bid on the certificate %(certificate)s: %(bidder)s and %(other)s, see event %(other_seq)s. This "
            "is a suspicion to be looked into, no verdict."
        ),
        "account": N_(
            "Of the contract money %(bidder)s passed %(percent)s %% on within days, to others than registered "
            "subcontractors. This is a suspicion to be looked into, no verdict."
        ),
    },
    sources=(LegalSource("招标投标法实施条例", "第四十二条", in_force_from=date(2012, 2, 1)),),
    scope=Scope.CASE,
    needs=("bid-submitted",),
    begins_with=("bid-submitted", CHECKED, PASSED),
    parameters={"apart_days": Parameter(30), "passed_percent": Parameter(90), "passed_days": Parameter(3)},
)


@RULE.check
def borrowed(log: Log, apart_days: int, passed_percent: int, passed_days: int) -> Frame:
    parts = [_insured(log), _certified(log, apart_days), _passed_on(log, passed_percent, passed_days)]
    return concat([_found(log, part) for part in parts], how="vertical")


def _found(log: Log, rows: Frame) -> Frame:
    """Without what a supervisor found to be harmless, of this bidder or of all."""
    harmless = cleared(log)
    everybody = harmless.filter((col("a") == "") & (col("b") == "")).select("subject", variant=col("sign"))
    # one name alone stands behind the empty one
    one = harmless.filter((col("a") == "") & (col("b") != "")).select("subject", variant=col("sign"), bidder=col("b"))
    rows = rows.join(everybody, on=["subject", "variant"], how="anti")
    rows = rows.join(one, on=["subject", "variant", "bidder"], how="anti")
    held = rows.collect_schema().names()
    nobody = lit(None, dtype=String)
    empty = {name: nobody for name in TEXTS if name not in held}
    empty |= {name: lit(None, dtype=Int64) for name in NUMBERS if name not in held}
    rows = rows.join(supervisors(log), on="subject", how="left")
    rows = rows.with_columns(severity=lit("yellow"), post=nobody, actor=nobody, **empty)
    return rows.with_columns(*(col(name).cast(Int64) for name in NUMBERS)).select(*COLUMNS)


def _insured(log: Log) -> Frame:
    """One row per bidder: of how many of its staff somebody else, or nobody, pays the insurance."""
    rows = log.of(CHECKED).filter((col("bidder").fill_null("") != "") & (col("staff").fill_null("") != ""))
    rows = rows.filter(col("payer").fill_null("") != col("bidder"))
    return rows.group_by("subject", "bidder").agg(
        staff=col("staff").n_unique(), first_seq=col("seq").min(), last_seq=col("seq").max(), on=col("day").min()
    ).with_columns(variant=lit("insurance"))  # fmt: skip


def _certified(log: Log, apart_days: int) -> Frame:
    """One row per bid that stands on a certificate on which another firm bid before it, in the days before."""
    rows = members(bids(log).select("subject", "nth", "seq", "day", "bidder", "certificates"), "certificates")
    rows = rows.rename({"certificates": "certificate"})
    before = rows.select(
        "certificate", other=col("bidder"), other_seq=col("seq"), _then=col("nth"), _day=col("day")
    )  # fmt: skip
    met = rows.join(before, on="certificate", how="inner").filter(
        (col("bidder") != col("other")) & (col("_then") < col("nth")) & (col("day") - col("_day") <= apart_days)
    )
    last = met.group_by("nth").agg(_then=col("_then").max())
    met = met.join(last, on=["nth", "_then"], how="inner")
    named = met.group_by("nth").agg(certificate=col("certificate").min())
    met = met.join(named, on=["nth", "certificate"], how="inner")
    return met.select(
        "subject", "bidder", "other", "other_seq", "certificate", first_seq=col("seq"), last_seq=col("seq"),
        on=col("day"), variant=lit("certificate"),
    )  # fmt: skip


def _passed_on(log: Log, passed_percent: int, passed_days: int) -> Frame:
    """One row per winner, for its first payment after which it passed on so much of all that came in those days."""
    paid = log.of(PAID).filter(col("amount_fen").fill_null(0) > 0).select(
        "subject", "bidder", "nth", "seq", "day", "amount_fen"
    )  # fmt: skip
    keys = ["subject", "bidder"]
    came = _within(paid.drop("amount_fen"), paid.select(*keys, "amount_fen", _on=col("day")), passed_days)
    came = came.group_by("nth").agg(_came=col("amount_fen").sum())
    sent = _within(paid.drop("amount_fen"), _outgoing(log), passed_days).filter(col("_at") >= col("nth"))
    sent = sent.group_by("nth").agg(_sent=col("amount_fen").sum(), last_seq=col("_seq").max())
    rows = paid.drop("amount_fen").join(came, on="nth", how="inner").join(sent, on="nth", how="inner")
    rows = rows.filter(col("_sent") * 100 >= col("_came") * passed_percent)
    first = rows.group_by(*keys).agg(nth=col("nth").min()).select("nth")
    rows = rows.join(first, on="nth", how="semi")
    return rows.select(
        *keys, "last_seq", percent=col("_sent") * 100 // col("_came"), first_seq=col("seq"), on=col("day"),
        variant=lit("account"),
    )  # fmt: skip


def _within(paid: Frame, moves: Frame, days: int) -> Frame:
    """Movements of money from the day of each payment to so many days later."""
    held = paid.select("subject", "bidder", "nth", "day")
    met = held.join(moves, on=["subject", "bidder"], how="inner")
    return met.filter((col("_on") >= col("day")) & (col("_on") - col("day") <= days))


def _outgoing(log: Log) -> Frame:
    """What went to others than subcontractors whom somebody but the winner had registered by then."""
    rows = log.of(PASSED).filter(col("amount_fen").fill_null(0) > 0)
    rows = rows.filter(col("recipient").fill_null("") != col("bidder").fill_null(""))
    own = bids(log).select("subject", "bidder", actor=col("actor")).unique()
    lawful = log.of("subcontract-registered").join(own, on=["subject", "bidder", "actor"], how="anti")
    lawful = lawful.filter(col("actor") != col("bidder"))
    lawful = lawful.group_by("subject", "bidder", "recipient").agg(_since=col("nth").min())
    rows = rows.join(lawful, on=["subject", "bidder", "recipient"], how="left")
    free = when(col("_since").is_null()).then(lit(1)).otherwise((col("_since") > col("nth")).cast(Int64))
    rows = rows.filter(free == 1)
    return rows.select("subject", "bidder", "amount_fen", _at=col("nth"), _on=col("day"), _seq=col("seq"))
