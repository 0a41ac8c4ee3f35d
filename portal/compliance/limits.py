"""The catalogue's promises as tables: items, limits and the special procedures that items allow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from portal.compliance import calendars
from portal.compliance.log import PAUSE_TYPES

LIMIT_COLUMNS: Mapping[str, Any] = {
    "item_version": pl.String,
    "clock": pl.String,
    "situation": pl.String,
    "start": pl.String,
    "stops": pl.String,
    "restarts_on": pl.String,
    "n": pl.Int64,
    "unit": pl.String,
    "statutory_n": pl.Int64,
    "statutory_unit": pl.String,
    "extension_n": pl.Int64,
    "roll": pl.Int64,
    "pauses": pl.String,
    "pause_days": pl.String,
    "has_source": pl.Int64,
    "office": pl.String,
}
ITEM_COLUMNS: Mapping[str, Any] = {
    "item_version": pl.String,
    "item": pl.String,
    "item_type": pl.String,
    "area": pl.String,
    "base": pl.String,
}


def item_rows(limits: Sequence[Mapping[str, Any]], base: str | None) -> pl.DataFrame:
    """One row for each item version, with the calendar that its office keeps unless the log brings its own."""
    rows = {row.get("item_version"): row for row in reversed(limits)}
    layered = {
        layers: calendars.base_under(layers.split("|")) for row in rows.values() if (layers := row.get("layers"))
    }
    return _frame(
        [{"base": base or layered.get(row.get("layers")), **row} for row in reversed(rows.values())], ITEM_COLUMNS
    )


def limit_rows(limits: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """The catalogue's limits; the end of a petition's days moves off no rest day: no text was found that moves it."""
    rolls = [{"roll": int(row.get("item_type") != "petition"), **row} for row in limits]
    return _frame(rolls, LIMIT_COLUMNS).filter(pl.col("clock").is_not_null())


def pause_types(subjects: pl.DataFrame, limits: pl.DataFrame) -> pl.DataFrame:
    """Per item version, the special procedures it allows; the closed list of the law where the item is silent."""
    versions = subjects.select(pl.col("item_version").fill_null("")).unique()
    told = limits.filter(pl.col("pauses").is_not_null()).select("item_version", "pauses")
    own = told.with_columns(pause_type=pl.col("pauses").str.split("|")).explode("pause_type").drop("pauses")
    silent = versions.join(told, on="item_version", how="anti")
    general = silent.join(pl.DataFrame({"pause_type": list(PAUSE_TYPES)}), how="cross")
    known = pl.concat([own.select("item_version", "pause_type"), general]).unique().drop_nulls("pause_type")
    return known.join(_longest(limits), on=["item_version", "pause_type"], how="left")


def _longest(limits: pl.DataFrame) -> pl.DataFrame:
    """What the items say their special procedures take at the longest: ``longest``, in working days."""
    told = limits.filter(pl.col("pause_days").fill_null("") != "").select("item_version", "pause_days").unique()
    pairs = told.with_columns(pl.col("pause_days").str.split("|")).explode("pause_days")
    pairs = pairs.with_columns(_pair=pl.col("pause_days").str.split(":"))
    named = pairs.select(
        "item_version",
        pause_type=pl.col("_pair").list.get(0),
        longest=pl.col("_pair").list.get(1, null_on_oob=True).cast(pl.Int64),
    )
    return named.group_by("item_version", "pause_type").agg(pl.col("longest").max())


def _frame(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, Any]) -> pl.DataFrame:
    return pl.DataFrame([[row.get(name) for name in columns] for row in rows], schema=dict(columns), orient="row")
