"""A licence covers the national category, not a piece of it that an office invented (目录擅自细分、隐形壁垒).

Names are compared without brackets, spaces and dots. An entry that begins as a national category does and goes on in
brackets, 干制食用菌（黑木耳）, splits it; one that goes on without them is only pointed out, since it may be another
thing. What the register listed when the licence was granted counts, and what it came to list since. To be asked for a
new application within a category that the licence covers is the same barrier. The holder may choose less, in writing.
"""

from __future__ import annotations

from datetime import date

from narwhals import Expr, Int64, String, coalesce, col, concat, concat_str, lit, max_horizontal, when

from portal.basis import N_, LegalSource
from portal.compliance.log import Frame, Log
from portal.compliance.log.lists import members, strung
from portal.compliance.log.others import by_others
from portal.compliance.rule import Rule, Scope

NEVER = 2**40
LAST = "\U0010ffff"  # sorts behind every letter: what lies between a text and this begins with the text
MARKS = r"[()（）\[\]【】〔〕<>《》·、,，.。/\-—\s]"
COLUMNS = (
    "subject", "first_seq", "last_seq", "severity", "office", "post", "actor", "on", "variant", "is_open", "entries",
    "category", "cured_on",
)  # fmt: skip

RULE = Rule(
    "V27",
    title=N_("National category split up"),
    sentence={
        "split": N_("The licence marks a piece of the national category %(category)s: %(entries)s."),
        "unknown": N_(
            "The licence names what the national register does not, although it begins as the category %(category)s "
            "does: %(entries)s. Somebody must look at it."
        ),
        "asked-again": N_(
            "A new application was asked for %(entries)s, although the licence covers the national category "
            "%(category)s."
        ),
    },
    sources=(
        LegalSource("行政许可法", "第十六条", in_force_from=date(2004, 7, 1)),
        LegalSource("优化营商环境条例", "第三十五条", in_force_from=date(2020, 1, 1)),
    ),
    scope=Scope.OFFICE,
    needs=("licence-scoped", "node-listed"),
    begins_with=("licence-scoped", "scope-asked"),
)


@RULE.check
def split(log: Log) -> Frame:
    nodes = log.settle(_nodes(log))
    granted = log.settle(_placed(log, _granted(log), nodes))
    parts = [_split(log, granted), _asked(log, granted, nodes)]
    return concat([part.select(*COLUMNS) for part in parts], how="vertical")


def _bare(name: str) -> Expr:
    """The name without what precedes a colon (the class it stands in) and without brackets and dots."""
    return col(name).fill_null("").str.replace_all("^.*[:：]", "").str.replace_all(MARKS, "")


def _nodes(log: Log) -> Frame:
    """Categories of each register: tree, code, category, bare, from_on, until_on, lister."""
    trees = log.subjects.select("subject", tree=col("name").str.replace_all("^list/", ""))
    rows = log.of("node-listed").filter(~col("name").is_null()).with_columns(_bare=_bare("name"))
    return rows.join(trees, on="subject", how="left").select(
        "tree", "code", category=col("name"), node=col("_bare"), from_on=coalesce("from_on", "day"),
        until_on=col("until_on").fill_null(NEVER), lister=coalesce("office", lit("")),
    )  # fmt: skip


def _granted(log: Log) -> Frame:
    """Entries of licences, each as it was first written: subject, seq, nth, entry, bare, tree, on, whose."""
    rows = members(log.of("licence-scoped"), "entries").rename({"entries": "entry"})
    first = rows.group_by("subject", "entry").agg(nth=col("nth").min())
    rows = rows.join(first, on=["subject", "entry", "nth"], how="semi")
    return rows.select(
        "subject", "seq", "nth", "entry", "tree", "office", "post", "actor", "granted_on", "day"
    ).with_columns(on=coalesce("granted_on", "day").cast(Int64), bare=_bare("entry"))


