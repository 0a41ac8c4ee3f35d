"""Demands: what an office asked, as it or somebody else wrote it down, and whether it was taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw
from narwhals import Int64, String, coalesce, col, lit, when

from portal.compliance.log.validity import APPLICANTS

if TYPE_CHECKING:
    from portal.compliance.log.frames import Frame, Log

NEVER = 2**40


def asked(log: Log, kind: str) -> Frame:
    """Demands of one kind, with ``accused``: the office that asked. Post and actor stand where it wrote it down itself:
    who reports a demand is not who made it."""
    rows = log.of(kind).with_columns(accused=coalesce("asking_office", "office"))
    own = (~col("role").fill_null("").is_in(list(APPLICANTS))) & (col("office") == col("accused")).fill_null(False)
    nobody = lit(None, dtype=String)
    rows = rows.with_columns(
        post=when(own).then("post").otherwise(nobody), actor=when(own).then("actor").otherwise(nobody)
    )
    return rows.with_columns(office=col("accused"))


def with_withdrawal(log: Log, rows: Frame) -> Frame:
    """Add ``is_open``, ``cured_on`` and ``last_seq`` by the first withdrawal after the demand (``nth``, ``seq``)."""
    back = log.of("demand-withdrawn").select("subject", _back=col("nth"))
    met = rows.select("subject", "nth").join(back, on="subject", how="inner").filter(col("_back") > col("nth"))
    first = met.group_by("nth").agg(col("_back").min())
    facts = log.of("demand-withdrawn").select(_back=col("nth"), cured_on=col("day"), _back_seq=col("seq"))
    rows = rows.join(first.join(facts, on="_back", how="inner").drop("_back"), on="nth", how="left")
    return rows.with_columns(
        is_open=col("cured_on").is_null().cast(Int64), last_seq=nw.max_horizontal("seq", coalesce("_back_seq", "seq"))
    ).drop("_back_seq")


def of_list(log: Log, kind: str) -> Frame:
    """Entries of the registers of one kind: ``list`` (its name), ``lister``, ``since`` and ``until`` (exclusive)."""
    names = log.subjects.select("subject", list=col("name").str.replace_all("^list/", ""))
    rows = log.of(kind).join(names, on="subject", how="left")
    held = rows.collect_schema().names()
    until = col("until_on").fill_null(NEVER) if "until_on" in held else lit(NEVER)
    return rows.with_columns(
        since=coalesce("from_on", "day"), until=until.cast(Int64), lister=coalesce("office", lit(""))
    ).drop("subject", "seq", "day", "office", "post", "actor", "role")
