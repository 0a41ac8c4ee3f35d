"""People who ask: led on and answered as the law wants it, and sent away as it happens."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, Final

from portal.appeals import operations
from portal.appeals.model import COVERS, InquiryStep
from portal.basis import By, Role
from portal.demo.days import Days, day_of, local
from portal.demo.people import Citizen, City
from portal.demo.tale import Life

QUESTION: Final = "这件事归谁办、要带什么材料？（示例）"
ANSWER: Final = "请携带材料到任一综合窗口办理（示例答复）"


class Asking:
    """One person with one matter; ``stops_after`` leaves the inquiry where it is after that step."""

    def __init__(
        self,
        city: City,
        days: Days,
        rng: Random,
        *,
        matter: str,
        office: str,
        opens_on: date,
        citizen: Citizen,
        stops_after: InquiryStep | None = None,
    ) -> None:
        self.city, self.days, self.rng = city, days, rng
        self.matter, self.office, self.opens_on, self.citizen = matter, office, opens_on, citizen
        self.stops_after = stops_after
        self.version = city.catalogue.in_force(matter.partition(":")[0], opens_on).version
        self.now = days.present
        self.number = ""
        self.last_step: InquiryStep | None = None

    @property
    def has_stopped(self) -> bool:
        return self.stops_after is not None and self.last_step is self.stops_after

    @property
    def applicant(self) -> By:
        return By(self.citizen.account, Role.APPLICANT)

    def clerk(self, office: str | None = None) -> By:
        return self.city.staff_of(office or self.office, Role.CLERK)[self.citizen.number % 2]

    def at_window(self) -> datetime:
        return local(self.opens_on, f"{self.rng.choice((9, 10, 14, 15))}:{self.rng.randint(10, 50)}".zfill(5))

    def minutes(self, n: int) -> datetime:
        return self.now + timedelta(minutes=n)

    def next_morning(self, n: int = 1) -> datetime:
        return local(self.days.after(day_of(self.now), n), f"09:{self.rng.randint(10, 50)}")

    def inquire(
        self, by: By | None = None, question: str = "这件事归谁办、要带什么材料？（示例）", **told: Any
    ) -> None:
        """At a window, unless the applicant asks by himself; ``told`` is what he says of an earlier visit."""
        words = {"question": question, **told}
        slip = operations.inquire(
            self.citizen.account, self.matter, office=self.office, by=by or self.clerk(), at=self.now, **words
        )
        self.number, self.last_step = slip.number, InquiryStep.INQUIRE

    def answer(
        self, outcome: str, by: By | None = None, *, covers: Sequence[str] = (), is_chat: bool = False, named: str = ""
    ) -> None:
        is_whole = set(covers) == set(COVERS)
        operations.answer(
            self.number,
            outcome,
            by=by or self.clerk(),
            at=self.now,
            text=ANSWER if is_whole else "请到别处问问（示例）",
            covers=covers,
            cited_version=self.version if is_whole else None,
            right_authority=named or None,
            is_written=bool(named) or is_whole,
            is_chat=is_chat,
        )
        self.last_step = InquiryStep.ANSWER

    def hand_over(self, to_office: str) -> None:
        operations.hand_over_inquiry(
            self.number,
            to_office,
            reason="属该机构职责（示例）",
            summary="所问事项见记录",
            by=self.clerk(),
            at=self.now,
        )
        self.last_step = InquiryStep.HAND_OVER

    def acknowledge(self, office: str) -> None:
        operations.acknowledge_inquiry(self.number, by=self.clerk(office), at=self.now)
        self.office, self.last_step = office, InquiryStep.ACKNOWLEDGE

    def tell(self) -> None:
        operations.tell_inquirer(self.number, by=self.clerk(), at=self.now, text="已由接手机构办理（示例）")
        self.last_step = InquiryStep.TELL


def answered(asking: Asking) -> Life:
    yield asking.at_window()
    asking.inquire()
    yield asking.minutes(9)
    asking.answer("answered", covers=COVERS)


def asked_online(asking: Asking) -> Life:
    yield asking.at_window()
    asking.inquire(asking.applicant)
    yield asking.minutes(120)
    asking.answer("answered", covers=COVERS)


def led_on(asking: Asking) -> Life:
    """首问责任: told who answers now, once the right office has taken over."""
    other = "approval-bureau" if asking.office != "approval-bureau" else "market-supervision"
    yield asking.at_window()
    asking.inquire()
    yield asking.minutes(8)
    asking.hand_over(other)
    yield asking.minutes(35)
    asking.acknowledge(other)
    yield asking.minutes(10)
    asking.tell()
    yield asking.next_morning()
    asking.answer("answered", covers=COVERS)


def explained_again(asking: Asking) -> Life:
    yield asking.at_window()
    asking.inquire()
    yield asking.minutes(7)
    asking.answer("answered", covers=COVERS)
    yield asking.minutes(60)
    operations.mark_unclear(asking.number, by=asking.applicant, at=asking.now)
    yield asking.minutes(30)
    asking.answer("answered", covers=COVERS)


def referred_in_writing(asking: Asking) -> Life:
    """Not ours, said in writing with the authority whose it is: lawful."""
    yield asking.at_window()
    asking.inquire()
    yield asking.minutes(6)
    asking.answer("told-elsewhere", named="tax-bureau", covers=COVERS)


def chatted(asking: Asking) -> Life:
    yield asking.at_window()
    asking.inquire(question="电梯在哪里？（示例）")
    yield asking.minutes(1)
    asking.answer("answered", is_chat=True)


def sent_away(asking: Asking) -> Life:
    """V01: told to ask elsewhere, and nobody says where."""
    yield asking.at_window()
    asking.inquire()
    yield asking.minutes(3)
    asking.answer("told-elsewhere")


def answered_vaguely(asking: Asking) -> Life:
    """V03: no item, no materials, no limit."""
    yield asking.at_window()
    asking.inquire()
    yield asking.minutes(4)
    asking.answer("answered", covers=("place",))


def unanswered(asking: Asking) -> Life:
    """Asked online; nobody has answered, and the applicant asks again."""
    yield asking.at_window()
    asking.inquire(asking.applicant)
    yield asking.next_morning(2)
    operations.chase_inquiry(asking.number, by=asking.applicant, at=asking.now)


def told_by_a_citizen(asking: Asking) -> Life:
    """办不成事: the citizen reports himself that he was sent away the day before."""
    yield asking.at_window()
    asking.inquire(
        asking.applicant,
        is_self_reported=True,
        happened_at=local(asking.days.after(asking.opens_on, -1), "10:20"),
        said="窗口说不归他们管（示例）",
    )
