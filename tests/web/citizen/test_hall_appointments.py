"""Appointments: booked in four small steps, opened with their code only, moved, cancelled, checked in."""

from __future__ import annotations

import re
from datetime import timedelta
from importlib import import_module

import pytest
from icalendar import Calendar
from sqlalchemy import func, select

from portal.hall import operations
from portal.hall.model.appointments import Appointment, AppointmentState
from portal.hall.operations.planning import Cause
from portal.hall.queries.appointments import appointment as load
from portal.hall.tables import AppointmentRow
from portal.store import db, reading, transaction
from tests.cases.city import at
from tests.hall.hall_city import HALL, ITEM, MANAGER
from tests.web.citizen.hall_visits import ONCE, PATH, TEN, code_of, sit, ticket_of
from tests.web.citizen.visits import Visitor, Watch, texts

BOOK = f"{PATH}/appointment/{ITEM}"


@pytest.fixture(autouse=True)
def _ten_in_the_morning(watch: Watch) -> None:
    watch.now = TEN


def fields(**more: str) -> dict[str, str]:
    return {"matters": "1", "situation": "unknown", "once_key": next(ONCE), **more}


def book(visitor: Visitor, day: str = "2026-03-04", clock: str = "0900", **more: str) -> str:
    answer = visitor.post(f"{BOOK}/{day}/{clock}", **fields(**more))
    assert answer.status_code == 303, texts(answer)
    return str(answer.location).rsplit("/", 1)[1]


def found(visitor: Visitor, number: str) -> Appointment:
    with visitor.app.app_context(), reading():
        return load(number)


def test_service_day_time_and_a_last_look_lead_to_a_confirmation(visitor: Visitor) -> None:
    assert f"/halls/city-hall/appointment/{ITEM}" in visitor.get(f"{PATH}/appointment").text
    assert f"{BOOK}/2026-03-04" in visitor.get(BOOK).text
    times = visitor.get(f"{BOOK}/2026-03-04?lang=en")
    assert f"{BOOK}/2026-03-04/0900" in times.text
    assert "Morning" in texts(times)
    assert "4 March 2026, 09:00" in texts(visitor.get(f"{BOOK}/2026-03-04/0900"))
    number = book(visitor)
    page = visitor.get(f"/appointments/{number}")
    assert number in texts(page)
    assert code_of(visitor, f"appointment/{number}") in texts(page)
    assert "data:image/svg+xml" in page.text


def test_pressed_twice_it_is_one_appointment(visitor: Visitor) -> None:
    sent = fields()
    places = {visitor.post(f"{BOOK}/2026-03-04/0900", **sent).location for _ in range(2)}
    assert len(places) == 1
    with visitor.app.app_context(), reading():
        assert db.session.scalar(select(func.count()).select_from(AppointmentRow)) == 1


def test_a_slot_that_is_taken_is_told_with_what_else_is_free(visitor: Visitor) -> None:
    visitor.get("/?lang=en")
    for _ in range(10):
        answer = visitor.post(f"{BOOK}/2026-03-04/0900", **fields(matters="2", situation="by-agent"))
        if answer.status_code == 422:
            break
    assert "This time has been taken meanwhile" in texts(answer)
    assert "Free instead" in texts(answer)
    assert re.search(r'name="matters"[^>]*value="2" checked|value="2"\s+checked', answer.text)
    instead = re.search(rf'action="({BOOK}/2026-03-04/\d+)"', answer.text)
    assert instead is not None
    assert re.search(r'type="hidden" name="situation" value="by-agent"', answer.text)
    assert visitor.post(instead[1], **fields(matters="2", situation="by-agent")).status_code == 303


@pytest.mark.parametrize("wrong", ["2026-03-04/0907", "2026-03-03/0900", "2027-03-04/0900", "2026-03-07/0900"])
def test_a_time_at_which_there_is_no_appointment_is_refused(visitor: Visitor, wrong: str) -> None:
    answer = visitor.post(f"{BOOK}/{wrong}", **fields())
    assert answer.status_code == 422


@pytest.mark.parametrize("nowhere", ["2026-13-04/0900", "2026-03-04/9999", "2026-03-04/9", "monday/0900"])
def test_what_is_no_time_at_all_is_not_found(visitor: Visitor, nowhere: str) -> None:
    assert visitor.get(f"{BOOK}/{nowhere}").status_code == 404


def test_others_open_it_with_its_code_only(visitor: Visitor, stranger: Visitor) -> None:
    number = book(visitor)
    code = code_of(visitor, f"appointment/{number}")
    shut, missing = stranger.get(f"/appointments/{number}"), stranger.get("/appointments/city-hall-2026-P999999")
    assert (shut.status_code, missing.status_code) == (404, 404)
    assert code not in shut.text
    for page in ("move", "cancel", "appointment.ics"):
        assert stranger.get(f"/appointments/{number}/{page}").status_code == 404
    wrong = stranger.post(f"/appointments/{number}?lang=en", code="AAAAAAAA")
    assert wrong.status_code == 422
    assert "no appointment with this number and code" in texts(wrong)
    assert stranger.post(f"/appointments/{number}", code=code).status_code == 303
    assert number in texts(stranger.get(f"/appointments/{number}"))


