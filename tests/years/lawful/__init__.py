"""A year in which everybody does what the law asks, and every guard of every rule is put to use.

The bulk begins in 2020; some cases begin in the spring of 2019 and of 2021, because the national calendar was amended
while their clocks ran (2019-03-22, 2020-01-26) or because a limit crosses the year's end.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from portal.basis import SYSTEM
from tests.years.city import BASE, DISCLOSURE, HOTLINE, LOCAL_PERMIT, PERMIT, PETITION, SUBSIDY, Crew, Item
from tests.years.days import before
from tests.years.journal import Journal, Row
from tests.years.lawful import asking, handling, leaving, receiving
from tests.years.lawful.asking import Asking
from tests.years.story import Story

AS_OF = datetime(2021, 6, 30, 17)
OFFICES = ("social-insurance", "approval-bureau", "market-supervision", "government-services", "housing-fund")
PEOPLE = 40  # crews per office

Way = Callable[[Story, Random, date], None]
CASES: Sequence[tuple[Item, Way]] = (
    (PERMIT, receiving.handled_in_time),
    (LOCAL_PERMIT, receiving.accepted_within_one_day_where_the_place_asks_it),
    (SUBSIDY, receiving.answered_by_the_feedback_limit),
    (PERMIT, receiving.corrected_once),
    (PERMIT, receiving.corrected_again_for_new_facts),
    (PERMIT, receiving.never_corrected),
    (PERMIT, receiving.accepted_with_deferred_material),
    (PERMIT, receiving.decided_on_a_promise),
    (PERMIT, receiving.done_in_one_visit),
    (PERMIT, receiving.handed_over_on_the_day),
    (LOCAL_PERMIT, receiving.sent_back_with_reason),
    (PERMIT, receiving.refused_with_the_right_authority),
    (PERMIT, handling.paused),
    (LOCAL_PERMIT, handling.paused),
    (PERMIT, handling.paused_twice),
    (PERMIT, handling.extended_in_time),
    (DISCLOSURE, handling.disclosure_extended),
    (PETITION, handling.petition_within_sixty_days),
    (HOTLINE, handling.hotline_extended),
    (SUBSIDY, handling.slowed_by_an_outage),
    (SUBSIDY, handling.applicant_asked_to_wait),
    (BASE, handling.stuck_but_excused),
    (BASE, handling.chased_but_in_time),
    (PERMIT, handling.opinion_changed_for_a_reason),
    (PERMIT, handling.not_collected),
    (PERMIT, handling.recorded_offline),
    (PERMIT, handling.recorded_within_half_an_hour),
    (PERMIT, leaving.withdrawn),
    (PERMIT, leaving.terminated),
    (SUBSIDY, leaving.reopened),
    (PERMIT, leaving.duplicate),
    (PERMIT, leaving.trial),
    (PERMIT, leaving.still_young),
    (PERMIT, leaving.denied_with_reasons),
    (PERMIT, leaving.busy_evening),
)
ASKINGS: Sequence[Callable[[Asking, Random, date], None]] = (
    asking.answered_whole,
    asking.only_chatted,
    asking.handed_over_and_acknowledged,
    asking.told_in_writing_whose_it_is,
    asking.asked_two_offices,
    asking.asked_three_windows_of_one_office,
    asking.asked_three_offices_over_months,
    asking.asked_about_three_matters,
    asking.referred_in_writing_then_answered,
)
INQUIRIES_PER_CASE = 0.2
# (first day, last day, weight): the year, then the days around an amendment or a year's end
_BEGINNINGS = (
    (date(2020, 1, 1), date(2020, 12, 31), 60),
    (date(2020, 1, 13), date(2020, 1, 25), 12),
    (date(2019, 3, 11), date(2019, 4, 30), 8),
    (date(2020, 12, 14), date(2020, 12, 31), 12),
    (date(2021, 1, 1), date(2021, 2, 20), 8),
)


@dataclass(frozen=True, slots=True)
class Year:
    rows: list[Row]
    as_of: datetime  # local wall clock
    cases: int


def lawful_year(seed: int = 2020, cases: int = 10_000) -> Year:
    """The same seed gives the same rows; every way is walked by turns, so 35 cases are enough to walk each once."""
    rng, journal = Random(seed), Journal()
    for number in range(1, cases + 1):
        item, way = CASES[number % len(CASES)]
        crew = Crew(OFFICES[number % len(OFFICES)], number % PEOPLE)
        story = Story(journal, item, number, crew)
        way(story, rng, before(AS_OF.date()) if way is leaving.still_young else _beginning(rng))
    for number in range(1, int(cases * INQUIRIES_PER_CASE) + len(ASKINGS)):
        crew = Crew(OFFICES[number % len(OFFICES)], number % PEOPLE)
        ASKINGS[number % len(ASKINGS)](Asking(journal, cases + number, crew), rng, _beginning(rng))
    for amended_on, notice in (("2019-03-22", "国办发明电〔2019〕3号"), ("2020-01-26", "国办发明电〔2020〕1号")):
        journal.note("calendar/CN", "calendar-amended", f"{amended_on} 12:00", SYSTEM, channel="system", notice=notice)
    return Year(journal.close(), AS_OF, cases)


def _beginning(rng: Random) -> date:
    first, last, _ = rng.choices(_BEGINNINGS, [weight for *_, weight in _BEGINNINGS])[0]
    return first + timedelta(days=rng.randint(0, (last - first).days))
