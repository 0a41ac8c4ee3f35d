"""Offices and large firms pay what they owe small firms in time, with interest, and hide nothing of it (拖欠账款).

The term runs from acceptance (at the latest from the day by which the contract wants it), else from delivery. The law
of the contract's date sets it: an office owes within 30 days, by contract within 60 at most, since 2020-09-01; a large
firm within 60 since 2025-06-01; contracts of before are held to their own term. A term that ends on a day of rest ends
on the next working day; a day that the contract names is that day. What the debtor alone calls paid or disputed is
neither: the creditor, a bank or another office must say so. Interest counts every day on what was unpaid that day.
"""

from __future__ import annotations

from datetime import date

from narwhals import Expr, Int64, coalesce, col, concat, lit, max_horizontal, min_horizontal, when

from portal.basis import N_, LegalSource
from portal.compliance.log import Frame, Log
from portal.compliance.log.others import by_others, earliest, latest, nobody, rolled, unknown
from portal.compliance.rule import Parameter, Rule, Scope

EPOCH = date(1970, 1, 1)
FIRST_TEXT, SECOND_TEXT = (date(2020, 9, 1) - EPOCH).days, (date(2025, 6, 1) - EPOCH).days
EXCUSES = ("leader-changed", "internal-process")
YEAR = 365
COLUMNS = (
    "subject", "first_seq", "last_seq", "severity", "office", "post", "actor", "on", "variant", "is_open", "is_certain",
    "due_on", "ended_on", "late_days", "unpaid_fen", "interest_fen", "cured_on", "reason", "year",
)  # fmt: skip

RULE = Rule(
    "V34",
    title=N_("Money owed to a firm not paid"),
    sentence={
        "arrears": N_(
            "The sum was due on %(due_on)s. By %(ended_on)s it was %(late_days)s late; unpaid: %(unpaid_fen)s, "
            "interest: %(interest_fen)s."
        ),
        "no-rate": N_(
            "The sum was due on %(due_on)s. By %(ended_on)s it was %(late_days)s late; unpaid: %(unpaid_fen)s. The "
            "contract is older than the rate that the law sets, and names none."
        ),
        "unconfirmed": N_(
            "The sum was due on %(due_on)s. The debtor says that it is paid; nobody else has confirmed "
            "%(unpaid_fen)s of it."
        ),
        "excuse": N_("Payment was refused or put off for a reason that the law forbids: %(reason)s."),
        "unlisted": N_("The arrears were complained of and not in the ledger of arrears by %(due_on)s."),
        "undisclosed": N_(
            "Of the year %(year)s %(unpaid_fen)s were unpaid, and the office did not make it public by %(due_on)s."
        ),
    },
    sources=(
        LegalSource(
            "保障中小企业款项支付条例",
            "第八条、第十三条、第十五条、第十六条（国务院令第728号）",
            in_force_from=date(2020, 9, 1),
            until=date(2025, 6, 1),
        ),
        LegalSource(
            "保障中小企业款项支付条例",
            "第九条、第十条、第十四条至第十八条、第二十五条、第三十一条（国务院令第802号）",
            in_force_from=date(2025, 6, 1),
        ),
        # 国家机关、事业单位不得违约拖欠; known from a summary, for contracts older than the first text
        LegalSource("优化营商环境条例", "第三十二条", in_force_from=date(2020, 1, 1)),
    ),
    scope=Scope.CASE,
    needs=("debt-claimed",),
    begins_with=("debt-claimed", "arrears-counted"),
    parameters={
        "office_days": Parameter(30, "保障中小企业款项支付条例 第九条"),
        "most_days": Parameter(60, "保障中小企业款项支付条例 第九条"),
        "red_after": Parameter(90),
        "list_within": Parameter(10),
        "confirm_within": Parameter(10),
        "daily_rate": Parameter(500, "保障中小企业款项支付条例 第十七条"),  # parts per million a day
    },
    amounts={"late_days": "calendar-day", "unpaid_fen": "fen", "interest_fen": "fen"},
    words={"leader-changed": N_("the leader changed"), "internal-process": N_("an internal process is not finished")},
)


