"""When a way to a service could not be used: what probes found, what was declared, which halls were shut.

Every span is ``start`` and ``stop`` in microseconds, cut at the moment of judgement, with ``seq`` (the event that
began it) and ``last_seq`` (the one that ended it, or the same). Spans are laid over one another by +1 and -1 edges.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import narwhals as nw
from narwhals import Int64, coalesce, col, concat, lit, max_horizontal, min_horizontal, when

from portal.compliance.log.lists import members

if TYPE_CHECKING:
    from portal.compliance.log.frames import Frame, Log

PLATFORM = "platform"  # the item under which the whole online portal stands
ONLINE = ("web", "app")
SHUT = ("down", "stopped")
OPENED = ("pilot", "live", "stopped")  # states that end a maintenance
SYSTEM = "system"
SECOND = 1_000_000
MINUTE, DAY = 60 * SECOND, 86_400 * SECOND
SPAN = ("start", "stop", "seq", "last_seq")


# --- stretches of time -----------------------------------------------------------------------------------------------


def levels(parts: Mapping[str, Frame], by: Sequence[str]) -> Frame:
    """``by``, start, stop and a column for each part: how many of its spans hold in that stretch of time."""
    names = tuple(parts)
    rows = concat([_edges(spans, by, name, names) for name, spans in parts.items()], how="vertical")
    rows = rows.group_by(*by, "start").agg(*(col(name).sum().cast(Int64) for name in names))
    sums = {name: col(name).cum_sum().over(*by, order_by="start") for name in names}
    return rows.with_columns(**sums, stop=col("start").shift(-1).over(*by, order_by="start")).filter(
        ~col("stop").is_null()
    )


def _edges(spans: Frame, by: Sequence[str], level: str, names: Sequence[str]) -> Frame:
    def side(moment: str, step: int) -> Frame:
        steps = {name: lit(step if name == level else 0).cast(Int64) for name in names}
        return spans.filter(col("start") < col("stop")).select(*by, start=col(moment), **steps)

    return concat([side("start", 1), side("stop", -1)], how="vertical")


def stretches(rows: Frame, by: Sequence[str], holds: nw.Expr) -> Frame:
    """``by``, start, stop of each longest stretch in which the condition holds; ``rows`` as levels() gives them."""
    marked = rows.with_columns(_on=when(holds).then(lit(1)).otherwise(lit(0)).cast(Int64))
    marked = marked.with_columns(_before=col("_on").shift(1).over(*by, order_by="start"))
    begins = (col("_on") == 1) & (col("_before").fill_null(0) == 0)
    marked = marked.with_columns(_new=when(begins).then(lit(1)).otherwise(lit(0)).cast(Int64))
    marked = marked.with_columns(_nth=col("_new").cum_sum().over(*by, order_by="start"))
    held = marked.filter(col("_on") == 1).group_by(*by, "_nth").agg(col("start").min(), col("stop").max())
    return held.drop("_nth")


def caused(found: Frame, spans: Frame, by: Sequence[str]) -> Frame:
    """Add the evidence: ``seq`` and ``last_seq`` of the spans beneath, and ``began``, the one that completed it."""
    beneath = spans.select(*by, "seq", "last_seq", _from=col("start"), _to=col("stop"))
    met = found.join(beneath, on=list(by), how="inner")
    met = met.filter((col("_from") < col("stop")) & (col("_to") > col("start")))
    met = met.with_columns(_began=when(col("_from") == col("start")).then("seq"))
    return met.group_by(*by, "start", "stop").agg(
        col("seq").min().cast(Int64), col("last_seq").max().cast(Int64), began=col("_began").max().cast(Int64)
    )


# --- channels --------------------------------------------------------------------------------------------------------


def ways(log: Log) -> Frame:
    """Each channel once: subject, item, way, office, and ``zone``, which carries its instants to local time.

    The office is the one under which the portal lists it; who declares something may be of another.
    """
    return log.kept("ways", lambda: _ways(log))


def _ways(log: Log) -> Frame:
    changed = log.of("channel-changed").with_columns(
        zone=col("day") * DAY + col("minute") * MINUTE + col("at") % MINUTE - col("at")
    )
    first = changed.group_by("subject").agg(col("nth").min())
    known = changed.filter(~col("office").is_null()).with_columns(_nth=when(col("role") == SYSTEM).then("nth"))
    named = known.group_by("subject").agg(_own=col("nth").min(), _told=col("_nth").max())
    named = named.with_columns(_nth=coalesce("_told", "_own"))
    whose = changed.select("office", _nth=col("nth"))
    rows = changed.select("subject", "nth", "item", "way", "zone").join(first, on=["subject", "nth"], how="inner")
    rows = rows.join(named, on="subject", how="left").join(whose, on="_nth", how="left")
    return rows.select("subject", "item", "way", "office", "zone")


def states(log: Log) -> Frame:
    """Every state that was entered, with SPAN, role, actor, post, basis, ``office`` of the channel, and ``was``, the
    state before it.

    An announced maintenance is none: what stood before it goes on beside it, see :func:`maintenances`.
    """
    rows = log.of("channel-changed").filter(col("state") != "maintenance").drop("office")
    rows = rows.join(ways(log).select("subject", "office"), on="subject", how="left")
    after = {f"_next_{name}": col(name).shift(-1).over("subject", order_by="nth") for name in ("at", "seq")}
    rows = rows.with_columns(**after, was=col("state").shift(1).over("subject", order_by="nth"))
    since = when(col("state") == "down").then(min_horizontal(coalesce("from_at", "at"), "at")).otherwise(col("at"))
    return rows.with_columns(
        start=since,
        stop=coalesce("_next_at", lit(log.as_of.at)).cast(Int64),
        last_seq=coalesce("_next_seq", "seq"),
    ).drop("_next_at", "_next_seq")


def maintenances(log: Log) -> Frame:
    """subject, SPAN, and ``notice``: how long before it was announced. Whoever ends or withdraws it early ends it."""
    rows = log.of("channel-changed").filter((col("state") == "maintenance") & ~col("until_at").is_null())
    rows = rows.with_columns(start=max_horizontal("at", coalesce("from_at", "at")))
    later = log.of("channel-changed").filter(col("state").is_in(list(OPENED)))
    later = later.select("subject", _nth=col("nth"), _at=col("at"), _role=col("role"))
    met = rows.select("subject", "nth", "start").join(later, on="subject", how="inner")
    met = met.filter((col("_nth") > col("nth")) & ((col("_at") > col("start")) | (col("_role") != SYSTEM)))
    ended = met.group_by("subject", "nth").agg(_ended=col("_at").min())
    rows = rows.join(ended, on=["subject", "nth"], how="left")
    stop = min_horizontal("until_at", coalesce("_ended", "until_at"), lit(log.as_of.at))
    return rows.with_columns(notice=col("start") - col("at"), last_seq=col("seq"), stop=stop.cast(Int64)).select(
        "subject", *SPAN, "notice"
    )


def probed(log: Log, vantages: int, failures: int) -> Frame:
    """subject, SPAN: stretches in which enough vantage points saw one function fail so often in a row."""
    single = log.settle(_failing(log, failures))
    by = ("subject", "function")
    down = stretches(levels({"failing": single}, by), by, col("failing") >= vantages)
    down = caused(down, single, by).drop("function", "began")
    whole = stretches(levels({"down": down}, ("subject",)), ("subject",), col("down") > 0)
    return caused(whole, down, ("subject",)).drop("began")


def _failing(log: Log, failures: int) -> Frame:
    """subject, function, vantage, SPAN: from the first failure in the row to the first success after it."""
    failed = log.of("probe-failed").filter(col("failures") >= failures)
    failed = failed.select("subject", "function", "vantage", "nth", "seq", "at", "since_at", failed=lit(1).cast(Int64))
    well = log.of("probe-recovered").select(
        "subject", "function", "vantage", "nth", "seq", "at", since_at=col("at"), failed=lit(0).cast(Int64)
    )
    key = ("subject", "function", "vantage")
    rows = concat([failed, well], how="vertical")
    rows = rows.with_columns(_was=col("failed").shift(1).over(*key, order_by="nth"))
    rows = rows.filter(col("failed") != col("_was").fill_null(0))
    after = {f"_next_{name}": col(name).shift(-1).over(*key, order_by="nth") for name in ("at", "seq")}
    rows = rows.with_columns(**after).filter(col("failed") == 1)
    return rows.select(
        *key,
        "seq",
        start=coalesce("since_at", "at"),
        stop=coalesce("_next_at", lit(log.as_of.at)).cast(Int64),
        last_seq=coalesce("_next_seq", "seq"),
    )


def unavailable(log: Log, vantages: int, failures: int) -> Frame:
    """item, way, SPAN of whatever kept people out of a way: its own state, the platform's, or the halls being shut."""
    columns = ("subject", *SPAN)
    own = concat(
        [
            states(log).filter(col("state").is_in(list(SHUT))).select(*columns),
            maintenances(log).select(*columns),
            probed(log, vantages, failures).select(*columns),
        ],
        how="vertical",
    )
    own = log.settle(own.join(ways(log).select("subject", "item", "way"), on="subject", how="inner"))
    beneath = own.filter(col("item") == PLATFORM).select("way", *SPAN)
    standing = ways(log).filter(col("way").is_in(list(ONLINE)) & (col("item") != PLATFORM)).select("item", "way")
    parts = [
        own.filter(col("item") != PLATFORM).select("item", "way", *SPAN),
        standing.join(beneath, on="way", how="inner").select("item", "way", *SPAN),
    ]
    if "closure-declared" in log.present:
        parts.append(_shut_halls(log))
    return concat(parts, how="vertical")


