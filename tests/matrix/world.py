"""A small city in which everybody has signed in, with one thing of each sort that an address can name.

What belongs to somebody carries planted values, and lies with the office of market supervision. Whoever asks stands
in a relation to it: ``own`` (the same office, or the browser that handed it in), ``other`` (another office, another
browser), ``matter`` (an official whose own application it is), ``none`` (no such thing).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.accounts import operations as accounts
from portal.accounts import passwords
from portal.accounts.model import AccountKind
from portal.accounts.second_factor.tables import FactorResetRow
from portal.accounts.sign_ins.tables import SignInRow
from portal.basis import SYSTEM, Bilingual, By, Role
from portal.cases import operations as cases
from portal.cases.model import CaseState, Step
from portal.channels import operations as channels
from portal.compliance.findings import operations as register
from portal.compliance.findings import queries as findings
from portal.data_rights import operations as data_rights
from portal.data_rights.model import Wish
from portal.hall import operations as hall
from portal.hall.operations.planning import Cause
from portal.hall.places import place
from portal.hall.queries.appointments import first_free_slots
from portal.ledger import queries as ledger
from portal.store import db, reading, transaction
from portal.web.citizen.drafts import uploads_folder
from portal.web.once import VISITOR
from tests.cases.city import MONDAY, hand_in
from tests.databases import Kept
from tests.hall.hall_city import HALL, MANAGER
from tests.hall.hall_city import clerk as hall_clerk
from tests.requirements.handing_in import Planting, plant
from tests.web.office import PASSWORD, OfficeHouse, opened

HERE, THERE = "market-supervision", "social-insurance"
STAFF = (
    Role.CLERK, Role.REVIEWER, Role.DECIDER, Role.HEAD, Role.HALL_MANAGER, Role.DISPATCHER, Role.SUPERVISOR,
    Role.AUDITOR,
    Role.INSPECTOR, Role.CATALOGUE_EDITOR, Role.CATALOGUE_PUBLISHER, Role.SYSADMIN,
)  # fmt: skip
CITIZENS = ("stranger", "citizen", "person")  # nothing opened; opened with number and code; signed in, nothing opened
WHO = (*CITIZENS, *(role.value for role in STAFF))
NOBODYS = "x" * 32  # a token, and a handle, that was never given out
NO_CASE, NO_INQUIRY = "990100-2026-999999", "990100-2026-Q999999"
NO_CHANNEL = "food-licence:nowhere"
NO_APPOINTMENT = "city-hall-2026-P999999"


@dataclass
class World:
    """``seats`` are cookies by who and office; ``things`` are addresses' words by sort and relation."""

    house: OfficeHouse
    file: Path
    planted: list[Planting] = field(default_factory=list)
    seats: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)
    things: dict[str, Any] = field(default_factory=dict)
    own_cases: dict[str, str] = field(default_factory=dict)
    handles: dict[tuple[str, str], str] = field(default_factory=dict)
    _kept: Kept = field(init=False)

    def client(self, who: str, office: str = HERE) -> FlaskClient:
        """A browser of its own each time: what one answer sets is not there for the next request."""
        client = self.house.app.test_client()
        for name, value in self.seats.get((who, office), {}).items():
            client.set_cookie(name, value)
        return client

    def ask(self, who: str, office: str, method: str, path: str, **more: Any) -> TestResponse:
        client = self.client(who, office)
        with client:
            answer = client.open(path, method=method, **more)
            answer.get_data()
            answer.close()
        return answer

    def keep(self) -> None:
        """Remember the database as it is now."""
        self._kept = Kept(self.file)

    def has_changed(self) -> bool:
        """Whether anything was committed since; the database is then put back to what it was."""
        return self._kept.was_changed()


def built(url: str, folder: Path) -> Iterator[World]:
    strong, passwords.HASHER = passwords.HASHER, PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    try:
        for house in opened(url, folder):
            world = World(house, Path(url.removeprefix("sqlite:///")))
            employ_the_others(house, (HERE, THERE))
            _register_people()
            _plant(world)
            _seat(world)
            world.keep()
            yield world
    finally:
        passwords.HASHER = strong


def employ_the_others(house: OfficeHouse, offices: tuple[str, ...]) -> None:
    """The roles that handle no cases, in these offices."""
    started = datetime(2015, 1, 1, tzinfo=UTC)
    with transaction():
        for office in offices:
            for role in STAFF:
                if (role.value, office, 1) in house.staff.known:
                    continue
                post = f"{office}.{role.value}.1"
                account = accounts.create_account(
                    post, post, AccountKind.STAFF, at=started, by=SYSTEM, account=f"u-{post}"
                )
                accounts.create_post(post, office, role, Bilingual(post, post), by=SYSTEM, at=started)
                accounts.appoint(account.id, post, date(2015, 1, 1), by=SYSTEM, at=started)
                house.staff.known[role.value, office, 1] = By(account.id, role, office=office, post=post)


def _register_people() -> None:
    started = datetime(2015, 1, 1, tzinfo=UTC)
    with transaction():
        for name in ("person-here", "person-there"):
            accounts.create_account(
                name, name, AccountKind.PERSON, at=started, by=SYSTEM, account=f"u-{name}", password=PASSWORD
            )


