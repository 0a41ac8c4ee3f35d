"""Every sentence of the rules about bids, firms, orders, appeals, ratings, data and credit, in both languages."""

from __future__ import annotations

import re
from typing import Any

import pytest

from portal.audit.texts import speech
from portal.compliance.engine import Finding, judge
from portal.compliance.load import log_of
from portal.compliance.registry import all_rules
from portal.compliance.sentences import sentence
from tests.compliance.appealing import appeal, by_caller, by_office, sent
from tests.compliance.bidding import bid, published, tender
from tests.compliance.enforcing import entity, listed, offence, visit
from tests.compliance.record import at, event

CODES = ("V17", "V31", "V32", "V38", "V39", "V40", "V41", "V42", "V43", "V44", "V45", "V46", "V49")
RULES = {rule.code: rule for rule in all_rules() if rule.code in CODES}
Entry = dict[str, Any]


def other(kind: str, when: str, subject: str, office: str = "x-office", **facts: Any) -> Entry:
    return event(kind, when, **({"subject": subject, "office": office} | facts))


BIDS = [
    published(), bid("a", author="w", certificates=["C"]), bid("b", author="w", certificates=["C"]),
    bid("c", device="d"), bid("e", device="d"), tender("staff-insurance-checked", "2020-06-03 10:00", bidder="c",
    staff="s", payer="p"), tender("contract-paid", "2020-07-01 10:00", bidder="a", amount_fen=100),
    tender("contract-money-passed", "2020-07-02 10:00", bidder="a", recipient="r", amount_fen=95),
]  # fmt: skip
FIRMS = [
    listed("2020-01-01", "act-1"),
    offence("offence-found", "2020-06-01 10:00", act="act-1"), offence("offence-corrected", "2020-06-02 10:00"),
    offence("penalised", "2020-06-03 10:00", measure="fine"), offence("offence-found", "2020-06-01 10:00", "O2",
    act="act-2"), offence("penalised", "2020-06-03 10:00", "O2", measure="suspension"),
    offence("measure-reviewed", "2020-06-04 10:00", "O2", mildest="warning", office="justice", actor="law"),
    visit("2020-06-01 10:00", "fire"), visit("2020-06-05 10:00", "market"), visit("2020-09-05 10:00", "market"),
    entity("inspection-cap-set", "2020-01-02 10:00", cap=2, from_on="2020-01-01", until_on="2020-12-31"),
]  # fmt: skip
ORDERS = [
    other("rectification-ordered", "2020-06-01 10:00", f"order/{n}", "inspection", rule="V34", to_office="roads",
          due_on="2020-06-10") for n in (1, 2, 3)
] + [
    other("rectification-reported", "2020-06-11 10:00", "order/2", "roads", actor="rolf"),
    other("rectification-rechecked", "2020-06-12 10:00", "order/2", "inspection", actor="ida", conclusion="passed"),
    other("rectification-ordered", "2020-07-01 10:00", "order/4", "inspection", rule="V34", to_office="roads"),
]  # fmt: skip
APPEALS = [
    sent(subject="appeal/1"), sent(subject="appeal/2"), appeal("declared-hard", "2020-06-02 10:00", subject="appeal/2"),
    *(by_office("replied", "2020-06-02 10:00", subject=f"appeal/{n}") for n in (3, 4, 5)),
    appeal("called-back", "2020-06-03 10:00", subject="appeal/3", outcome="not-done"),
    by_caller("reopened", "2020-06-03 10:00", subject="appeal/4"),
    appeal("closing-disproved", "2020-06-03 10:00", subject="appeal/5"),
    *(by_office("replied", "2020-06-04 10:00", subject=f"appeal/b{n}", text_digest="T") for n in range(20)),
    *(appeal("x", "2020-06-05 10:00", subject=f"appeal/{n}", by_office=office) | {"kind": "adverse-act-noted"}
      for n, office in ((1, "roads"), (1, "water"), (2, "roads"))),
    appeal("x", "2020-06-06 10:00", subject="appeal/2", office="law") | {"kind": "adverse-act-confirmed"},
]  # fmt: skip
CASES = [
    event("rated", "2020-06-01 10:00", subject="case/1", score=1, actor="li", role="applicant"),
    event("rated", "2020-06-01 10:00", subject="case/2", score=1, actor="li", role="applicant"),
    event("rating-contacted", "2020-06-03 10:00", subject="case/2"), event("rating-fixed", "2020-06-04 10:00",
    subject="case/2"), event("received", "2020-06-01 09:00", subject="case/2"),
    *(event("rating-traced", f"2020-06-01 12:{n:02}", subject=f"case/r{n}", device="own", staff="dora", role="system")
      for n in range(21)),
    event("rating-traced", "2020-06-01 13:00", subject="case/3", device="staff", staff="dora", role="system"),
    event("deferral-refused", "2020-06-01 10:00", subject="case/4", lacking=["photo"], deferrable=["photo"],
          is_main_complete=True),
    other("share-requested", "2020-06-01 10:00", "share/1", to_office="civil"),
    other("share-requested", "2020-06-01 10:00", "share/2", to_office="civil"),
    other("share-answered", "2020-06-02 10:00", "share/2", "civil", outcome="refused"),
    other("share-fault-reported", "2020-06-03 10:00", "share/2", fault="F"),
    other("credit-repair-decided", "2020-06-01 10:00", "credit/1"),
    other("credit-repair-decided", "2020-06-01 10:00", "credit/2"),
    other("credit-entry-removed", "2020-06-02 10:00", "credit/2"),
    other("credit-entry-seen", "2020-06-09 10:00", "credit/2", page="y.example"),
]  # fmt: skip


