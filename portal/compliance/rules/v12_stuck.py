"""Nothing happens to a case that waits to be received, to be handled, or to be taken over (长期待办理).

A silence runs from one substantive act to the next. Looking, remarking and reminding move nothing; giving the case to
somebody counts once, and only when that person takes it up; a hand-over moves nothing until it is acknowledged.
"""

from __future__ import annotations

from datetime import date

from narwhals import Int64, String, coalesce, col, concat, lit, max_horizontal, when

from portal.basis import N_, LegalSource
from portal.compliance.log import Frame, Log
from portal.compliance.log.narrowing import narrowed
from portal.compliance.log.pauses import HANDLING, independent
from portal.compliance.rule import Parameter, Rule, Scope

ACCEPTING = ("accepted", "tolerantly-accepted", "promise-accepted", "deemed-accepted", "refused", "decided")
# After these the case waits for the office (before acceptance); a valid pause does too, once its days are out.
WAITING = (
    "submitted", "received", "correction-submitted", "reviewed", "site-checked", "joint-opinion-given",
    "handover-acknowledged", "supplied", "opened", "paused",
)  # fmt: skip
ENDING = (
    *ACCEPTING,
    "correction-noticed",
    "withdrawn",
    "deemed-withdrawn",
    "deemed-renewed",
    "terminated",
    "delivered",
)
PASSING = ("handed-over", "designated")
MARK = ("subject", "nth", "seq", "kind", "at", "day")
NOT_STAFF = ("applicant", "agent", "system")

RULE = Rule(
    "V12",
    title=N_("Nothing happened to a waiting case"),
    sentence=N_(
        "Since %(started_on)s nothing of substance happened for %(taken)s, up to %(ended_on)s; allowed: %(allowed)s. "
        "Times the applicant came to ask: %(chases)s."
    ),
    sources=(
        LegalSource("国办发〔2015〕86号", "限时办结", in_force_from=date(2015, 11, 27)),
        LegalSource("优化营商环境条例", "第三十六条", in_force_from=date(2020, 1, 1)),
    ),
    scope=Scope.CASE,
    needs=("received", "accepted", "opened"),  # a log of beginnings and ends alone proves no silence
    begins_with=("submitted", "received", *PASSING),
    parameters={"allowed": Parameter(3), "red_from": Parameter(5)},
    amounts={"taken": "working-day", "allowed": "working-day"},
)


@RULE.check
def stuck(log: Log, allowed: int, red_from: int) -> Frame:
    silent = log.settle(_silences(log, allowed))
    log = narrowed(log, silent)
    found = _owned(log, _chased(log, silent))
    grave = (col("taken") >= red_from) | (col("chases") > 0)
    return found.with_columns(
        severity=when(grave).then(lit("red")).otherwise(lit("yellow")),
        on=col("started_on"),
        allowed=lit(allowed).cast(Int64),
        last_seq=max_horizontal("first_seq", coalesce("stop_seq", "first_seq"), coalesce("chase_seq", "first_seq")),
    ).select(
        "subject", "first_seq", "last_seq", "severity", "office", "post", "actor", "on", "calendar", "is_open", "taken",
        "allowed", "chases", "started_on", "ended_on",
    )  # fmt: skip


def _perhaps_stuck(log: Log, allowed: int) -> Frame:
    """Subjects that waited more days of any kind than are allowed before acceptance, or were ever passed on."""
    came = log.events("submitted", "received").group_by("subject").agg(_from=col("day").min())
    left = log.events(*ACCEPTING).group_by("subject").agg(_to=col("day").min())
    rows = came.join(left, on="subject", how="left")
    slow = rows.filter(coalesce("_to", lit(log.as_of.day)) - col("_from") > allowed).select("subject")
    return concat([slow, log.events(*PASSING).select("subject")], how="vertical").unique()


def _silences(log: Log, allowed: int) -> Frame:
    """From each mark after which the case waits to the next mark, or to now; ``taken`` is net of what excuses.

    Fewer days than ``allowed`` cannot hold more working days: such silences are left out before pauses are read.
    """
    marks = _marks(log, log.settle(_perhaps_stuck(log, allowed)))
    after = {f"stop_{name}": col(name).shift(-1).over("subject", order_by="nth") for name in ("seq", "at", "day")}
    rows = marks.with_columns(**after).filter(col("waits") == 1)
    rows = rows.with_columns(
        first_seq=col("seq"),
        is_open=col("stop_seq").is_null().cast(Int64),
        ended_on=coalesce("stop_day", lit(log.as_of.day)).cast(Int64),
        ended_at=coalesce("stop_at", lit(log.as_of.at)).cast(Int64),
    )
    rows = log.with_calendar(rows.filter(col("ended_on") - col("started_on") > allowed), "ended_on")
    gross = log.with_workdays(rows, "started_on", "ended_on", "taken", pausing=False)
    long = log.settle(gross.filter(col("taken") > allowed).drop("taken"))
    return log.with_workdays(long, "started_on", "ended_on", "taken").filter(col("taken") > allowed)


