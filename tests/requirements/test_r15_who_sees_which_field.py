"""R15: of one person's name, numbers, address and words, each role sees in each relation what the table says.

Everything was typed into real pages, and every page that somebody may open about the two matters is read, with the
files of an audit: what is found there in full, masked, or not at all, has to be what stands here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import url_for
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from portal.catalogue.model import FieldKind
from portal.catalogue.queries import catalogue
from portal.compliance.findings import operations as register
from portal.compliance.findings import queries as findings
from portal.store import reading, transaction
from tests.matrix.routes import sort_of
from tests.matrix.world import STAFF, employ_the_others
from tests.requirements.planted import PEOPLE
from tests.test_house import rules_of
from tests.web.citizen.people import Person
from tests.web.citizen.visits import Watch
from tests.web.office import OfficeHouse, hash_quickly, opened

HERE, THERE = "government-services", "social-insurance"
ONE = PEOPLE[0]
SAID = {
    "applicant-name": ONE.name,
    "identity-number": ONE.identity,
    "phone": ONE.phone,
    "address": ONE.address,
    "matter": ONE.remark,
}
ITEMS = ("petition", "residence-permit")  # the first asks for words, the second for an address
SHOWN = {  # full, masked
    "name": (ONE.name, "欧**"),
    "identity": (ONE.identity, f"110***********{ONE.identity[-4:]}"),
    "phone": (ONE.phone, "139****0000"),
    "address": (ONE.address, "例州市甲区东街***"),
    "words": (ONE.remark, "家中***"),
}
# On the pages; after a look with a reason on record; in the copy of one's own data. Each: name, identity, phone,
# address, words: F in full, m masked, - not shown. A point: that page is not there for this person.
TABLE = """
stranger                    -   -----  .....  .....
another-person              -   -----  .....  .....
person                      own mmmmm  .....  FFFFF
who-holds-the-code          own mmmmm  .....  FFFFF
agent                       own mmmmm  .....  .....
agent-of-another-service    own -----  .....  .....
clerk                       own mmmmm  FFFFF  .....
clerk                     other -----  .....  .....
reviewer                    own mmmmm  FFFFF  .....
reviewer                  other -----  .....  .....
decider                     own mmmmm  FFFFF  .....
decider                   other -----  .....  .....
head                        own mmmmm  FFFFF  .....
head                      other -----  .....  .....
hall-manager                own -----  .....  .....
hall-manager              other -----  .....  .....
dispatcher                  own mmmmm  .....  .....
dispatcher                other mmmmm  .....  .....
supervisor                  own mmmmm  .....  .....
supervisor                other mmmmm  .....  .....
auditor                     own mmmmm  .....  .....
auditor                   other mmmmm  .....  .....
inspector                   own mmmmm  .....  .....
inspector                 other mmmmm  .....  .....
catalogue-editor            own -----  .....  .....
catalogue-editor          other -----  .....  .....
catalogue-publisher         own -----  .....  .....
catalogue-publisher       other -----  .....  .....
sysadmin                    own -----  .....  .....
sysadmin                  other -----  .....  .....
"""
ROWS = {(who, relation): cells for who, relation, *cells in map(str.split, TABLE.strip().splitlines())}
ABOUT_PEOPLE = ("clerk.", "supervisor.", "open_data.", "citizen.cases.", "citizen.my_data.", "citizen.mine.")
AUDIT_FILES = ("summary.json", "findings.csv", "report.html")


@dataclass
class Town:
    house: OfficeHouse
    people: dict[str, FlaskClient]
    numbers: list[str]
    audit: str
    findings: list[str]

    def client(self, who: str, relation: str) -> FlaskClient:
        if who in self.people:
            return self.people[who]
        return self.house.signed_in(who, HERE if relation == "own" else THERE)


@pytest.fixture(scope="module")
def town(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("fields")
    (folder / "portal.sqlite").write_bytes(sqlite_template.read_bytes())
    with pytest.MonkeyPatch.context() as patch:
        hash_quickly(patch)
        for house in opened(f"sqlite:///{folder / 'portal.sqlite'}", folder):
            employ_the_others(house, (HERE, THERE))
            yield _lived_in(house)


def _lived_in(house: OfficeHouse) -> Town:
    watch = Watch(house.now)
    people = {
        name: Person(house.app.test_client(), house.app, watch, name=name)
        for name in ("owner", "agent", "third", "fourth")
    }
    for one in people.values():
        one.register()
        one.sign_in()
    owner = people["owner"]
    numbers = [owner.hand_in(item, said=SAID) for item in ITEMS]
    given = owner.authorise()
    owner.authorise(agent="third", item="unemployment-subsidy")
    holder = house.app.test_client()
    for number in numbers:
        form = {"number": number, "code": _code(owner, number)}
        assert holder.post("/follow", data=form).status_code == 303
    house.now += timedelta(days=60)
    for one in people.values():
        one.sign_in()
    people["agent"].act_on(given)
    with transaction():
        register.examine([f"case/{number}" for number in numbers], at=house.now)
    with reading():
        found = [one.number for one in findings.findings()]
    assert found, "nobody answered for two months"
    audit = str(house.signed_in("auditor", HERE).post("/supervisor/audits").location).split("/")[3]
    browsers = {
        "stranger": house.app.test_client(),
        "another-person": people["fourth"].client,
        "person": owner.client,
        "who-holds-the-code": holder,
        "agent": people["agent"].client,
        "agent-of-another-service": people["third"].client,
    }
    return Town(house, browsers, numbers, audit, found)


def _code(owner: Person, number: str) -> str:
    found = re.search(r'id="code">([^<]+)<', owner.get(f"/cases/{number}/receipt").text)
    assert found is not None
    return found[1]


def pages(town: Town) -> Iterator[str]:
    """Every address that tells of people's matters: these two, or nobody's in particular."""
    for rule in rules_of(town.house.app):
        if "GET" in (rule.methods or ()) and rule.endpoint.startswith(ABOUT_PEOPLE):
            yield from _addresses(rule, town)


def _addresses(rule: Rule, town: Town) -> Iterator[str]:
    things = {
        "case": ("number", town.numbers),
        "finding": ("number", town.findings),
        "audit": ("name", [town.audit]),
    }
    sort = sort_of(rule) or ""
    if sort not in things and rule.arguments - {"item"}:
        return  # a draft, an inquiry, a post: none of theirs
    which, names = things.get(sort, ("", [""]))
    for name in names:
        for file in AUDIT_FILES if "file" in rule.arguments else ("",):
            words = {"place": "0", "step": "comment", "item": "petition", "file": file, which: name}
            with town.house.app.test_request_context():
                chosen: dict[str, Any] = {word: words[word] for word in rule.arguments}
                yield url_for(rule.endpoint, **chosen)


def level(texts: list[str]) -> str:
    """One letter for each field."""
    whole = "\n".join(texts)
    return "".join("F" if full in whole else "m" if masked in whole else "-" for full, masked in SHOWN.values())


def read(client: FlaskClient, paths: Iterable[str]) -> list[str]:
    answers = [client.get(path) for path in paths]
    assert not [answer for answer in answers if answer.status_code >= 500]
    texts = [answer.get_data(as_text=True) for answer in answers]
    for answer in answers:
        answer.close()
    return texts


def after_a_look(client: FlaskClient, numbers: list[str]) -> str:
    """A look with a reason at one matter after the other, each read while it is open; a point where none may look."""
    texts: list[str] = []
    for number in numbers:
        if client.post(f"/clerk/cases/{number}/show", data={"reason": "handling"}).status_code == 303:
            texts += read(client, [f"/clerk/cases/{number}"])
    return level(texts) if texts else "....."


def in_the_copy(client: FlaskClient, numbers: list[str]) -> str:
    """As a page and as a file, which have to tell the same."""
    found = {
        form: [client.post(f"/my-data/{number}/copy", data={"form": form}) for number in numbers]
        for form in ("page", "file")
    }
    if {answer.status_code for answers in found.values() for answer in answers} != {200}:
        return "....."
    page, file = (level([answer.text for answer in answers]) for answers in found.values())
    assert page == file
    return page


@pytest.mark.parametrize(("who", "relation"), ROWS)
def test_everybody_sees_of_each_field_what_the_table_says(town: Town, who: str, relation: str) -> None:
    client = town.client(who, relation)
    before = level(read(client, pages(town)))
    assert [before, after_a_look(client, town.numbers), in_the_copy(client, town.numbers)] == ROWS[who, relation]


def test_the_table_speaks_of_every_role() -> None:
    assert {who for who, relation in ROWS if relation == "other"} == {role.value for role in STAFF}


def test_no_look_is_without_a_reason(town: Town) -> None:
    client = town.client("clerk", "own")
    for reason in ({}, {"reason": ""}, {"reason": "curious"}):
        assert client.post(f"/clerk/cases/{town.numbers[0]}/show", data=reason).status_code == 422


def test_every_text_that_a_service_asks_for_is_personal_but_what_registers_publish() -> None:
    """Names and numbers of firms and of what they may sell are public (企业信息公示暂行条例 第六条、第七条)."""
    public = {"firm-name", "credit-code", "trade-name", "scope", "categories", "marking", "licence-number"}
    open_to_all = {
        (version.code, field.name)
        for version in catalogue().versions
        for field in version.fields
        if field.kind is FieldKind.TEXT and not field.is_personal and field.name not in public
    }
    assert open_to_all == set()
