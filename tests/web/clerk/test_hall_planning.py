"""Closures name whom they hit before they are saved; shifts are planned by the week; paper is entered as it stands."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

import pytest

from portal.hall import operations
from portal.hall.model.appointments import AppointmentState
from portal.hall.model.tickets import Outcome, TicketFactUnfit, TicketState
from portal.hall.operations.paper import BlockUnknown
from portal.hall.places import place
from portal.hall.queries.appointments import appointment, first_free_slots
from portal.hall.queries.rosters import shifts
from portal.hall.queries.steering import closures_to_come
from portal.hall.queries.tickets import paper_between
from portal.ledger import queries as ledger
from portal.store import reading, transaction
from tests.hall.hall_city import HALL, ITEM, MANAGER, TEN, WINDOWS, citizen, clerk, issued, minutes, seat
from tests.web.clerk.hall_pages import PAGE, manager, words
from tests.web.office import OfficeHouse

WEDNESDAY, THURSDAY = date(2026, 3, 4), date(2026, 3, 5)


def booked(many: int = 1) -> list[str]:
    """Appointments of the next day, one after the other."""
    found = []
    for _ in range(many):
        with transaction():
            slot = first_free_slots(HALL, ITEM, TEN, 1)[0]
            found.append(operations.book(HALL, ITEM, slot, by=citizen(), at=TEN).appointment.number)
    return found


def closing(**changed: str) -> dict[str, str]:
    sent = {"cause": "emergency", "from_at": "08:00", "until_at": "23:00", "reason": "no electricity"}
    for name in ("from_on", "until_on"):
        sent |= {f"{name}-{part}": str(getattr(WEDNESDAY, part)) for part in ("year", "month", "day")}
    return sent | changed


def declared(house: OfficeHouse, **changed: str) -> str:
    """The closure's number, after the page that shows whom it hits."""
    client = manager(house)
    shown = client.post(f"{PAGE}/closures/new", data=closing(**changed))
    assert shown.status_code == 200
    seal = re.search(r'name="shown" value="(\w+)"', shown.text)
    assert seal is not None
    answer = client.post(f"{PAGE}/closures/new", data={**closing(**changed), "shown": seal[1]})
    assert answer.status_code == 303, words(answer.text)
    return answer.headers["Location"].rsplit("/", 1)[1]


def test_a_closure_shows_whom_it_hits_and_saves_nothing_at_first(house: OfficeHouse) -> None:
    (one,) = booked()
    client = manager(house)
    page = client.post(f"{PAGE}/closures/new", data=closing())
    text = words(page.text)
    assert one in text
    assert "Nothing is saved yet." in text
    assert re.search(r"Offered: Thu 5 Mar", text)
    assert closures_to_come(HALL, TEN) == []
    changed = {**closing(), "until_at": "12:00", "shown": re.findall(r'name="shown" value="(\w+)"', page.text)[0]}
    assert client.post(f"{PAGE}/closures/new", data=changed).status_code == 200  # other times: shown again
    assert closures_to_come(HALL, TEN) == []


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"cause": "announced", "from_at": "09:00"}, "cause"),
        ({"until_at": "07:00"}, "until_at"),
        ({"from_at": "nine"}, "from_at"),
        ({"reason": ""}, "reason"),
        ({"from_on-day": "31", "from_on-month": "2"}, "from_on"),
    ],
)
def test_what_a_closure_lacks_is_told_at_its_field(house: OfficeHouse, changed: dict[str, str], field: str) -> None:
    answer = manager(house).post(f"{PAGE}/closures/new", data=closing(**changed))
    assert answer.status_code == 422
    assert f'href="#{field}' in answer.text


