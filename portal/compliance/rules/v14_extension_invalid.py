"""A limit is extended once, before it ends, by what the item allows, approved by the head, and told (违规延期)."""

from __future__ import annotations

from datetime import date

from narwhals import Int64, coalesce, col, concat, concat_str, lit, when

from portal.basis import N_, LegalSource
from portal.compliance.log import Frame, Log, spans
from portal.compliance.log.narrowing import narrowed
from portal.compliance.rule import Parameter, Rule, Scope

ACCEPTANCES = ("accepted", "deemed-accepted", "tolerantly-accepted", "promise-accepted")
CLOCKS = {"feedback": ("received", "delivered"), "decide": (ACCEPTANCES, "decided")}
# Whose hands a case is in: the receipt and the decision are not the handling that an approver must stay out of.
HANDLERS = (
    "accepted", "tolerantly-accepted", "promise-accepted", "correction-noticed", "opened", "reviewed", "site-checked",
    "handover-acknowledged",
)  # fmt: skip
MAY_APPROVE = ("head", "decider", "supervisor")

RULE = Rule(
    "V14",
    title=N_("Extension against the rules"),
    sentence={
        "no-approver": N_("An extension by %(days)s was approved by nobody. Faults: %(faults)s."),
        "approver-is-handler": N_(
            "An extension by %(days)s was approved by the person handling it. Faults: %(faults)s."
        ),
        "after-expiry": N_(
            "An extension was given on %(extended_on)s, after the limit had ended on %(due_on)s. Faults: %(faults)s."
        ),
        "too-long": N_("An extension by %(days)s was given; allowed: %(allowed)s. Faults: %(faults)s."),
        "second": N_("The limit may be extended once; this is extension number %(nth_extension)s. Faults: %(faults)s."),
        "not-told": N_("An extension by %(days)s was not told to the applicant with its reason. Faults: %(faults)s."),
    },
    sources=(
        LegalSource("行政许可法", "第四十二条", item_types=("permit",), in_force_from=date(2004, 7, 1)),
        LegalSource("政府信息公开条例", "第三十三条", item_types=("disclosure",), in_force_from=date(2019, 5, 15)),
        LegalSource(
            "信访条例", "第三十三条", item_types=("petition",), in_force_from=date(2005, 5, 1), until=date(2022, 5, 1)
        ),
        LegalSource("信访工作条例", "第三十四条", item_types=("petition",), in_force_from=date(2022, 5, 1)),
        LegalSource(
            "安阳市政务服务条例", "第五十条", area="4105", item_types=("appeal",), in_force_from=date(2021, 12, 1)
        ),
    ),
    scope=Scope.CASE,
    begins_with=("extended",),
    needs=("extended",),
    parameters={
        "permit_days": Parameter(10, "行政许可法 第四十二条"),
        "disclosure_days": Parameter(20, "政府信息公开条例 第三十三条"),
        "petition_days": Parameter(30, "信访条例 第三十三条"),
    },
    amounts={"days": "day", "allowed": "day"},
    words={
        "no-approver": N_("no approver"),
        "approver-is-handler": N_("approved by the handler"),
        "after-expiry": N_("after the limit"),
        "too-long": N_("too many days"),
        "second": N_("extended again"),
        "not-told": N_("applicant not told"),
    },
)