def test_it_is_moved_and_the_old_time_is_free_again(visitor: Visitor) -> None:
    number = book(visitor)
    page = visitor.get(f"/appointments/{number}/move?day=2026-03-05&lang=en")
    assert "5 March 2026" in texts(page)
    answer = visitor.post(f"/appointments/{number}/move?day=2026-03-05", slot="2026-03-050930", once_key=next(ONCE))
    assert answer.status_code == 303, texts(answer)
    assert found(visitor, number).slot_at == at("Thursday 2026-03-05 09:30")
    wrong = visitor.post(f"/appointments/{number}/move?day=2026-03-05", slot="2026-03-050935", once_key=next(ONCE))
    assert wrong.status_code == 422


def test_it_is_cancelled_once(visitor: Visitor) -> None:
    number = book(visitor)
    assert visitor.post(f"/appointments/{number}/cancel", once_key=next(ONCE)).status_code == 303
    assert found(visitor, number).state is AppointmentState.CANCELLED
    assert visitor.get(f"/appointments/{number}/cancel").status_code == 409
    assert "Cancelled" in texts(visitor.get(f"/appointments/{number}?lang=en"))


def test_whoever_comes_in_time_becomes_a_number_and_whoever_comes_early_is_told_when(
    visitor: Visitor, watch: Watch
) -> None:
    number = book(visitor)
    early = visitor.client.post(
        f"/appointments/{number}/check-in", data={"once_key": next(ONCE)}, follow_redirects=True
    )
    assert "from 30 minutes before" in texts(visitor.get("/follow?lang=en")) or "30" in texts(early)
    watch.now = at("Wednesday 2026-03-04 08:50")
    answer = visitor.post(f"/appointments/{number}/check-in", once_key=next(ONCE))
    ticket = ticket_of(visitor, str(answer.location))
    assert (ticket.printed, ticket.appointment) == ("P001", number)
    assert "You have checked in" in texts(visitor.get(f"/appointments/{number}?lang=en"))


def test_the_file_for_the_calendar_is_read_back(visitor: Visitor) -> None:
    number = book(visitor)
    answer = visitor.get(f"/appointments/{number}/appointment.ics")
    (event,) = Calendar.from_ical(answer.data).walk("VEVENT")
    assert event.decoded("dtstart") == at("Wednesday 2026-03-04 09:00")
    assert event.decoded("dtend") - event.decoded("dtstart") == timedelta(minutes=15)
    assert number in str(event["uid"])
    assert code_of(visitor, f"appointment/{number}") not in answer.text
    assert str(event["status"]) == "CONFIRMED"


def test_the_kept_list_shows_numbers_and_appointments(visitor: Visitor) -> None:
    number = book(visitor)
    assert f"/appointments/{number}" in visitor.get("/follow").text


def test_the_offered_times_leave_out_a_window_that_is_booked(visitor: Visitor) -> None:
    sit(visitor)
    before = len(re.findall(rf"{BOOK}/2026-03-04/\d+", visitor.get(f"{BOOK}/2026-03-04").text))
    for turn in range(12):
        answer = visitor.post(f"{BOOK}/2026-03-04/0900", **fields())
        if answer.status_code == 422:
            assert turn > 0
            break
    assert len(re.findall(rf"{BOOK}/2026-03-04/\d+", visitor.get(f"{BOOK}/2026-03-04").text)) == before - 1


def test_nobody_without_an_account_books_out_a_hall_from_one_address(visitor: Visitor, watch: Watch) -> None:
    def tried() -> int:
        """Each time a browser that remembers nothing, and a time that is free."""
        fresh = Visitor(visitor.app.test_client(), visitor.app, watch)
        clock = "0900" if next(times) < 5 else "0930"
        answer = fresh.post(f"{BOOK}/2026-03-04/{clock}?lang=en", **fields())
        if answer.status_code == 422:
            assert "Too many were taken from this connection without signing in" in texts(answer)
        return answer.status_code

    times = iter(range(100))
    assert [tried() for _ in range(11)] == [303] * 10 + [422]
    watch.now += timedelta(hours=1)
    assert visitor.post(f"{BOOK}/2026-03-04/1000", **fields()).status_code == 303


def test_a_closure_is_told_on_the_page_of_the_appointment_that_it_hits(visitor: Visitor, watch: Watch) -> None:
    number, other = book(visitor), book(visitor, clock="1030")
    with visitor.app.app_context(), transaction():
        operations.declare_closure(
            HALL, Cause.EMERGENCY, at("Wednesday 2026-03-04 09:00"), at("Wednesday 2026-03-04 10:00"), "水管爆裂",
            by=MANAGER, at=TEN,
        )  # fmt: skip
    watch.now = at("Wednesday 2026-03-04 08:45")
    page = visitor.get(f"/appointments/{number}?lang=en")
    assert "The hall is closed at this time: 水管爆裂" in texts(page)
    assert f"/appointments/{number}/move" in page.text
    assert "/check-in" not in page.text
    assert "closed at this time" not in texts(visitor.get(f"/appointments/{other}?lang=en"))


