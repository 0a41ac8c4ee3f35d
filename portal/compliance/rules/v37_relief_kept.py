"""Relief of rent reaches whoever uses the rooms (房租减免未传导).

A state landlord grants what it owes within a month, as somebody else confirms, and a head tenant passes on within a
month what is not for his own use. Each user is owed by his share where shares are known, so that what one got too much
is no other's. The user says what he received; the share of own use is found by somebody other than the head tenant.
"""

from __future__ import annotations

from datetime import date

from narwhals import Int64, coalesce, col, concat, lit, max_horizontal, when

from portal.basis import N_, LegalSource
from portal.compliance.log import Frame, Log
from portal.compliance.log.others import by_others, earliest, latest, nobody
from portal.compliance.rule import Parameter, Rule, Scope

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
    rows = earliest(log.of("relief-owed")).select(
        "subject", office=coalesce("landlord", "office"), first_seq=col("seq"), owed_fen=col("relief_fen"),
        due_on=(col("day") + within_days).cast(Int64),
    )  # fmt: skip
    given = by_others(log, "relief-granted", rows.with_columns(accused=col("office"))).with_columns(
        _on=max_horizontal(coalesce("granted_on", "day"), "day")
    )
    return _judged(
        log, rows, given.select("subject", "_on", "seq", _user=lit(""), _fen=col("relief_fen")), 100
    ).with_columns(variant=lit("not-granted"))


def _not_passed(log: Log, within_days: int, least_per_cent: int) -> Frame:
    """Of each grant of a lease all that is not the head tenant's own: owed to its users by their shares."""
    granted = log.of("relief-granted").filter(col("relief_fen") > 0)
    sums = granted.group_by("subject").agg(_relief=col("relief_fen").sum().cast(Int64))
    first = earliest(granted).select(
        "subject", office=coalesce("head_tenant", "office"), first_seq=col("seq"),
        due_on=(max_horizontal(coalesce("granted_on", "day"), "day") + within_days).cast(Int64),
    )  # fmt: skip
    rows = first.join(sums, on="subject", how="inner").with_columns(accused=col("office"))
    own = latest(by_others(log, "own-use-found", rows)).select("subject", "own_per_mille")
    rows = rows.join(own, on="subject", how="left")
    rows = rows.with_columns(owed_fen=(col("_relief") * (1000 - col("own_per_mille").fill_null(0)) // 1000).cast(Int64))
    rows = log.settle(rows)
    got = by_others(log, "relief-received", rows)
    got = got.select(
        "subject", "seq", _on=col("day"), _user=col("user").fill_null(""), _fen=col("amount_fen").fill_null(0)
    )
    shares = _shares(log, rows)
    return _judged(log, rows, got, least_per_cent, shares).with_columns(variant=lit("not-passed"))


def _shares(log: Log, rows: Frame) -> Frame:
    """Shares of the users, as others found them last: subject, _user, _share (of a thousand)."""
    found = by_others(log, "user-share-found", rows).filter(~col("user").is_null())
    last = found.group_by("subject", "user").agg(nth=col("nth").max()).select("nth")
    return found.join(last, on="nth", how="semi").select("subject", _user=col("user"), _share=col("share_per_mille"))


def _judged(log: Log, rows: Frame, got: Frame, least_per_cent: int, shares: Frame | None = None) -> Frame:
    """Rows late on ``due_on``: what was missing then (``missing_fen``), and whether it is still missing."""
    whole = rows.select("subject", "due_on", _user=lit("-"), _owed=col("owed_fen"))
    if shares is None:
        owed, got = whole, got.with_columns(_user=lit("-"))
    else:
        got, known = log.cut(got), log.cut(rows.join(shares, on="subject", how="inner"))
        named = known.select("subject", "due_on", "_user", _owed=(col("_relief") * col("_share") // 1000).cast(Int64))
        owed = concat([whole.join(known.select("subject").unique(), on="subject", how="anti"), named], how="vertical")
        plain = got.join(known.select("subject").unique(), on="subject", how="anti").with_columns(_user=lit("-"))
        got = concat([plain, got.join(known.select("subject").unique(), on="subject", how="semi")], how="vertical")
    met = log.cut(owed.join(got, on=["subject", "_user"], how="left"))
    timely = when((col("_on") <= col("due_on")).fill_null(False)).then("_fen").otherwise(lit(0))
    sums = met.with_columns(_timely=timely, _all=col("_fen").fill_null(0)).group_by("subject", "_user", "_owed").agg(
        col("_timely", "_all").sum().cast(Int64), _last=col("_on").max(), _seq=col("seq").max()
    )  # fmt: skip
    wanted = col("_owed") * least_per_cent
    lacks = {
        into: when(col(name) * 100 < wanted).then(col("_owed") - col(name)).otherwise(lit(0)).cast(Int64)
        for into, name in (("missing_fen", "_timely"), ("_still", "_all"))
    }
    lacking = sums.with_columns(**lacks).group_by("subject").agg(
        col("missing_fen", "_still").sum().cast(Int64), _last=col("_last").max(), _seq=col("_seq").max()
    )  # fmt: skip
    late = rows.join(lacking, on="subject", how="inner")
    late = late.filter((col("missing_fen") > 0) & (col("due_on") < log.as_of.day))
    return late.with_columns(
        last_seq=max_horizontal("first_seq", coalesce("_seq", "first_seq")), severity=lit("yellow"), post=nobody(),
        actor=nobody(), on=(col("due_on") + 1).cast(Int64), is_open=(col("_still") > 0).cast(Int64),
        cured_on=when(col("_still") == 0).then("_last"),
    )  # fmt: skip
