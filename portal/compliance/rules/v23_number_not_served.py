"""A number is a promise: whoever holds one is served that day, or goes of his own will (取号未办).

It ends well when it is served on its day; given up by its holder (what the staff write for him counts until closing);
absent after three calls that began before closing; void with a reason before closing; or carried over by its holder's
own code or signature, which is told as a notice. Everything else is a broken promise once the hall is closed, silence
too. Who was called before closing is waited for until midnight: he is being served.
"""

from __future__ import annotations

from datetime import date

from narwhals import Expr, Int64, String, coalesce, col, concat, lit, max_horizontal, min_horizontal, when

from portal.basis import N_, LegalSource
from portal.compliance.log import Frame, Log
from portal.compliance.log.halls import NEVER, NOT_STAFF, closures, tickets
from portal.compliance.rule import Parameter, Rule, Scope

CONSENTS = ("code", "signature")
BROKEN = "ticket-closed-unserved"
CARRIED = "ticket-carried-over"
ENDS = ("ticket-served", "ticket-released", "ticket-absent", CARRIED, "ticket-voided", BROKEN)
END = ("subject", "nth", "seq", "kind", "at", "day", "role")

RULE = Rule(
    "V23",
    title=N_("A number was not served"),
    sentence={
        "unserved": N_(
            "The hall closed at %(closes_at)s and the number was not served. Cause: %(cause)s. Numbers of this office "
            "that were not served that day: %(unserved)s."
        ),
        "beyond-capacity": N_(
            "The number was issued although it could not be guaranteed, and was not served by %(closes_at)s. Such and "
            "other numbers of this office that were not served that day: %(unserved)s."
        ),
        "silent": N_(
            "The number was to be served by %(closes_at)s, and nothing is recorded of its end. Numbers of this office "
            "that were not served that day: %(unserved)s."
        ),
        "ended-otherwise": N_(
            "The number was to be served by %(closes_at)s. What ended it does not count: %(ended)s. Numbers of this "
            "office that were not served that day: %(unserved)s."
        ),
        "no-consent": N_(
            "The number was carried over to another day, and its holder had not agreed. Numbers of this office that "
            "were not served that day: %(unserved)s."
        ),
        "carried-over": N_("The number was carried over to another day, as its holder agreed."),
    },
    sources=(
        # known from a summary of the notice; of the standard the contents page was seen
        LegalSource("国办发〔2015〕86号", "限时办结", in_force_from=date(2015, 11, 27)),
        LegalSource("GB/T 36112-2018", "第7章（秩序管理）", in_force_from=date(2018, 7, 1)),
    ),
    scope=Scope.HALL,
    needs=("ticket-issued",),
    begins_with=("ticket-issued",),
    parameters={"red_from": Parameter(5), "calls": Parameter(3)},
    words={
        "window-withdrawn": N_("a window was withdrawn"),
        "over-capacity": N_("more numbers were issued than could be served"),
        "closure": N_("the hall or a window was closed"),
        "longer-service": N_("those before took longer"),
        "ticket-served": N_("served on another day"),
        "ticket-released": N_("given up after closing, in the words of the staff"),
        "ticket-absent": N_("absent without three calls that began before closing"),
        "ticket-voided": N_("declared void without a reason or after closing"),
        "ticket-carried-over": N_("carried over on another day"),
    },
)


@RULE.check
def unserved(log: Log, red_from: int, calls: int) -> Frame:
    rows = log.settle(_judged(log, calls))
    rows = rows.with_columns(_is_broken=(col("variant") != "carried-over").cast(Int64))
    group = ("hall", "on", "office")
    sums = rows.group_by(*group).agg(unserved=col("_is_broken").sum().cast(Int64))
    # a number whose office nobody knows is counted with none
    rows = rows.join(sums, on=list(group), how="left").with_columns(unserved=coalesce("unserved", lit(1)).cast(Int64))
    grave = when(col("unserved") >= red_from).then(lit("red")).otherwise(lit("yellow"))
    return rows.with_columns(
        severity=when(col("_is_broken") == 1).then(grave).otherwise(lit("notice")),
        post=lit(None, dtype=String),
        actor=lit(None, dtype=String),
    ).select(
        "subject", "first_seq", "last_seq", "severity", "office", "post", "actor", "on", "variant", "is_open",
        "closes_at", "cause", "ended", "fault_window", "unserved",
    )  # fmt: skip


def _judged(log: Log, calls: int) -> Frame:
    """Every number that was not served, and why; those that ended well are left out."""
    rows = tickets(log).select(
        "subject", "first_seq", "nth", "place", "hall", "on", "closes_at", "is_guaranteed", "override",
        "manager_office", "office",
    )  # fmt: skip
    ends = log.settle(_ends(log, rows, calls))
    good = ends.filter(col("_is_good") == 1).group_by("subject").agg(_good=col("nth").min())
    bad = ends.filter(col("_is_bad") == 1).group_by("subject").agg(_bad=col("nth").min())
    other = ends.group_by("subject").agg(_other=col("nth").max())
    for found in (good, bad, other):
        rows = rows.join(found, on="subject", how="left")
    first = min_horizontal(col("_good").fill_null(NEVER), col("_bad").fill_null(NEVER))
    rows = rows.with_columns(_end=when(first < NEVER).then(first).otherwise(col("_other")).cast(Int64))
    what = ends.select("_is_good", "cause", "fault_office", "fault_window", _end=col("nth"), _seq=col("seq"),
                       ended=col("kind"), _ended_at=col("at"))  # fmt: skip
    rows = rows.join(what, on="_end", how="left")
    rows = rows.filter((col("_is_good").fill_null(0) == 0) | (col("ended") == CARRIED))
    rows = rows.with_columns(variant=_variant(), is_open=col("ended").is_null().cast(Int64))
    rows = _excused(log, _due(log, rows))
    return rows.with_columns(
        last_seq=max_horizontal("first_seq", coalesce("_seq", "first_seq")), office=_responsible()
    )  # fmt: skip


