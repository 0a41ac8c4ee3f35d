"""What goes wrong in a hall: numbers not served, windows left empty, long waits, jumped queues, no trace left.

Each variant has a hall of its own, so that what is counted by hall and day is counted in it alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from portal.basis import SYSTEM, By
from tests.years.city import applicant
from tests.years.days import after
from tests.years.faulty.fault import Bench, Fault, Variant, day, of
from tests.years.hall import HallDay, Number

ONE = timedelta(1)
TUESDAY = day("Tuesday 2020-06-02")
# Days on which halls open, also when others rest: what a number promises is owed on each of them.
DAYS = tuple(
    day(text)
    for text in (
        "Tuesday 2020-06-02", "Saturday 2020-06-06", "Sunday 2020-09-27", "Wednesday 2020-09-30", "Thursday 2020-10-01",
        "Thursday 2020-12-31", "Monday 2020-02-03", "Saturday 2021-02-20",
    )
)  # fmt: skip


def hall_of(bench: Bench, on: date = TUESDAY) -> HallDay:
    return HallDay(bench.journal, f"H{bench.number}", on, bench.crew)


def _told(name: str, on: date) -> str:
    return f"{name} on {on:%A %Y-%m-%d}"


# --- V23 ---------------------------------------------------------------------------------------------------------
def _ends(clock: str, kind: str, *calls: str, **facts: Any) -> Callable[[Number], object]:
    def end(number: Number) -> None:
        for call in calls:
            number.call(call)
        number.note(kind, clock, **facts)

    return end


_NOT_SERVED: tuple[tuple[str, Callable[[Number], object]], ...] = (
    ("given up by the staff a minute after closing", _ends("17:01", "released")),
    ("void without a reason", _ends("11:00", "voided")),
    ("void a minute after closing", _ends("17:01", "voided", reason="printed twice")),
    ("absent after two calls", _ends("10:40", "absent", "10:30", "10:34")),
    ("absent after calls that began after closing", _ends("17:12", "absent", "17:01", "17:05", "17:09")),
    ("called and then forgotten", lambda number: number.call("16:59")),
    ("parked and then forgotten", _ends("11:10", "parked", "11:00")),
    ("carried over and not asked", _ends("17:05", "carried-over", consent=None)),
    ("carried over on a word", _ends("17:05", "carried-over", consent="by phone")),
    ("closed because others took longer", _ends("17:00", "closed-unserved", cause="longer-service")),
)


def v23() -> Iterator[Variant]:
    for on in DAYS:
        yield _unserved(_told("nothing recorded", on), lambda number: number, on)
    for name, end in _NOT_SERVED:
        yield _unserved(name, end, TUESDAY)
    yield _came_back
    yield _served_next_day
    yield _window_withdrawn
    yield _beyond_capacity
    yield _drill_is_no_emergency
    for count in (4, 5, 12):
        yield _several(count)


def _number_fault(name: str, number: Number, severity: str = "yellow", *, code: str = "V23", **more: Any) -> Fault:
    known: dict[str, Any] = {"office": number.hall.crew.office, "first": number.first}
    return Fault(code, name, number.subject, severity, **(known | more))


def _unserved(name: str, end: Callable[[Number], object], on: date) -> Variant:
    def make(bench: Bench) -> Fault:
        hall = hall_of(bench, on)
        served, number = hall.issue("09:50"), hall.issue("10:00")
        served.call("10:05")
        served.serve("10:15")
        end(number)
        return _number_fault(name, number, numbers={"unserved": 1})

    return make


def _came_back(bench: Bench) -> Fault:
    number = hall_of(bench).issue("10:00")
    for clock in ("10:30", "10:34", "10:38"):
        number.call(clock)
    number.note("absent", "10:42")
    number.note("returned", "11:00")
    return _number_fault("absent, came back, and never called again", number)


def _served_next_day(bench: Bench) -> Fault:
    number = hall_of(bench).issue("10:00")
    number.serve(datetime.combine(TUESDAY + ONE, datetime.min.time()) + timedelta(hours=9))
    return _number_fault("served on the next day", number)


def _window_withdrawn(bench: Bench) -> Fault:
    number = hall_of(bench).issue("10:00")
    facts = {"cause": "window-withdrawn", "fault_office": f"land-{bench.number}", "fault_window": "w3"}
    number.note("closed-unserved", "17:00", SYSTEM, **facts)
    return _number_fault(
        "a window was withdrawn", number, office=f"land-{bench.number}", numbers={"fault_window": "w3"}
    )


def _beyond_capacity(bench: Bench) -> Fault:
    hall = hall_of(bench)
    answers = hall.manager.office
    number = hall.issue("16:50", by=hall.manager, is_guaranteed=False, override="asked", manager_office=answers)
    return _number_fault("issued beyond capacity", number, office=answers)


def _drill_is_no_emergency(bench: Bench) -> Fault:
    hall = hall_of(bench)
    number = hall.issue("10:00")
    hall.declare("16:50", "16:50", "17:30", "drill")
    number.note("closed-unserved", "17:00", SYSTEM, cause="closure")
    return _number_fault("a drill at closing time", number)


def _several(count: int) -> Variant:
    def make(bench: Bench) -> Fault:
        hall = hall_of(bench)
        numbers = [hall.issue(f"15:{k:02}") for k in range(count)]
        others = frozenset(number.subject for number in numbers[1:])
        severity = "red" if count >= 5 else "yellow"
        return _number_fault(f"{count} numbers", numbers[0], severity, numbers={"unserved": count}, beside=others)

    return make


# --- V24 ---------------------------------------------------------------------------------------------------------
def v24() -> Iterator[Variant]:
    for on in DAYS:
        yield _left_empty(_told("sixteen minutes", on), "10:16", 16, on)
    yield _left_empty("an hour and a half", "11:30", 90)
    for name, (told, from_, until, cause), left in (
        ("a drill takes four minutes out of twenty", ("10:02", "10:02", "10:06", "drill"), 16),
        ("an emergency at its end", ("10:19", "10:19", "10:40", "emergency"), 19),
        ("a closure announced when it had begun", ("10:05", "10:02", "10:12", "announced"), 20),
        ("a drill before it", ("09:30", "09:30", "10:00", "drill"), 20),
    ):
        yield _empty_beside(name, told, from_, until, cause, left)
    yield _never_filled
    for clock, backlog in (("16:29", 0), ("16:00", 59), ("09:05", 0), ("14:00", 179)):
        yield _stopped(clock, backlog)
    yield _stopped_and_resumed
    yield _stopped_by_a_sum_of_his_own
    for refusals in (1, 7):
        yield _refused(refusals)


def _hall_fault(name: str, hall: HallDay, first: Any, minutes: int | None = None, **more: Any) -> Fault:
    numbers = {} if minutes is None else {"minutes": minutes}
    known = {"office": hall.crew.office, "first": first, "numbers": numbers} | more
    return Fault("V24", name, hall.subject, "yellow", **known)


def _empty(hall: HallDay, until: str | None) -> Any:
    ends = None if until is None else hall.at(until)
    told = hall.at(until or "10:20")
    facts = {"at_window": "w1", "from_at": hall.at("10:00"), "until_at": ends}
    return hall.of_office("window-left-empty", told, **facts)


def _left_empty(name: str, until: str, minutes: int, on: date = TUESDAY) -> Variant:
    return lambda bench: _hall_fault(name, hall := hall_of(bench, on), _empty(hall, until), minutes)


def _empty_beside(name: str, told: str, from_: str, until: str, cause: str, left: int) -> Variant:
    def make(bench: Bench) -> Fault:
        hall = hall_of(bench)
        hall.declare(told, from_, until, cause)
        return _hall_fault(name, hall, _empty(hall, "10:20"), left)

    return make


def _never_filled(bench: Bench) -> Fault:
    hall = hall_of(bench)
    act = _empty(hall, None)
    hall.close("17:05")
    return _hall_fault("until the hall's day ended", hall, act, 7 * 60 + 5)


def _stop(hall: HallDay, clock: str, backlog: int = 0, **facts: Any) -> Any:
    return hall.note("issuing-stopped", clock, closes_at=hall.at("17:00"), backlog_minutes=backlog, **facts)


def _stopped(clock: str, backlog: int) -> Variant:
    def make(bench: Bench) -> Fault:
        hall = hall_of(bench)
        return _hall_fault(f"stopped at {clock}", hall, _stop(hall, clock, backlog), **of(hall.manager))

    return make


def _stopped_and_resumed(bench: Bench) -> Fault:
    hall = hall_of(bench)
    act = _stop(hall, "10:00")
    hall.note("issuing-resumed", "10:31")
    return _hall_fault("stopped for 31 minutes", hall, act, **of(hall.manager))


def _stopped_by_a_sum_of_his_own(bench: Bench) -> Fault:
    hall = hall_of(bench)
    act = _stop(hall, "15:00", is_computed=True)
    return _hall_fault("the manager says it was the sum", hall, act, **of(hall.manager))


def _refused(times: int) -> Variant:
    def make(bench: Bench) -> Fault:
        hall = hall_of(bench)
        told = [
            hall.of_office("ticket-refused", f"15:{k:02}", empty_windows=["w1"], reason="full") for k in range(times)
        ]
        return _hall_fault(f"refused {times} times", hall, told[0], numbers={"refused": times})

    return make


# --- V25 ---------------------------------------------------------------------------------------------------------
def v25() -> Iterator[Variant]:
    for on in DAYS:
        yield _waited(_told("61 minutes", on), 61, on)
    for minutes in (62, 90, 240):
        yield _waited(f"{minutes} minutes", minutes)
    yield _waited("a surge of the day after", 70, surge=(TUESDAY + ONE, "09:00"))
    yield _waited("a surge of the day before", 70, surge=(TUESDAY - ONE, "09:00"))
    yield _surge_of_a_clerk
    yield _surge_remembered
    for nine, severity in ((31, "notice"), (45, "notice"), (60, "notice"), (61, "yellow"), (120, "yellow")):
        yield _halls_day(nine, severity)


def _waited(name: str, minutes: int, on: date = TUESDAY, surge: tuple[date, str] | None = None) -> Variant:
    def make(bench: Bench) -> Fault:
        hall = hall_of(bench, on)
        if surge:
            hall.note("surge-declared", surge[1], day=surge[0])
        return _waiter(hall, name, minutes)

    return make


def _waiter(hall: HallDay, name: str, minutes: int) -> Fault:
    number = hall.issue("09:00")
    number.call("14:00", waited=minutes)
    number.serve("14:10")
    return _number_fault(name, number, code="V25", numbers={"waited": minutes, "allowed": 60})


def _surge_of_a_clerk(bench: Bench) -> Fault:
    hall = hall_of(bench)
    hall.note("surge-declared", "09:00", bench.crew.clerk, day=hall.on)
    return _waiter(hall, "a surge that a clerk declared", 70)


def _surge_remembered(bench: Bench) -> Fault:
    hall = hall_of(bench)
    hall.note("surge-declared", datetime.combine(TUESDAY + ONE, datetime.min.time()), day=hall.on)
    return _waiter(hall, "a surge remembered after midnight", 70)


def _halls_day(ninth: int, severity: str) -> Variant:
    def make(bench: Bench) -> Fault:
        hall = hall_of(bench)
        for k, minutes in enumerate([5] * 8 + [ninth] * 2):
            number = hall.issue(f"09:{k:02}")
            number.call(f"1{k}:00" if k < 7 else f"16:3{k}", waited=minutes)
            number.serve(f"1{k}:10" if k < 7 else "16:58")
        act = hall.close()
        beside = frozenset(f"ticket/{hall.code}-{hall.on:%m%d}-{n:03}" for n in range(1, 11))
        return Fault(
            "V25", f"the ninth of ten waited for {ninth} minutes", hall.subject, severity, act.by.office, first=act,
            numbers={"waited": ninth, "allowed": 30, "numbers": 10}, beside=beside,
        )  # fmt: skip

    return make


# --- V50 ---------------------------------------------------------------------------------------------------------
_SLOTS = (*DAYS, day("Monday 2020-06-08"), day("Friday 2020-06-26"))


def v50() -> Iterator[Variant]:
    for on in _SLOTS:
        yield _cancelled(_told("a minute late", on), on, timedelta(hours=23, minutes=59))
    for name, ahead in (
        ("an hour before", timedelta(hours=1)),
        ("at its time", timedelta()),
        ("when it had begun", -timedelta(minutes=20)),
    ):
        yield _cancelled(name, TUESDAY, ahead)
    yield _cancelled("by the portal", TUESDAY, timedelta(hours=2), by_portal=True)
    for name, told_before, cause, closure in (
        ("a closure announced a minute late", timedelta(hours=23, minutes=59), "announced", "c"),
        ("an emergency", timedelta(hours=30), "emergency", "c"),
        ("a drill", timedelta(hours=30), "drill", "c"),
        ("another closure named", timedelta(hours=30), "announced", "other"),
        ("no closure named", timedelta(hours=30), "announced", None),
    ):
        yield _closed(name, told_before, cause, closure)
    yield _moved_nearer


def _booked(bench: Bench, on: date) -> tuple[HallDay, str, datetime]:
    hall = hall_of(bench, on)
    subject, slot = f"appointment/{bench.number}", hall.at("10:00")
    facts: dict[str, Any] = {"hall": hall.code, "item": "tax-card", "slot_at": slot}
    bench.journal.note(subject, "appointment-booked", slot - 9 * ONE, applicant(bench.number), channel="web", **facts)
    return hall, subject, slot


def _cancel(hall: HallDay, name: str, subject: str, when: datetime, by: By | None = None, **facts: Any) -> Fault:
    act = hall.journal.note(subject, "appointment-cancelled", when, by or hall.manager, reason="training", **facts)
    return Fault("V50", name, subject, "notice", act.by.office, first=act)


def _cancelled(name: str, on: date, ahead: timedelta, *, by_portal: bool = False) -> Variant:
    def make(bench: Bench) -> Fault:
        hall, subject, slot = _booked(bench, on)
        return _cancel(hall, name, subject, slot - ahead, bench.crew.portal if by_portal else None)

    return make


def _closed(name: str, told_before: timedelta, cause: str, closure: str | None) -> Variant:
    def make(bench: Bench) -> Fault:
        hall, subject, slot = _booked(bench, TUESDAY)
        hall.declare(slot - told_before, "09:00", "12:00", cause, closure=f"c-{bench.number}")
        named = None if closure is None else f"{closure}-{bench.number}"
        return _cancel(hall, name, subject, slot - timedelta(hours=5), closure=named)

    return make


def _moved_nearer(bench: Bench) -> Fault:
    hall, subject, slot = _booked(bench, TUESDAY)
    facts: dict[str, Any] = {"slot_at": slot - timedelta(hours=12)}
    bench.journal.note(subject, "appointment-moved", slot - 5 * ONE, applicant(bench.number), channel="web", **facts)
    return _cancel(hall, "moved half a day nearer", subject, slot - timedelta(hours=30))


# --- V51 ---------------------------------------------------------------------------------------------------------
def v51() -> Iterator[Variant]:
    for on in DAYS:
        yield _jumped(_told("one person", on), 1, on)
    for passed in (2, 5, 30):
        yield _jumped(f"{passed} people", passed)
    yield _jumped("by eleven seconds", 1, later="10:40:11")
    yield _jumped("an empty ground", 1, ground="")
    for name, act in (("had come back", "absent"), ("was passed on by another window", "transferred")):
        yield _jumped_who(name, act)
    for rank in ("priority", "appointment", "carried-over"):
        for issuer in ("kiosk", "clerk"):
            yield _ranked(rank, issuer)


def _jump(hall: HallDay, name: str, passed: int, **facts: Any) -> Fault:
    number = hall.issue("10:35")
    act = number.call("10:40", **facts)
    return _number_fault(name, number, code="V51", first=act, numbers={"passed": passed}, **of(hall.crew.clerk))


def _jumped(name: str, passed: int, on: date = TUESDAY, later: str = "10:50", **facts: Any) -> Variant:
    def make(bench: Bench) -> Fault:
        hall = hall_of(bench, on)
        before = [hall.issue(f"10:{k:02}") for k in range(passed)]
        fault = _jump(hall, name, passed, **facts)
        for k, number in enumerate([*before, _of_subject(hall, fault.subject)]):
            if number.hall is hall and number.subject != fault.subject:
                number.call(later if k == 0 else f"11:{k:02}", bench.crew.other_clerk)
            number.serve("12:30")
        return fault

    return make


def _of_subject(hall: HallDay, subject: str) -> Number:
    return Number(hall, subject)


def _jumped_who(name: str, act: str) -> Variant:
    def make(bench: Bench) -> Fault:
        hall = hall_of(bench)
        other = hall.issue("10:00")
        for clock in ("10:02", "10:05", "10:08"):
            other.call(clock)
        other.note(act, "10:12")
        if act == "absent":
            other.note("returned", "10:20")
        fault = _jump(hall, f"who {name}", 1)
        other.call("10:50")
        for number in (other, _of_subject(hall, fault.subject)):
            number.serve("12:30")
        return fault

    return make


def _ranked(rank: str, issuer: str) -> Variant:
    def make(bench: Bench) -> Fault:
        hall = hall_of(bench)
        by = bench.crew.clerk if issuer == "clerk" else bench.crew.portal
        number = hall.issue("10:00", rank=rank, by=by)
        number.call("10:05")
        number.serve("10:15")
        whose = of(by) if issuer == "clerk" else {"office": by.office}
        return _number_fault(f"{rank} from a {issuer}", number, code="V51", **whose)

    return make


# --- V52 ---------------------------------------------------------------------------------------------------------
def v52() -> Iterator[Variant]:
    for outcome in ("case", "inquiry", "written-refusal"):
        for reference in (None, " "):
            yield _traceless(
                f"{outcome}, {'a blank' if reference else 'nothing'} named", outcome=outcome, reference=reference
            )
    for name, facts in (
        ("information, not confirmed", {"outcome": "information", "is_confirmed": None}),
        ("information, denied", {"outcome": "information", "is_confirmed": False}),
        ("no outcome", {"outcome": None, "is_confirmed": None}),
        ("an outcome that nobody knows", {"outcome": "done"}),
    ):
        yield _traceless(name, **facts)
    for on in DAYS:
        yield _late_case(on)
    for kind in ("case", "inquiry"):
        yield _traceless(f"{kind} that never came", outcome=kind, reference="330100-2020-never")
    yield _case_named_as_inquiry


def _serve(bench: Bench, name: str, on: date = TUESDAY, **facts: Any) -> Fault:
    hall = hall_of(bench, on)
    number = hall.issue("10:00")
    number.call("10:05")
    act = number.serve("10:15", **facts)
    return _number_fault(name, number, code="V52", first=act, **of(bench.crew.clerk))


def _traceless(name: str, **facts: Any) -> Variant:
    return lambda bench: _serve(bench, name, **facts)


def _submit(bench: Bench, on: date, clock: str) -> str:
    """A case that its applicant hands in and takes back at once, so that no clock of it speaks."""
    reference = f"330100-2020-{bench.number}"
    who, subject = applicant(bench.number), f"case/{reference}"
    when = datetime.fromisoformat(f"{on} {clock}")
    for kind, moment in (("submitted", when), ("withdrawn", when + timedelta(minutes=1))):
        bench.journal.note(subject, kind, moment, who, channel="web")
    return reference


def _late_case(on: date) -> Variant:
    def make(bench: Bench) -> Fault:
        reference = _submit(bench, after(on, 1) + ONE, "00:00")
        return _serve(bench, _told("a case at the midnight after its day", on), on, outcome="case", reference=reference)

    return make


def _case_named_as_inquiry(bench: Bench) -> Fault:
    reference = _submit(bench, TUESDAY, "10:10")
    return _serve(bench, "a case that is called an inquiry", outcome="inquiry", reference=reference)
