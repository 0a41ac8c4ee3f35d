"""Which lives the demo city gets: some that stand in each state today, and many of the past sixty working days."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Final

from portal.appeals.model import InquiryStep
from portal.cases.model import Step
from portal.catalogue.model import ItemNotInForce
from portal.demo.clock import Teller
from portal.demo.days import Days
from portal.demo.lives import asking, faulty, golden, lawful, platform
from portal.demo.lives.asking import Asking
from portal.demo.lives.halls import HallDay
from portal.demo.people import FIRM, PERSON, Citizen, City
from portal.demo.tale import Life, Tale, Way

SPAN: Final = 60  # working days that the city looks back
INQUIRIES_IN: Final = 5  # one inquiry to so many cases

PERMITS: Final = ("food-licence", "hygiene-licence", "road-freight-licence")
DEFERRABLE: Final = (*PERMITS, "enterprise-opening", "sole-trader")
SLOW: Final = ("medical-claim", "pension-claim", "work-injury-claim", "training-subsidy", "food-licence")
EVERYDAY: Final = (
    "unemployment-subsidy", "unemployment-benefit", "maternity-allowance", "medical-claim", "pension-claim",
    "training-subsidy", "social-card", "insurance-change", "contribution-base", "sole-trader", "enterprise-opening",
    "housing-fund-withdrawal", "residence-permit", "birth-bundle", "tea-reward", "export-refund",
    "food-marking-deletion", "vehicle-lottery", "information-disclosure", *PERMITS,
)  # fmt: skip
AT_THE_COUNTER: Final = (*EVERYDAY, "real-estate-transfer")
INSTANT: Final = ("insurance-record", "hospital-appointment")
PROMISE: Final = ("hygiene-licence", "food-licence")
HOTLINE: Final = ("hotline-appeal",)


@dataclass(frozen=True, slots=True)
class Sort:
    """A way of life, the items that can have it, and its share among ordinary days."""

    way: Way
    items: tuple[str, ...]
    share: int


ORDINARY: Final = (
    Sort(lawful.handled, EVERYDAY, 34),
    Sort(lawful.handled_at_a_window, AT_THE_COUNTER, 14),
    Sort(lawful.on_the_spot, INSTANT, 6),
    Sort(lawful.dispatched, HOTLINE, 6),
    Sort(lawful.corrected, PERMITS, 5),
    Sort(lawful.deferred, DEFERRABLE, 5),
    Sort(lawful.promised, PROMISE, 3),
    Sort(lawful.paused, ("food-licence", "hygiene-licence", "road-freight-licence"), 3),
    Sort(lawful.extended, (*PERMITS, *HOTLINE, "information-disclosure"), 3),
    Sort(lawful.denied, ("training-subsidy", "contribution-base", "road-freight-licence"), 2),
    Sort(lawful.handed_in_by_an_agent, ("unemployment-subsidy",), 2),
    Sort(lawful.rated_badly, (*SLOW, *HOTLINE), 2),
    Sort(lawful.refused, EVERYDAY, 2),
    Sort(lawful.withdrawn, SLOW, 2),
    Sort(lawful.asked_to_wait, SLOW, 1),
    Sort(lawful.reopened, ("medical-claim", "pension-claim"), 1),
    Sort(lawful.never_corrected, PERMITS, 1),
    Sort(lawful.never_supplied, DEFERRABLE, 1),
    Sort(faulty.result_late, SLOW, 4),
    Sort(faulty.result_very_late, ("unemployment-benefit", "social-card"), 2),
    Sort(faulty.left_lying, ("contribution-base", "sole-trader"), 1),
    Sort(faulty.opinion_reversed, SLOW, 1),
    Sort(faulty.delivered_late, ("hygiene-licence", "road-freight-licence"), 1),
    Sort(faulty.accepted_by_silence, PERMITS, 1),
)


@dataclass(frozen=True, slots=True)
class Standing:
    """A life that began so many working days ago and stands today where it stopped."""

    way: Way
    items: tuple[str, ...]
    back: int
    stops_after: Step | None = None
    haste: bool = False
    owner: str = ""


TODAY: Final = (
    Standing(lawful.handled_at_a_window, EVERYDAY, 1, Step.SUBMIT),
    Standing(lawful.handled, EVERYDAY, 1, Step.RECEIVE),
    Standing(lawful.handled, ("unemployment-benefit",), 1, Step.RECEIVE, owner=PERSON.account),
    Standing(lawful.corrected, ("food-licence",), 4, Step.NOTICE_CORRECTION, owner=FIRM.account),
    Standing(lawful.handled, SLOW, 2, Step.ACCEPT),
    Standing(lawful.handled, ("medical-claim",), 3, Step.OPEN, owner=PERSON.account),
    Standing(lawful.handled, SLOW, 5, Step.REVIEW),
    Standing(lawful.paused, ("food-licence",), 5, Step.PAUSE, haste=True, owner=FIRM.account),
    Standing(lawful.extended, ("hygiene-licence",), 8, Step.EXTEND),
    Standing(lawful.pause_proposed, ("road-freight-licence",), 4),
    Standing(lawful.extension_proposed, ("hygiene-licence",), 6),
    Standing(lawful.dispatched, HOTLINE, 1, Step.HAND_OVER, haste=True),
    Standing(lawful.dispatched, HOTLINE, 2, Step.ACKNOWLEDGE),
    Standing(lawful.deferred, ("sole-trader",), 2, Step.ACCEPT_TOLERANTLY),
    Standing(lawful.handled, SLOW, 4, Step.DECIDE, haste=True),
    Standing(lawful.handled, PERMITS, 2, Step.PRODUCE_LICENCE, haste=True),
    Standing(lawful.handled, ("unemployment-subsidy",), 2, Step.DELIVER, haste=True, owner=PERSON.account),
    Standing(lawful.handled, EVERYDAY, 1, Step.DELIVER, haste=True),
    Standing(lawful.rated_badly, SLOW, 1, Step.RATE, haste=True),
    Standing(lawful.refused, ("contribution-base",), 3, haste=True),
    Standing(lawful.withdrawn, SLOW, 2, haste=True),
    Standing(lawful.terminated, SLOW, 2, haste=True),
    Standing(lawful.never_corrected, PERMITS, 18, haste=True),
    Standing(lawful.never_supplied, ("food-licence",), 8, haste=True),
    Standing(lawful.marked_as_test, EVERYDAY, 3),
    Standing(faulty.renewed_by_silence, ("food-licence",), 24),
    Standing(faulty.still_waiting, ("unemployment-benefit", "social-card"), 9),
    Standing(faulty.left_lying, ("contribution-base",), 6),
    Standing(lawful.handled, ("contribution-base",), 30, owner=FIRM.account),
    Standing(faulty.accepted_by_silence, PERMITS, 34),
    Standing(faulty.asked_twice, ("food-licence",), 31),
    Standing(faulty.opinion_reversed, SLOW, 38),
    Standing(faulty.backdated, SLOW, 27),
    Standing(faulty.delivered_late, ("hygiene-licence", "road-freight-licence"), 36),
    Standing(faulty.not_taken_over, HOTLINE, 22),
    Standing(faulty.refused_without_a_paper, PERMITS, 16),
    Standing(faulty.result_late, ("training-subsidy",), 33, owner=PERSON.account),
    Standing(faulty.left_lying, ("sole-trader",), 12),
)

ASKED: Final = (
    (asking.answered, 6), (asking.asked_online, 3), (asking.led_on, 3), (asking.explained_again, 2),
    (asking.referred_in_writing, 2), (asking.chatted, 1), (asking.sent_away, 1), (asking.answered_vaguely, 1),
    (asking.told_by_a_citizen, 1), (asking.unanswered, 1),
)  # fmt: skip
ASKED_TODAY: Final = (
    (asking.unanswered, 1, InquiryStep.INQUIRE),
    (asking.led_on, 1, InquiryStep.HAND_OVER),
    (asking.led_on, 1, InquiryStep.ACKNOWLEDGE),
    (asking.led_on, 2, InquiryStep.TELL),
    (asking.sent_away, 3, None),
    (asking.unanswered, 4, None),
    (asking.told_by_a_citizen, 2, None),
)
MATTERS: Final = (
    ("insurance-change:licence-change", "centre-a"),
    ("insurance-change:account-change", "centre-b"),
    ("contribution-base:yearly", "centre-c"),
    ("sole-trader:set-up", "market-supervision"),
    ("food-licence:new-general", "market-supervision"),
    ("hygiene-licence:standard", "approval-bureau"),
    ("unemployment-subsidy:after-benefit", "centre-d"),
    ("residence-permit:work", "government-services"),
)


class Plan:
    """Lives in a fixed order: the same seed, day and number of cases plan the same city."""

    def __init__(self, city: City, days: Days, *, cases: int, seed: int) -> None:
        self.city, self.days, self.cases = city, days, cases
        self.rng = Random(seed)  # noqa: S311 -- an invented city is no secret
        self.tales: list[Tale] = []

    def lives(self) -> Iterator[tuple[Teller, Life]]:
        yield from self._golden()
        for standing in TODAY:
            owner = next((citizen for citizen in self.city.citizens if citizen.account == standing.owner), None)
            opens_on = self.days.back(standing.back)
            tale = self._tale(
                standing.items, opens_on, owner=owner, haste=standing.haste, stops_after=standing.stops_after
            )
            yield tale, standing.way(tale)
        shares = [sort.share for sort in ORDINARY]
        for _ in range(max(0, self.cases - len(TODAY) - 2)):
            sort = self.rng.choices(ORDINARY, shares)[0]
            tale = self._tale(sort.items, self._some_day())
            yield tale, sort.way(tale)
        yield from self._asking()
        yield from self._halls()

    def _halls(self) -> Iterator[tuple[Teller, Life]]:
        """The city hall on the last working days, and today as far as it has come."""
        for on in (self.days.back(2), self.days.back(1), *self.days.between(self.days.today, self.days.today)):
            day = HallDay(self.city, self.days, self._luck(), on)
            yield day, day.life()

    def _golden(self) -> Iterator[tuple[Teller, Life]]:
        firms = [citizen for citizen in self.city.citizens if citizen.name.startswith("演示企业")]
        persons = [citizen for citizen in self.city.citizens if citizen.name.startswith("演示申请人")]
        z2 = self._tale(("unemployment-subsidy",), golden.Z2_OPENS, owner=persons[1])
        z4 = self._tale(("contribution-base",), golden.Z4_OPENS, owner=firms[2])
        z1 = self._inquirer(golden.Z1_MATTER, "centre-a", golden.Z1_OPENS, firms[1])
        keeper = platform.Keeper(self.city, self.days)
        yield from ((z1, golden.z1(z1)), (z2, golden.z2(z2)), (keeper, platform.z3(keeper)), (z4, golden.z4(z4)))

    def _asking(self) -> Iterator[tuple[Teller, Life]]:
        """Everybody asks about one matter only, so that nobody is driven round by chance."""
        people = iter(self.city.citizens[5:])
        for way, back, stops_after in ASKED_TODAY:
            inquirer = self._inquirer(*self.rng.choice(MATTERS), self.days.back(back), next(people), stops_after)
            yield inquirer, way(inquirer)
        ways, shares = [way for way, _ in ASKED], [share for _, share in ASKED]
        for _ in range(self.cases // INQUIRIES_IN):
            way = self.rng.choices(ways, shares)[0]
            inquirer = self._inquirer(*self.rng.choice(MATTERS), self._some_day(), next(people))
            yield inquirer, way(inquirer)

    def _tale(
        self,
        items: Sequence[str],
        opens_on: date,
        *,
        owner: Citizen | None = None,
        haste: bool = False,
        stops_after: Step | None = None,
    ) -> Tale:
        item = self.rng.choice([code for code in items if self._is_in_force(code, opens_on)])
        tale = Tale(
            self.city,
            self.days,
            self._luck(),
            item=item,
            opens_on=opens_on,
            owner=owner,
            haste=haste,
            stops_after=stops_after,
        )
        self.tales.append(tale)
        return tale

    def _inquirer(
        self, matter: str, office: str, opens_on: date, citizen: Citizen, stops_after: InquiryStep | None = None
    ) -> Asking:
        return Asking(
            self.city,
            self.days,
            self._luck(),
            matter=matter,
            office=office,
            opens_on=opens_on,
            citizen=citizen,
            stops_after=stops_after,
        )

    def _some_day(self) -> date:
        """More often of late than long ago: what goes on is worth more to look at than what lies in the archive."""
        return self.days.back(1 + int(SPAN * self.rng.random() ** 2))

    def _luck(self) -> Random:
        """Chance of its own for each life, so that one more step in one of them changes no other."""
        return Random(self.rng.getrandbits(64))  # noqa: S311 -- the same

    def _is_in_force(self, code: str, on: date) -> bool:
        try:
            self.city.catalogue.in_force(code, on)
        except ItemNotInForce:
            return False
        return True