def test_affected_appointments_are_moved_or_cancelled_with_the_closure_named(house: OfficeHouse) -> None:
    first, second = booked(2)
    number = declared(house)
    client = manager(house)
    address = f"{PAGE}/closures/{number}"
    page = client.get(address).text
    slot = re.findall(r'<option value="([^"]+)"', page)[0]
    assert datetime.fromisoformat(slot).date() >= THURSDAY
    assert client.post(f"{address}/move", data={"appointment": first, "slot": slot}).status_code == 303
    assert appointment(first).day >= THURSDAY
    assert client.post(f"{address}/cancel", data={"appointment": second}).status_code == 303
    assert (appointment(second).state, appointment(second).reason) == (AppointmentState.CANCELLED, "no electricity")
    assert ledger.events(f"appointment/{second}")[-1].text("closure") == number
    assert "None." in words(client.get(address).text)
    answer = client.post(f"{address}/cancel", data={"appointment": first})  # not hit any more
    assert answer.status_code == 422
    assert client.post(f"{address}/move", data={"appointment": first, "slot": "soon"}).status_code == 422


def test_all_of_them_at_once(house: OfficeHouse) -> None:
    numbers = booked(3)
    address = f"{PAGE}/closures/{declared(house)}"
    client = manager(house)
    assert client.post(f"{address}/move-all").status_code == 303
    assert {appointment(one).state for one in numbers} == {AppointmentState.BOOKED}
    assert all(appointment(one).day >= THURSDAY for one in numbers)
    assert client.post(f"{address}/withdraw").status_code == 303
    assert "withdrawn" in words(client.get(address).text)
    assert client.post(f"{address}/withdraw").status_code == 422


def test_a_closure_withdrawn_leaves_the_day_as_it_was(house: OfficeHouse) -> None:
    (kept,) = booked()
    number = declared(house)
    client, visitor = manager(house), house.app.test_client()
    address, hall_page = f"{PAGE}/closures/{number}", f"/halls/{HALL}?lang=en"
    assert kept in words(client.get(address).text)
    assert "no electricity" in words(visitor.get(hall_page).text)
    assert first_free_slots(HALL, ITEM, TEN, 1)[0].date() >= THURSDAY
    assert client.post(f"{address}/withdraw").status_code == 303
    assert "no electricity" not in words(visitor.get(hall_page).text)
    assert first_free_slots(HALL, ITEM, TEN, 1)[0].date() == WEDNESDAY
    found = appointment(kept)
    assert (found.state, found.day) == (AppointmentState.BOOKED, WEDNESDAY)
    assert kept not in words(client.get(address).text)
    event = ledger.events(f"hall/{HALL}")[-1]
    assert (event.kind, event.text("closure")) == ("closure-withdrawn", number)


@pytest.mark.parametrize(
    ("role", "office", "status"),
    [
        ("head", "social-insurance", 403),  # staffs windows here, and does not run the hall
        ("hall-manager", "social-insurance", 403),
        ("head", "centre-a", 404),  # nothing of this hall is theirs
    ],
)
def test_who_does_not_run_the_hall_withdraws_no_closure(
    house: OfficeHouse, role: str, office: str, status: int
) -> None:
    number, before = declared(house), ledger.last_seq()
    assert house.signed_in(role, office).post(f"{PAGE}/closures/{number}/withdraw").status_code == status
    assert [one.number for one in closures_to_come(HALL, TEN)] == [number]
    assert "closure-withdrawn" not in {event.kind for event in ledger.events_after(before)}


def test_a_shift_that_would_break_promises_wants_a_reason_and_keeps_what_was_typed(house: OfficeHouse) -> None:
    client = manager(house)
    seat(1)
    slip = issued(TEN)
    with transaction():
        operations.carry_over(slip.ticket.id, by=citizen(), at=TEN, code=slip.code)
    sent: dict[str, str] = {}
    for window in place(HALL).windows_for(ITEM):
        sent |= cell(window, WEDNESDAY, "-")
    answer = client.post(f"{PAGE}/shifts", data={**sent, "reason": ""})
    assert answer.status_code == 422
    assert "S001" in words(answer.text)
    assert shifts(HALL, WEDNESDAY, WEDNESDAY) == {}
    assert client.post(f"{PAGE}/shifts", data={**sent, "reason": "the roof leaks"}).status_code == 303
    assert len(shifts(HALL, WEDNESDAY, WEDNESDAY)) == len(place(HALL).windows_for(ITEM))


