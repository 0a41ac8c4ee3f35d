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
    "batch": (N_("replies of one text that make a batch"), COUNT),
    "batch_seconds": (N_("seconds within which such a batch lies"), COUNT),
    "two": (N_("people who look at it on the spot"), COUNT),
    "published_days": (N_("limit for sharing data that the directory lists"), "working-day"),
    "other_days": (N_("limit for sharing other data"), "working-day"),
    "fault_days": (N_("limit for answering a fault of the data"), "working-day"),
    "within_days": (N_("visits are to be merged within"), "calendar-day"),
    "first_days": (N_("an offence is the first when there was none within"), "calendar-day"),
    "similar": (N_("texts alike from this part of a hundred"), COUNT),
    "near_minutes": (N_("one network address counts within"), "minute"),
    "tenders": (N_("tenders with the same winner that count"), COUNT),
    "strong_from": (N_("prices of a whole tender in steps that are a strong sign"), COUNT),
    "fit_per_mille": (N_("prices keep step when the line explains this part of a thousand"), COUNT),
    "apart_days": (N_("one certificate counts in bids within"), "calendar-day"),
    "passed_percent": (N_("contract money passed on from this part of a hundred"), COUNT),
    "passed_days": (N_("contract money passed on within"), "calendar-day"),
    "worst": (N_("a rating is bad up to level"), COUNT),
    "contact_days": (N_("limit for contact after a bad rating"), "working-day"),
    "fix_days": (N_("limit for putting a bad rating right"), "working-day"),
    "hard_days": (N_("limit for putting a hard one right"), "working-day"),
    "most_more": (N_("most days by which an appeal is extended"), "working-day"),
    "relapse_days": (N_("the same kind is a relapse within"), "calendar-day"),
    "V17 days": (N_("opened again is a doubt within"), "calendar-day"),
    "V41 fewest": (N_("fewest prices that make a line"), COUNT),
    "V44 within": (N_("limit for dealing with an appeal"), "working-day"),
    "V45 days": (N_("an act against who complained counts within"), "calendar-day"),
    "V45 most_in_an_hour": (N_("most ratings in an hour under one official"), COUNT),
    "V49 within": (N_("limit for taking a credit entry off"), "working-day"),
    "V15 notices": (N_("notices after which the applicant is the late one"), COUNT),
}


def told(rule: Rule, name: str, parameter: Parameter, translate: Callable[[str], str]) -> tuple[str, str]:
    """Words and value; a deployment's own rule may have parameters that only their names tell."""
    words, unit = WORDS.get(f"{rule.code} {name}") or WORDS.get(name) or (name, COUNT)
    if unit == CLOCK:
        return translate(words), f"{parameter.value // 60:02}:{parameter.value % 60:02}"
    return translate(words), amount(parameter.value, unit, translate)