def told(rows: list[Entry], *codes: str, is_backwards: bool = False, **facts: Any) -> list[Finding]:
    numbered = [{"seq": number, **row} for number, row in enumerate(rows, 1)]
    log = log_of(numbered[::-1] if is_backwards else numbered, **({"area": "310100", "item_type": "benefit"} | facts))
    return judge(log, [RULES[code] for code in codes]).findings


def said(*, is_backwards: bool = False) -> list[Finding]:
    rows = sorted([*BIDS, *FIRMS, *ORDERS, *APPEALS, *CASES], key=lambda row: row["occurred_at"])
    graded = [event("accepted", "2024-06-03 10:00"), event("decided", "2024-06-04 10:00")]
    alone = [event("site-checked", "2020-06-02 10:00", inspectors=["a"])]
    return [
        *told(rows, *CODES, is_backwards=is_backwards, as_of=at("2020-10-30 10:00")),
        *told(graded, "V31", is_backwards=is_backwards),
        *told(alone, "V31", is_backwards=is_backwards, item_type="permit"),
    ]


def test_every_sentence_of_each_rule_is_reached() -> None:
    wanted = {(code, name) for code, rule in RULES.items()
              for name in ([None] if isinstance(rule.sentence, str) else list(rule.sentence))}  # fmt: skip
    assert {(one.rule, one.variant) for one in said()} == wanted


@pytest.mark.parametrize("language", ["en", "zh"])
def test_each_is_said_without_a_hole_and_without_a_code(language: str) -> None:
    how = speech(language, "Asia/Shanghai")
    for one in said():
        rule = RULES[one.rule]
        text = sentence(rule, one.variant, one.numbers, how)
        assert not re.search(r"%\(|–|\b1 (working days|days|times)\b", text), text
        codes = set(re.findall(r"[A-Za-z][\w-]*", text)) & set(rule.words)
        assert language == "en" or not codes, text


def test_the_same_is_said_in_whatever_order_the_record_is_read() -> None:
    found = said()
    assert said(is_backwards=True) == found
    assert all(one.calendar and one.numbers and one.office for one in found)
