"""R18: a person gets a copy of the own data and of no other, and has them corrected, erased or locked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from portal import vault
from portal.basis import By, NotAllowed, Role
from portal.cases import operations as cases
from portal.cases.model import Step
from portal.cases.queries import case_page
from portal.data_rights import operations, queries
from portal.data_rights.model import COPIES_A_DAY, CopiesTaken, Outcome, RequestNotPossible, Wish, data_subject
from portal.ledger import queries as ledger
from portal.store import reading, transaction
from tests.databases import in_own_context
from tests.requirements.handing_in import Planting, plant
from tests.requirements.planted import found_in
from tests.web.office import OfficeHouse, hash_quickly, opened


@pytest.fixture
def house(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OfficeHouse]:
    hash_quickly(monkeypatch)
    yield from opened(sqlite_url, tmp_path)


@pytest.fixture
def planted(house: OfficeHouse, tmp_path: Path) -> list[Planting]:
    found = plant(house.staff, tmp_path, at=house.now, people=2)
    house.now += timedelta(minutes=5)
    return found


def citizen(house: OfficeHouse, number: str, code: str) -> FlaskClient:
    client = house.app.test_client()
    client.get("/?lang=en")
    client.post("/follow", data={"number": number, "code": code})
    return client


def withdraw(house: OfficeHouse, one: Planting) -> None:
    with transaction():
        cases.record(one.number, Step.WITHDRAW, by=By(one.applicant, Role.APPLICANT), at=house.now)
    house.now += timedelta(minutes=1)


def ask(house: OfficeHouse, one: Planting, wish: Wish, **more: dict[str, str]) -> int:
    with transaction():
        by = By(one.applicant, Role.APPLICANT)
        return operations.ask(f"case/{one.number}", wish, "please", by=by, at=house.now, **more).seq


def answer(house: OfficeHouse, one: Planting, request: int, outcome: Outcome, text: str = "") -> None:
    with transaction():
        operations.answer(f"case/{one.number}", request, outcome, text, by=house.by("head"), at=house.now)


def test_the_copy_holds_everything_of_this_person_and_nothing_of_another(
    house: OfficeHouse, planted: list[Planting]
) -> None:
    mine, other = planted
    file = citizen(house, mine.number, mine.code).post(f"/my-data/{mine.number}/copy", data={"form": "file"})
    assert file.headers["Content-Disposition"] == f"attachment; filename={mine.number}.json"
    assert file.headers["Cache-Control"] == "no-store"
    (matter,) = json.loads(file.text)["matters"]
    with reading():
        stored = case_page(mine.number, at=house.now)
    assert (matter["personal"], matter["answers"]) == (dict(stored.personal), dict(stored.answers))
    assert [one["name"] for one in matter["files"]] == [paper.file_name for paper in stored.papers]
    assert set(found_in(file.text)) == set(mine.person.values)
    assert other.number not in file.text


def test_the_readable_copy_shows_it_in_full_and_is_on_record(house: OfficeHouse, planted: list[Planting]) -> None:
    client = citizen(house, planted[0].number, planted[0].code)
    text = client.post(f"/my-data/{planted[0].number}/copy", data={"form": "page"}).text
    assert planted[0].person.address in text
    with reading():
        (look,) = queries.looks_at(f"case/{planted[0].number}")
    assert (look.is_own, look.reason) == (True, "page")
    assert "You read it yourself" in client.get(f"/my-data/{planted[0].number}").text


def test_every_copy_stands_in_the_list_and_a_day_allows_so_many(house: OfficeHouse, planted: list[Planting]) -> None:
    one = planted[0]
    client, path = citizen(house, one.number, one.code), f"/my-data/{one.number}"
    for number in range(COPIES_A_DAY):
        answer = client.post(f"{path}/copy", data={"form": ("page", "file")[number % 2]})
        assert one.person.address in json.dumps(answer.text, ensure_ascii=False)
        house.now += timedelta(minutes=1)
    for form in ("page", "file"):
        refused = client.post(f"{path}/copy", data={"form": form}, follow_redirects=True)
        assert one.person.address not in refused.text
        assert "10 copies were taken today" in refused.text
    with reading():
        looks = queries.looks_at(f"case/{one.number}")
    assert len({look.at for look in looks}) == len(looks) == COPIES_A_DAY
    house.now += timedelta(days=1)
    assert one.person.address in client.post(f"{path}/copy", data={"form": "page"}).text


def test_copies_asked_for_at_once_are_no_more_than_the_day_allows(house: OfficeHouse, planted: list[Planting]) -> None:
    about, by = f"case/{planted[0].number}", By(planted[0].applicant, Role.APPLICANT)

    def take(_: int) -> bool:
        try:
            with transaction():
                operations.note_copy(about, "page", by=by, at=house.now)
        except CopiesTaken:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(in_own_context(house.app, take), range(16))) == COPIES_A_DAY


def test_a_wish_is_answered_within_fifteen_working_days_and_the_day_is_shown(
    house: OfficeHouse, planted: list[Planting]
) -> None:
    one = planted[0]
    client = citizen(house, one.number, one.code)
    typed = {"wish": "correct", "text": "wrong street"}
    path = f"/my-data/{one.number}/request"
    assert client.post(path, data=typed).status_code == 422
    assert client.post(path, data={**typed, "wish": "erase"}).status_code == 303
    with reading():
        (waiting,) = queries.open_requests()
    assert waiting.due_on == date(2026, 3, 23)  # Monday 2 March is not counted
    assert "23 March 2026" in client.get(f"/my-data/{one.number}").text
    again = client.post(path, data={**typed, "wish": "erase"})
    assert again.status_code == 409
    assert "wrong street" in again.text


def test_a_corrected_field_is_what_the_office_reads_and_the_first_one_stays_on_record(
    house: OfficeHouse, planted: list[Planting]
) -> None:
    one = planted[0]
    request = ask(house, one, Wish.CORRECT, corrected={"firm-address": "例州市乙区西路2号"})
    answer(house, one, request, Outcome.CORRECTED)
    with reading():
        assert case_page(one.number, at=house.now).personal["firm-address"] == "例州市乙区西路2号"
        first = ledger.events(f"case/{one.number}")[0]
        assert vault.words(first.sealed, vault.purpose_of(first.subject, first.kind))["personal"]["firm-address"] == (
            one.person.address
        )
        events = ledger.events(data_subject(f"case/{one.number}"))
    assert [event.kind for event in events] == ["data-requested", "data-corrected", "data-request-answered"]
    assert "乙区" not in str([dict(event.payload) for event in events])


def test_a_field_that_was_put_wrong_before_closes_no_page(house: OfficeHouse) -> None:
    number = house.make_case("food-licence", person="zhang")
    wrong = {"licence-expires-on": "soon"}
    with transaction():
        by = By("zhang", Role.APPLICANT)
        wished = operations.ask(f"case/{number}", Wish.CORRECT, "please", by=by, at=house.now, corrected=wrong)
        operations.answer(f"case/{number}", wished.seq, Outcome.CORRECTED, "", by=house.by("head"), at=house.now)
    assert house.signed_in("clerk").get(f"/clerk/cases/{number}").status_code == 200


def test_nothing_is_erased_while_the_matter_runs(house: OfficeHouse, planted: list[Planting]) -> None:
    request = ask(house, planted[0], Wish.ERASE)
    for outcome in (Outcome.ERASED, Outcome.LOCKED):
        with pytest.raises(RequestNotPossible, match="cannot be the answer"):
            answer(house, planted[0], request, outcome, "why")
    with pytest.raises(RequestNotPossible, match="Say why"):
        answer(house, planted[0], request, Outcome.REFUSED, " ")
    answer(house, planted[0], request, Outcome.REFUSED, "It is still being handled.")
    text = citizen(house, planted[0].number, planted[0].code).get(f"/my-data/{planted[0].number}").text
    assert "It is still being handled." in text


def test_while_a_duty_to_keep_runs_the_data_are_locked_and_not_erased(
    house: OfficeHouse, planted: list[Planting]
) -> None:
    one = planted[0]
    withdraw(house, one)
    request = ask(house, one, Wish.ERASE)
    with pytest.raises(RequestNotPossible):
        answer(house, one, request, Outcome.ERASED)
    answer(house, one, request, Outcome.LOCKED)
    with reading():
        assert vault.state_of(f"case/{one.number}") == "locked"
        assert case_page(one.number, at=house.now).personal == {}
        assert vault.found("name", one.person.name) == []
        assert case_page(planted[1].number, at=house.now).personal != {}


def test_once_it_has_ended_they_are_erased_and_every_leaf_still_verifies(
    house: OfficeHouse, planted: list[Planting]
) -> None:
    one = planted[0]
    withdraw(house, one)
    house.now += timedelta(days=2 * 366)
    request = ask(house, one, Wish.ERASE)
    answer(house, one, request, Outcome.ERASED)
    with reading():
        assert vault.state_of(f"case/{one.number}") == "erased"
        assert all(event.leaf() == event.leaf_hash for event in ledger.events_after(0, 1000))
    assert "erased" in citizen(house, one.number, one.code).get(f"/my-data/{one.number}").text


def test_only_the_head_of_the_office_or_a_supervisor_answers_and_only_the_person_asks(
    house: OfficeHouse, planted: list[Planting]
) -> None:
    one, about = planted[0], f"case/{planted[0].number}"
    with pytest.raises(NotAllowed), transaction():
        operations.ask(about, Wish.ERASE, "x", by=By(planted[1].applicant, Role.APPLICANT), at=house.now)
    request = ask(house, one, Wish.ERASE)
    for by in (house.by("clerk"), house.by("head", "approval-bureau")):
        with pytest.raises(NotAllowed), transaction():
            operations.answer(about, request, Outcome.REFUSED, "no", by=by, at=house.now)
    assert house.signed_in("clerk").get("/supervisor/data-requests").status_code == 403
    client = house.signed_in("head")
    assert one.number in client.get("/supervisor/data-requests").text
    path = f"/supervisor/data-requests/{request}"
    assert client.post(path, data={"outcome": "refused"}).status_code == 422
    assert client.post(path, data={"outcome": "refused", "text": "Still open."}).status_code == 303
    assert client.get(path).status_code == 404


def test_the_list_of_wishes_can_be_made_again_from_the_ledger(house: OfficeHouse, planted: list[Planting]) -> None:
    answer(house, planted[0], ask(house, planted[0], Wish.ERASE), Outcome.REFUSED, "open")
    ask(house, planted[1], Wish.ERASE)
    with reading():
        before = queries.open_requests()
    with transaction():
        assert operations.rebuild_data_requests() == 2
    with reading():
        assert queries.open_requests() == before
    assert len(before) == 1
