"""The overview and the register: numbers that open what they count, findings that show their proof."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from portal.basis import SYSTEM, By, Role
from portal.cases.model import CaseState
from portal.cases.queries.pages import case_page
from portal.compliance.findings import operations as register
from portal.compliance.findings import queries
from portal.compliance.findings.model import Standing
from portal.compliance.rule import Severity
from portal.ledger.operations import append
from portal.store import reading, transaction
from portal.web.staff.findings import titled
from tests.cases.city import MONDAY
from tests.web.office import OfficeHouse

LATER = MONDAY + timedelta(days=30)


def with_findings(house: OfficeHouse, count: int = 1) -> list[str]:
    """Cases that nobody has touched for a month, examined by every rule."""
    numbers = [house.make_case() for _ in range(count)]
    house.now = LATER
    with transaction():
        register.examine([f"case/{number}" for number in numbers], at=LATER)
    return numbers


def first_finding() -> str:
    with reading():
        return queries.findings()[0].number


@pytest.mark.parametrize(
    ("path", "roles"),
    [
        ("/supervisor/", {"head", "supervisor", "auditor"}),
        ("/supervisor/findings", {"head", "supervisor", "auditor"}),
        ("/supervisor/approvals", {"head", "supervisor"}),
        ("/supervisor/audits", {"supervisor", "auditor"}),
        ("/clerk/", {"clerk", "reviewer", "decider", "head", "dispatcher", "supervisor"}),
        ("/clerk/to-acknowledge", {"clerk", "reviewer"}),
        ("/clerk/inquiries/", {"clerk", "reviewer", "decider", "head", "dispatcher", "supervisor", "auditor"}),
        ("/clerk/inquiries/new", {"clerk", "reviewer", "dispatcher"}),
    ],
)
def test_a_page_opens_for_its_roles_alone(house: OfficeHouse, path: str, roles: set[str]) -> None:
    everybody = {"clerk", "reviewer", "decider", "head", "dispatcher", "supervisor", "auditor"}
    answers = {role: house.signed_in(role).get(path).status_code for role in sorted(everybody)}
    assert {role for role, status in answers.items() if status == 200} == roles
    assert {status for role, status in answers.items() if role not in roles} <= {403}


def test_each_number_of_the_overview_opens_the_list_that_it_counts(house: OfficeHouse) -> None:
    with_findings(house, 2)
    house.make_case("unemployment-subsidy", moment=LATER)
    house.make_case(to=CaseState.HANDED_OVER, moment=LATER - timedelta(minutes=30))
    client = house.signed_in("supervisor")
    text = client.get("/supervisor/").text
    counted = re.findall(r'href="(/clerk/\?office=[^"]+light=[^"]+)">(\d+)<', text.replace("&amp;", "&"))
    assert len(counted) >= 3
    for address, number in counted:
        assert len(re.findall(r'href="/clerk/cases/[^"]+"', client.get(address).text)) == int(number)
    found = re.findall(r'href="(/supervisor/findings\?rule=[^"]+)">(\d+)<', text.replace("&amp;", "&"))
    assert found
    for address, number in found:
        assert len(re.findall(r'href="/supervisor/findings/\d+"', client.get(address).text)) == int(number)


def test_a_head_sees_the_own_office_alone(house: OfficeHouse) -> None:
    with_findings(house)
    number = first_finding()
    own, other = house.signed_in("head"), house.signed_in("head", "social-insurance")
    assert number in own.get("/supervisor/findings").text
    assert own.get(f"/supervisor/findings/{number}").status_code == 200
    assert f"/supervisor/findings/{number}" not in other.get("/supervisor/findings").text
    assert other.get(f"/supervisor/findings/{number}").status_code == 404
    assert "Market" not in re.sub(r"<title>.*?</title>", "", other.get("/supervisor/").text)


def test_a_finding_explains_itself_and_shows_its_evidence(house: OfficeHouse) -> None:
    (case,) = with_findings(house)
    with reading():
        standing = next(one for one in queries.findings() if one.rule == "V12")
    text = house.signed_in("auditor").get(f"/supervisor/findings/{standing.number}").text
    for said in (
        "nothing of substance happened",  # the sentence
        "V12@1",
        standing.calendar.split("|")[0],
        case,
        f"events {standing.first_seq} to {standing.last_seq}",
        "article 36",
        "staff-proofs__within",
        "Suspected",
    ):
        assert said in text, said


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_notice_that_asked_too_late_names_the_materials(house: OfficeHouse, language: str) -> None:
    number = house.make_case()
    with reading():
        version = case_page(number, at=house.now).version
    wanted = [material for material in version.materials if material.code in ("layout", "process")]
    standing = Standing(
        "1", "V05", 1, f"case/{number}", 1, 2, Severity.YELLOW, MONDAY.date(), None, None, None, None, "", True, True,
        MONDAY, MONDAY, {"noticed_on": "2026-11-23", "demands": "layout|process", "notices": 2},
    )  # fmt: skip
    with house.app.test_request_context(f"/?lang={language}"), reading():
        (told,) = titled([standing])
        values = [value for _, value in told.numbers]
    assert len(wanted) == 2
    for material in wanted:
        assert material.name.in_language(language) in told.sentence
        assert any(material.name.in_language(language) in value for value in values)
    assert "layout" not in told.sentence.split()


def test_evidence_shows_what_befell_calendar_office_and_date_meanwhile(house: OfficeHouse) -> None:
    number = house.make_case()
    between = MONDAY + timedelta(days=2)
    outage = {"outage": "O-7", "from_on": between.date(), "until_on": between.date(), "cause": "no electricity"}
    moved = {"clock": "accept.1.promised", "old_on": between.date(), "new_on": LATER.date(), "cause": "amended"}
    with transaction():
        append("office/market-supervision", "outage-declared", outage, by=SYSTEM, at=between)
        append(
            "calendar/CN",
            "calendar-amended",
            {"calendar": "CN@x", "notice": "国办发明电〔2025〕7号"},
            by=SYSTEM,
            at=between,
        )
        append(f"case/{number}", "due-moved", moved, by=SYSTEM, at=between)
    house.now = LATER
    with transaction():
        register.examine([f"case/{number}"], at=LATER)
    with reading():
        row = queries.findings(about=f"case/{number}")[0]
    text = house.signed_in("supervisor").get(f"/supervisor/findings/{row.number}").text
    for said in ("no electricity", "O-7", "国办发明电〔2025〕7号", "amended"):
        assert said in text, said


def test_a_run_around_shows_the_events_of_every_inquiry_of_its_matter(house: OfficeHouse) -> None:
    clerk = By("clerk-of-a", Role.CLERK, "market-supervision")
    asking = {"applicant": "li", "matter": "food-licence", "is_self_reported": None}
    with transaction():
        for n, office in enumerate(("market-supervision", "social-insurance", "police"), 1):
            by, when = replace(clerk, office=office, actor=f"clerk-{n}"), MONDAY + timedelta(hours=n)
            named = asking if n == 2 else {**asking, "matter": "food-licence:first"}
            append(f"inquiry/{n}", "inquired", named, by=by, at=when)
            told = {"outcome": "told-elsewhere", "cited_version": f"words of {n}"}
            append(f"inquiry/{n}", "inquiry-answered", told, by=by, at=when + timedelta(minutes=5))
    house.now = LATER
    with transaction():
        register.examine(["inquiry/3"], at=LATER)
        register.examine(["inquiry/1", "inquiry/2"], at=LATER)
    with reading():
        row = next(one for one in queries.findings() if one.rule == "V02")
    text = house.signed_in("auditor").get(f"/supervisor/findings/{row.number}").text
    assert text.count("portal-timeline__entry staff-proofs__within") == 6
    assert "/clerk/inquiries/2" in text
    assert "/clerk/inquiries/3" in text


@pytest.mark.parametrize("is_declared", [True, False])
def test_the_declaration_of_an_offline_batch_is_seen_wherever_its_acts_are_judged(
    house: OfficeHouse, is_declared: bool
) -> None:
    number, began = house.make_case(), MONDAY + timedelta(hours=1)
    supervisor = By("somebody-else", Role.SUPERVISOR, "market-supervision")
    batch = {"batch": "B-1", "from_at": began, "until_at": began + timedelta(hours=3)}
    clerk, acted = By("a-clerk", Role.CLERK, "market-supervision"), began + timedelta(hours=1)
    with transaction():
        if is_declared:
            append("office/market-supervision", "sync-batch-declared", batch, by=supervisor, at=began)
        append(
            f"case/{number}",
            "commented",
            {"sync_batch": "B-1"},
            by=clerk,
            at=acted,
            recorded_at=acted + timedelta(hours=22),
        )
    house.now = LATER
    with transaction():
        if is_declared:
            register.examine(["office/market-supervision"], at=LATER)
        register.examine([f"case/{number}"], at=LATER)
    with reading():
        rules = {one.rule for one in queries.findings(about=f"case/{number}")}
    assert ("V16" in rules) is not is_declared


def test_filters_of_the_register_narrow_it(house: OfficeHouse) -> None:
    with_findings(house)
    client = house.signed_in("supervisor")
    assert "/supervisor/findings/0" in client.get("/supervisor/findings?rule=V12").text
    assert "/supervisor/findings/0" not in client.get("/supervisor/findings?rule=V08&office=social-insurance").text
    assert "/supervisor/findings/0" not in client.get("/supervisor/findings?standing=cleared").text
    assert client.get("/supervisor/findings?rule=V99&severity=pink&standing=x").status_code == 200


def test_a_finding_that_is_not_there_is_not_there(house: OfficeHouse) -> None:
    assert house.signed_in("supervisor").get("/supervisor/findings/999999").status_code == 404


def test_the_page_of_a_case_names_its_findings_to_who_may_see_them(house: OfficeHouse) -> None:
    (case,) = with_findings(house)
    number = first_finding()
    assert f"/supervisor/findings/{number}" in house.signed_in("head").get(f"/clerk/cases/{case}").text
    assert f"/supervisor/findings/{number}" not in house.signed_in("clerk").get(f"/clerk/cases/{case}").text
