"""Inquiries: whose turn it was to answer, how they answered, and who was led on or merely sent away.

An inquiry has one leg per responder: the first begins when somebody asks, each further one when the office named in a
hand-over takes the inquiry over. Whoever hands over cannot take over for the other office, nor can a third one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw
from narwhals import Int64, String, coalesce, col, concat_str, lit, when

from portal.compliance.log.lists import has_member
from portal.compliance.log.matters import matters
from portal.compliance.log.pauses import NOT_STAFF

if TYPE_CHECKING:
    from portal.compliance.log.frames import Frame, Log

ELEMENTS = ("item", "conditions", "materials", "limit", "place")  # what a whole answer says
EVENTS = (
    "inquired", "inquiry-answered", "inquiry-marked-unclear", "inquiry-handed-over", "inquiry-acknowledged",
    "inquiry-told", "inquiry-chased",
)  # fmt: skip
PASSING = ("told-elsewhere", "refused", "no-reply")
MINUTE, DAY = 60_000_000, 86_400_000_000
_START = ("subject", "nth", "seq", "kind", "day", "office", "post", "actor", "role")


def legs(log: Log) -> Frame:
    """One row per responder: subject, nth, first_seq, kind, day, started_on, office, post, actor, role, applicant,
    matter, and ``next_nth`` (when the next responder took over; null for the last)."""
    return log.kept("inquiry legs", lambda: _legs(log))


def _legs(log: Log) -> Frame:
    asked = log.of("inquired").with_columns(started_on=_known_on()).select(*_START, "started_on")
    taken = log.of("inquiry-acknowledged").join(_take_overs(log).select("nth"), on="nth", how="semi")
    taken = taken.with_columns(started_on=col("day")).select(*_START, "started_on")
    rows = nw.concat([asked, taken], how="vertical").rename({"seq": "first_seq"})
    rows = rows.with_columns(next_nth=col("nth").shift(-1).over("subject", order_by="nth"))
    whose = log.subjects.select("subject", _told_by=_known("applicant"), _told_of=_known("matter"))
    rows = rows.join(whose, on="subject", how="left").join(matters(log), on="subject", how="left")
    rows = rows.with_columns(applicant=coalesce("applicant", "_told_by"), matter=coalesce("matter", "_told_of"))
    return rows.drop("_told_by", "_told_of")


def _known(column: str) -> nw.Expr:
    return when(col(column) != "").then(col(column))


def _known_on() -> nw.Expr:
    """The day on which the office could know: what a citizen reports of an earlier day, it learns when he reports it.

    The local day is carried on from the one of ``at`` by whole minutes, so no zone is needed.
    """
    lag = (col("minute") * MINUTE + col("at") % MINUTE + col("recorded_at") - col("at")) // DAY
    reported = (col("is_self_reported").fill_null(0) == 1) & (lag > 0).fill_null(False)
    return when(reported).then(col("day") + lag).otherwise("day").cast(Int64)


def _take_overs(log: Log) -> Frame:
    """Hand-overs that the office named really took over: ``passed`` (their nth), ``nth`` and ``day`` of the taking."""
    passed = log.of("inquiry-handed-over").select("subject", "to_office", passed=col("nth"), giver=col("actor"))
    taken = log.events("inquiry-acknowledged").select("subject", "nth", "day", "office", "actor")
    met = taken.join(passed, on="subject", how="inner").filter(col("passed") < col("nth"))
    last = met.group_by("nth").agg(col("passed").max())
    met = met.join(last, on=["nth", "passed"], how="inner")
    genuine = met.filter((col("office") == col("to_office")) & (col("actor") != col("giver")))
    first = genuine.group_by("passed").agg(col("nth").min())
    return genuine.join(first, on=["passed", "nth"], how="inner").select("subject", "passed", "nth", "day")


def answers(log: Log) -> Frame:
    """All answers: envelope and payload (outcome filled), ``missing`` (elements left out, "stale" for an old version),
    and ``is_chat`` only where nothing speaks against it: no item was named, and the asker found nothing unclear."""
    return log.kept("answers", lambda: _answers(log))


def _answers(log: Log) -> Frame:
    named = log.of("inquired").filter(~col("item_version").is_null()).select("subject", _named=lit(1)).unique()
    marks = log.events("inquiry-marked-unclear").select("subject", _by=col("actor"))
    rows = log.of("inquiry-answered")
    doubted = rows.select("subject", "nth", "actor").join(marks, on="subject", how="inner")
    doubted = doubted.filter(col("_by") != col("actor")).select("nth", _doubted=lit(1)).unique()
    rows = rows.join(named, on="subject", how="left").join(doubted, on="nth", how="left")
    chat = (col("is_chat").fill_null(0) == 1) & col("_named").is_null() & col("_doubted").is_null()
    stale = (col("cited_version") != col("item_version")).fill_null(False)
    lacks = [when(~has_member("covers", element)).then(lit(element)) for element in ELEMENTS]
    return rows.with_columns(
        outcome=col("outcome").fill_null("answered"),
        is_chat=when(chat).then(lit(1)).otherwise(lit(0)).cast(Int64),
        missing=concat_str(*lacks, when(stale).then(lit("stale")), separator="|", ignore_nulls=True),
    ).drop("_named", "_doubted")


def late(log: Log, rows: Frame, day: str, into: str) -> Frame:
    """Add ``into`` (0 or 1): ``day`` lies after the last of ``allowed`` working days from ``started_on``; dates count.

    Days that the asker waited for of his own will, or that an outage took, are left out.
    """
    rows = log.with_calendar(rows.with_columns(_eve=col(day) - 1), day)
    rows = log.with_workdays(rows, "started_on", "_eve", "_run").drop("calendar", "_eve")
    return log.cut(rows.with_columns((col("_run") >= col("allowed")).cast(Int64).alias(into)).drop("_run"))


def contacts(log: Log, within: int, reply: int) -> Frame:
    """Legs with what became of them, all flags 0 or 1.

    In time is, for who was asked, the end of the last of ``within`` working days; for who took over, of ``reply``.
    ``is_led``: handed over to a named office that took over in time; ``is_handed``: it took over at all;
    ``is_referred``: told in writing, in time, which office (``referred_to``) is competent; ``is_accepted``;
    ``is_vague``: the last answer leaves something out; ``is_passed``: sent away, refused or left without reply although
    the time to lead on has passed. ``outcome`` of a leg that was passed; ``office``, ``post``, ``actor``: who sent
    away, else who was to answer (nobody is named where only the asker himself or the portal wrote it down).
    """
    return log.kept(f"contacts {within} {reply}", lambda: _contacts(log, within, reply))


def _contacts(log: Log, within: int, reply: int) -> Frame:
    allowed = when(col("kind") == "inquired").then(lit(within)).otherwise(lit(reply)).cast(Int64)
    rows = legs(log).with_columns(allowed=allowed)
    told = log.settle(_told(log, rows))  # used many times over, as is each step from here on
    rows = log.settle(_with_answers(rows, told))
    rows = log.settle(_with_hand_overs(log, rows))
    rows = rows.join(_refusals(log, rows), on="nth", how="left")
    flags = ("is_accepted", "is_vague", "is_led", "is_handed", "_referred", "_refused", "_in_time", "_answered")
    rows = rows.with_columns(col(*flags).fill_null(0))
    rows = late(log, rows.with_columns(_now=lit(log.as_of.day).cast(Int64)), "_now", "_is_over")
    is_referred = (col("_referred") == 1) | (col("_refused") == 1)
    is_sent_away = ~col("_away_seq").is_null()
    is_silent = col("_in_time") == 0
    excused = is_referred | (col("is_led") == 1)
    is_passed = (col("_is_over") == 1) & (is_sent_away | is_silent) & ~excused
    return _named(rows).with_columns(
        is_referred=is_referred.cast(Int64),
        is_passed=is_passed.cast(Int64),
        is_open=(is_silent & (col("_answered") == 0) & (col("is_handed") == 0)).cast(Int64),
        outcome=coalesce("_away_outcome", lit("no-reply")),
        last_seq=nw.max_horizontal("first_seq", coalesce("_away_seq", "first_seq"), coalesce("_gave_seq", "first_seq")),
    )


def _told(log: Log, rows: Frame) -> Frame:
    """Answers with their ``leg``, ``is_late``, ``is_named`` (a written reference to another, named office)."""
    found = answers(log).join(
        rows.select("subject", "started_on", "allowed", "matter", "next_nth", leg=col("nth"), asker=col("actor")),
        on="subject", how="inner",
    )  # fmt: skip
    found = found.filter((col("nth") > col("leg")) & (col("next_nth").is_null() | (col("nth") < col("next_nth"))))
    named = (
        (col("is_written").fill_null(0) == 1)
        & (coalesce("right_authority", lit("")) != "")
        & (col("right_authority") != col("office").fill_null("")).fill_null(False)
    )
    # the word of the one who answers makes no item question a chat; that somebody else wrote down no matter does
    chat = (col("is_chat") == 1) & col("matter").is_null() & (col("asker") != col("actor"))
    found = found.with_columns(
        is_named=when(named).then(lit(1)).otherwise(lit(0)).cast(Int64),
        is_away=(col("outcome").is_in(list(PASSING)) & ~(chat & (col("outcome") == "told-elsewhere"))).cast(Int64),
    )
    return late(log, found, "day", "is_late")


def _with_answers(rows: Frame, told: Frame) -> Frame:
    """Add what the answers of each leg come to: of those in time the last one counts, of late ones each."""
    last = told.group_by("leg").agg(nth=col("nth").max()).select("nth")
    last_in_time = told.filter(col("is_late") == 0).group_by("leg").agg(nth=col("nth").max()).select("nth")
    final = told.filter(col("is_late") == 0).join(last_in_time, on="nth", how="semi")
    away = nw.concat([final, told.filter((col("is_late") == 1) & (col("is_named") == 0))], how="vertical")
    away = away.filter(col("is_away") == 1)
    first_away = away.group_by("leg").agg(nth=col("nth").min()).select("nth")
    away = away.join(first_away, on="nth", how="semi").select(
        _leg=col("leg"), _away_seq=col("seq"), _away_outcome=col("outcome"), _away_office=col("office"),
        _away_post=col("post"), _away_actor=col("actor"),
    )  # fmt: skip
    vague = told.join(last, on="nth", how="semi").select(
        _leg=col("leg"),
        is_vague=((col("outcome") == "answered") & (col("missing") != "") & (col("is_chat") == 0)).cast(Int64),
    )
    rows = rows.with_columns(_leg=col("nth"))
    for part in (_sums(told), vague, away):
        rows = rows.join(part, on="_leg", how="left")
    return rows.drop("_leg")


def _sums(told: Frame) -> Frame:
    in_time = 1 - col("is_late")
    marked = told.select(
        _leg=col("leg"),
        _answered=lit(1).cast(Int64),
        _in_time=in_time,
        _referred=in_time * col("is_named") * col("is_away"),
        is_accepted=(col("outcome") == "accepted").cast(Int64),
        referred_to=when(in_time * col("is_named") * col("is_away") == 1).then("right_authority"),
    )
    return marked.group_by("_leg").agg(col("_answered", "_in_time", "_referred", "is_accepted", "referred_to").max())


def _with_hand_overs(log: Log, rows: Frame) -> Frame:
    """Add the last hand-over of each leg (``_gave_…``), ``is_handed`` and ``is_led``."""
    passed = log.of("inquiry-handed-over").select(
        "subject", _gave=col("nth"), _gave_seq=col("seq"), _gave_office=col("office"), _gave_post=col("post"),
        _gave_actor=col("actor"), _gave_role=col("role"),
    )  # fmt: skip
    mine = rows.select("subject", "nth", "next_nth", "started_on", "allowed").join(passed, on="subject", how="inner")
    mine = mine.filter((col("_gave") > col("nth")) & (col("next_nth").is_null() | (col("_gave") < col("next_nth"))))
    taken = _take_overs(log).select(_gave=col("passed"), _taken_on=col("day"), is_handed=lit(1).cast(Int64))
    mine = mine.join(taken, on="_gave", how="left")
    judged = late(log, mine.filter(~col("_taken_on").is_null()), "_taken_on", "_late")
    led = judged.filter(col("_late") == 0).select("nth", is_led=lit(1).cast(Int64)).unique()
    handed = judged.select("nth", "is_handed").unique()
    last = mine.group_by("nth").agg(col("_gave").max())
    gave = passed.drop("subject").join(last, on="_gave", how="inner").drop("_gave")
    for part in (gave, handed, led):
        rows = rows.join(part, on="nth", how="left")
    return rows


def _refusals(log: Log, rows: Frame) -> Frame:
    """Legs after which the same office refused the case itself, in time and by a numbered document that names the
    competent authority (行政许可法 第三十二条第一款第二项)."""
    held = log.of("refused").filter(~col("document_no").is_null() & (coalesce("right_authority", lit("")) != ""))
    held = held.join(matters(log), on="subject", how="inner").filter(
        col("right_authority") != col("office").fill_null("")
    )
    held = held.select("applicant", "matter", "office", refused_on=col("day"), refused=col("nth"))
    met = rows.select("subject", "nth", "started_on", "allowed", "applicant", "matter", "office").join(
        held, on=["applicant", "matter", "office"], how="inner"
    )
    met = late(log, met.filter(col("refused") > col("nth")), "refused_on", "_late")
    return met.filter(col("_late") == 0).select("nth", _refused=lit(1).cast(Int64)).unique()


def _named(rows: Frame) -> Frame:
    """Whose it is: who sent the asker away, else who passed the inquiry on, else whose turn it was."""
    away, gave = ~col("_away_seq").is_null(), ~col("_gave_seq").is_null()
    nobody = lit(None, dtype=String)
    is_staff = ~col("role").fill_null("").is_in(list(NOT_STAFF))
    own = {"office": col("office"), "post": col("post"), "actor": col("actor")}
    found = {
        name: when(away).then(f"_away_{name}").otherwise(
            when(gave).then(f"_gave_{name}").otherwise(when(is_staff).then(value).otherwise(nobody))
        )
        for name, value in own.items()
    }  # fmt: skip
    found["office"] = coalesce(found["office"], col("office"))
    return rows.with_columns(**found)
