"""Nobody is sent round from office to office with one matter (踢皮球).

The chain of a person's matter holds every office that sent him away, left him without reply or answered in part, and
every office through whose hands the inquiry was passed. It ends with an acceptance, which does not undo it. An office
that answered in full is not in it, for then the asker was free to ask another; nor is one that named the competent
office in writing, unless that office turned out to pass him on as well.
"""

from __future__ import annotations

from datetime import date

from narwhals import Int64, String, col, concat, lit, when

from portal.basis import N_, LegalSource
from portal.compliance.log import Frame, Log
from portal.compliance.log.inquiries import EVENTS, contacts
from portal.compliance.log.lists import strung
from portal.compliance.log.matters import matters
from portal.compliance.rule import Parameter, Rule, Scope

ACCEPTANCES = ("accepted", "tolerantly-accepted", "promise-accepted", "deemed-accepted")
MATTER = ("applicant", "matter")
CHAIN = (*MATTER, "_part")

RULE = Rule(
    "V02",
    title=N_("Sent round from office to office"),
    sentence={
        "passed": N_(
            "From %(started_on)s to %(ended_on)s one matter was sent from office to office: %(chain)s. Offices: "
            "%(offices)s; passings: %(hops)s; not led on by: %(passed_by)s."
        ),
        "led": N_(
            "From %(started_on)s to %(ended_on)s one matter was handed from office to office: %(chain)s. Offices: "
            "%(offices)s; passings: %(hops)s."
        ),
    },
    sources=(
        LegalSource("国办发〔2015〕86号", "首问负责", in_force_from=date(2015, 11, 27)),
        LegalSource(
            "信访条例", "第二十二条、第二十八条", item_types=("petition",), in_force_from=date(2005, 5, 1),
            until=date(2022, 5, 1),
        ),
    ),
    scope=Scope.MATTER,
    begins_with=("inquired",),
    needs=("inquired", "inquiry-answered"),
    parameters={"offices": Parameter(3), "days": Parameter(15), "hops": Parameter(2), "within": Parameter(1),
                "reply": Parameter(5, "安阳市政务服务条例 第五十条")},
)  # fmt: skip


@RULE.check
def sent_round(log: Log, offices: int, days: int, hops: int, within: int, reply: int) -> Frame:
    """One finding per round; it stands on the first contact, and the office where it began answers for it."""
    chain = log.settle(_chain(log, within, reply))
    rounds = log.settle(_rounds(chain, offices=offices, days=days, hops=hops))
    parts = chain.join(rounds, on=list(CHAIN), how="inner")
    parts = parts.filter((col("nth") >= col("_first")) & (col("nth") <= col("_end")))
    steps = parts.filter((col("_fresh") == 1) | (col("nth") == col("_first")))
    told = strung(steps, ["_first"], "_office", order="nth", into="chain", separator=" > ")
    found = chain.with_columns(_first=col("nth"))
    for sums in (_sums(parts), _evidence(log, parts), told):
        found = found.join(sums, on="_first", how="inner")
    found = found.drop("last_seq").join(_passers(parts), on="_first", how="left")
    return found.with_columns(
        severity=lit("red"),
        actor=lit(None, dtype=String),  # what one person did wrong is V01; the round is the office's
        on=col("day"),
        last_seq=col("_last_seq"),
        variant=when(col("passed_by").is_null()).then(lit("led")).otherwise(lit("passed")),
    ).select(
        "subject", "first_seq", "last_seq", "severity", "office", "post", "actor", "on", "variant", "chain", "offices",
        "hops", "started_on", "ended_on", "passed_by",
    )  # fmt: skip


def _chain(log: Log, within: int, reply: int) -> Frame:
    """Contacts of known matters that belong to the chain: ``is_bad``, ``_office``, ``_part`` (between acceptances),
    and ``_fresh`` (another office than the contact before it)."""
    rows = contacts(log, within, reply).filter(~col("applicant").is_null() & ~col("matter").is_null())
    misled = _misled(rows)
    rows = rows.join(misled, on="nth", how="left").with_columns(_misled=col("_misled").fill_null(0))
    is_bad = (col("is_passed") == 1) | (col("is_vague") == 1) | (col("_misled") == 1)
    is_in_passing = (col("is_handed") == 1) | (col("kind") == "inquiry-acknowledged")
    counts = (col("is_referred") == 0) | (col("_misled") == 1)
    rows = rows.with_columns(is_bad=is_bad.cast(Int64), _office=col("office").fill_null(""))
    rows = rows.filter((is_bad | is_in_passing) & counts & (col("is_accepted") == 0))
    rows = _parted(log, rows)
    rows = rows.with_columns(_before=col("_office").shift(1).over(*CHAIN, order_by="nth"))
    is_fresh = ~col("_before").is_null() & (col("_before") != col("_office"))
    return rows.with_columns(_fresh=is_fresh.cast(Int64)).select(
        "subject", "nth", "first_seq", "last_seq", "day", "started_on", "office", "post", *CHAIN, "is_bad", "is_passed",
        "_office", "_fresh",
    )  # fmt: skip