@RULE.check
def owing(
    log: Log, office_days: int, most_days: int, red_after: int, list_within: int, confirm_within: int, daily_rate: int
) -> Frame:
    owed = log.settle(_owed(log, office_days, most_days))
    paid = log.settle(_paid(log, owed))
    parts = [
        _arrears(log, _with_payments(log, owed, paid, daily_rate), red_after, confirm_within),
        _excused(log, owed),
        _unlisted(log, owed, paid, list_within),
        _undisclosed(log),
    ]
    return concat([part.select(*COLUMNS) for part in parts], how="vertical")


def _owed(log: Log, office_days: int, most_days: int) -> Frame:
    """One row per debt to a small firm: what is owed without the part in dispute (``principal``), and until when."""
    rows = earliest(log.of("debt-claimed")).select(
        "subject", "debtor_sort", "amount_fen", "delivered_on", "acceptance_end_on", "term_days", "agreed_on",
        "agreed_rate", "prime_rate", accused=col("debtor"), first_seq=col("seq"), _small=col("is_small").fill_null(0),
        signed_on=coalesce("signed_on", "delivered_on"),
    )  # fmt: skip
    size = latest(by_others(log, "creditor-size-found", rows)).select("subject", _found=col("is_small"))
    disputed = latest(by_others(log, "debt-disputed", rows)).select("subject", "disputed_fen")
    accepted = earliest(log.of("debt-accepted")).select("subject", _accepted_on=coalesce("accepted_on", "day"))
    for part in (size, disputed, accepted):
        rows = rows.join(part, on="subject", how="left")
    rows = rows.filter(coalesce("_found", "_small") == 1)
    is_office = col("debtor_sort") == "office"
    silent = when(is_office & col("agreed_on").is_null()).then(lit(office_days)).otherwise(lit(most_days))
    has_limit = (is_office & (col("signed_on") >= FIRST_TEXT)) | (~is_office & (col("signed_on") >= SECOND_TEXT))
    by_law = when(has_limit).then(min_horizontal(coalesce("term_days", silent), lit(most_days))).otherwise("term_days")
    begun = coalesce(min_horizontal("_accepted_on", "acceptance_end_on"), "delivered_on")
    rows = rows.with_columns(
        principal=max_horizontal(col("amount_fen") - col("disputed_fen").fill_null(0), lit(0)).cast(Int64),
        _last=(begun + by_law).cast(Int64),
    )
    rows = rolled(log, rows, "_last", "due_on")
    rows = rows.with_columns(due_on=min_horizontal("agreed_on", "due_on").cast(Int64))
    return rows.filter(~col("due_on").is_null()).with_columns(col("is_certain").fill_null(1))


def _paid(log: Log, owed: Frame) -> Frame:
    """Payments that somebody other than the debtor confirmed: subject, paid_on, amount_fen, interest_fen, seq."""
    rows = by_others(log, "debt-payment-confirmed", owed)
    return rows.select(
        "subject", "seq", amount_fen=col("amount_fen").fill_null(0), interest_fen=col("interest_fen").fill_null(0),
        paid_on=min_horizontal(coalesce("paid_on", "day"), "day").cast(Int64),
    )  # fmt: skip