@RULE.check
def invalid(log: Log, permit_days: int, disclosure_days: int, petition_days: int) -> Frame:
    """Each extension by itself; ``due_on`` is the due date recomputed as if nothing had been extended."""
    defaults = {"permit": permit_days, "disclosure": disclosure_days, "petition": petition_days}
    log = narrowed(log, log.of("extended"))
    rows = _allowed(log, _dues(log, _approvers(log, _numbered(log))), defaults)
    nobody = col("approved_by").is_null()
    found = {
        "no-approver": nobody,
        "approver-is-handler": (col("is_handler") == 1) & ~nobody,
        "after-expiry": col("day") > col("due_on"),
        "too-long": col("days") > col("allowed"),
        "second": col("nth_extension") > 1,
        "not-told": col("notice_no").is_null() | col("reason").is_null(),
    }
    rows = rows.with_columns(**{f"_{name}": flag.fill_null(False) for name, flag in found.items()})
    rows = rows.with_columns(
        faults=concat_str(*(when(col(f"_{name}")).then(lit(name)) for name in found), separator="|", ignore_nulls=True),
        variant=coalesce(*(when(col(f"_{name}")).then(lit(name)) for name in found)),
        _same=(col("approved_by") == col("actor")) | nobody,
    )
    return (
        rows.filter(~col("variant").is_null())
        .with_columns(
            severity=lit("red"), on=col("day"), first_seq=col("seq"), last_seq=col("seq"), extended_on=col("day"),
            post=when(col("_same")).then("post"), actor=coalesce("approved_by", "actor"),
        )
        .select(
            "subject", "first_seq", "last_seq", "severity", "office", "post", "actor", "on", "variant", "faults",
            "clock", "days", "allowed", "nth_extension", "extended_on", "due_on",
        )
    )  # fmt: skip


def _numbered(log: Log) -> Frame:
    rows = log.of("extended").with_columns(_one=lit(1).cast(Int64))
    return rows.with_columns(nth_extension=col("_one").cum_sum().over("subject", "clock", order_by="nth"))


def _approvers(log: Log, rows: Frame) -> Frame:
    """Add ``is_handler``: the approver handled the case before, was given it, or approved himself without the rank."""
    acted = log.events(*HANDLERS).select("subject", "nth", approved_by=col("actor"))
    given = log.of("assigned").select("subject", "nth", approved_by=col("assignee"))
    hands = concat([acted, given], how="vertical").rename({"nth": "_acted"})
    before = (
        rows.select("subject", "nth", "approved_by")
        .join(hands, on=["subject", "approved_by"], how="inner")
        .filter(col("_acted") < col("nth"))
        .select("nth", _hands=lit(1))
        .unique()
    )
    own = (col("approved_by") == col("actor")) & ~col("role").is_in(list(MAY_APPROVE))
    rows = rows.join(before, on="nth", how="left")
    return rows.with_columns(is_handler=when((col("_hands") == 1) | own).then(lit(1)).otherwise(lit(0)))


def _dues(log: Log, rows: Frame) -> Frame:
    """Add ``due_on``, without any extension: by law where the item states the law's limit, else as promised."""
    parts = []
    for clock, (start, stop) in CLOCKS.items():
        if clock in log.clocks:
            by_law, promised = (
                log.settle(
                    spans(log, start=start, stop=stop, limit=clock, standard=standard, extending=False).select(
                        "subject", "due_on"
                    )
                )
                for standard in ("statutory", "promised")
            )
            rest = promised.join(by_law.select("subject"), on="subject", how="anti")
            parts.append(concat([by_law, rest], how="vertical").with_columns(clock=lit(clock)))
    if not parts:
        return rows.with_columns(due_on=lit(None, dtype=Int64))
    return rows.join(concat(parts, how="vertical"), on=["subject", "clock"], how="left")


def _allowed(log: Log, rows: Frame, defaults: dict[str, int]) -> Frame:
    """Add ``allowed``: the item's own extension of that clock, else what the law gives its kind, else none."""
    own = log.limits.filter(col("situation").is_null()).select("item_version", "clock", _own=col("extension_n"))
    pinned = log.subjects.select("subject", "item_type", _version=col("item_version"))
    rows = rows.join(pinned, on="subject", how="left")
    rows = rows.join(own.rename({"item_version": "_version"}), on=["_version", "clock"], how="left")
    general = lit(0).cast(Int64)
    for item_type, days in defaults.items():
        general = when(col("item_type") == item_type).then(lit(days)).otherwise(general)
    return rows.with_columns(allowed=coalesce("_own", general))
