"""Ratings are given freely, and nobody pays for having complained (干预评价、打击报复).

Only the portal's own trace says where a rating was given. One given on a device of the staff is told, and so are more
ratings in an hour under one official than people can be served; a flagged kiosk is nobody's device. A rating before the
matter came to any end is a notice. An act against somebody who complained, within ninety days, is a hint; it is more
when the office complained about did it and nobody of another office named what else called for it; it is grave when
another office found that it was revenge.
"""

from __future__ import annotations

from datetime import date

from narwhals import Int64, String, coalesce, col, concat, lit, max_horizontal, when

from portal.basis import N_, LegalSource
from portal.compliance.log import Frame, Log
from portal.compliance.log.pauses import CLOSINGS
from portal.compliance.rule import Parameter, Rule, Scope

TRACED, NOTED, SENT = "rating-traced", "adverse-act-noted", "appeal-dispatched"
HOUR = 3_600_000_000
COLUMNS = (
    "subject", "first_seq", "last_seq", "severity", "office", "post", "actor", "on", "variant", "ratings",
    "complained_on",
)  # fmt: skip

RULE = Rule(
    "V45",
    title=N_("Rating under pressure, or revenge for a complaint"),
    sentence={
        "staff-device": N_("The rating was given on a device of the staff."),
        "too-many": N_("More ratings than anybody serves people came within an hour under one official: %(ratings)s."),
        "too-early": N_("The rating was given before the matter had come to any end."),
        "adverse": N_(
            "An office acted against somebody who had complained on %(complained_on)s. This is a hint, no verdict."
        ),
        "same-office": N_(
            "The office complained about on %(complained_on)s acted against the complainant, and nothing else is known "
            "to have called for it. This is a suspicion."
        ),
        "revenge": N_("Another office found that an act against the complainant of %(complained_on)s was revenge."),
    },
    sources=(
        # seen in its opening, and one province's measures in an excerpt: nobody is forced to rate well
        LegalSource("国办发〔2019〕51号", "自愿评价", in_force_from=date(2019, 12, 3)),
        LegalSource("保障中小企业款项支付条例", "第二十条", in_force_from=date(2020, 9, 1)),
    ),
    scope=Scope.PERSON,
    needs=("rated",),
    begins_with=(TRACED, NOTED, "rated"),
    parameters={"most_in_an_hour": Parameter(20), "days": Parameter(90)},
)


@RULE.check
def pressed(log: Log, most_in_an_hour: int, days: int) -> Frame:
    traces = log.cut(log.of(TRACED).filter((col("role") == "system") & (col("device").fill_null("") != "kiosk")))
    on_staff = traces.filter(col("device") == "staff")
    parts = [
        _traced(on_staff, "staff-device", 1),
        _too_many(traces, on_staff, most_in_an_hour),
        _too_early(log),
        _adverse(log, days),
    ]
    return concat(parts, how="vertical")


def _found(rows: Frame) -> Frame:
    return rows.with_columns(col("ratings").cast(Int64), col("complained_on").cast(Int64)).select(*COLUMNS)


def _traced(rows: Frame, variant: str, ratings: int) -> Frame:
    return _found(
        rows.with_columns(
            first_seq=col("seq"), last_seq=col("seq"), severity=lit("yellow"), on=col("day"), variant=lit(variant),
            actor=col("staff"), post=lit(None, dtype=String), ratings=lit(ratings),
            complained_on=lit(None, dtype=Int64),
        )
    )  # fmt: skip


def _too_many(traces: Frame, told: Frame, most: int) -> Frame:
    """The rating by which an hour became too full, once for each official and day."""
    rows = traces.filter(col("staff").fill_null("") != "")
    once = rows.group_by("staff", "subject").agg(nth=col("nth").min()).select("nth")
    rows = rows.join(once, on="nth", how="semi")
    rows = rows.with_columns(_before=col("at").shift(most).over("staff", order_by="nth"))
    rows = rows.filter(col("at") - col("_before") < HOUR)
    first = rows.group_by("staff", "day").agg(nth=col("nth").min()).select("nth")
    rows = rows.join(first, on="nth", how="semi").join(told.select("nth"), on="nth", how="anti")
    return _traced(rows, "too-many", most + 1)


