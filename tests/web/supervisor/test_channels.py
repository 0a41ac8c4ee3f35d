"""The pages of channels: what is listed to whom, what may be declared, and what citizens then read."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask_babel import force_locale

from portal.channels import operations, queries
from portal.channels.model.channel import PLATFORM_CHANNEL, State
from portal.ledger import queries as ledger
from portal.store import reading, transaction
from portal.web.staff.history import fault_said
from tests.cases.city import MONDAY, SHANGHAI
from tests.channels.conftest import seen
from tests.web.office import OfficeHouse

WINDOW, WEB = "food-licence:window", "food-licence:web"
PAGE = f"/supervisor/channels/{WINDOW}"


@pytest.fixture
def listed(house: OfficeHouse) -> OfficeHouse:
    with transaction():
        operations.list_channels(MONDAY, MONDAY.astimezone(SHANGHAI).date(), operator="government-services")
    house.now = MONDAY + timedelta(hours=1)
    return house


def day(name: str, on: str) -> dict[str, str]:
    year, month, number = on.split("-")
    return {f"{name}-year": year, f"{name}-month": str(int(month)), f"{name}-day": str(int(number))}


def state(house: OfficeHouse, number: str) -> State:
    with reading():
        return operations.channel_now(number).state_at(house.now)


def test_who_watches_sees_every_channel_and_a_head_the_office_s_own(listed: OfficeHouse) -> None:
    everything = listed.signed_in("supervisor").get("/supervisor/channels").text
    own = listed.signed_in("head").get("/supervisor/channels").text
    assert "The online portal" in everything
    assert "unemployment-subsidy:window" in everything
    assert WINDOW in own
    assert "unemployment-subsidy:window" not in own
    assert listed.signed_in("head").get("/supervisor/channels/unemployment-subsidy:window").status_code == 404


def test_a_counter_that_stops_is_told_to_citizens_with_what_works_instead(listed: OfficeHouse) -> None:
    head = listed.signed_in("head")
    answer = head.post(f"{PAGE}/stop", data={"reason": "The hall is being repaired", "basis": "条例 第九条"})
    assert (answer.status_code, answer.location) == (303, PAGE)
    assert "The hall is being repaired" in head.get(PAGE).text
    citizen = listed.app.test_client()
    citizen.get("/?lang=en")
    guide = citizen.get("/items/food-licence").text
    for told in ("Not every way works now", "at the window: Stopped", "条例 第九条", "What works:", "online"):
        assert told in guide
    home = citizen.get("/").text
    assert "Not every way works now" in home
    status = citizen.get("/open/status").text
    assert "Stopped" in status
    assert "Not every way works now" not in citizen.get("/items/unemployment-subsidy").text
    assert head.post(f"{PAGE}/back", data={"reason": "repaired"}).status_code == 303
    assert "Not every way works now" not in citizen.get("/items/food-licence").text


def test_an_online_way_that_is_stopped_offers_no_start(listed: OfficeHouse) -> None:
    with transaction():
        operations.stop(WEB, reason="by law in person", basis="第二十九条", by=listed.by("supervisor"), at=listed.now)
    guide = listed.app.test_client().get("/items/food-licence?lang=en").text
    assert "The online way to this service is stopped" in guide
    assert "/items/food-licence/apply" not in guide


def test_a_maintenance_is_announced_with_its_hours_and_shown_beforehand(listed: OfficeHouse) -> None:
    typed = {
        **day("from_on", "2026-03-07"), "from_clock": "02:00", **day("until_on", "2026-03-07"), "until_clock": "6:30",
        "reason": "New disks",
    }  # fmt: skip
    supervisor = listed.signed_in("supervisor")
    assert supervisor.post(f"/supervisor/channels/{PLATFORM_CHANNEL}/maintenance", data=typed).status_code == 303
    for page in ("/supervisor/channels", "/open/status"):
        assert "02:00 to Saturday 7 March 2026, 06:30" in supervisor.get(page).text


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"from_clock": "25:00"}, "from_clock"),
        ({"until_clock": ""}, "until_clock"),
        ({"reason": ""}, "reason"),
        ({"until_clock": "01:00"}, "until_on-day"),
        (day("from_on", "2026-02-28"), "from_on-day"),
    ],
)
def test_what_was_typed_stays_when_a_maintenance_cannot_be_so(
    listed: OfficeHouse, changes: dict[str, Any], field: str
) -> None:
    typed = {
        **day("from_on", "2026-03-07"), "from_clock": "02:00", **day("until_on", "2026-03-07"), "until_clock": "06:00",
        "reason": "New disks", **changes,
    }  # fmt: skip
    answer = listed.signed_in("supervisor").post(f"/supervisor/channels/{WEB}/maintenance", data=typed)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert typed["reason"] in answer.text
    assert state(listed, WEB) is State.PILOT


def test_two_people_sign_and_a_third_need_not_say_why_it_goes_live(listed: OfficeHouse) -> None:
    listing = {"functions": "y", "load_test": "y", "rollback": "y", "offline_days": "30"}
    place = f"/supervisor/channels/{PLATFORM_CHANNEL}"
    first = listed.signed_in("head", "government-services")
    assert first.post(f"{place}/sign", data={**listing, "rollback": ""}).status_code == 422
    assert first.post(f"{place}/sign", data=listing).status_code == 303
    assert first.post(f"{place}/sign", data=listing).status_code == 403
    assert first.post(f"{place}/live", data={"reason": ""}).status_code == 422
    assert listed.signed_in("supervisor").post(f"{place}/sign", data=listing).status_code == 303
    assert first.post(f"{place}/live", data={"reason": ""}).status_code == 303
    assert state(listed, PLATFORM_CHANNEL) is State.LIVE


def test_what_somebody_met_is_noted_and_what_is_the_same_is_the_same(listed: OfficeHouse) -> None:
    supervisor = listed.signed_in("supervisor")
    assert supervisor.post(f"{PAGE}/refused", data={"only": "only-online", "evidence": "visit 4"}).status_code == 303
    for same, seen_there in (("yes", ""), ("no", "a fee of 50 yuan")):
        shown = {"element": "fees", "same": same, "seen": seen_there}
        assert supervisor.post(f"{PAGE}/shown", data=shown).status_code == 303
    assert supervisor.post(f"{PAGE}/shown", data={"element": "fees", "same": "no", "seen": ""}).status_code == 422
    with reading():
        events = ledger.events(f"channel/{WINDOW}")
    snapshots = [event for event in events if event.kind == "element-snapshot"]
    assert [event.text("shown") == event.text("in_force") for event in snapshots] == [True, False]


@pytest.mark.parametrize(
    ("role", "step", "status"),
    [("head", "refused", 403), ("auditor", "stop", 403), ("supervisor", "live", 403), ("supervisor", "nothing", 404)],
)
def test_a_step_that_is_not_theirs_or_not_possible_is_refused(
    listed: OfficeHouse, role: str, step: str, status: int
) -> None:
    client = listed.signed_in(role)
    assert client.get(f"{PAGE}/{step}").status_code == status
    assert client.post(f"{PAGE}/{step}", data={"reason": "x"}).status_code == status


def test_the_open_page_tells_minutes_down_and_how_probes_went(listed: OfficeHouse) -> None:
    for nth in range(12):
        moment = listed.now + timedelta(minutes=2 * nth)
        with transaction():
            operations.record_probes(seen(moment, "submit"), at=moment)
    listed.now += timedelta(minutes=24)
    page = listed.app.test_client().get("/open/status?lang=en").text
    assert "Down for 24 minutes this month." in page
    assert "0.0%" in page  # handing in
    assert "100.0%" in page
    home = listed.app.test_client().get("/?lang=en").text
    assert "The online portal is away." in home
    with reading():
        assert queries.down_minutes(MONDAY, listed.now)[WEB] == 24


def test_before_anything_is_listed_the_pages_say_so(house: OfficeHouse) -> None:
    assert "Nothing is known of it yet." in house.app.test_client().get("/open/status?lang=en").text
    assert "Nothing is listed yet." in house.signed_in("supervisor").get("/supervisor/channels").text
    assert house.app.test_client().get("/items/food-licence").status_code == 200


def test_what_the_probes_met_is_said_in_the_language_of_the_page(listed: OfficeHouse) -> None:
    for nth in range(10):
        moment = MONDAY + timedelta(minutes=2 * nth)
        with transaction():
            operations.record_probes(seen(moment, "submit"), at=moment)
    page = listed.signed_in("supervisor", language="zh").get("/supervisor/channels/platform:web").text
    said = re.sub(r"<[^>]+>", " ", page[page.index("<h1") : page.index("</main>")])
    for words in ("内网", "外网", "问题情形：超时无应答", "首次失败时间：", "证据：台账第"):
        assert words in said, words
    assert not re.search(r"inside|outside|no answer|channel/|任职", said)


@pytest.mark.parametrize(
    ("fault", "zh"),
    [
        ("503 at /sign-in", "/sign-in 返回 503"),
        ("not reached: ConnectionResetError", "无法连接：ConnectionResetError"),
        ("ein Kabel", "ein Kabel"),  # written by somebody else: it stands as it is
    ],
)
def test_a_fault_is_said_as_far_as_it_has_words(listed: OfficeHouse, fault: str, zh: str) -> None:
    with listed.app.test_request_context("/?lang=zh"), force_locale("zh_Hans"):
        assert fault_said(fault) == zh
