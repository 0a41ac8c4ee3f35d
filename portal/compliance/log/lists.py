"""Lists in a column: the members of a text joined by "|", and the values of several rows strung into one text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw
from narwhals import col, lit, when

if TYPE_CHECKING:
    from collections.abc import Sequence

    from portal.compliance.log.frames import Frame

MEMBERS = "|"
SHOWN = 12  # so many values are strung together; a longer row ends in an ellipsis


def members(rows: Frame, column: str) -> Frame:
    """One row per member of a list; rows with an empty list, or none, fall out."""
    held = rows.filter(~col(column).is_null() & (col(column) != ""))
    return held.with_columns(col(column).str.split(MEMBERS)).explode(column)


def has_member(column: str, member: str) -> nw.Expr:
    """Whether the list in ``column`` holds ``member``; an unknown list holds nothing."""
    fenced = nw.concat_str(lit(MEMBERS), col(column).fill_null(""), lit(MEMBERS))
    return fenced.str.contains(f"{MEMBERS}{member}{MEMBERS}", literal=True)


def strung(
    rows: Frame, by: Sequence[str], value: str, *, order: str, into: str, separator: str = MEMBERS, shown: int = SHOWN
) -> Frame:
    """Per group, its values in the order of ``order``, in one text: columns ``by`` and ``into``."""
    placed = rows.select(*by, _order=col(order), _value=col(value), _one=lit(1).cast(nw.Int64))
    placed = placed.with_columns(_place=col("_one").cum_sum().over(*by, order_by="_order"))
    places = {f"_at{k}": when(col("_place") == k).then("_value") for k in range(1, shown + 1)}
    places["_more"] = when(col("_place") > shown).then(lit("…"))
    gathered = placed.with_columns(**places).group_by(*by).agg(*(col(place).max() for place in places))
    text = nw.concat_str(*(col(place) for place in places), separator=separator, ignore_nulls=True)
    return gathered.select(*by, text.alias(into))