def _too_early(log: Log) -> Frame:
    """Rated while nothing had been decided or closed: of a log that records such ends."""
    rows = log.of("rated").join(log.first("rated").select("nth"), on="nth", how="semi")
    ends = log.events(*CLOSINGS, "decided").group_by("subject").agg(_end=col("nth").min())
    rows = rows.join(ends, on="subject", how="left")
    late = (col("_end") > col("nth")) | (col("_end").is_null() & lit("delivered" in log.kinds))
    # a visit that opened no case has nothing that could end
    begun = log.events("submitted", "received").select("subject").unique()
    rows = rows.filter(late).join(begun, on="subject", how="semi")
    nobody = lit(None, dtype=String)
    return _found(
        rows.with_columns(
            first_seq=col("seq"), last_seq=col("seq"), severity=lit("notice"), on=col("day"), variant=lit("too-early"),
            post=nobody, actor=nobody, ratings=lit(1), complained_on=lit(None, dtype=Int64),
        )
    )  # fmt: skip


def _adverse(log: Log, days: int) -> Frame:
    """Acts against the complainant after the complaint; the office that acted answers."""
    sent = log.of(SENT).select("subject", "to_office", _sent=col("nth"), complained_on=col("day"))
    first = sent.group_by("subject").agg(_sent=col("_sent").min())
    begun = sent.join(first, on=["subject", "_sent"], how="inner").select("subject", "_sent", "complained_on")
    rows = log.of(NOTED).filter(col("by_office").fill_null("") != "").join(begun, on="subject", how="inner")
    rows = rows.filter((col("nth") > col("_sent")) & (col("day") - col("complained_on") <= days))
    rows = rows.select("subject", "nth", "seq", "day", "by_office", "complained_on")
    about = sent.select("subject", by_office=col("to_office"), _own=lit(1)).unique()
    rows = log.cut(rows.join(about, on=["subject", "by_office"], how="left"))
    explained = log.of("adverse-act-explained").filter(col("trigger").fill_null("").str.strip_chars() != "")
    explained = _by_others(rows, explained).select("nth", _why=lit(1)).unique()
    confirmed = _by_others(rows, log.of("adverse-act-confirmed")).group_by("nth").agg(_confirmed=col("_seq").min())
    rows = rows.join(explained, on="nth", how="left").join(confirmed, on="nth", how="left")
    is_revenge = ~col("_confirmed").is_null()
    is_own = (col("_own") == 1).fill_null(False) & col("_why").is_null()
    variant = (
        when(is_revenge).then(lit("revenge")).otherwise(when(is_own).then(lit("same-office")).otherwise(lit("adverse")))
    )
    rows = rows.filter(is_revenge | col("_why").is_null()).with_columns(variant=variant)
    grave = when(is_own).then(lit("yellow")).otherwise(lit("notice"))
    nobody = lit(None, dtype=String)
    return _found(
        rows.with_columns(
            first_seq=col("seq"), last_seq=max_horizontal("seq", coalesce("_confirmed", "seq")), on=col("day"),
            severity=when(is_revenge).then(lit("red")).otherwise(grave), office=col("by_office"), post=nobody,
            actor=nobody, ratings=lit(None, dtype=Int64),
        )
    )  # fmt: skip


def _by_others(rows: Frame, acts: Frame) -> Frame:
    """Acts about the same complaint, later, by somebody of another office than the one that acted."""
    acts = acts.select("subject", _act=col("nth"), _seq=col("seq"), _office=col("office"))
    met = rows.select("subject", "nth", "by_office").join(acts, on="subject", how="inner")
    return met.filter((col("_act") > col("nth")) & (col("_office") != col("by_office")).fill_null(False))
