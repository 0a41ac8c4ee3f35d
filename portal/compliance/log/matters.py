"""Matters: what one person asks and hands in about one thing, under whatever name it was written down.

A matter is an item and a situation, so two situations of one item are two matters. But the situation is only known when
somebody has asked further: who is sent away at the first counter asked about the bare item. So the bare item belongs to
the situation that the same person named (of several, the last before it, else the first after it), and where no
situation was named, or just one, the item alone is the matter. Else every office could begin a new chain by writing
down less, or more, than the office before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw
from narwhals import coalesce, col, when

from portal.compliance.log.narrowing import has_rows

if TYPE_CHECKING:
    from portal.compliance.log.frames import Frame, Log

WHOSE = ("applicant", "_item")


def matters(log: Log) -> Frame:
    """Per inquiry or case of somebody who ever asked, where both are known: subject, applicant, matter (its key)."""
    return log.kept("matters", lambda: _matters(log))


def _matters(log: Log) -> Frame:
    askers = log.subjects.filter(col("sort") == "inquiry").select("applicant").unique()
    rows = log.subjects.filter((col("applicant") != "") & (col("matter") != ""))
    rows = rows.join(askers, on="applicant", how="semi").select(
        "subject",
        "applicant",
        _item=col("matter").str.replace_all(":.*$", ""),
        _situation=when(col("matter").str.contains(":", literal=True)).then("matter"),
    )
    rows = log.settle(rows)
    named = rows.filter(~col("_situation").is_null()).group_by(*WHOSE).agg(_n=col("_situation").n_unique())
    several = log.settle(rows.join(named.filter(col("_n") > 1), on=list(WHOSE), how="semi"))
    if not has_rows(several):
        return rows.select("subject", "applicant", matter=col("_item"))
    rows = rows.join(_placed(log, several), on="subject", how="left")
    return rows.select("subject", "applicant", matter=coalesce("_key", "_item"))


def _placed(log: Log, several: Frame) -> Frame:
    """``_key`` of those whose person named several situations of the item: their own, else the nearest one's."""
    begun = log.events("inquired", "submitted").group_by("subject").agg(_at=col("nth").min())
    rows = several.join(begun, on="subject", how="inner")
    named = rows.filter(~col("_situation").is_null())
    bare = rows.filter(col("_situation").is_null()).drop("_situation")
    near = bare.join(named.select(*WHOSE, "_situation", _then=col("_at")), on=list(WHOSE), how="inner")
    near = near.with_columns(_near=when(col("_then") < col("_at")).then("_then").otherwise(-col("_then")))
    best = near.group_by("subject").agg(col("_near").max())
    placed = near.join(best, on=["subject", "_near"], how="inner").select("subject", _key=col("_situation"))
    own = named.select("subject", _key=col("_situation"))
    return nw.concat([own, placed], how="vertical")