def counters(log: Log) -> Frame:
    """subject, item, way, halls (one code): the halls of every channel that has any, as they were told last."""
    told = log.of("channel-changed").filter(~col("halls").is_null() & (col("halls") != ""))
    last = told.group_by("subject").agg(col("nth").max())
    return members(
        told.join(last, on=["subject", "nth"], how="semi").select("subject", "item", "way", "halls"), "halls"
    )


def _shut_halls(log: Log) -> Frame:
    """item, way, SPAN in which every hall of a window channel was shut as a whole."""
    where = counters(log)
    wanted = where.group_by("subject").agg(_all=col("halls").n_unique().cast(Int64))
    shut = where.join(_closures(log), on="halls", how="inner").with_columns(hall=col("halls"))
    by = ("subject", "hall")
    each = caused(stretches(levels({"shut": shut}, by), by, col("shut") > 0), shut, by)
    together = levels({"shut": each}, ("subject",)).join(wanted, on="subject", how="inner")
    whole = caused(stretches(together, ("subject",), col("shut") >= col("_all")), each, ("subject",))
    return whole.join(where.select("subject", "item", "way").unique(), on="subject").select("item", "way", *SPAN)


def _closures(log: Log) -> Frame:
    """halls (one code), SPAN of closures of a whole hall; one that is withdrawn ends there."""
    rows = log.of("closure-declared").filter(col("windows").is_null() | (col("windows") == ""))
    back = log.of("closure-withdrawn").group_by("subject", "closure").agg(_back=col("at").min())
    rows = rows.join(back, on=["subject", "closure"], how="left")
    names = log.subjects.select("subject", "name").filter(col("name").str.starts_with("hall/"))
    rows = rows.join(names, on="subject", how="inner")
    until = coalesce("until_at", lit(log.as_of.at))
    return rows.select(
        "seq",
        halls=col("name").str.slice(len("hall/")),
        start=coalesce("from_at", "at"),
        stop=min_horizontal(until, coalesce("_back", until), lit(log.as_of.at)).cast(Int64),
        last_seq=col("seq"),
    )