def test_a_clerk_reads_a_closure_and_settles_nothing(house: OfficeHouse) -> None:
    booked()
    number = declared(house)
    client = house.signed_in("clerk", "social-insurance")
    assert "no electricity" in client.get(f"{PAGE}/closures/{number}").text
    assert client.post(f"{PAGE}/closures/{number}/cancel-all").status_code == 403
    assert client.get(f"{PAGE}/closures/nothing").status_code == 404


def cell(window: str, day: date, spans: str, who: str = "") -> dict[str, str]:
    return {f"spans-{window}-{day}": spans, f"who-{window}-{day}": who}


def test_one_cell_is_set_and_the_others_are_left_alone(house: OfficeHouse) -> None:
    client = manager(house)
    who = house.by("clerk", "social-insurance").actor
    sent = cell(WINDOWS[0], WEDNESDAY, "09:00-11:30\r\n12:00-17:00", who) | cell(WINDOWS[1], WEDNESDAY, "")
    assert client.post(f"{PAGE}/shifts", data=sent).status_code == 303
    planned = shifts(HALL, WEDNESDAY, WEDNESDAY)
    assert planned == {(WINDOWS[0], WEDNESDAY): (("09:00-11:30", "12:00-17:00"), who)}
    before = ledger.last_seq()
    client.post(f"{PAGE}/shifts", data=sent)
    assert ledger.last_seq() == before  # nothing has changed
    client.post(f"{PAGE}/shifts", data=cell(WINDOWS[0], WEDNESDAY, "-"))
    assert shifts(HALL, WEDNESDAY, WEDNESDAY)[WINDOWS[0], WEDNESDAY] == ((), None)
    client.post(f"{PAGE}/shifts", data=cell(WINDOWS[0], WEDNESDAY, ""))
    spans = shifts(HALL, WEDNESDAY, WEDNESDAY)[WINDOWS[0], WEDNESDAY].spans
    assert (spans[0][:5], spans[-1][-5:]) == ("09:00", "17:00")  # the hall's own hours again


@pytest.mark.parametrize(
    ("typed", "message"),
    [("9-12", "is no span of time"), ("12:00-09:00", "is no span of time"), ("09:00-12:00 11:00-13:00", "overlap")],
)
def test_a_span_that_cannot_be_is_told_at_its_cell_and_everything_typed_stays(
    house: OfficeHouse, typed: str, message: str
) -> None:
    sent = cell(WINDOWS[0], WEDNESDAY, "09:00-10:00") | cell(WINDOWS[1], THURSDAY, typed)
    answer = manager(house).post(f"{PAGE}/shifts", data=sent)
    assert answer.status_code == 422
    assert f'href="#spans-{WINDOWS[1]}-{THURSDAY}"' in answer.text
    assert message in answer.text
    assert f">{typed}</textarea>" in answer.text
    assert ">09:00-10:00</textarea>" in answer.text
    assert shifts(HALL, WEDNESDAY, THURSDAY) == {}


def test_overlapping_spans_would_promise_minutes_twice(house: OfficeHouse) -> None:
    del house
    with transaction(), pytest.raises(TicketFactUnfit, match="overlap"):
        operations.set_shift(HALL, WINDOWS[0], WEDNESDAY, ("09:00-12:00", "11:30-13:00"), by=MANAGER, at=TEN)
    with transaction():
        operations.set_shift(HALL, WINDOWS[0], WEDNESDAY, ("12:00-13:00", "09:00-12:00"), by=MANAGER, at=TEN)