def _placed(log: Log, rows: Frame, nodes: Frame) -> Frame:
    """Add ``code`` and ``category`` of the longest national category that the entry begins as, and ``is_listed``.

    The issuing office's own additions to the register are none. Entries that begin as no category fall out.
    """
    met = rows.select("subject", "nth", "entry", "bare", "tree", "on", "office").join(nodes, on="tree", how="inner")
    met = met.filter(
        (col("bare") >= col("node"))
        & (col("bare") < concat_str(col("node"), lit(LAST)))
        & (col("node") != "")
        & (col("lister") != coalesce("office", lit("-")))
        & (col("until_on") > col("on"))
        & (col("from_on") <= log.as_of.day)
    )
    same = (col("node") == col("bare")).cast(Int64)
    met = met.filter((same == 1) | (col("from_on") <= col("on")))
    met = met.with_columns(is_listed=same, _length=col("node").str.len_chars().cast(Int64))
    by = ["subject", "nth", "entry"]
    longest = met.group_by(*by).agg(col("_length").max())
    best = met.join(longest, on=[*by, "_length"], how="inner")
    best = best.group_by(*by).agg(col("is_listed").max(), col("code").max(), col("category").max())
    return rows.join(best, on=by, how="inner")


def _split(log: Log, granted: Frame) -> Frame:
    chosen = by_others(log, "scope-narrowed", granted.select("subject", accused=col("office")))
    chosen = chosen.filter(col("is_written") == 1).select("subject", "entry").unique()
    gone = log.of("marking-deleted").group_by("subject", "entry").agg(_gone_on=col("day").min(), _gone=col("seq").min())
    rows = granted.filter(col("is_listed") == 0).join(chosen, on=["subject", "entry"], how="anti")
    rows = rows.join(gone, on=["subject", "entry"], how="left")
    marked = col("entry").str.contains(r"[(（\[【〔]").cast(Int64)
    rows = log.settle(rows.with_columns(_marked=marked, _left=col("_gone_on").is_null().cast(Int64)))
    by = ("subject", "seq", "_marked")
    sums = rows.group_by(*by).agg(
        _open=col("_left").max(), _last_gone=col("_gone").max(), _cured=col("_gone_on").max(),
        category=col("category").min(), on=col("on").min(), office=col("office").max(), post=col("post").max(),
        actor=col("actor").max(),
    )  # fmt: skip
    sums = sums.join(strung(rows, by, "entry", order="entry", into="entries"), on=list(by), how="inner")
    split_ = col("_marked") == 1
    return sums.with_columns(
        first_seq=col("seq"), last_seq=max_horizontal("seq", coalesce("_last_gone", "seq")),
        severity=when(split_).then(lit("red")).otherwise(lit("notice")),
        variant=when(split_).then(lit("split")).otherwise(lit("unknown")), is_open=col("_open").cast(Int64),
        cured_on=when(col("_open") == 0).then("_cured"),
    )  # fmt: skip


def _asked(log: Log, granted: Frame, nodes: Frame) -> Frame:
    """Applications asked for within a category that the licence covers already, whatever its own marking says."""
    rows = log.of("scope-asked").select(
        "subject", "seq", "nth", "entry", "tree", "office", "post", "actor", on=col("day")
    )
    rows = _placed(log, rows.with_columns(bare=_bare("entry")), nodes)
    held = granted.select("subject", _held=col("code"), _category=col("category"), _since=col("nth"))
    met = rows.join(held, on="subject", how="inner").filter(
        (col("_since") < col("nth"))
        & (col("code") >= col("_held"))
        & (col("code") < concat_str(col("_held"), lit(LAST)))
    )
    once = met.group_by("subject", "seq").agg(category=col("_category").min())
    found = rows.join(once.rename({"category": "_covered"}), on=["subject", "seq"], how="inner")
    return found.with_columns(
        first_seq=col("seq"), last_seq=col("seq"), severity=lit("red"), variant=lit("asked-again"),
        category=col("_covered"),
        entries=col("entry").cast(String), is_open=lit(0).cast(Int64), cured_on=lit(None, dtype=Int64),
    )  # fmt: skip