def _plant(world: World) -> None:
    house, things = world.house, world.things
    world.planted = plant(house.staff, uploads_folder(), at=MONDAY, people=2)
    with transaction():
        channels.list_channels(MONDAY, MONDAY.date())
        things["channel"] = "food-licence:window"
        things["window"] = "market-1"
    number = world.planted[0].number
    reviewing = house.make_case(to=CaseState.REVIEWING, person="citizen-1")
    reviewer = house.by("reviewer")
    house.now = MONDAY + timedelta(hours=1)
    with transaction():
        things["pause"] = cases.propose(reviewing, Step.PAUSE, by=reviewer, at=house.now, pause_type="test", days=3)
        things["extension"] = cases.propose(
            reviewing, Step.EXTEND, by=reviewer, at=house.now, clock="decide", days=5, reason="planted reason"
        )
        citizen = By(world.planted[0].applicant, Role.APPLICANT)
        things["data-request"] = data_rights.ask(
            f"case/{number}", Wish.ERASE, world.planted[0].person.remark, by=citizen, at=house.now
        ).seq
        lost = FactorResetRow(
            account=house.by("clerk", which=2).actor,
            reason="planted reason",
            asked_by=house.by("sysadmin", THERE).actor,
            asked_at=house.now,
        )
        db.session.add(lost)
        db.session.flush()
        things["reset"] = lost.number
        for role in STAFF:
            owner = house.by(role.value).actor
            own = hand_in(moment=MONDAY + timedelta(minutes=5), person=owner, by=By(owner, Role.APPLICANT))
            world.own_cases[role.value] = own.number
    _plant_in_the_hall(world)
    house.now = MONDAY + timedelta(days=30)
    with transaction():
        register.examine([f"case/{number}"], at=house.now)
    with reading():
        things["finding"] = findings.findings()[0].number
        first = ledger.event(1)
        assert first is not None
        things["leaf"] = first.leaf_hash.hex()
    things |= {"case": number, "inquiry": world.planted[0].inquiry, "post": str(house.by("clerk", HERE).post)}


def _plant_in_the_hall(world: World) -> None:
    """A number, an appointment of the citizen here, a kiosk, and a closure to come of this hall and of another."""
    now, things = world.house.now, world.things
    visitor = By(VISITOR, Role.APPLICANT)
    with transaction():
        hall.open_window(HALL, "comprehensive-1", by=hall_clerk(1, "government-services"), at=now)
        slip = hall.issue(HALL, "food-licence", by=visitor, at=now)
        assert isinstance(slip, hall.Slip)
        slot_at = first_free_slots(HALL, "food-licence", now)[0]
        booked = hall.book(HALL, "food-licence", slot_at, by=visitor, at=now)
        hall.enrol_kiosk(HALL, "entrance", by=MANAGER, at=now)
        things["closures"] = {code: _closure(code, now) for code in (HALL, "centre-a-hall")}
    things |= {"ticket": slip.ticket.id, "appointment": booked.appointment.number, "code": booked.code}


def _closure(code: str, now: datetime) -> str:
    """Long after all that is asked, so that nothing else in the hall changes."""
    begins, run_by = now + timedelta(days=60), place(code).hall.run_by
    by = By(f"manager-{run_by}", Role.HALL_MANAGER, office=run_by, post=f"{run_by}.manager")
    ends = begins + timedelta(hours=1)
    return hall.declare_closure(code, Cause.ANNOUNCED, begins, ends, "planted reason", by=by, at=now)[0].number


def _seat(world: World) -> None:
    house = world.house
    for office, planting in ((HERE, world.planted[0]), (THERE, world.planted[1])):
        world.seats["stranger", office] = {}
        citizen = house.app.test_client()
        if office == HERE:
            address = f"/appointments/{world.things['appointment']}"
            assert citizen.post(address, data={"code": world.things["code"]}).status_code == 303
        for number, code in ((planting.number, planting.code), (planting.inquiry, planting.inquiry_code)):
            assert citizen.post("/follow", data={"number": number, "code": code}).status_code == 303
        draft = str(citizen.post("/items/food-licence/apply").location).split("/")[2]
        world.things.setdefault("draft", draft)
        world.seats["citizen", office] = _cookies(citizen)
        person = house.app.test_client()
        person.post("/sign-in", data={"name": f"person-{'here' if office == HERE else 'there'}", "password": PASSWORD})
        world.seats["person", office] = _cookies(person)
        world.handles["person", office] = _handle(f"u-person-{'here' if office == HERE else 'there'}")
        for role in STAFF:
            client = house.signed_in(role.value, office)
            if role is Role.CLERK:
                item = "food-licence" if office == HERE else "unemployment-subsidy"
                begun = str(client.post("/clerk/hand-in/", data={"item": item}).location).split("/")[3]
                world.things.setdefault("window-draft", begun)
            if role is Role.AUDITOR and office == HERE:
                world.things["audit"] = str(client.post("/supervisor/audits").location).split("/")[3]
            world.seats[role.value, office] = _cookies(client)
            world.handles[role.value, office] = _handle(house.by(role.value, office).actor)


def _handle(account: str) -> str:
    with reading():
        return str(db.session.scalars(select(SignInRow.handle).where(SignInRow.account == account)).first())


def _cookies(client: FlaskClient) -> dict[str, str]:
    names = ("yinuo", "known")
    return {name: cookie.value for name in names if (cookie := client.get_cookie(name)) is not None}
