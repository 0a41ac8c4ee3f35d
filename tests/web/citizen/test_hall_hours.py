"""A hall's page, its hours and its feed tell the truth about announced and emergency closures."""

from __future__ import annotations

from datetime import timedelta

from icalendar import Calendar

from portal.hall import operations
from portal.hall.operations.planning import Cause
from portal.store import transaction
from tests.cases.city import at
from tests.hall.hall_city import MANAGER
from tests.web.citizen.visits import Visitor, Watch, texts

HALL = "/halls/city-hall"
TUESDAY = at("Tuesday 2026-03-03 10:00")


def closed(
    visitor: Visitor, begin: str, end: str, cause: Cause = Cause.EMERGENCY, windows: tuple[str, ...] = ()
) -> None:
    with visitor.app.app_context(), transaction():
        operations.declare_closure(
            "city-hall", cause, at(begin), at(end), "水管破裂", by=MANAGER, at=visitor.watch.now, windows=windows
        )


def test_an_open_hall_says_until_when(visitor: Visitor, watch: Watch) -> None:
    watch.now = TUESDAY
    page = texts(visitor.get(f"{HALL}?lang=en"))
    assert "Open now until 12:00" in page or "Open now until 17:00" in page
    assert "Take a number" in page
    assert "Book an appointment" in page


def test_an_emergency_closure_shows_on_every_page_that_says_open(visitor: Visitor, watch: Watch) -> None:
    watch.now = TUESDAY
    closed(visitor, "Tuesday 2026-03-03 09:30", "Tuesday 2026-03-03 15:00")
    for path in ("/", "/halls", HALL, "/items/unemployment-subsidy"):
        page = texts(visitor.get(f"{path}?lang=en"))
        assert "Closed now opens 15:00" in page, path
        assert "水管破裂" in page, path


def test_an_announced_closure_moves_the_next_opening(visitor: Visitor, watch: Watch) -> None:
    watch.now = at("Tuesday 2026-03-03 20:00")
    closed(visitor, "Wednesday 2026-03-04 21:00", "Thursday 2026-03-05 23:00", Cause.ANNOUNCED)
    assert "opens tomorrow 09:00" in texts(visitor.get("/halls?lang=en"))
    watch.now = at("Wednesday 2026-03-04 20:00")
    assert "opens Fri 6 Mar 09:00" in texts(visitor.get("/halls?lang=en"))


def test_a_window_that_is_shut_does_not_shut_the_hall(visitor: Visitor, watch: Watch) -> None:
    watch.now = TUESDAY
    closed(visitor, "Tuesday 2026-03-03 10:00", "Tuesday 2026-03-03 12:00", windows=("approval-1",))
    page = texts(visitor.get(f"{HALL}?lang=en"))
    assert "Open now" in page
    assert "only some windows" in page


def test_the_week_ahead_names_hours_and_closures(visitor: Visitor, watch: Watch) -> None:
    watch.now = TUESDAY
    closed(visitor, "Thursday 2026-03-05 08:00", "Thursday 2026-03-05 23:00", Cause.ANNOUNCED)
    page = texts(visitor.get(f"{HALL}?lang=en"))
    assert "Thu 5 Mar closed instead of 09:00–" in page
    assert "Tue 10 Mar" in page


def test_a_hall_that_is_not_there_is_not_found(visitor: Visitor) -> None:
    for path in ("", "/number", "/appointment", "/figures", "/hours.ics", "/kiosk", "/display", "/display.json"):
        assert visitor.get(f"/halls/nowhere{path}").status_code == 404, path


def test_the_feed_is_read_back_with_hours_and_closures(visitor: Visitor, watch: Watch) -> None:
    watch.now = TUESDAY
    closed(visitor, "Thursday 2026-03-05 08:00", "Thursday 2026-03-05 23:00", Cause.ANNOUNCED)
    answer = visitor.get(f"{HALL}/hours.ics")
    assert answer.mimetype == "text/calendar"
    calendar = Calendar.from_ical(answer.data)
    events = list(calendar.walk("VEVENT"))
    begins = {event.decoded("dtstart") for event in events if str(event["uid"]).startswith("open-")}
    assert at("Tuesday 2026-03-03 09:00") in begins
    assert at("Wednesday 2026-03-04 09:00") in begins
    assert at("Thursday 2026-03-05 09:00") not in begins
    assert not any(begin.date().isoformat() in ("2026-03-07", "2026-03-08") for begin in begins)  # a weekend
    (closure,) = [event for event in events if str(event["uid"]).startswith("closure-")]
    assert closure.decoded("dtend") - closure.decoded("dtstart") == timedelta(hours=15)
    assert str(closure["description"]) == "水管破裂"
    assert len({str(event["uid"]) for event in events}) == len(events) > 50
    assert calendar.decoded("version") == b"2.0" or str(calendar["version"]) == "2.0"


def test_two_readings_of_the_feed_name_the_same_times_alike(visitor: Visitor, watch: Watch) -> None:
    watch.now = TUESDAY
    first = {str(event["uid"]) for event in Calendar.from_ical(visitor.get(f"{HALL}/hours.ics").data).walk("VEVENT")}
    watch.now += timedelta(hours=3)
    assert {str(e["uid"]) for e in Calendar.from_ical(visitor.get(f"{HALL}/hours.ics").data).walk("VEVENT")} == first