def test_the_holder_sees_when_he_was_reminded_and_when_to_come(visitor: Visitor, watch: Watch) -> None:
    number = book(visitor)
    address = f"/appointments/{number}?lang=en"
    page = texts(visitor.get(address))
    assert "You will be reminded here" in page
    assert "24 hours before" in page
    assert "Reminder of" not in texts(visitor.get("/follow?lang=en"))
    watch.now = at("Tuesday 2026-03-03 10:30")
    with visitor.app.app_context(), transaction():
        operations.remind_and_miss(watch.now)
    page = texts(visitor.get(address))
    assert "Reminder of Tuesday 3 March 2026, 10:30: this appointment begins at Wednesday 4 March 2026, 09:00" in page
    assert "Reminder of Tuesday 3 March 2026, 10:30: it is soon" in texts(visitor.get("/follow?lang=en"))
    assert "Come now" not in page
    watch.now = at("Wednesday 2026-03-04 08:40")
    assert "Come now: your appointment is at 09:00" in texts(visitor.get(address))
    visitor.post(f"/appointments/{number}/cancel", once_key=next(ONCE))
    watch.now = at("Wednesday 2026-03-04 08:41")
    page = texts(visitor.get(address))
    assert "you were reminded of this appointment" in page
    assert "Come now" not in page


def test_an_appointment_whose_service_left_the_catalogue_is_named_by_its_version(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = book(visitor)
    monkeypatch.setattr(import_module("portal.web.citizen.hall.appointments"), "version_or_none", lambda _: None)
    visitor.get("/?lang=en")
    assert "Unemployment" in texts(visitor.get(f"/appointments/{number}"))
    file = visitor.get(f"/appointments/{number}/appointment.ics")
    assert file.status_code == 200
    assert "Unemployment" in str(Calendar.from_ical(file.data).walk("VEVENT")[0]["summary"])


def test_the_situation_is_asked_stands_on_the_proof_and_is_the_numbers_once_he_has_come(
    visitor: Visitor, watch: Watch
) -> None:
    page = visitor.get(f"{BOOK}/2026-03-04/0900?lang=en").text
    asked = re.findall(r'name="situation" type="radio" value="([^"]*)"( checked)?', page)
    assert asked == [("after-benefit", ""), ("not-entitled", ""), ("by-agent", ""), ("unknown", " checked")]
    number = book(visitor, situation="by-agent")
    proof = texts(visitor.get(f"/appointments/{number}?lang=en"))
    assert "Situation By an agent" in proof
    assert "Authorisation signed by the claimant" in proof
    watch.now = at("Wednesday 2026-03-04 08:50")
    answer = visitor.post(f"/appointments/{number}/check-in", once_key=next(ONCE))
    assert ticket_of(visitor, str(answer.location)).situation == "by-agent"
    assert "Situation By an agent" in texts(visitor.get(f"{answer.location}?lang=en"))


def test_who_does_not_know_the_situation_books_all_the_same_and_is_told_that_it_counts(visitor: Visitor) -> None:
    number = book(visitor)
    assert found(visitor, number).situation is None
    proof = texts(visitor.get(f"/appointments/{number}?lang=en"))
    assert "It depends on your situation." in proof
    assert "By an agent" not in proof


def test_a_time_taken_at_once_asks_for_the_situation_before_it_is_booked(visitor: Visitor) -> None:
    """As the page of a refused number offers it."""
    sent = {"matters": "2", "once_key": next(ONCE)}
    page = visitor.post(f"{BOOK}/2026-03-04/0900?lang=en", **sent)
    assert page.status_code == 422
    assert "Which is your situation?" in texts(page)
    assert "There is a problem" not in texts(page)
    assert re.search(r'name="matters"[^>]*value="2" checked|value="2"\s+checked', page.text)
    sent |= {"asked": ITEM, "situation": "not-entitled"}
    answer = visitor.post(f"{BOOK}/2026-03-04/0900", **sent)
    assert found(visitor, str(answer.location).rsplit("/", 1)[1]).situation == "not-entitled"


@pytest.mark.parametrize("wrong", ["made-up", ""])
def test_a_situation_that_the_service_does_not_have_books_nothing(visitor: Visitor, wrong: str) -> None:
    answer = visitor.post(f"{BOOK}/2026-03-04/0900?lang=en", **fields(situation=wrong, asked=ITEM))
    assert answer.status_code == 422
    assert "There is a problem" in texts(answer)
    with visitor.app.app_context(), reading():
        assert db.session.scalar(select(func.count()).select_from(AppointmentRow)) == 0


def test_a_service_with_one_situation_is_booked_without_a_question(visitor: Visitor) -> None:
    page = visitor.get(f"{PATH}/appointment/insurance-record/2026-03-04/0900")
    assert page.status_code == 200
    assert 'name="situation"' not in page.text
    address = f"{PATH}/appointment/insurance-record/2026-03-04/0900"
    assert visitor.post(address, matters="1", once_key=next(ONCE)).status_code == 303
