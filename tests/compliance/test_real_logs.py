"""Logs that other cities published, with the figures they must give: by columns, and again one by one."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator
from datetime import date, datetime

import pytest

from portal.compliance.engine import Judgement, judge
from portal.compliance.engines import on_engine
from portal.compliance.load import Source, from_mapping
from portal.compliance.log import runs, spans
from portal.compliance.mapping_file import read_mapping
from portal.compliance.registry import all_rules
from portal.worktime import national, plain
from tests.compliance.record import rows
from tests.compliance.shared import MAPPINGS, real_log

RULES = [rule for rule in all_rules() if rule.code in ("V08", "V09")]
FILES = {
    "cn_messages": "cn_messages/replies.csv.gz",
    "boston_311": "us_311/boston_2011q3.csv.gz",
    "nl_permit": "nl_permit/receipt.csv.gz",
}


def source(name: str) -> Source:
    return from_mapping(real_log(FILES[name]), read_mapping(MAPPINGS / f"{name}.toml"))


def judged(name: str) -> Judgement:
    loaded = source(name)
    return judge(loaded.log, RULES, opens=loaded.opens)


def published(name: str) -> Iterator[dict[str, str]]:
    with gzip.open(real_log(FILES[name]), "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def messages() -> list[tuple[str, date, date]]:
    """Number, day sent, day answered, read without the product's own code."""

    def day(text: str) -> date:
        return date(*(int(part) for part in text.split(maxsplit=1)[0].replace("/", "-").split("-")))

    return [(row["message_id"], day(row["sent_at"]), day(row["replied_at"])) for row in published("cn_messages")]


def test_878_of_1397_messages_were_answered_after_the_fifth_working_day() -> None:
    loaded = source("cn_messages")
    assert (loaded.cases, loaded.events, list(loaded.refused), list(loaded.noted)) == (1397, 2794, [], [])
    judgement = judge(loaded.log, RULES)
    assert len(judgement.findings) == 878
    assert {finding.rule for finding in judgement.findings} == {"V08"}
    counted = judgement.populations["V08"]
    assert (counted.closed, counted.closed_late, counted.open) == (1397, 878, 0)
    assert set(judgement.not_applicable) == {"V09"}


def test_the_late_messages_are_those_that_counting_one_by_one_finds() -> None:
    late = set()
    for number, sent, replied in messages():
        calendar = national(known_at=replied)
        if replied > calendar.add_workdays(sent, 5, provisional=True):
            late.add(f"case/{number}")
    assert {finding.subject for finding in judged("cn_messages").findings} == late
    assert len(late) == 878


def test_by_count_or_without_holidays_other_numbers_would_come_out() -> None:
    """The ways of counting that the law does not know: the figures differ, so the data can tell them apart."""
    everyday = plain(date(2011, 1, 1), date(2020, 12, 31))
    found = messages()
    by_count = sum(national().workdays_between(sent, replied) > 5 for _, sent, replied in found)
    by_weekdays = sum(replied > everyday.add_workdays(sent, 5) for _, sent, replied in found)
    by_weekday_count = sum(everyday.workdays_between(sent, replied) > 5 for _, sent, replied in found)
    assert (by_count, by_weekdays, by_weekday_count) == (876, 887, 881)


def test_the_numbers_of_each_late_message_agree_with_the_calendar() -> None:
    days = {f"case/{number}": (sent, replied) for number, sent, replied in messages()}
    epoch = date(1970, 1, 1)
    for finding in judged("cn_messages").findings:
        sent, replied = days[finding.subject]
        calendar = national(known_at=replied)
        due_on = calendar.add_workdays(sent, 5)
        assert finding.numbers["due_on"] == (due_on - epoch).days
        assert finding.numbers["taken"] == calendar.workdays_between(sent, replied)
        assert finding.numbers["overdue"] == calendar.workdays_between(due_on, replied)


def test_boston_closed_4827_of_25183_requests_after_the_moment_it_promised() -> None:
    judgement = judged("boston_311")
    counted = judgement.populations["V09"]
    assert (counted.closed, counted.closed_late) == (25183, 4827)
    assert len(judgement.findings) == 4827
    assert not any(finding.is_open for finding in judgement.findings)
    assert set(judgement.not_applicable) == {"V08"}


def test_bostons_open_requests_with_a_promise_are_listed_beside() -> None:
    judgement = judged("boston_311")
    assert judgement.populations["V09"].open == 1632
    assert {finding.is_open for finding in judgement.beside} == {True}
    assert len(judgement.beside) == judgement.populations["V09"].open_late