def _with_payments(log: Log, owed: Frame, paid: Frame, daily_rate: int) -> Frame:
    """Add what was paid, the day on which the debt ended (or today), and the interest of the days between."""
    per_debt = paid.group_by("subject").agg(
        _paid=col("amount_fen").sum().cast(Int64), _interest=col("interest_fen").sum().cast(Int64),
        _last_paid=col("paid_on").max(), _last_seq=col("seq").max(),
    )  # fmt: skip
    principal = paid.filter(col("amount_fen") > 0).group_by("subject").agg(_settled_on=col("paid_on").max())
    rows = owed.join(per_debt, on="subject", how="left").join(principal, on="subject", how="left")
    rows = rows.with_columns(col("_paid", "_interest").fill_null(0))
    rows = rows.with_columns(unpaid_fen=max_horizontal(col("principal") - col("_paid"), lit(0)).cast(Int64))
    rows = rows.with_columns(ended_on=when(col("unpaid_fen") == 0).then("_settled_on").otherwise(lit(log.as_of.day)))
    rows = rows.with_columns(late_days=(col("ended_on") - col("due_on")).cast(Int64)).filter(col("late_days") > 0)
    spent = paid.join(rows.select("subject", "due_on", "ended_on"), on="subject", how="inner")
    left = col("ended_on") - max_horizontal("paid_on", "due_on")
    saved = spent.with_columns(_saved=col("amount_fen") * left).group_by("subject").agg(col("_saved").sum().cast(Int64))
    rows = rows.join(saved, on="subject", how="left")
    rows = rows.with_columns(
        _fen_days=max_horizontal(col("principal") * col("late_days") - col("_saved").fill_null(0), lit(0)).cast(Int64)
    )
    return rows.with_columns(interest_fen=_interest(daily_rate)).filter(col("principal") > 0)