def test_a_day_and_a_week_are_copied(house: OfficeHouse) -> None:
    client = manager(house)
    client.post(f"{PAGE}/shifts", data=cell(WINDOWS[0], WEDNESDAY, "09:00-12:00"))
    client.post(f"{PAGE}/shifts/copy", data={"from_day": str(WEDNESDAY), "to": str(THURSDAY)})
    assert shifts(HALL, THURSDAY, THURSDAY)[WINDOWS[0], THURSDAY].spans == ("09:00-12:00",)
    client.post(f"{PAGE}/shifts/copy", data={"from_day": "week", "to": "+2"})
    later = WEDNESDAY + timedelta(14)
    assert {day for _, day in shifts(HALL, later, later + timedelta(1))} == {later, later + timedelta(1)}
    answer = client.post(f"{PAGE}/shifts/copy", data={"from_day": "week", "to": "rest"}, follow_redirects=True)
    assert "nothing to copy that way" in answer.text


def test_minutes_rostered_stand_beside_minutes_needed(house: OfficeHouse) -> None:
    for week in (1, 2):
        with transaction():
            for _ in range(30):
                operations.issue(
                    HALL, ITEM, by=clerk(), at=TEN + timedelta(1) - timedelta(weeks=week), is_promised=True
                )
    client = manager(house)
    for window in WINDOWS:
        client.post(f"{PAGE}/shifts", data=cell(window, WEDNESDAY, "-"))
    text = client.get(f"{PAGE}/shifts").text
    assert re.search(r'class="hall-wrong">180 / (\d+) ▲', text)  # six windows are left, thirty people need more


@pytest.mark.parametrize("week", ["soon", "2026-13-40"])
def test_a_week_that_is_none_is_not_there(house: OfficeHouse, week: str) -> None:
    assert manager(house).get(f"{PAGE}/shifts?week={week}").status_code == 404


def block(**changed: str) -> dict[str, str]:
    return {
        "block": "7", "on-year": "2026", "on-month": "3", "on-day": "3", "from_at": "9:00", "until_at": "10:00",
        "cause": "the line was down",
    } | changed  # fmt: skip


def line(nth: int, **typed: str) -> dict[str, str]:
    return {f"line{nth}-{name}": value for name, value in typed.items()}


def test_a_block_is_declared_and_its_numbers_are_entered_as_paper(house: OfficeHouse) -> None:
    now = TEN + minutes(30)
    client = manager(house, now)
    answer = client.post(f"{PAGE}/paper", data=block())
    assert answer.headers["Location"] == f"{PAGE}/paper/7"
    served = line(1, number="Z1", item=ITEM, issued="09:05", called="09:15", served="09:25", window=WINDOWS[0])
    served |= line(1, outcome="inquiry", reference="990100-2026-000007")
    sent = served | line(3, number="2", item=ITEM, issued="0930")
    assert client.post(f"{PAGE}/paper/7", data=sent).status_code == 303
    found = paper_between(HALL, TEN.date(), TEN - minutes(60), TEN)
    assert [(one.printed, one.state, one.waited) for one in found] == [
        ("Z001", TicketState.SERVED, 10),
        ("Z002", TicketState.WAITING, None),
    ]
    assert "Z002" in words(client.get(f"{PAGE}/paper/7").text).split("Entered from this block")[1]
    assert "from paper" in client.get(f"{PAGE}/numbers/{found[0].id}").text


@pytest.mark.parametrize(
    ("second", "told"),
    [
        (line(2, number="x", item=ITEM, issued="09:10"), "Line 2: Enter the number"),
        (line(2, number="2", item="", issued="09:10"), "Line 2: Choose a service"),
        (line(2, number="2", item=ITEM, issued="9 o'clock"), "Line 2: Enter a time of day"),
        (line(2, number="2", item=ITEM, issued="09:20", called="09:10", window=WINDOWS[0]), "Line 2: The times of"),
        (line(2, number="1", item=ITEM, issued="09:20"), "Line 2: Z001 of that day is entered already"),
        (line(2, number="2", item=ITEM, issued="10:20"), "Line 2: No block is declared for the time"),
    ],
)
def test_one_wrong_line_keeps_everything_typed_and_names_the_line(
    house: OfficeHouse, second: dict[str, str], told: str
) -> None:
    client = manager(house, TEN + minutes(30))
    client.post(f"{PAGE}/paper", data=block())
    first = line(1, number="1", item=ITEM, issued="09:05")
    answer = client.post(f"{PAGE}/paper/7", data=first | second)
    assert answer.status_code == 422
    assert told in words(answer.text)
    assert 'value="09:05"' in answer.text
    assert paper_between(HALL, TEN.date(), TEN - minutes(60), TEN + minutes(60)) == []


