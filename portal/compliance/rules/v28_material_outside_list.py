"""No material is asked for that is not listed, that the office has, or that it can have (清单外、重复索要材料).

The item's materials are those of the version in force on that day; they are asked after only where the log holds the
item, and the register of proofs where the log holds it. That the office had the material, others must say. A failed
sharing on that day excuses the asking for what is shared, not a refusal over it: then a promise is accepted instead.
"""

from __future__ import annotations

from datetime import date

from narwhals import Int64, col, lit, max_horizontal, when

from portal.basis import N_, LegalSource
from portal.compliance.log import Frame, Log
from portal.compliance.log.demands import NEVER, asked, of_list, with_withdrawal
from portal.compliance.log.lists import members
from portal.compliance.log.others import by_others
from portal.compliance.rule import Rule, Scope

VAGUE = "(其他|其它|有关|相关)(有关|相关)?(的)?(材料|资料|证明)"
SHARED = ("shared", "e-licence")

RULE = Rule(
    "V28",
    title=N_("Material asked for that must not be asked"),
    sentence={
        "vague": N_("It was not said which material is meant: “%(wording)s”."),
        "not-listed": N_("The item does not list the material that was asked for: “%(wording)s”."),
        "proof-not-listed": N_("The proof that was asked for is in no list of proofs: “%(wording)s”."),
        "held": N_("The office asked again for what had been submitted to it: “%(wording)s”."),
        "shared": N_("The office asked for what it can have by sharing or from an electronic licence: “%(wording)s”."),
    },
    sources=(
        LegalSource("国务院令第716号", "第七条", in_force_from=date(2019, 4, 26)),
        LegalSource("优化营商环境条例", "第四十四条", in_force_from=date(2020, 1, 1)),
        LegalSource("安阳市政务服务条例", "第十三条、第二十三条", area="4105", in_force_from=date(2021, 12, 1)),
        LegalSource("社会保险经办条例", "第三十一条", item_types=("benefit",), in_force_from=date(2023, 12, 1)),
    ),
    scope=Scope.OFFICE,
    needs=("material-demanded",),
    begins_with=("material-demanded",),
)


@RULE.check
def needless(log: Log) -> Frame:
    rows = log.settle(asked(log, "material-demanded"))
    for name, seqs in (
        ("_unlisted", _unlisted(log, rows)),
        ("_unproved", _unproved(log, rows)),
        ("_held", _held(log, rows, ("submitted",))),
        ("_shared", _held(log, rows, SHARED)),
        ("_down", _down(log, rows)),
    ):
        rows = log.cut(rows.join(seqs.select("seq", **{name: lit(1).cast(Int64)}).unique(), on="seq", how="left"))
    rows = with_withdrawal(log, rows.join(_refusals(log, rows), on="seq", how="left"))
    is_refused = ~col("_refused_seq").is_null()
    excused = (col("_down") == 1).fill_null(False) & ~is_refused
    variant = (
        when(col("wording").fill_null("").str.contains(VAGUE)).then(lit("vague"))
        .otherwise(when(col("_unlisted") == 1).then(lit("not-listed"))
        .otherwise(when(col("_unproved") == 1).then(lit("proof-not-listed"))
        .otherwise(when(col("_held") == 1).then(lit("held"))
        .otherwise(when((col("_shared") == 1) & ~excused).then(lit("shared"))))))
    )  # fmt: skip
    rows = rows.with_columns(variant=variant).filter(~col("variant").is_null())
    return rows.select(
        "subject", "office", "post", "actor", "variant", "is_open", "cured_on", "wording", first_seq=col("seq"),
        last_seq=max_horizontal("last_seq", col("_refused_seq").fill_null(0)), on=col("day"),
        severity=when(is_refused).then(lit("red")).otherwise(lit("yellow")),
    )  # fmt: skip


def _unlisted(log: Log, rows: Frame) -> Frame:
    """Demands for what the item's version of that day does not list."""
    names = log.subjects.select("subject", item=col("name").str.replace_all("^item/", ""))
    versions = log.of("elements-published").filter(~col("from_on").is_null()).join(names, on="subject", how="left")
    versions = versions.select("item", "materials", _version=col("nth"), _from=col("from_on"),
                               _until=col("until_on").fill_null(NEVER))  # fmt: skip
    met = rows.select("seq", "item", "day", "material").join(versions, on="item", how="inner")
    met = met.filter((col("_from") <= col("day")) & (col("_until") > col("day")))
    newest = met.group_by("seq").agg(_from=col("_from").max())  # of two in force, the later one
    met = met.join(newest, on=["seq", "_from"], how="semi")
    last = met.group_by("seq").agg(_version=col("_version").max())
    met = met.join(last, on=["seq", "_version"], how="semi")
    listed = members(met.select("seq", "material", "materials"), "materials")
    listed = listed.filter(col("material") == col("materials")).select("seq").unique()
    return met.join(listed, on="seq", how="anti")


def _unproved(log: Log, rows: Frame) -> Frame:
    """Demands for a proof that its register does not name on that day."""
    proofs = of_list(log, "proof-listed")
    known = rows.filter(col("is_proof") == 1).join(proofs.select("list").unique(), on="list", how="semi")
    met = known.select("seq", "list", "day", "accused", proof=col("material")).join(
        proofs.select("list", "proof", "since", "until", "lister"), on=["list", "proof"], how="inner"
    )
    met = met.filter((col("since") <= col("day")) & (col("until") > col("day")) & (col("lister") != col("accused")))
    return known.join(met.select("seq").unique(), on="seq", how="anti")


def _held(log: Log, rows: Frame, grounds: tuple[str, ...]) -> Frame:
    """Demands for what the office had been given, or could have, by then, as somebody else recorded."""
    held = by_others(log, "material-held", rows.select("subject", "accused"))
    held = held.filter(col("ground").is_in(list(grounds))).select(
        "subject", "material", "accused", "ground", "held_office", _since=col("since_on").fill_null(0)
    )
    met = rows.select("seq", "subject", "material", "accused", "day").join(
        held, on=["subject", "material", "accused"], how="inner"
    )
    there = (col("ground") != "submitted") | (col("held_office") == col("accused")).fill_null(False)
    return met.filter((col("_since") <= col("day")) & there)


def _down(log: Log, rows: Frame) -> Frame:
    """Demands of a day on which somebody else recorded that the shared source could not be asked."""
    failed = by_others(log, "sharing-failed", rows.select("subject", "accused"))
    failed = failed.select("subject", "accused", day=col("failed_on").fill_null(col("day")))
    return rows.join(failed.unique(), on=["subject", "accused", "day"], how="semi")


def _refusals(log: Log, rows: Frame) -> Frame:
    """``_refused_seq``: the first refusal by the same office after the demand."""
    refused = asked(log, "demand-refused").select("subject", "accused", _nth=col("nth"), _refused_seq=col("seq"))
    met = rows.select("seq", "nth", "subject", "accused").join(refused, on=["subject", "accused"], how="inner")
    return met.filter(col("_nth") > col("nth")).group_by("seq").agg(col("_refused_seq").min())
