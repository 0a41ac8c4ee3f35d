"""What the numbers of a rule mean, in words with their units, as the report prints them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from portal.basis import N_
from portal.compliance.amounts import amount
from portal.compliance.rule import Parameter, Rule

COUNT, CLOCK = "", "clock"  # a bare number; minutes after midnight, told as a time of day

# By the parameter's name, or by rule and name where it means another thing there: words, and the unit of the number.
WORDS: Mapping[str, tuple[str, str]] = {
    "again_days": (N_("handed in again counts as the same case within"), "calendar-day"),
    "bulk": (N_("acts that make a batch"), COUNT),
    "bulk_minutes": (N_("a batch lies within"), "minute"),
    "closes_minute": (N_("acts by night begin at"), CLOCK),
    "disclosure_days": (N_("longest extension of a disclosure of information"), "working-day"),
    "elsewhere_minutes": (N_("longest time until recorded, away from a window"), "minute"),
    "favour_days": (N_("a change in the applicant's favour counts as mended within"), "calendar-day"),
    "hearing_days": (N_("longest hearing"), "working-day"),
    "late_minutes": (N_("longest time until recorded, at a window"), "minute"),
    "most_in_an_hour": (N_("most looks in an hour"), COUNT),
    "online_days": (N_("limit of what is handed in online"), "working-day"),
    "opens_minute": (N_("acts by night end at"), CLOCK),
    "permit_days": (N_("longest extension of a permit"), "working-day"),
    "red_from": (N_("red card from number"), COUNT),
    "red_over": (N_("red card when over the limit by"), "working-day"),
    "red_ratio": (N_("red card from this multiple of the limit"), COUNT),
    "reply": (N_("limit for the reply of whoever took over"), "working-day"),
    "slack_minutes": (N_("clocks may differ by"), "minute"),
    "step_back_seconds": (N_("seconds by which a clock may step back"), COUNT),
    "sync_days": (N_("what was done offline is recorded within"), "working-day"),
    "total_days": (N_("longest pauses of all kinds together"), "working-day"),
    "type_days": (N_("longest pauses of one kind together"), "working-day"),
    "within": (N_("limit for taking over"), "working-day"),
    "yellow_from": (N_("yellow card from number"), COUNT),
    "V02 days": (N_("offices are counted within"), "calendar-day"),
    "V02 hops": (N_("most passings in a round"), COUNT),
    "V02 offices": (N_("offices that make a round"), COUNT),
    "V04 days": (N_("limit for accepting"), "working-day"),
    "V07 hours": (N_("limit for refusing an order"), "whole-hour"),
    "V07 petition_days": (N_("limit for refusing a petition passed on"), "working-day"),
    "V12 allowed": (N_("longest time without a step"), "working-day"),
    "V12 red_from": (N_("red card from"), "working-day"),
    "V14 petition_days": (N_("longest extension of a petition"), "calendar-day"),
    "V15 days": (N_("limit for delivering"), "working-day"),
    "vantages": (N_("places from which a failure is seen"), COUNT),
    "failed": (N_("failures in a row that count"), COUNT),
    "notice_hours": (N_("maintenance is announced before by"), "whole-hour"),
    "peak_from": (N_("peak hours begin at"), CLOCK),
    "peak_until": (N_("peak hours end at"), CLOCK),
    "least_probes": (N_("fewest probes of a day that are judged"), COUNT),
    "per_mille": (N_("failures allowed in a thousand probes"), COUNT),
    "red_minutes": (N_("red card from an outage of"), "minute"),
    "opens": (N_("service hours of a counter without known halls begin at"), CLOCK),
    "closes": (N_("service hours of a counter without known halls end at"), CLOCK),
    "signatures": (N_("signatures under the checklist"), COUNT),
    "retained_days": (N_("the counter is kept after going live for"), "calendar-day"),
    "switching_minutes": (N_("a new version may take to be shown"), "minute"),
    "calls": (N_("calls before somebody is absent"), COUNT),
    "empty_minutes": (N_("a rostered window may stand empty for"), "minute"),
    "early_minutes": (N_("issuing may stop before closing by"), "minute"),
    "longest": (N_("longest wait of one person"), "minute"),
    "most": (N_("longest wait of nine in ten"), "minute"),
    "fewest": (N_("fewest calls of a day that are judged"), COUNT),
    "slack_seconds": (N_("seconds by which two windows may race"), COUNT),
    "V18 least_minutes": (N_("shortest outage that counts"), "minute"),
    "V19 least_minutes": (N_("shortest time in which nothing could be done"), "minute"),
    "V50 hours": (N_("an appointment is cancelled before by"), "whole-hour"),
    "V15 notices": (N_("notices after which the applicant is the late one"), COUNT),
}


def told(rule: Rule, name: str, parameter: Parameter, translate: Callable[[str], str]) -> tuple[str, str]:
    """Words and value; a deployment's own rule may have parameters that only their names tell."""
    words, unit = WORDS.get(f"{rule.code} {name}") or WORDS.get(name) or (name, COUNT)
    if unit == CLOCK:
        return translate(words), f"{parameter.value // 60:02}:{parameter.value % 60:02}"
    return translate(words), amount(parameter.value, unit, translate)