def test_bostons_own_verdict_differs_only_where_it_gave_none() -> None:
    """The texts of the file compare as its times do: all have one form, and targets never fall into the hour that
    came twice.
    """
    late = {finding.subject for finding in judged("boston_311").findings}
    verdicts: dict[str, int] = {}
    for row in published("boston_311"):
        if row["closed_dt"] and row["target_dt"] and row["closed_dt"] > row["target_dt"]:
            assert f"case/{row['case_enquiry_id']}" in late
            verdicts[row["ontime"]] = verdicts.get(row["ontime"], 0) + 1
    assert verdicts == {"OVERDUE": 4745, "": 82}
    assert len(late) == sum(verdicts.values())


def test_177_of_637_permits_ended_after_their_deadline() -> None:
    loaded = source("nl_permit")
    assert (loaded.cases, loaded.events) == (687, 4040)
    judgement = judge(loaded.log, RULES, opens=loaded.opens)
    counted = judgement.populations["V09"]
    assert (counted.closed, counted.closed_late, len(judgement.findings)) == (637, 177, 177)
    assert [(entry.row, entry.column) for entry in loaded.noted] == [(419, "case:enddate")]


def test_the_late_permits_are_those_that_comparing_one_by_one_finds() -> None:
    late = {
        f"case/{row['case:concept:name']}"
        for row in published("nl_permit")
        if row["case:enddate"]
        and datetime.fromisoformat(row["case:enddate"]) > datetime.fromisoformat(row["case:deadline"])
    }
    assert {finding.subject for finding in judged("nl_permit").findings} == late


@pytest.mark.parametrize(
    ("carrier", "returns", "cases"),
    [("resource", 56, 46), ("group", 66, 53)],
)
def test_permits_go_back_to_where_they_came_from(carrier: str, returns: int, cases: int) -> None:
    found = [row for row in rows(runs(source("nl_permit").log.steps, carrier)) if row["is_return"]]
    assert (len(found), len({row["subject"] for row in found})) == (returns, cases)


@pytest.mark.parametrize(
    ("column", "missing", "returns", "cases"),
    [
        ("org:resource", {"", "EMPTY"}, 56, 46),
        ("org:group", {"", "EMPTY"}, 66, 53),
        ("org:group", {""}, 190, 132),  # what would come out if EMPTY were a group
    ],
)
def test_the_returns_are_those_that_walking_each_case_finds(
    column: str, missing: set[str], returns: int, cases: int
) -> None:
    steps: dict[str, list[tuple[datetime, str]]] = {}
    for row in published("nl_permit"):
        when = datetime.fromisoformat(row["time:timestamp"])
        steps.setdefault(row["case:concept:name"], []).append((when, row[column]))
    found = []
    for case in steps.values():
        chain: list[str] = []
        for _, carrier in sorted(case, key=lambda step: step[0]):
            if carrier not in missing and chain[-1:] != [carrier]:
                chain.append(carrier)
        found.append(sum(chain[i] == chain[i - 2] for i in range(2, len(chain))))
    assert (sum(found), sum(count > 0 for count in found)) == (returns, cases)


@pytest.mark.parametrize("name", list(FILES))
def test_both_engines_judge_a_real_log_alike(name: str) -> None:
    loaded = source(name)
    here = judge(loaded.log, RULES, opens=loaded.opens)
    with on_engine(loaded.log, "duckdb") as other:
        there = judge(other, RULES, opens=loaded.opens)
    assert (there.findings, there.beside, there.populations) == (here.findings, here.beside, here.populations)


def test_judging_at_an_earlier_moment_knows_nothing_of_later_answers() -> None:
    path = real_log(FILES["cn_messages"])
    plan = read_mapping(MAPPINGS / "cn_messages.toml")
    moment = datetime.fromisoformat("2018-12-31T23:59:59+08:00")
    loaded = from_mapping(path, plan, as_of=moment)
    until = (moment.date() - date(1970, 1, 1)).days
    judged = rows(spans(loaded.log, start="received", stop="delivered", limit="feedback"))
    assert max(span["ended_on"] for span in judged) == until
    late = open_ones = 0
    for _, sent, replied in messages():
        if sent > moment.date():
            continue
        is_open = replied > moment.date()
        end = moment.date() if is_open else replied
        open_ones += is_open
        late += end > national(known_at=end).add_workdays(sent, 5, provisional=True)
    assert (sum(span["is_late"] for span in judged), sum(span["is_open"] for span in judged)) == (late, open_ones)
    assert open_ones > 0