def _ends(log: Log, rows: Frame, calls: int) -> Frame:
    """Each end with ``_is_good`` (nobody is wronged) and ``_is_bad`` (the promise is said to be broken)."""
    known = rows.select("subject", "on", _closes_at=coalesce("closes_at", lit(NEVER)))
    called = log.events("ticket-called").select("subject", _called=col("nth"), _called_at=col("at"))
    absent = log.of("ticket-absent").select("subject", "nth")
    counts = absent.join(called, on="subject", how="inner").filter(col("_called") < col("nth"))
    counts = counts.group_by("nth").agg(_calls=col("_called").count().cast(Int64), _first_at=col("_called_at").min())
    back = log.events("ticket-returned").group_by("subject").agg(_back=col("nth").max())
    texts = ("cause", "fault_office", "fault_window", "consent", "reason")
    parts = []
    for kind in ENDS:
        frame = log.of(kind).with_columns(kind=lit(kind))
        held = frame.collect_schema().names()
        parts.append(frame.select(*END, *(col(t) if t in held else lit(None, dtype=String).alias(t) for t in texts)))
    ends = concat(parts, how="vertical").join(known, on="subject", how="inner")
    ends = ends.join(counts, on="nth", how="left").join(back, on="subject", how="left")
    good = _is_good(calls)
    bad = (col("kind") == BROKEN) | ((col("kind") == CARRIED) & ~_agreed())
    return ends.with_columns(_is_good=good.cast(Int64).fill_null(0), _is_bad=bad.cast(Int64))


def _agreed() -> Expr:
    return col("consent").fill_null("").is_in(list(CONSENTS))


def _is_good(calls: int) -> Expr:
    kind, in_time, on_its_day = col("kind"), col("at") <= col("_closes_at"), col("day") <= col("on")
    own_will = in_time | col("role").is_in(list(NOT_STAFF))
    away = (col("_calls").fill_null(0) >= calls) & (col("_first_at") <= col("_closes_at"))
    stayed_away = col("_back").is_null() | (col("_back") < col("nth"))
    return on_its_day & (
        (kind == "ticket-served")
        | ((kind == "ticket-released") & own_will)
        | ((kind == "ticket-absent") & away.fill_null(False) & stayed_away)
        | ((kind == "ticket-voided") & (col("reason").fill_null("").str.strip_chars() != "") & in_time)
        | ((kind == CARRIED) & _agreed())
    )


def _variant() -> Expr:
    beyond = _is_beyond() & (col("ended").fill_null(BROKEN) != CARRIED)
    kept = when(col("_is_good").fill_null(0) == 1).then(lit("carried-over"))
    otherwise = when(col("ended").is_null()).then(lit("silent")).otherwise(lit("ended-otherwise"))
    told = when(col("ended") == BROKEN).then(lit("unserved")).otherwise(otherwise)
    moved = when((col("ended") == CARRIED) & ~col("_bad").is_null()).then(lit("no-consent")).otherwise(told)
    return kept.otherwise(when(beyond).then(lit("beyond-capacity")).otherwise(moved))


def _is_beyond() -> Expr:
    """Issued beyond capacity: whoever issued it so answers for it, whatever came after."""
    is_forced = (col("is_guaranteed").fill_null(1) == 0) | (col("override").fill_null("") != "")
    return is_forced | (col("cause").fill_null("") == "over-capacity")


def _due(log: Log, rows: Frame) -> Frame:
    """Without a word that the promise is broken it is broken when the hall has closed; who was called, at midnight."""
    called = log.events("ticket-called").select("subject", _called_at=col("at"))
    away = log.events("ticket-absent", "ticket-returned", "ticket-parked", "ticket-transferred")
    away = away.group_by("subject").agg(_away_at=col("at").max())
    last = called.group_by("subject").agg(_called_at=col("_called_at").max())
    rows = rows.join(last, on="subject", how="left").join(away, on="subject", how="left")
    in_hand = (col("_called_at") <= col("closes_at")) & (col("_called_at") > col("_away_at").fill_null(-1))
    is_over = (col("closes_at") < log.as_of.at).fill_null(False) & ~(in_hand.fill_null(False) & col("ended").is_null())
    is_told = ~col("_bad").is_null() | (col("variant") == "carried-over")
    return rows.filter(is_told | is_over | (col("on") < log.as_of.day))


def _excused(log: Log, rows: Frame) -> Frame:
    """An emergency that closed the whole hall when the number was to be served excuses all but issuing too many."""
    if "closure-declared" not in log.present:
        return rows
    closed = closures(log).filter((col("cause") == "emergency") & (col("window") == ""))
    told = when(col("ended") == BROKEN).then("_ended_at").otherwise("closes_at")
    met = rows.with_columns(_then=min_horizontal(col("closes_at").fill_null(NEVER), told.fill_null(NEVER)))
    met = met.filter(~col("variant").is_in(["carried-over", "beyond-capacity"])).select("subject", "place", "_then")
    met = met.join(closed.select("place", "from_at", "until_at"), on="place", how="inner")
    met = met.filter((col("from_at") <= col("_then")) & (col("_then") <= col("until_at")))
    return rows.join(met.select("subject").unique(), on="subject", how="anti")


def _responsible() -> Expr:
    manager = coalesce("manager_office", when(col("cause") == "over-capacity").then("fault_office"), "office")
    return (
        when(_is_beyond() & (col("variant") != "carried-over"))
        .then(manager)
        .otherwise(coalesce("fault_office", "office"))
    )