def _marks(log: Log, cases: Frame) -> Frame:
    """Substantive acts, endings, and hand-overs of accepted cases, with ``started_on`` and ``waits`` (0 or 1)."""
    first = log.events(*ACCEPTING).group_by("subject").agg(accepted=col("nth").min())
    acts = concat([*_acts(log), _taken_up(log), _paused(log)], how="vertical").join(cases, on="subject", how="semi")
    acts = acts.join(first, on="subject", how="left")
    young = col("accepted").is_null() | (col("nth") < col("accepted"))
    waits = young & col("kind").is_in(list(WAITING))
    acts = acts.with_columns(waits=waits.cast(Int64)).drop("accepted")
    passing = [kind for kind in (*PASSING, "handover-returned") if kind in log.present]
    if not passing:
        return acts
    passed = _plain(log.events(*passing)).join(first, on="subject", how="inner").filter(col("nth") > col("accepted"))
    passed = passed.with_columns(waits=col("kind").is_in(list(PASSING)).cast(Int64)).drop("accepted")
    return concat([acts, passed], how="vertical")


def _plain(events: Frame) -> Frame:
    return events.select(*MARK, started_on=col("day"))


def _acts(log: Log) -> list[Frame]:
    dated = ("received", "correction-submitted")
    kinds = [kind for kind in (*WAITING, *ENDING) if kind not in (*dated, "opened", "paused")]
    parts = [_plain(log.events(*kinds))]
    for kind in dated:
        events = log.of(kind)
        parts.append(events.select(*MARK, started_on=max_horizontal("day", coalesce("counted_from", "day"))))
    return parts


def _taken_up(log: Log) -> Frame:
    """The first time that somebody to whom the case was given took it up; later assignments move nothing."""
    given = log.of("assigned").select("subject", actor=col("assignee"), given=col("nth"))
    opened = log.events("opened").join(given, on=["subject", "actor"], how="inner").filter(col("given") < col("nth"))
    once = opened.group_by("subject").agg(nth=col("nth").min()).select("nth")
    return _plain(log.events("opened").join(once, on="nth", how="semi"))


def _paused(log: Log) -> Frame:
    """A pause moves the case only if it is declared: in writing, and by somebody who does not handle it."""
    told = log.of("paused").filter(~col("notice_no").is_null())
    return _plain(independent(log, told, "approved_by"))


def _chased(log: Log, silent: Frame) -> Frame:
    """Add ``chases``: how often the applicant asked at a window during the silence."""
    asked = log.of("chased").filter(col("place") == "window").select("subject", _at=col("at"), _seq=col("seq"))
    during = (
        silent.select("subject", "first_seq", "at", "ended_at")
        .join(asked, on="subject", how="inner")
        .filter((col("_at") >= col("at")) & (col("_at") <= col("ended_at")))
        .group_by("subject", "first_seq")
        .agg(chases=col("_seq").count().cast(Int64), chase_seq=col("_seq").max())
    )
    rows = silent.join(during, on=["subject", "first_seq"], how="left")
    return rows.with_columns(chases=col("chases").fill_null(0))


def _owned(log: Log, rows: Frame) -> Frame:
    """Name the owner of the queue: who did the last act of the office before the silence; a citizen never is."""
    held = log.events(*HANDLING).filter(col("kind") != "assigned")
    held = held.select(
        "subject", _nth=col("nth"), _office=col("office"), _post=col("post"), _actor=col("actor"), _role=col("role")
    )
    before = (
        rows.select("subject", "first_seq", "nth")
        .join(held.select("subject", "_nth"), on="subject", how="inner")
        .filter(col("_nth") <= col("nth"))
        .group_by("subject", "first_seq")
        .agg(col("_nth").max())
    )
    rows = rows.join(before, on=["subject", "first_seq"], how="left")
    rows = rows.join(held.drop("subject"), on="_nth", how="left")
    person = when(~col("_role").is_in(list(NOT_STAFF))).then("_actor").otherwise(lit(None, dtype=String))
    return rows.with_columns(office=col("_office"), post=col("_post"), actor=person)