def _interest(daily_rate: int) -> Expr:
    """Whole fen; an agreed rate never below the one-year LPR, the law's rate only for contracts of its time."""
    agreed = max_horizontal(col("agreed_rate"), col("prime_rate").fill_null(0))
    by_contract = (col("_fen_days") // YEAR) * agreed // 1_000_000
    by_law = when(col("signed_on") >= FIRST_TEXT).then(col("_fen_days") * daily_rate // 1_000_000)
    return when(~col("agreed_rate").is_null()).then(by_contract).otherwise(by_law).cast(Int64)


def _arrears(log: Log, rows: Frame, red_after: int, confirm_within: int) -> Frame:
    said = log.of("debt-paid").group_by("subject").agg(_said=col("amount_fen").sum(), _said_on=col("day").max())
    rows = rows.join(said, on="subject", how="left")
    covered = (col("_said") >= col("principal")) & (log.as_of.day - col("_said_on") <= confirm_within)
    waits = ((col("unpaid_fen") > 0) & covered).fill_null(False)
    owes = (col("unpaid_fen") > 0) | (col("_interest") < col("interest_fen").fill_null(0))
    named = when(col("interest_fen").is_null()).then(lit("no-rate")).otherwise(lit("arrears"))
    gravity = when(col("late_days") > red_after).then(lit("red")).otherwise(lit("yellow"))
    return rows.with_columns(
        last_seq=max_horizontal("first_seq", "_last_seq"), severity=when(waits).then(lit("notice")).otherwise(gravity),
        office=col("accused"), post=nobody(), actor=nobody(), on=(col("due_on") + 1).cast(Int64),
        variant=when(waits).then(lit("unconfirmed")).otherwise(named),
        is_open=when(owes).then(lit(1)).otherwise(lit(0)).cast(Int64),
        cured_on=when(~owes).then("_last_paid"), reason=nobody(), year=unknown(),
    )  # fmt: skip


def _excused(log: Log, owed: Frame) -> Frame:
    """Each refusal with a forbidden reason; named is who gave it, where the debtor itself wrote it down."""
    rows = log.of("debt-payment-refused").filter(col("reason").is_in(list(EXCUSES)))
    rows = rows.join(owed.select("subject", "accused"), on="subject", how="inner")
    own = col("office") == col("accused")
    return _plain(rows).with_columns(
        office=col("accused"), post=when(own).then("post"), actor=when(own).then("actor"), variant=lit("excuse"),
        is_open=lit(0).cast(Int64),
    )  # fmt: skip


def _unlisted(log: Log, owed: Frame, paid: Frame, within: int) -> Frame:
    """Complaints of arrears that the keeper of the ledger did not enter in time; one that was paid by then is none."""
    rows = earliest(log.of("debt-complained")).join(owed.select("subject", "principal"), on="subject", how="inner")
    rows = log.with_ordinal(log.with_calendar(rows, "day"), "day", "_since")
    rows = log.with_workday(rows.with_columns(_ordinal=col("_since") + within), "_ordinal", "due_on")
    listed = log.of("debt-listed").group_by("subject").agg(_listed_on=col("day").min(), _listed_seq=col("seq").min())
    certain = log.calendar.select("calendar", _sure=col("is_certain"), due_on=col("day"))
    rows = rows.join(listed, on="subject", how="left").join(certain, on=["calendar", "due_on"], how="left")
    met = paid.join(rows.select("subject", "due_on"), on="subject", how="inner").filter(col("paid_on") <= col("due_on"))
    sums = met.group_by("subject").agg(_paid=col("amount_fen").sum().cast(Int64))
    rows = rows.join(sums, on="subject", how="left").filter(col("_paid").fill_null(0) < col("principal"))
    rows = rows.filter((coalesce("_listed_on", lit(log.as_of.day)) > col("due_on")).fill_null(False))
    return _plain(rows.drop("office")).with_columns(
        last_seq=coalesce("_listed_seq", "seq"), office=col("keeper"), post=nobody(), actor=nobody(),
        variant=lit("unlisted"), is_open=col("_listed_on").is_null().cast(Int64), is_certain=col("_sure").fill_null(0),
        due_on=col("due_on"), ended_on=coalesce("_listed_on", lit(log.as_of.day)), cured_on=col("_listed_on"),
    )  # fmt: skip


def _undisclosed(log: Log) -> Frame:
    """Offices that owed at the end of a year and did not say so by 31 March of the next."""
    rows = log.of("arrears-counted").filter(col("unpaid_fen") > 0)
    rows = rows.join(rows.group_by("subject", "year").agg(nth=col("nth").min()).select("nth"), on="nth", how="semi")
    march = log.months.select("first_on", _month=col("month"))
    rows = rows.with_columns(_month=(col("year") + 1) * 12 + 3).join(march, on="_month", how="inner")
    rows = rows.with_columns(due_on=(col("first_on") + 30).cast(Int64))
    told = (
        log.of("arrears-disclosed").group_by("subject", "year").agg(_told=col("day").min(), _told_seq=col("seq").min())
    )
    rows = rows.join(told, on=["subject", "year"], how="left")
    rows = rows.filter(coalesce("_told", lit(log.as_of.day)) > col("due_on"))
    names = log.subjects.select("subject", _name=col("name").str.replace_all("^office/", ""))
    rows = rows.drop("office").join(names, on="subject", how="left").rename({"unpaid_fen": "_sum", "year": "_year"})
    return _plain(rows).with_columns(
        last_seq=coalesce("_told_seq", "seq"), office=col("_name"), post=nobody(), actor=nobody(), on=col("due_on") + 1,
        variant=lit("undisclosed"), is_open=col("_told").is_null().cast(Int64), due_on=col("due_on"),
        ended_on=coalesce("_told", lit(log.as_of.day)), unpaid_fen=col("_sum"), cured_on=col("_told"),
        year=col("_year"),
    )  # fmt: skip


def _plain(rows: Frame) -> Frame:
    """What the lesser findings have in common: yellow, of the day of their event, without sums."""
    names = rows.collect_schema().names()
    missing = {name: unknown() for name in ("due_on", "ended_on") if name not in names}
    missing |= {"reason": nobody()} if "reason" not in names else {}
    return rows.with_columns(
        first_seq=col("seq"), last_seq=col("seq"), severity=lit("yellow"), on=col("day"),
        is_certain=lit(1).cast(Int64), late_days=unknown(), unpaid_fen=unknown(), interest_fen=unknown(),
        cured_on=unknown(), year=unknown(), **missing,
    )  # fmt: skip