# --- hours of the day ------------------------------------------------------------------------------------------------


def local_day(moment: str) -> nw.Expr:
    """The local day of an instant, for rows with ``zone``."""
    return ((col(moment) + col("zone")) // DAY).cast(Int64)


def published_hours(log: Log, rows: Frame, by: Sequence[str]) -> Frame:
    """``by``, start, stop of each stretch in which a hall of a row's item was to be open, that its own stretch touches.

    Where an item has several halls it is open as long as one of them is. Rows need ``by`` with item, start and stop;
    those of an item whose halls nobody knows fall out.
    """
    where = counters(log).select("item", hall=col("halls")).unique()
    met = rows.select(*by, _from=col("start"), _to=col("stop")).join(where, on="item", how="inner")
    met = met.join(log.hall_hours, on="hall", how="inner")
    met = met.filter((col("opens") < col("_to")) & (col("closes") > col("_from")))
    opened = met.select(*by, start=col("opens"), stop=col("closes"))
    return stretches(levels({"open": opened}, by), by, col("open") > 0)


def working_hours(log: Log, rows: Frame, by: Sequence[str], hours: tuple[int, int]) -> Frame:
    """``by``, start, stop of the hours (minutes of the day) of each working day that a row's stretch touches.

    Rows need ``by``, subject, zone, start, stop.
    """
    asked = rows.with_columns(_first=local_day("start"), _last=local_day("stop"))
    days = log.with_calendar(asked, "_last").join(
        log.calendar.filter(col("works") == 1).select("calendar", _day=col("day")), on="calendar", how="inner"
    )
    days = days.filter((col("_day") >= col("_first")) & (col("_day") <= col("_last")))
    return days.select(
        *by,
        start=col("_day") * DAY + hours[0] * MINUTE - col("zone"),
        stop=col("_day") * DAY + hours[1] * MINUTE - col("zone"),
    ).unique()
