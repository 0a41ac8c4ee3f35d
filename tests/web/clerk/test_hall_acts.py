"""What the hall manager does with numbers, windows and the day; each refusal stands at its field."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from portal.hall import operations
from portal.hall.model.tickets import TicketState
from portal.hall.model.windows import WindowState
from portal.hall.places import local_day, place
from portal.hall.queries.queue import waiting
from portal.hall.queries.steering import day_state
from portal.hall.queries.tickets import ticket
from portal.hall.standing import stands_of
from portal.store import reading, transaction
from tests.hall.hall_city import CLOSES, HALL, ITEM, MANAGER, TEN, WINDOWS, called, issued, minutes, seat
from tests.qr import words_in
from tests.web.clerk.hall_pages import PAGE, filled, manager, words
from tests.web.office import OfficeHouse

QR = "QR code: opens the page of this number"


def number(slip: operations.Slip, step: str = "") -> str:
    return f"{PAGE}/numbers/{slip.ticket.id}{'/' if step else ''}{step}"


def issue(**more: str) -> dict[str, str]:
    return {"item": ITEM, "situation": "unknown", "ground": "", "matters": "1", **more}


def test_a_number_is_issued_at_the_counter_with_its_ground_and_matters(house: OfficeHouse) -> None:
    client = manager(house)
    seat(1)
    answer = client.post(f"{PAGE}/issue", data=issue(ground="disabled", matters="2"))
    assert answer.status_code == 303
    (one,) = waiting(HALL, TEN.date())
    assert (one.printed, one.rank, one.ground, one.matters) == ("Y001", "priority", "disabled", 2)
    slip = client.get(answer.headers["Location"]).text
    code = operations.holders_code(f"ticket/{one.id}")
    assert code in slip
    assert words_in(slip, QR) == f"http://localhost/t/{one.id}#q={code}"  # as on the slip of the kiosk
    assert "?" not in answer.headers["Location"]
    later = manager(house).get(answer.headers["Location"]).text  # another browser
    assert code not in later
    assert "data:image" not in later


def test_the_clerk_asks_for_the_situation_once_the_service_is_chosen_and_it_stands_on_the_slip(
    house: OfficeHouse,
) -> None:
    client = manager(house)
    seat(1)
    assert "Which is the situation?" not in client.get(f"{PAGE}/issue").text
    sent = {"item": ITEM, "ground": "elderly", "matters": "3", "once_key": "k" * 24}
    asks = client.post(f"{PAGE}/issue", data=sent)
    assert asks.status_code == 422
    text = words(asks.text)
    assert "No number is issued yet. Unemployment" in text
    assert "Which is the situation?" in text
    assert "There is a problem" not in text
    assert '<option value="elderly" selected>' in asks.text  # what was typed is kept
    assert "k" * 24 in asks.text
    assert waiting(HALL, TEN.date()) == []
    nothing = client.post(f"{PAGE}/issue", data={**sent, "asked": ITEM})
    assert nothing.status_code == 422
    assert "Choose one, or “not known”" in words(nothing.text)
    answer = client.post(f"{PAGE}/issue", data={**sent, "asked": ITEM, "situation": "by-agent"})
    assert answer.status_code == 303
    (one,) = waiting(HALL, TEN.date())
    assert (one.situation, one.matters, one.ground) == ("by-agent", 3, "elderly")
    assert "Situation By an agent" in words(client.get(answer.headers["Location"]).text)
    assert "Situation By an agent" in words(client.get(number(operations.Slip(one, ""))).text)
    again = manager(house).get(answer.headers["Location"]).text  # another browser, which does not know the code
    assert "Situation By an agent" in words(again)


def test_another_service_chosen_instead_is_asked_anew_and_one_with_a_single_situation_is_not(
    house: OfficeHouse,
) -> None:
    client = manager(house)
    seat(1)
    asked = {"asked": ITEM, "situation": "by-agent", "ground": "", "matters": "1"}
    other = client.post(f"{PAGE}/issue", data={**asked, "item": "pension-claim"})
    assert other.status_code == 422
    assert 'name="asked" value="pension-claim"' in other.text
    assert "by-agent" not in other.text
    assert waiting(HALL, TEN.date()) == []
    assert client.post(f"{PAGE}/issue", data={**asked, "item": "insurance-record"}).status_code == 303
    (one,) = waiting(HALL, TEN.date())
    assert (one.item, one.situation) == ("insurance-record", None)


def test_a_page_sent_twice_is_one_number(house: OfficeHouse) -> None:
    client = manager(house)
    seat(1)
    sent = issue(once_key="k" * 24)
    answers = [client.post(f"{PAGE}/issue", data=sent) for _ in range(2)]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert len(waiting(HALL, TEN.date())) == 1


def test_a_refusal_shows_its_figures_and_offers_and_only_then_the_override(house: OfficeHouse) -> None:
    moment = TEN + minutes(370)
    client = manager(house, moment)
    seat(1, moment)
    numbers = filled(moment)
    assert "cannot be guaranteed?" not in client.get(f"{PAGE}/issue").text
    sent = issue(once_key="k" * 24)
    answer = client.post(f"{PAGE}/issue", data=sent)
    assert answer.status_code == 422
    text = words(answer.text)
    assert "No number was issued" in text
    assert re.search(r"It would take \d+ minutes of the windows; \d+ are left until closing time", text)
    assert "an appointment: tomorrow" in text
    assert "cannot be guaranteed?" in text
    assert len(waiting(HALL, TEN.date())) == len(numbers)
    answer = client.post(f"{PAGE}/issue", data={**sent, "override": "came by ambulance"})
    assert answer.status_code == 303
    last = waiting(HALL, TEN.date())[-1]
    assert (last.is_guaranteed, last.override) == (False, "came by ambulance")
    assert "not guaranteed" in client.get(answer.headers["Location"]).text


def test_a_clerk_of_the_hall_issues_without_the_override(house: OfficeHouse) -> None:
    moment = TEN + minutes(370)
    house.now = moment
    seat(1, moment)
    filled(moment)
    client = house.signed_in("clerk", "social-insurance")
    answer = client.post(f"{PAGE}/issue", data=issue(override="please"))
    assert answer.status_code == 422
    assert "cannot be guaranteed?" not in answer.text


def test_a_service_must_be_chosen_and_what_was_typed_stays(house: OfficeHouse) -> None:
    answer = manager(house).post(f"{PAGE}/issue", data={"item": "", "ground": "elderly", "matters": "4"})
    assert answer.status_code == 422
    assert "Choose a service" in answer.text
    assert re.search(r'value="elderly"[^>]*selected', answer.text)
    assert re.search(r'value="4"[^>]*selected', answer.text)


def test_a_number_is_void_only_with_a_reason(house: OfficeHouse) -> None:
    client = manager(house)
    seat(1)
    one = issued(TEN)
    answer = client.post(number(one, "void"), data={"void-reason": " "})
    assert answer.status_code == 422
    assert "Say why the number is void" in answer.text
    assert client.post(number(one, "void"), data={"void-reason": "the printer jammed"}).status_code == 303
    assert (ticket(one.ticket.id).state, ticket(one.ticket.id).reason) == (TicketState.VOID, "the printer jammed")
    page = words(client.get(number(one)).text)
    assert "Void, the printer jammed" in page
    assert "Make the number void" not in page


def test_a_number_is_passed_on_and_its_mistake_is_told_at_the_field(house: OfficeHouse) -> None:
    client = manager(house)
    seat(1)
    one = issued(TEN)
    answer = client.post(number(one, "transfer"), data={"transfer-to_item": "", "transfer-to_window": ""})
    assert answer.status_code == 422
    assert 'href="#transfer-to_item"' in answer.text
    sent = {"transfer-to_item": "food-licence", "transfer-to_window": "", "transfer-reason": "wrong queue"}
    assert client.post(number(one, "transfer"), data=sent).status_code == 303
    assert (ticket(one.ticket.id).item, ticket(one.ticket.id).turn_at) == ("food-licence", one.ticket.turn_at)


def test_who_was_absent_is_brought_back(house: OfficeHouse) -> None:
    client, by, one = manager(house), seat(1), issued(TEN)
    called(by, TEN)
    for nth in (1, 2):
        with transaction():
            operations.recall(one.ticket.id, by=by, at=TEN + minutes(3 * nth))
    with transaction():
        operations.mark_absent(one.ticket.id, by=by, at=TEN + minutes(9))
    house.now = TEN + minutes(10)
    assert "Did not come when called" in client.get(PAGE).text
    assert client.post(number(one, "back")).status_code == 303
    assert ticket(one.ticket.id).state is TicketState.WAITING


def test_a_number_is_carried_over_with_signature_or_code_and_the_new_slip_is_shown(house: OfficeHouse) -> None:
    client = manager(house)
    seat(1)
    one, two = issued(TEN), issued(TEN)
    answer = client.post(number(one, "carry-over"), data={"carry-over-consent": "code", "carry-over-code": "NOTITATA"})
    assert answer.status_code == 422
    assert "not the code on the slip" in answer.text
    assert 'value="NOTITATA"' in answer.text
    answer = client.post(number(one, "carry-over"), data={"carry-over-consent": "code", "carry-over-code": one.code})
    new = ticket(str(ticket(one.ticket.id).to_ticket))
    assert answer.headers["Location"] == f"{PAGE}/numbers/{new.id}/slip"
    page = client.get(answer.headers["Location"]).text
    assert operations.holders_code(f"ticket/{new.id}") in page
    assert "Wednesday 4 March 2026" in page
    answer = client.post(number(two, "carry-over"), data={"carry-over-consent": "signature", "carry-over-code": ""})
    assert answer.status_code == 303
    assert ticket(two.ticket.id).state is TicketState.CARRIED_OVER


def test_a_day_that_is_promised_away_says_so_and_only_the_manager_carries_over_to_it_with_a_reason(
    house: OfficeHouse,
) -> None:
    client = manager(house)
    wednesday = TEN.date() + timedelta(days=1)
    with transaction():
        for window in place(HALL).windows:
            spans = ["09:00-09:50"] if window == WINDOWS[0] else []
            operations.set_shift(HALL, window, wednesday, spans, by=MANAGER, at=TEN)
    seat(1)
    one, two = issued(TEN), issued(TEN)
    sent = {"carry-over-consent": "signature", "carry-over-code": "", "carry-over-to_day": wednesday.isoformat()}
    assert client.post(number(one, "carry-over"), data=sent).status_code == 303
    page = words(client.get(number(two)).text)
    assert "Wednesday 4 March 2026: promised away" in page
    assert "why is it carried over without a guarantee" in page
    answer = client.post(number(two, "carry-over"), data=sent)
    assert answer.status_code == 422
    assert "Wednesday 4 March 2026 is promised away" in answer.text
    assert "The nearest day that can hold it is Thursday 5 March 2026" in words(answer.text)
    clerks = house.signed_in("clerk", "social-insurance", language="en")
    assert "why is it carried over without a guarantee" not in clerks.get(number(two)).text
    refused = clerks.post(number(two, "carry-over"), data={**sent, "carry-over-override": "please"})
    assert refused.status_code == 422
    answer = client.post(number(two, "carry-over"), data={**sent, "carry-over-override": "leaves on Thursday"})
    assert answer.status_code == 303
    assert "not guaranteed" in client.get(answer.headers["Location"]).text
    new = ticket(str(ticket(two.ticket.id).to_ticket))
    assert (new.day, new.is_guaranteed, new.override) == (wednesday, False, "leaves on Thursday")
    assert "leaves on Thursday" in words(house.app.test_client().get(f"/t/{new.id}?lang=en").text)


def test_the_morning_after_the_clerk_offers_today_first_and_says_when_no_more_numbers_are_issued(
    house: OfficeHouse,
) -> None:
    seat(1)
    one = issued(TEN)
    client = manager(house, TEN + timedelta(days=1))
    with transaction():
        operations.close_days(house.now)
    page = client.get(number(one)).text
    assert '<option value="2026-03-04" selected>today, Wednesday 4 March 2026</option>' in page
    with transaction():
        operations.stop_issuing(HALL, "too many", by=MANAGER, at=house.now)
    page = client.get(number(one)).text
    assert "today, Wednesday 4 March 2026: no more numbers are issued" in page
    assert '<option value="2026-03-05" selected>Thursday 5 March 2026</option>' in page
    sent = {"carry-over-consent": "signature", "carry-over-code": "", "carry-over-to_day": ""}
    assert client.post(number(one, "carry-over"), data=sent).status_code == 303
    assert ticket(str(ticket(one.ticket.id).to_ticket)).day.isoformat() == "2026-03-05"


def test_a_number_of_another_hall_is_not_there(house: OfficeHouse) -> None:
    seat(1)
    one = issued(TEN)
    house.now = TEN
    client = house.signed_in("supervisor")
    assert client.get(f"/clerk/hall/centre-a-hall/numbers/{one.ticket.id}").status_code == 404
    assert client.get(f"{PAGE}/numbers/nothing").status_code == 404


def test_before_a_window_closes_the_promises_that_would_break_are_listed(house: OfficeHouse) -> None:
    moment = TEN + minutes(360)
    client = manager(house, moment)
    seat(1), seat(2)
    filled(moment)
    with reading():
        lost = operations.would_break(HALL, frozenset(WINDOWS[:1]), moment)
    page = words(client.get(f"{PAGE}/windows/{WINDOWS[0]}/close").text)
    assert f"{len(lost)} promises would break" in page
    assert all(one.printed in page for one in lost)
    answer = client.post(f"{PAGE}/windows/{WINDOWS[0]}/close", data={"reason": ""})
    assert answer.status_code == 422
    assert 'href="#reason"' in answer.text
    assert client.post(f"{PAGE}/windows/{WINDOWS[0]}/close", data={"reason": "taken ill"}).status_code == 303
    assert stands_of(HALL)[WINDOWS[0]].state is WindowState.SHUT


def test_a_window_is_paused_and_one_that_is_not_there_is_told(house: OfficeHouse) -> None:
    client = manager(house)
    seat(1)
    assert client.post(f"{PAGE}/windows/{WINDOWS[0]}/pause", data={"reason": ""}).status_code == 303
    assert stands_of(HALL)[WINDOWS[0]].state is WindowState.PAUSED
    assert client.get(f"{PAGE}/windows/no/pause").status_code == 404
    assert client.get(f"{PAGE}/windows/{WINDOWS[0]}/burn").status_code == 404


def test_issuing_is_stopped_with_the_backlog_beside_it_and_taken_up_again(house: OfficeHouse) -> None:
    client = manager(house)
    seat(1)
    issued(TEN), issued(TEN)
    page = words(client.get(f"{PAGE}/issuing").text)
    assert "Waiting and due 2 numbers" in page
    assert "The hall closes at 17:00" in page
    assert client.post(f"{PAGE}/issuing", data={"reason": ""}).status_code == 422
    assert client.post(f"{PAGE}/issuing", data={"reason": "water in the hall"}).status_code == 303
    assert "water in the hall" in client.get(PAGE).text
    assert day_state(HALL, TEN.date())[0] == TEN
    assert client.post(f"{PAGE}/issuing").status_code == 303
    assert day_state(HALL, TEN.date())[0] is None


def test_a_surge_needs_its_reason_and_stands_in_the_report(house: OfficeHouse) -> None:
    client = manager(house)
    assert client.post(f"{PAGE}/surge", data={"reason": ""}).status_code == 422
    assert client.post(f"{PAGE}/surge", data={"reason": "the school year begins"}).status_code == 303
    assert "the school year begins" in client.get(f"{PAGE}/days/2026-03-03").text


def test_the_end_of_the_day_names_everybody_who_is_left_with_its_cause(house: OfficeHouse) -> None:
    client = manager(house)
    by = seat(1)
    one, two = issued(TEN), issued(TEN)
    called(by, TEN)
    with transaction():
        operations.start(one.ticket.id, by=by, at=TEN)
    page = words(client.get(f"{PAGE}/end").text)
    assert "open until 17:00" in page
    assert client.post(f"{PAGE}/end").status_code == 422
    house.now = CLOSES + minutes(5)
    page = words(client.get(f"{PAGE}/end").text)
    assert "1 number would not be served" in page
    assert f"{two.ticket.printed} " in page
    assert "Serving took longer than any forecast" in page
    assert "answers for it: " in page
    answer = client.post(f"{PAGE}/end")
    assert answer.headers["Location"] == f"{PAGE}/days/2026-03-03"
    assert ticket(two.ticket.id).state is TicketState.CLOSED_UNSERVED
    assert ticket(one.ticket.id).state is TicketState.SERVING
    assert "The day was ended" in client.get(f"{PAGE}/end").text


def test_what_the_preview_says_is_what_is_recorded(house: OfficeHouse) -> None:
    house.now = CLOSES
    by = seat(1)
    issued(TEN), issued(TEN)
    with transaction():
        operations.close_window(HALL, WINDOWS[0], "went home", by=by, at=TEN + minutes(1))
    with reading():
        told = {one.id: (cause, office, window) for one, cause, office, window in operations.unserved(HALL, CLOSES)}
    manager(house, CLOSES).post(f"{PAGE}/end")
    from portal.hall.queries.reports import day_report

    where = place(HALL)
    with reading():
        found = day_report(where, local_day(where.hall, CLOSES), CLOSES)
    assert {one: tuple(fault) for one, fault in found.faults.items()} == told
    assert set(told.values()) == {("window-withdrawn", "social-insurance", WINDOWS[0])}


@pytest.mark.parametrize("address", ["issuing", "surge"])
def test_a_reason_of_more_than_three_hundred_characters_is_told(house: OfficeHouse, address: str) -> None:
    answer = manager(house).post(f"{PAGE}/{address}", data={"reason": "x" * 301})
    assert answer.status_code == 422
    assert "At most 300 characters" in answer.text
    assert "x" * 301 in answer.text


def test_a_window_is_merged_after_the_promises_that_would_break_were_listed(house: OfficeHouse) -> None:
    moment = TEN + minutes(360)
    client = manager(house, moment)
    seat(1)
    seat(2)
    filled(moment)
    address = f"{PAGE}/windows/{WINDOWS[0]}/merge"
    assert "text&#39;" not in client.get(address).text, "what a merge would mean is a sentence, not its wrapping"
    assert address in client.get(PAGE).text
    with reading():
        lost = operations.merging(HALL, *WINDOWS, moment).lost
    text = words(client.get(address).text)
    assert f"{len(lost)} promises would break" in text
    assert lost[-1].printed in text
    answer = client.post(address, data={"into": WINDOWS[1], "reason": ""})
    assert answer.status_code == 422
    assert stands_of(HALL)[WINDOWS[0]].state is WindowState.OPEN
    assert "Choose a window" in client.post(address, data={"reason": "x"}).text
    answer = client.post(address, data={"into": WINDOWS[1], "reason": "taken ill"}, follow_redirects=True)
    assert "is merged into" in words(answer.text)
    assert "merged into" in words(client.get(PAGE).text)
    assert stands_of(HALL)[WINDOWS[0]].state is WindowState.SHUT
    clerks = house.signed_in("clerk", "social-insurance")
    assert clerks.get(address).status_code == 403


def test_a_window_that_no_other_can_take_over_says_what_is_missing(house: OfficeHouse) -> None:
    client = manager(house)
    seat(1)
    assert "No window can take it over now" in client.get(f"{PAGE}/windows/{WINDOWS[0]}/merge").text
    assert client.get(f"{PAGE}/windows/nowhere/merge").status_code == 404


def test_a_clerk_of_another_office_in_the_hall_neither_voids_nor_sends_away_a_number_and_is_told_who_may(
    house: OfficeHouse,
) -> None:
    house.now = TEN
    seat(1)
    one = issued(TEN)
    others = house.signed_in("clerk", "market-supervision")
    page = words(others.get(number(one)).text)
    assert "Make the number void" not in page
    assert "Pass on to another service" not in page
    answer = others.post(number(one, "void"), data={"void-reason": "the printer jammed"})
    assert answer.status_code == 422
    assert "Ask that office, the window that called it, or the hall manager" in answer.text
    own = house.signed_in("clerk", "social-insurance", 2)
    assert "Make the number void" in words(own.get(number(one)).text)
    assert own.post(number(one, "void"), data={"void-reason": "the printer jammed"}).status_code == 303