def test_a_block_that_was_not_declared_takes_no_numbers(house: OfficeHouse) -> None:
    assert manager(house).get(f"{PAGE}/paper/9").status_code == 404
    one = operations.PaperLine(1, ITEM, TEN - minutes(30))
    with transaction(), pytest.raises(BlockUnknown):
        operations.enter(HALL, "9", [one], by=clerk(), at=TEN)


def test_what_a_block_lacks_is_told_at_its_field(house: OfficeHouse) -> None:
    client = manager(house, TEN + minutes(30))
    for changed, field in (({"until_at": "11:00"}, "from_at"), ({"cause": ""}, "cause"), ({"block": "a b"}, "block")):
        answer = client.post(f"{PAGE}/paper", data=block(**changed))
        assert answer.status_code == 422
        assert f'href="#{field}"' in answer.text


def test_the_report_counts_what_its_lists_hold(house: OfficeHouse) -> None:
    from portal.hall.model.ranks import Ground
    from tests.hall.hall_city import CLOSES, issued, serve, tried

    by = seat(1)
    first, second, jumper = issued(TEN), issued(TEN), issued(TEN)
    with transaction():
        operations.call(jumper.ticket.id, WINDOWS[0], Ground.DISABLED, by=by, at=TEN + minutes(2))
        operations.start(jumper.ticket.id, by=by, at=TEN + minutes(2))
        operations.serve(jumper.ticket.id, Outcome.INFORMATION, by=by, at=TEN + minutes(6), is_confirmed=True)
    serve(by, TEN + minutes(10), lasting=10)
    with transaction():
        operations.close_window(HALL, WINDOWS[0], "went home", by=by, at=TEN + minutes(60))
        operations.stop_issuing(HALL, "enough", by=MANAGER, at=TEN + minutes(60))
    tried(TEN + minutes(61))
    with transaction():
        operations.close_hall(HALL, by=MANAGER, at=CLOSES)
    client = manager(house, CLOSES + minutes(1))
    text = words(client.get(f"{PAGE}/days/2026-03-03").text)
    for part in ("Numbers issued", "Served", "Refused a number", "Not served when the hall closed"):
        assert part in text
    assert "1 No more numbers are issued here today." in text
    assert "1 A window was withdrawn after the number was issued" in text
    for which, printed in {
        "issued": (first, second, jumper), "served": (first, jumper), "unserved": (second,), "jumped": (jumper,),
        "called": (first, jumper), "told": (first, jumper),
    }.items():  # fmt: skip
        rows = client.get(f"{PAGE}/days/2026-03-03/{which}").text.split("<tbody>")[1]
        assert sorted(re.findall(r">([A-Z]\d{3})</a>", rows)) == sorted(one.ticket.printed for one in printed), which
    jumped = words(client.get(f"{PAGE}/days/2026-03-03/jumped").text)
    assert "Disability" in jumped
    assert "60 minutes" not in jumped
    opened = dict(re.findall(r'<th scope="row">([^<]+)</th><td>\d+</td><td>(\d+)</td>', client.get(
        f"{PAGE}/days/2026-03-03").text))  # fmt: skip
    assert opened["Social insurance window 1"] == "120"  # from nine to eleven
    assert client.get(f"{PAGE}/days/2026-03-04").status_code == 404  # a day to come
    assert client.get(f"{PAGE}/days/never").status_code == 404
    assert client.get(f"{PAGE}/days/2026-03-03/nothing").status_code == 404


def test_a_day_without_anybody_has_a_report_of_noughts(house: OfficeHouse) -> None:
    with reading():
        text = words(manager(house).get(f"{PAGE}/days/2026-03-02").text)
    assert "0 Numbers issued" in text
    assert "Median wait, in open minutes –" in text
