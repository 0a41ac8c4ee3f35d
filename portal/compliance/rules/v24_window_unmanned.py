"""A rostered window is staffed, and numbers are issued until the hall can serve no more (空岗、提前停号).

Minutes in which a drill, an emergency or an announced closure held the window are not counted. Issuing may stop half
an hour before closing, or when the work that waits fills the time left; earlier only by the guarantee's own sum, which
the portal does itself. A stop that is taken back within the same half hour turned nobody away.
"""

from __future__ import annotations

from datetime import date

from narwhals import Int64, String, coalesce, col, concat, lit, max_horizontal, min_horizontal, when

from portal.basis import N_, LegalSource
from portal.compliance.log import Frame, Log
from portal.compliance.log.halls import DAY, MINUTE, NEVER, closures
from portal.compliance.log.lists import members
from portal.compliance.rule import Parameter, Rule, Scope

EMPTY, STOPPED, REFUSED = "window-left-empty", "issuing-stopped", "ticket-refused"
TEXTS = ("office", "post", "actor", "at_window")
NUMBERS = ("from_at", "until_at", "minutes", "allowed", "backlog", "refused")
COLUMNS = ("subject", "first_seq", "last_seq", "severity", "on", "variant", "is_open", *TEXTS, *NUMBERS)

RULE = Rule(
    "V24",
    title=N_("Window not staffed, or issuing stopped early"),
    sentence={
        "empty": N_(
            "Nobody was at the rostered window %(at_window)s for %(minutes)s, from %(from_at)s; allowed: %(allowed)s."
        ),
        "stopped-early": N_(
            "Issuing of numbers stopped at %(from_at)s, %(minutes)s before the hall closed; work that waited: "
            "%(backlog)s, allowed: %(allowed)s."
        ),
        "refused": N_(
            "Numbers were refused (times: %(refused)s) from %(from_at)s to %(until_at)s while a rostered window that "
            "could serve stood empty: %(at_window)s."
        ),
    },
    sources=(
        # of the standard the contents page was seen, of the notice a summary
        LegalSource("GB/T 36112-2018", "第7章（秩序管理）、第11章（监督考核）", in_force_from=date(2018, 7, 1)),
        LegalSource("国办发〔2015〕86号", "限时办结", in_force_from=date(2015, 11, 27)),
    ),
    scope=Scope.CASE,
    needs=(EMPTY, STOPPED, REFUSED),
    begins_with=(EMPTY, STOPPED, REFUSED),
    parameters={"empty_minutes": Parameter(15), "early_minutes": Parameter(30)},
    amounts={"minutes": "minute", "allowed": "minute", "backlog": "minute"},
)


@RULE.check
def unmanned(log: Log, empty_minutes: int, early_minutes: int) -> Frame:
    parts = [_left_empty(log, empty_minutes), _stopped_early(log, early_minutes), _refused(log)]
    return concat([_found(part) for part in parts], how="vertical")


def _found(rows: Frame) -> Frame:
    """Windows are the office's to staff, so it is named; who stopped the issuing is named himself."""
    held = rows.collect_schema().names()
    empty = {name: lit(None, dtype=String) for name in TEXTS if name not in held}
    empty |= {name: lit(None, dtype=Int64) for name in NUMBERS if name not in held}
    rows = rows.with_columns(severity=lit("yellow"), **empty)
    return rows.with_columns(*(col(name).cast(Int64) for name in (*NUMBERS, "is_open"))).select(*COLUMNS)


def _left_empty(log: Log, empty_minutes: int) -> Frame:
    """One row per stretch (window, from_at), told once while it goes on or once more when it ended; none outlasts the
    day."""
    keys = ("subject", "at_window", "from_at")
    midnight = (col("at") - col("minute") * MINUTE - col("at") % MINUTE + DAY).cast(Int64)
    told = log.of(EMPTY).filter(~col("from_at").is_null()).with_columns(_midnight=midnight)
    rows = told.group_by(*keys).agg(
        first_seq=col("seq").min(), _last=col("seq").max(), _told=col("until_at").max(), office=col("office").max(),
        on=col("day").min(), _midnight=col("_midnight").min(),
    )  # fmt: skip
    rows = _ended(log, rows, keys)
    ends = (coalesce(end, lit(NEVER)) for end in ("_told", "_back", "_shut"))
    rows = rows.with_columns(until_at=min_horizontal(*ends, "_midnight").cast(Int64))
    rows = rows.with_columns(
        is_open=(col("until_at") > log.as_of.at).cast(Int64),
        until_at=min_horizontal("until_at", lit(log.as_of.at)).cast(Int64),
    )
    rows = log.settle(rows.filter(col("until_at") - col("from_at") > empty_minutes * MINUTE))
    rows = rows.join(_lost(log, rows, keys), on=list(keys), how="left")
    gone = col("until_at") - col("from_at") - col("_lost").fill_null(0)
    rows = rows.with_columns(
        minutes=gone // MINUTE, last_seq=col("_last"), allowed=lit(empty_minutes), variant=lit("empty")
    )
    return rows.filter(gone > empty_minutes * MINUTE)