def _misled(rows: Frame) -> Frame:
    """Contacts that referred to an office which passed the asker on afterwards: it was not the competent one."""
    referred = rows.filter(~col("referred_to").is_null()).select(*MATTER, "nth", "referred_to")
    later = rows.filter((col("is_passed") == 1) | (col("is_referred") == 1))
    later = later.select(*MATTER, referred_to=col("office"), _later=col("nth"))
    met = referred.join(later, on=[*MATTER, "referred_to"], how="inner").filter(col("_later") > col("nth"))
    return met.select("nth", _misled=lit(1).cast(Int64)).unique()


def _parted(log: Log, rows: Frame) -> Frame:
    """Add ``_part``: how often the matter had been accepted before, at a desk or as a case."""
    whose = matters(log)
    told = log.of("inquiry-answered").filter(col("outcome") == "accepted").select("subject", _accepted=col("nth"))
    taken = log.events(*ACCEPTANCES).select("subject", _accepted=col("nth"))
    accepted = concat([told, taken], how="vertical").join(whose, on="subject", how="inner").drop("subject")
    before = rows.select(*MATTER, "nth").join(accepted, on=list(MATTER), how="inner")
    before = (
        before.filter(col("_accepted") < col("nth")).group_by("nth").agg(_part=col("_accepted").count().cast(Int64))
    )
    return rows.join(before, on="nth", how="left").with_columns(_part=col("_part").fill_null(0))


def _rounds(chain: Frame, *, offices: int, days: int, hops: int) -> Frame:
    """Rounds by chain: ``_first`` and ``_end`` (nth of their first and last contact); windows that meet are one.

    A window of so many days opens with each contact. It is a round if too many offices sent the asker away in it, if
    an office comes again with another one between, or if it was passed too often.
    """
    start = chain.select(*CHAIN, _from=col("nth"), _since=col("day"))
    window = start.join(chain, on=list(CHAIN), how="inner")
    window = window.filter((col("nth") >= col("_from")) & (col("day") <= col("_since") + days))
    passed = window.with_columns(_hop=when(col("nth") > col("_from")).then("_fresh").otherwise(lit(0)))
    sums = passed.group_by(*CHAIN, "_from", "_since").agg(
        _hops=col("_hop").sum().cast(Int64), _met=col("_office").n_unique().cast(Int64), _last=col("nth").max()
    )
    sent = window.filter(col("is_bad") == 1).group_by("_from").agg(_sent=col("_office").n_unique().cast(Int64))
    sums = sums.join(sent, on="_from", how="left").with_columns(_sent=col("_sent").fill_null(0))
    is_round = (col("_sent") >= offices) | (col("_hops") + 1 > col("_met")) | (col("_hops") > hops)
    found = sums.filter(is_round).with_columns(_earlier=col("_since").shift(1).over(*CHAIN, order_by="_from"))
    is_new = col("_earlier").is_null() | (col("_since") > col("_earlier") + days)
    found = found.with_columns(_new=when(is_new).then(lit(1)).otherwise(lit(0)).cast(Int64))
    found = found.with_columns(_round=col("_new").cum_sum().over(*CHAIN, order_by="_from"))
    return found.group_by(*CHAIN, "_round").agg(_first=col("_from").min(), _end=col("_last").max()).drop("_round")


def _sums(parts: Frame) -> Frame:
    hopped = parts.with_columns(_hop=when(col("nth") > col("_first")).then("_fresh").otherwise(lit(0)))
    return hopped.group_by("_first").agg(
        ended_on=col("day").max(), hops=col("_hop").sum().cast(Int64),
        offices=col("_office").n_unique().cast(Int64),
    )  # fmt: skip


def _evidence(log: Log, parts: Frame) -> Frame:
    """``_last_seq``: the last event of all inquiries of the round, so that first and last span every one of them."""
    rounds = parts.select("_first", "subject").unique()
    told = log.events(*EVENTS).select("subject", "seq")
    return rounds.join(told, on="subject", how="inner").group_by("_first").agg(_last_seq=col("seq").max())


def _passers(parts: Frame) -> Frame:
    """``passed_by``: the offices that passed the asker on without leading him, each once."""
    passed = parts.filter(col("is_passed") == 1).group_by("_first", "_office").agg(col("nth").min())
    return strung(passed, ["_first"], "_office", order="nth", into="passed_by")
