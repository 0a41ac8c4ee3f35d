"""Acts that count only in the right hands: whoever wrote them, the others leave every clock as it was.

A withdrawal is the applicant's: his own act, or one that names his signed wish. What the law supplies when a time runs
out (视为…) is the portal's to write. A termination takes two persons. A log that names no roles is believed.
"""

from __future__ import annotations

from collections.abc import Mapping

import narwhals as nw
from narwhals import col, lit

APPLICANTS = ("applicant", "agent")
SYSTEM = "system"
BY_LAW = ("deemed-accepted", "deemed-withdrawn", "deemed-renewed")


def _withdrawn() -> nw.Expr:
    is_signed = col("wish_no").fill_null("").str.strip_chars() != ""
    return col("role").fill_null(APPLICANTS[0]).is_in(list(APPLICANTS)) | is_signed


def _terminated() -> nw.Expr:
    approver = col("approved_by").fill_null("")
    return (approver != "") & (approver != col("actor").fill_null(""))


VALID: Mapping[str, nw.Expr] = {
    "withdrawn": _withdrawn(),
    "terminated": _terminated(),
    **{kind: col("role").fill_null(SYSTEM) == lit(SYSTEM) for kind in BY_LAW},
}