def _ended(log: Log, rows: Frame, keys: tuple[str, ...]) -> Frame:
    """Add when somebody came back to the window (``_back``), or the hall's day ended (``_shut``), the first after."""
    opened = log.of("window-opened").select("subject", "at_window", _at=col("at"))
    shut = log.events("hall-closed").select("subject", _at=col("at"))
    for found, by, into in ((opened, ["subject", "at_window"], "_back"), (shut, ["subject"], "_shut")):
        met = rows.select(*keys).join(found, on=by, how="inner").filter(col("_at") >= col("from_at"))
        first = met.group_by(*keys).agg(col("_at").min().alias(into))
        rows = rows.join(first, on=list(keys), how="left")
    return rows


def _lost(log: Log, rows: Frame, keys: tuple[str, ...]) -> Frame:
    """Time of each stretch (``_lost``) in which a closure held the window or the whole hall; none is counted twice."""
    held = _closures(log).select("subject", "window", _begin=col("from_at"), _end=col("until_at"))
    met = rows.select(*keys, "until_at").join(held, on="subject", how="inner")
    met = met.filter((col("window") == "") | (col("window") == col("at_window")))
    met = met.with_columns(_begin=max_horizontal("_begin", "from_at"), _end=min_horizontal("_end", "until_at"))
    met = met.filter(col("_end") > col("_begin")).with_columns(
        _reached=col("_end").cum_max().over(*keys, order_by=["_begin", "_end"])
    )
    met = met.with_columns(_reached=col("_reached").shift(1).over(*keys, order_by=["_begin", "_end"]))
    own = col("_end") - max_horizontal("_begin", coalesce("_reached", "_begin"))
    return met.with_columns(_own=max_horizontal(own, lit(0))).group_by(*keys).agg(_lost=col("_own").sum().cast(Int64))


def _closures(log: Log) -> Frame:
    """Closures of the log's halls; an announced one counts if it was recorded before it began."""
    known = col("cause").is_in(["drill", "emergency"]) | (col("told_at") <= col("from_at"))
    names = log.subjects.select("subject", place=col("name"))
    return closures(log).filter(known).join(names, on="place", how="inner")


def _stopped_early(log: Log, early_minutes: int) -> Frame:
    rows = log.of(STOPPED).filter(~((col("is_computed").fill_null(0) == 1) & (col("role") == "system")))
    rows = rows.with_columns(minutes=(col("closes_at") - col("at")) // MINUTE, backlog=col("backlog_minutes"))
    allowed = max_horizontal(col("backlog").fill_null(0), lit(early_minutes))
    rows = rows.with_columns(allowed=allowed).filter(col("closes_at") - col("at") > col("allowed") * MINUTE)
    again = log.events("issuing-resumed").select("subject", _back=col("at"), _back_nth=col("nth"))
    met = rows.select("subject", "nth", "at").join(again, on="subject", how="inner")
    soon = met.filter((col("_back_nth") > col("nth")) & (col("_back") - col("at") <= early_minutes * MINUTE))
    rows = rows.join(soon.select("nth").unique(), on="nth", how="anti")
    shut = _closures(log).filter(col("window") == "").select("subject", _begin=col("from_at"), _end=col("until_at"))
    met = rows.select("subject", "nth", "at").join(shut, on="subject", how="inner")
    met = met.filter((col("_begin") <= col("at")) & (col("at") <= col("_end")))
    rows = rows.join(met.select("nth").unique(), on="nth", how="anti")
    return rows.with_columns(
        first_seq=col("seq"), last_seq=col("seq"), on=col("day"), variant=lit("stopped-early"), is_open=lit(0),
        from_at=col("at"), until_at=col("closes_at"), actor=when(col("role") != "system").then("actor"),
    )  # fmt: skip


def _refused(log: Log) -> Frame:
    """One row per hall, day, office and set of empty windows, less those that a closure held."""
    told = log.of(REFUSED).filter(col("empty_windows").fill_null("") != "")
    rows = members(told.select("nth", "subject", "at", "empty_windows"), "empty_windows")
    shut = _closures(log).select("subject", "window", _begin=col("from_at"), _end=col("until_at"))
    met = rows.join(shut, on="subject", how="inner")
    held = (col("window") == "") | (col("window") == col("empty_windows"))
    met = met.filter(held & (col("_begin") <= col("at")) & (col("at") <= col("_end")))
    left = rows.join(met.select("nth", "empty_windows"), on=["nth", "empty_windows"], how="anti")
    told = told.join(left.select("nth").unique(), on="nth", how="semi")
    keys = {"at_window": col("empty_windows"), "office": coalesce("office", lit(""))}
    found = told.with_columns(**keys).group_by("subject", "day", "office", "at_window").agg(
        first_seq=col("seq").min(), last_seq=col("seq").max(), from_at=col("at").min(), until_at=col("at").max(),
        refused=col("seq").count(),
    )  # fmt: skip
    named = when(col("office") != "").then("office")
    return found.with_columns(office=named, on=col("day"), variant=lit("refused"), is_open=lit(0))
