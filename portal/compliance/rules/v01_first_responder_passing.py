"""Whoever is asked first answers, leads on, or says in writing whose it is (首问负责)."""

from __future__ import annotations

from datetime import date

from narwhals import Int64, String, coalesce, col, concat_str, lit, when

from portal.basis import N_, LegalSource
from portal.compliance.log import Frame, Log
from portal.compliance.log.inquiries import contacts
from portal.compliance.rule import Parameter, Rule, Scope

RULE = Rule(
    "V01",
    title=N_("The asker was passed on"),
    sentence={
        "sent-away": N_(
            "Asked on %(started_on)s, the office said: %(outcome)s. Nobody was led on to a named office that took over "
            "within %(allowed)s, and no competent office was named in writing. Number of such times in this matter: "
            "%(nth)s."
        ),
        "silent": N_(
            "Asked on %(started_on)s, the office gave no answer within %(allowed)s, and no other office took over. "
            "Number of such times in this matter: %(nth)s."
        ),
    },
    sources=(
        # known from a summary of the notice
        LegalSource("国办发〔2015〕86号", "首问负责", in_force_from=date(2015, 11, 27)),
        LegalSource(
            "信访条例", "第二十二条、第二十八条", item_types=("petition",), in_force_from=date(2005, 5, 1),
            until=date(2022, 5, 1),
        ),
        LegalSource("广东省优化营商环境条例", "第三十三条", area="44", in_force_from=date(2022, 7, 1)),
    ),
    scope=Scope.MATTER,
    begins_with=("inquired",),
    needs=("inquired", "inquiry-answered"),
    parameters={
        "within": Parameter(1),
        "reply": Parameter(5, "安阳市政务服务条例 第五十条"),  # of whoever took over
        "red_from": Parameter(2),
    },
    amounts={"allowed": "working-day"},
    words={
        "told-elsewhere": N_("ask elsewhere"),
        "refused": N_("refused"),
        "no-reply": N_("no reply"),
    },
)  # fmt: skip


@RULE.check
def passed_on(log: Log, within: int, reply: int, red_from: int) -> Frame:
    """Each responder by himself; from the second time in one matter of one person on it is red."""
    found = contacts(log, within, reply).filter(col("is_passed") == 1)
    # who is unknown, or asks about nothing named, has no matter to be counted in
    alone = concat_str(lit("#"), col("subject").cast(String))
    is_known = ~col("applicant").is_null() & ~col("matter").is_null()
    found = found.with_columns(
        _who=when(is_known).then("applicant").otherwise(alone),
        _what=coalesce("matter", lit("")),
        _one=lit(1).cast(Int64),
    )
    found = found.with_columns(_turn=col("_one").cum_sum().over("_who", "_what", order_by="nth"))
    return found.with_columns(
        severity=when(col("_turn") >= red_from).then(lit("red")).otherwise(lit("yellow")),
        variant=when(col("_away_seq").is_null()).then(lit("silent")).otherwise(lit("sent-away")),
        on=col("started_on"),
    ).select(
        "subject", "first_seq", "last_seq", "severity", "office", "post", "actor", "on", "variant", "is_open",
        "outcome", "started_on", "allowed", nth=col("_turn"),
    )  # fmt: skip
