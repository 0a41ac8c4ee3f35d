"""A number taken from anywhere: told before, issued once, refused with ways out, its page true at every moment."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.hall import operations
from portal.hall.model.tickets import Source, TicketState
from portal.hall.operations.planning import Cause
from portal.hall.places import place
from portal.hall.tables import TicketRow, TurnedAwayRow
from portal.store import db, reading, transaction
from tests.cases.city import at
from tests.hall.hall_city import HALL, ITEM, MANAGER, WINDOWS, clerk
from tests.web.citizen.hall_visits import PATH, TEN, call, code_of, id_of, number_fields, sit, take, ticket_of
from tests.web.citizen.visits import Visitor, Watch, mistakes, texts


@pytest.fixture(autouse=True)
def _ten_in_the_morning_with_a_clerk(visitor: Visitor, watch: Watch) -> None:
    watch.now = TEN
    sit(visitor)


def many(visitor: Visitor) -> int:
    with visitor.app.app_context(), reading():
        return db.session.scalar(select(func.count()).select_from(TicketRow)) or 0


def test_the_list_is_searched_and_each_service_says_how_it_stands(visitor: Visitor) -> None:
    page = texts(visitor.get(f"{PATH}/number?lang=en"))
    assert "Unemployment" in page
    assert "nobody waiting" in page
    assert "about 10:00" in page
    assert "No service here has these words" in texts(visitor.get(f"{PATH}/number?q=xyzzy&lang=en"))


def test_while_nobody_sits_at_a_window_the_wait_is_unknown_and_said_to_be(visitor: Visitor) -> None:
    with visitor.app.app_context(), transaction():
        operations.close_window(HALL, WINDOWS[0], by=clerk(1), at=TEN, reason="下班")
    assert "unknown: nobody is at a window" in texts(visitor.get(f"{PATH}/number/{ITEM}?lang=en"))


def test_a_number_comes_with_code_and_picture_and_nothing_secret_in_its_address(visitor: Visitor) -> None:
    address = take(visitor)
    found = ticket_of(visitor, address)
    code = code_of(visitor, f"ticket/{found.id}")
    page = visitor.get(f"{address}?lang=en")
    assert found.source is Source.REMOTE
    assert "Your number is A001" in texts(page)
    assert code in texts(page)
    assert "data:image/svg+xml" in page.text
    assert code not in address


def test_the_page_of_a_number_asks_again_every_five_seconds(visitor: Visitor) -> None:
    assert 'data-every="5"' in visitor.get(take(visitor).removesuffix("/slip")).text


def test_sent_twice_it_is_one_number_and_the_browser_still_holds_it(visitor: Visitor, stranger: Visitor) -> None:
    fields = number_fields()
    first = visitor.post(f"{PATH}/number/{ITEM}", **fields)
    again = stranger.post(f"{PATH}/number/{ITEM}", **fields)  # the same form, the first answer lost on its way
    assert first.location == again.location
    assert many(visitor) == 1
    assert "Your number is" in texts(stranger.get(f"{again.location}?lang=en"))


def test_who_holds_a_number_is_told_so_before_taking_a_second_one(visitor: Visitor) -> None:
    take(visitor)
    answer = visitor.post(f"{PATH}/number/{ITEM}?lang=en", **number_fields())
    assert answer.status_code == 422
    assert "You hold number A001" in texts(answer)
    assert many(visitor) == 1


def test_priority_is_ones_own_word_and_recorded_with_its_ground(visitor: Visitor) -> None:
    found = ticket_of(visitor, take(visitor, ground="elderly", matters="3", whose="others"))
    assert (found.rank, found.ground, found.matters, found.is_for_others) == ("priority", "elderly", 3, True)
    assert found.printed == "Y001"
    assert "60 years or older" in texts(visitor.get(f"/t/{found.id}?lang=en"))


def test_the_situation_is_asked_kept_with_the_number_and_tells_what_to_bring(visitor: Visitor) -> None:
    page = visitor.get(f"{PATH}/number/{ITEM}?lang=en").text
    asked = re.findall(r'name="situation" type="radio" value="([^"]*)"( checked)?', page)
    assert asked == [("after-benefit", ""), ("not-entitled", ""), ("by-agent", ""), ("unknown", " checked")]
    found = ticket_of(visitor, take(visitor, situation="by-agent"))
    assert found.situation == "by-agent"
    told = texts(visitor.get(f"/t/{found.id}?lang=en"))
    assert "Situation: By an agent" in told
    assert "Authorisation signed by the claimant" in told


def test_who_does_not_know_the_situation_is_told_that_what_to_bring_depends_on_it(visitor: Visitor) -> None:
    found = ticket_of(visitor, take(visitor))
    assert found.situation is None
    assert "It depends on your situation." in texts(visitor.get(f"/t/{found.id}?lang=en"))


@pytest.mark.parametrize(
    "wrong", [{"situation": "made-up"}, {"situation": ""}, {"matters": "6"}, {"ground": "rich"}, {"whose": ""}]
)
def test_what_cannot_be_is_refused_at_its_field_and_the_rest_is_kept(visitor: Visitor, wrong: dict[str, str]) -> None:
    answer = visitor.post(f"{PATH}/number/{ITEM}", **number_fields(**({"matters": "2"} | wrong)))
    assert answer.status_code == 422
    assert set(mistakes(answer)) == set(wrong)
    if "matters" not in wrong:
        assert re.search(r'value="2"\s+checked', answer.text)
    assert many(visitor) == 0


def refused(visitor: Visitor) -> str:
    """Five minutes before closing a service that takes twelve cannot be promised while somebody is at the window."""
    visitor.watch.now = at("Tuesday 2026-03-03 16:55")
    take(Visitor(visitor.app.test_client(), visitor.app, visitor.watch))
    call(visitor)
    return take(visitor)


def test_a_refusal_says_why_in_figures_and_what_else_can_be_done(visitor: Visitor) -> None:
    address = refused(visitor)
    page = visitor.get(f"{address}?lang=en")
    told = texts(page)
    assert "/refusals/" in address
    assert "Whoever takes a number now could not be sure" in told
    assert "Left until the windows close" in told
    assert "tomorrow 09:00" in told
    assert "Hand it in online" in told
    with visitor.app.app_context(), reading():
        assert db.session.scalar(select(func.count()).select_from(TurnedAwayRow)) == 1
    assert many(visitor) == 1  # that of whoever is at the window


def test_a_slot_of_the_refusal_is_booked_once_the_situation_is_told(visitor: Visitor) -> None:
    page = visitor.get(refused(visitor))
    action = re.search(r'action="(/halls/city-hall/appointment/[^"]+)"', page.text)
    assert action is not None
    sent = {"matters": "1", "once_key": "k" * 20}
    assert 'name="asked"' in visitor.post(action[1], **sent).text
    answer = visitor.post(action[1], **sent, situation="by-agent")
    assert answer.status_code == 303
    assert "/appointments/" in str(answer.location)
    assert visitor.get(str(answer.location)).status_code == 200


def test_a_hall_that_could_promise_it_is_named_with_its_band(visitor: Visitor) -> None:
    visitor.watch.now = at("Tuesday 2026-03-03 09:05")
    with visitor.app.app_context(), transaction():
        operations.stop_issuing(HALL, "停电", by=MANAGER, at=visitor.watch.now)
    told = texts(visitor.get(f"{take(visitor)}?lang=en"))
    assert "No more numbers are issued here today." in told
    assert "Go to another hall" in told


def test_refusals_that_are_not_there_and_services_that_are_not_served_are_not_found(visitor: Visitor) -> None:
    absent = ("/t/nothing", "/t/nothing/now", "/t/nothing/slip", "/t/nothing/give-up", "/t/nothing/carry-over")
    for path in (f"{PATH}/refusals/999", f"{PATH}/number/no-such-item", *absent):
        assert visitor.get(path).status_code == 404, path


# The page of a number


def test_the_page_says_how_many_are_before_and_moves_on(visitor: Visitor, stranger: Visitor) -> None:
    take(stranger)
    mine = id_of(take(visitor))
    assert "1 person" in texts(visitor.get(f"/t/{mine}?lang=en"))
    call(visitor)
    assert "nobody: you are next" in texts(visitor.get(f"/t/{mine}?lang=en"))
    with visitor.app.app_context(), transaction():
        operations.void(called_now(), "测试", by=clerk(1), at=TEN)
    call(visitor)
    page = visitor.get(f"/t/{mine}?lang=en")
    assert "Come now to Social insurance window 1" in texts(page)
    assert 'data-state="called"' in page.text


def test_who_is_next_has_nobody_before_and_no_vacancy(visitor: Visitor) -> None:
    slip = take(visitor)
    assert "您前面 无人" in texts(visitor.get(f"{slip}?lang=zh"))
    assert "Before you nobody" in texts(visitor.get(f"{slip}?lang=en"))


def test_who_waits_while_the_hall_is_shut_is_told_why_and_promised_nothing_more(visitor: Visitor, watch: Watch) -> None:
    mine = id_of(take(visitor))
    closed = [at(f"Tuesday 2026-03-03 {time}") for time in ("13:30", "17:00")]
    with visitor.app.app_context(), transaction():
        operations.declare_closure(HALL, Cause.EMERGENCY, closed[0], closed[1], "停电", by=MANAGER, at=TEN)
    before = texts(visitor.get(f"/t/{mine}?lang=zh"))
    assert "停办：13:30–17:00，停电" in before
    assert "承诺：17:00前一定叫到您" in before, "the morning is left"
    watch.now = closed[0]
    after = texts(visitor.get(f"/t/{mine}?lang=zh"))
    assert "停办：13:30–17:00，停电" in after
    assert "承诺：" not in after


def called_now() -> str:
    found = db.session.scalar(select(TicketRow.id).where(TicketRow.state == "called"))
    assert found is not None
    return found


def test_a_strangers_browser_reads_the_page_and_nothing_of_the_code(visitor: Visitor, stranger: Visitor) -> None:
    mine = id_of(take(visitor))
    code = code_of(visitor, f"ticket/{mine}")
    page = stranger.get(f"/t/{mine}")
    assert page.status_code == 200
    assert code not in page.text
    assert stranger.get(f"/t/{mine}/slip").status_code == 303


def test_the_part_that_changes_is_not_sent_again_while_it_has_not(visitor: Visitor) -> None:
    mine = id_of(take(visitor))
    first = visitor.get(f"/t/{mine}/now")
    tag = first.headers["ETag"]
    again = visitor.client.get(f"/t/{mine}/now", headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    call(visitor)
    changed = visitor.client.get(f"/t/{mine}/now", headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert "no-store" in changed.headers["Cache-Control"]


def test_without_scripts_the_page_loads_itself_again(visitor: Visitor) -> None:
    page = visitor.get(f"/t/{id_of(take(visitor))}").text
    assert '<noscript><meta http-equiv="refresh" content="20"></noscript>' in page


def test_the_holder_gives_up_with_a_button_and_others_need_the_code(visitor: Visitor, stranger: Visitor) -> None:
    mine = id_of(take(visitor))
    wrong = stranger.post(f"/t/{mine}/give-up?lang=en", code="AAAAAAAA", once_key="x" * 20)
    assert wrong.status_code == 422
    assert "not the code on the slip" in texts(wrong)
    assert ticket_of(visitor, f"/t/{mine}").state is TicketState.WAITING
    answer = visitor.post(f"/t/{mine}/give-up", once_key="y" * 20)
    assert answer.status_code == 303
    assert ticket_of(visitor, f"/t/{mine}").state is TicketState.RELEASED
    assert "Given up" in texts(visitor.get(f"/t/{mine}?lang=en"))


def test_the_right_code_gives_it_up_from_any_browser(visitor: Visitor, stranger: Visitor) -> None:
    mine = id_of(take(visitor))
    code = code_of(visitor, f"ticket/{mine}")
    fields = {"code": code.lower(), "once_key": "x" * 20}
    assert stranger.post(f"/t/{mine}/give-up", **fields).status_code == 303
    assert stranger.post(f"/t/{mine}/give-up", **fields).status_code == 303  # pressed twice
    again = stranger.post(f"/t/{mine}/give-up", code=code, once_key="z" * 20)
    assert again.status_code == 409


def test_codes_are_tried_slowly(visitor: Visitor, stranger: Visitor) -> None:
    mine = id_of(take(visitor))
    statuses = [
        stranger.post(f"/t/{mine}/give-up", code="AAAAAAAA", once_key=f"{turn}" * 20).status_code for turn in range(12)
    ]
    assert 429 in statuses


def test_carried_over_with_consent_before_closing(visitor: Visitor) -> None:
    mine = id_of(take(visitor))
    assert "4 March 2026" in texts(visitor.get(f"/t/{mine}/carry-over?lang=en"))
    answer = visitor.post(f"/t/{mine}/carry-over", once_key="x" * 20)
    new = ticket_of(visitor, str(answer.location))
    assert (new.day.isoformat(), new.printed, new.rank) == ("2026-03-04", "S001", "carried-over")
    assert "You are among the first" in texts(visitor.get(f"/t/{new.id}?lang=en"))
    assert "Carried over to another day" in texts(visitor.get(f"/t/{mine}?lang=en"))
    assert "Your number is S001" in texts(visitor.get(f"{answer.location}?lang=en"))


def test_consent_is_to_the_day_that_the_page_names_and_a_full_one_is_passed_over(
    visitor: Visitor, stranger: Visitor
) -> None:
    mine, other = id_of(take(visitor)), id_of(take(stranger))
    wednesday = TEN.date() + timedelta(days=1)
    with visitor.app.app_context(), transaction():
        for window in place(HALL).windows:
            spans = ["09:00-09:50"] if window == WINDOWS[0] else []
            operations.set_shift(HALL, window, wednesday, spans, by=MANAGER, at=TEN)
    agreed = {"on": wednesday.isoformat()}
    assert 'name="on" value="2026-03-04"' in visitor.get(f"/t/{mine}/carry-over").text
    assert stranger.post(f"/t/{other}/carry-over", once_key="o" * 20, **agreed).status_code == 303
    answer = visitor.post(f"/t/{mine}/carry-over?lang=en", once_key="x" * 20, **agreed)
    assert answer.status_code == 422
    assert "The nearest day that can hold it is Thursday 5 March 2026" in texts(answer)
    assert "Wednesday 4 March 2026 is promised away" in texts(answer)
    assert 'name="on" value="2026-03-05"' in answer.text
    assert ticket_of(visitor, f"/t/{mine}").state.value == "waiting"
    assert visitor.post(f"/t/{mine}/carry-over", once_key="y" * 20, on="no day").status_code == 422
    answer = visitor.post(f"/t/{mine}/carry-over", once_key="z" * 20, on="2026-03-05")
    assert "Promised: you are called on Thursday 5 March 2026 before 17:00" in texts(
        visitor.get(f"{answer.location}?lang=en")
    )


def test_who_was_not_served_is_told_plainly_and_is_first_the_next_day(visitor: Visitor, watch: Watch) -> None:
    mine = id_of(take(visitor))
    watch.now = at("Tuesday 2026-03-03 18:05")
    with visitor.app.app_context(), transaction():
        operations.close_hall(HALL, by=MANAGER, at=watch.now)
    page = texts(visitor.get(f"/t/{mine}?lang=en"))
    assert "We did not keep our promise" in page
    assert "we are sorry" in page
    assert f"/sent-away?item={ITEM}" in visitor.get(f"/t/{mine}").text
    answer = visitor.post(f"/t/{mine}/carry-over", once_key="x" * 20)
    assert ticket_of(visitor, str(answer.location)).day.isoformat() == "2026-03-04"


def test_who_was_not_served_and_opens_his_number_the_next_morning_is_offered_today(
    visitor: Visitor, watch: Watch
) -> None:
    """Also where the job that ends days has not come to his day yet."""
    mine = id_of(take(visitor))
    watch.now = at("Wednesday 2026-03-04 09:30")
    assert f"/t/{mine}/carry-over" in visitor.get(f"/t/{mine}").text
    page = visitor.get(f"/t/{mine}/carry-over?lang=en")
    assert "you hold a priority number of today, Wednesday 4 March 2026" in texts(page)
    assert 'name="on" value="2026-03-04"' in page.text
    answer = visitor.post(f"/t/{mine}/carry-over", once_key="x" * 20, on="2026-03-04")
    new = ticket_of(visitor, str(answer.location))
    assert (new.day.isoformat(), new.printed, new.ground) == ("2026-03-04", "S001", "carried-over")
    assert "nobody: you are next" in texts(visitor.get(f"/t/{new.id}?lang=en"))
    slip = texts(visitor.get(f"{answer.location}?lang=en"))
    assert "Carried over from an earlier day" in slip
    assert "Promised: you are called before 17:00" in slip


def test_a_day_later_the_page_still_says_what_became_of_it(visitor: Visitor, watch: Watch) -> None:
    mine = id_of(take(visitor))
    watch.now = TEN + timedelta(days=1)
    assert visitor.get(f"/t/{mine}?lang=en").status_code == 200


def test_numbers_are_remembered_here_and_forgotten_on_demand(visitor: Visitor) -> None:
    mine = id_of(take(visitor))
    assert f"/t/{mine}" in visitor.get("/follow").text
    visitor.post("/follow/forget")
    assert f"/t/{mine}" not in visitor.get("/follow").text
    assert visitor.get(f"/t/{mine}/slip").status_code == 303


def test_the_figures_name_every_share_with_its_whole(visitor: Visitor, watch: Watch) -> None:
    take(visitor)
    watch.now += timedelta(minutes=1)
    found = call(visitor)
    with visitor.app.app_context(), transaction():
        operations.start(found.id, by=clerk(1), at=watch.now)
    watch.now = at("Tuesday 2026-03-03 16:55")
    take(Visitor(visitor.app.test_client(), visitor.app, watch), item="food-licence")
    page = texts(visitor.get(f"{PATH}/figures?lang=en"))
    assert "Numbers issued 1" in page
    assert "1 of 2 (50%)" in page  # asked for, and not issued
    assert "1 / 1 min (1 call)" in page
    assert "Called within the time that was told" in page
    assert "Asked for outside the opening hours 0" in page


def test_who_asks_by_night_is_published_beside_the_refused_and_not_among_them(visitor: Visitor, watch: Watch) -> None:
    watch.now = at("Tuesday 2026-03-03 03:00")
    take(visitor)
    page = texts(visitor.get(f"{PATH}/figures?lang=en"))
    assert "Asked for in the opening hours and not issued –" in page
    assert "Asked for outside the opening hours 1" in page
    assert "Besides, outside the opening hours: 1" in page


def test_the_page_says_to_come_when_the_turn_is_near_and_when_the_last_call_was(visitor: Visitor, watch: Watch) -> None:
    first, mine = id_of(take(visitor)), None
    for _ in range(4):
        with visitor.app.app_context(), transaction():
            slip = operations.issue(HALL, ITEM, by=clerk(1), at=watch.now)
            assert isinstance(slip, operations.Slip)
            mine = slip.ticket.id
    assert "nearly your turn" in texts(visitor.get(f"/t/{first}?lang=en"))
    assert "nearly your turn" not in texts(visitor.get(f"/t/{mine}?lang=en"))
    watch.now += timedelta(minutes=2)
    assert call(visitor).id == first
    watch.now += timedelta(minutes=1)
    assert "The last call was at 10:02" in texts(visitor.get(f"/t/{first}?lang=en"))
