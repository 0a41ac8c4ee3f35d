"""Relief of rent reaches whoever uses the rooms (房租减免未传导).

A state landlord grants what it owes within a month, as somebody else confirms, and a head tenant passes on within a
month what is not for his own use; each grant has its own month. Each user is owed by his share where shares are known,
so that what one got too much is no other's. The user says what he received; the share of own use is found by somebody
other than the head tenant.
"""

from __future__ import annotations

from datetime import date

from narwhals import Expr, Int64, coalesce, col, concat, lit, max_horizontal, min_horizontal, when

from portal.basis import N_, LegalSource
from portal.compliance.log import Frame, Log
from portal.compliance.log.others import by_others, latest, nobody
from portal.compliance.rule import Parameter, Rule, Scope

KEY = ("subject", "first_seq")
WHOLE = "-"  # all users together, where no shares are known
COLUMNS = (
    "subject", "first_seq", "last_seq", "severity", "office", "post", "actor", "on", "variant", "is_open", "due_on",
    "owed_fen", "missing_fen", "cured_on",
)  # fmt: skip

RULE = Rule(
    "V37",
    title=N_("Relief of rent kept back"),
    sentence={
        "not-granted": N_(
            "The landlord owed relief of %(owed_fen)s by %(due_on)s and granted %(missing_fen)s too little."
        ),
        "not-passed": N_(
            "Of the relief, %(owed_fen)s were to be passed on by %(due_on)s; %(missing_fen)s did not reach the users."
        ),
    },
    sources=(LegalSource("优化营商环境条例", "第二十四条", in_force_from=date(2020, 1, 1)),),
    scope=Scope.CASE,
    needs=("relief-granted",),
    begins_with=("relief-granted", "relief-owed"),
    parameters={"within_days": Parameter(30), "least_per_cent": Parameter(100)},
    amounts={"owed_fen": "fen", "missing_fen": "fen"},
)


@RULE.check
def kept(log: Log, within_days: int, least_per_cent: int) -> Frame:
    parts = [_not_granted(log, within_days), _not_passed(log, within_days, least_per_cent)]
    return concat([part.select(*COLUMNS) for part in parts], how="vertical")


def _not_granted(log: Log, within_days: int) -> Frame:
    """What a state landlord owes, each sum with its own month; what it granted goes to the earliest first."""
    rows = log.of("relief-owed").filter(col("relief_fen") > 0)
    rows = _dated(rows, coalesce("landlord", "office"), col("day"), within_days).with_columns(
        owed_fen=col("relief_fen")
    )
    given = by_others(log, "relief-granted", rows).select(
        "subject", "seq", _user=lit(WHOLE), _on=max_horizontal(coalesce("granted_on", "day"), "day"),
        _fen=col("relief_fen").fill_null(0),
    )  # fmt: skip
    owed = rows.select(*KEY, "nth", "due_on", _user=lit(WHOLE), _owed=col("owed_fen"))
    return _judged(log, rows, owed, given, 100).with_columns(variant=lit("not-granted"))


def _not_passed(log: Log, within_days: int, least_per_cent: int) -> Frame:
    """Of each grant all that is not the head tenant's own: owed to the users by their shares."""
    rows = log.of("relief-granted").filter(col("relief_fen") > 0)
    granted_on = max_horizontal(coalesce("granted_on", "day"), "day")
    rows = _dated(rows, coalesce("head_tenant", "office"), granted_on, within_days)
    own = latest(by_others(log, "own-use-found", rows)).select("subject", "own_per_mille")
    rows = rows.join(own, on="subject", how="left")
    others = 1000 - col("own_per_mille").fill_null(0)
    rows = log.settle(rows.with_columns(owed_fen=(col("relief_fen") * others // 1000).cast(Int64)))
    known = log.settle(rows.join(_shares(log, rows), on="subject", how="inner"))
    named = known.select(*KEY, "nth", "due_on", "_user", _owed=(col("relief_fen") * col("_share") // 1000).cast(Int64))
    shared = known.select("subject").unique()
    whole = rows.join(shared, on="subject", how="anti")
    whole = whole.select(*KEY, "nth", "due_on", _user=lit(WHOLE), _owed=col("owed_fen"))
    owed = concat([whole, named], how="vertical")
    got = by_others(log, "relief-received", rows).select(
        "subject", "seq", _user=col("user").fill_null(""), _on=col("day"), _fen=col("amount_fen").fill_null(0)
    )
    got = log.cut(got)
    plain = got.join(shared, on="subject", how="anti").with_columns(_user=lit(WHOLE))
    got = concat([plain, got.join(shared, on="subject", how="semi")], how="vertical")
    return _judged(log, rows, owed, got, least_per_cent).with_columns(variant=lit("not-passed"))


def _dated(rows: Frame, whose: Expr, since: Expr, within_days: int) -> Frame:
    return rows.select(
        "subject", "nth", "relief_fen", accused=whose, first_seq=col("seq"),
        due_on=(since + within_days).cast(Int64),
    )  # fmt: skip


def _shares(log: Log, rows: Frame) -> Frame:
    """Shares of the users, as others found them last: subject, _user, _share (of a thousand)."""
    found = by_others(log, "user-share-found", rows).filter(~col("user").is_null())
    last = found.group_by("subject", "user").agg(nth=col("nth").max()).select("nth")
    return found.join(last, on="nth", how="semi").select("subject", _user=col("user"), _share=col("share_per_mille"))


def _judged(log: Log, rows: Frame, owed: Frame, got: Frame, least_per_cent: int) -> Frame:
    """Sums late on their day: what was missing then (``missing_fen``), and whether it still is.

    ``owed``: per sum and user; what a user got fills the sums in their order.
    """
    by = ("subject", "_user")
    owed = log.cut(owed.with_columns(_upto=col("_owed").cum_sum().over(*by, order_by="nth")))
    met = log.cut(owed.join(got, on=list(by), how="left"))
    timely = when((col("_on") <= col("due_on")).fill_null(False)).then("_fen").otherwise(lit(0))
    met = met.with_columns(_timely=timely, _all=col("_fen").fill_null(0))
    sums = met.group_by(*KEY, "_user", "_owed", "_upto").agg(
        col("_timely", "_all").sum().cast(Int64), _last=col("_on").max(), _seq=col("seq").max()
    )  # fmt: skip
    lacks = {
        into: when(col(name) * 100 < col("_upto") * least_per_cent)
        .then(min_horizontal(col("_upto") - col(name), "_owed"))
        .otherwise(lit(0))
        .cast(Int64)
        for into, name in (("missing_fen", "_timely"), ("_still", "_all"))
    }
    lacking = sums.with_columns(**lacks).group_by(*KEY).agg(
        col("missing_fen", "_still").sum().cast(Int64), _last=col("_last").max(), _seq=col("_seq").max()
    )  # fmt: skip
    late = rows.join(lacking, on=list(KEY), how="inner")
    late = late.filter((col("missing_fen") > 0) & (col("due_on") < log.as_of.day))
    return late.with_columns(
        last_seq=max_horizontal("first_seq", coalesce("_seq", "first_seq")), severity=lit("yellow"),
        office=col("accused"), post=nobody(), actor=nobody(), on=(col("due_on") + 1).cast(Int64),
        is_open=(col("_still") > 0).cast(Int64), cured_on=when(col("_still") == 0).then("_last"),
    )  # fmt: skip
