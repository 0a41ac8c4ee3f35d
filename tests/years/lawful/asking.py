"""Lawful ways of answering who asks, with no case or before one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from portal.basis import By
from tests.years.city import PERMIT, Crew, applicant
from tests.years.days import after
from tests.years.journal import Act, Journal
from tests.years.lawful.draws import WINDOW_TIMES, on, upto
from tests.years.story import Moment

COMPLETE = ("item", "conditions", "materials", "limit", "place")


@dataclass(slots=True)
class Asking:
    """One person with one matter, who may ask several times and in several places."""

    journal: Journal
    number: int
    crew: Crew
    matter: str = "food-permit/standard"
    version: str | None = PERMIT.version
    asked: int = 0

    def ask(self, when: Moment, crew: Crew | None = None, by: By | None = None, matter: str | None = None) -> str:
        """Gives the subject of the new inquiry."""
        self.asked += 1
        subject = f"inquiry/330100-2020-{self.number:06d}-{self.asked}"
        by = by or (crew or self.crew).clerk
        self._note(subject, "inquired", when, by, applicant=applicant(self.number).actor, matter=matter or self.matter)
        return subject

    def answer(self, subject: str, when: Moment, outcome: str, by: By | None = None, **facts: object) -> Act:
        return self._note(subject, "inquiry-answered", when, by or self.crew.clerk, outcome=outcome, **facts)

    def answer_whole(self, subject: str, when: Moment, by: By | None = None, covers: Sequence[str] = COMPLETE) -> Act:
        return self.answer(subject, when, "answered", by, covers=covers, cited_version=self.version, is_written=True)

    def hand_over(self, subject: str, when: Moment, to_office: str, by: By | None = None) -> Act:
        facts = {"to_office": to_office, "reason": "competent office", "summary": "as asked"}
        return self._note(subject, "inquiry-handed-over", when, by or self.crew.clerk, **facts)

    def acknowledge(self, subject: str, when: Moment, by: By) -> Act:
        return self._note(subject, "inquiry-acknowledged", when, by)

    def tell(self, subject: str, when: Moment, by: By) -> Act:
        return self._note(subject, "inquiry-told", when, by)

    def mark_unclear(self, subject: str, when: Moment) -> Act:
        return self._note(subject, "inquiry-marked-unclear", when, applicant(self.number), channel="web")

    def _note(self, subject: str, kind: str, when: Moment, by: By, **facts: object) -> Act:
        return self.journal.note(subject, kind, when, by, item_version=self.version, **facts)  # type: ignore[arg-type]


def answered_whole(asking: Asking, rng: Random, day: date) -> None:
    asked = on(after(day, 1), rng.choice(WINDOW_TIMES))
    subject = asking.ask(asked)
    asking.answer_whole(subject, asked + timedelta(minutes=9))
    if rng.random() < 0.3:
        asking.mark_unclear(subject, asked + timedelta(minutes=20))
        asking.answer_whole(subject, asked + timedelta(minutes=30))


def only_chatted(asking: Asking, rng: Random, day: date) -> None:
    """Nothing about an item was asked: where the lift is needs no list of materials."""
    asked = on(after(day, 1), rng.choice(WINDOW_TIMES))
    asking.version = None
    asking.answer(asking.ask(asked), asked + timedelta(minutes=1), "answered", is_chat=True)


def handed_over_and_acknowledged(asking: Asking, rng: Random, day: date) -> None:
    """Told elsewhere, but led there: the other office acknowledges within one working day and the asker is told."""
    other = Crew(f"{asking.crew.office}-right", asking.crew.n)
    asked_on = after(day, 1)
    asked = on(asked_on, rng.choice(WINDOW_TIMES[:-1]))
    subject = asking.ask(asked)
    asking.answer(subject, asked + timedelta(minutes=2), "told-elsewhere")
    asking.hand_over(subject, asked + timedelta(minutes=3), other.office)
    taken_on = after(asked_on, upto(rng, 1))
    taken = on(taken_on, "16:58:00") if taken_on == asked_on else on(taken_on, "17:00:00")
    taken = max(taken, asked + timedelta(minutes=5))
    asking.acknowledge(subject, taken, other.clerk)
    asking.tell(subject, taken + timedelta(minutes=10), other.clerk)
    asking.answer_whole(subject, taken + timedelta(minutes=20), other.clerk)


def told_in_writing_whose_it_is(asking: Asking, rng: Random, day: date) -> None:
    """Not ours, said in writing, with the office whose it is: 许可法 第三十二条第二项."""
    asked = on(after(day, 1), rng.choice(WINDOW_TIMES))
    outcome = rng.choice(["told-elsewhere", "refused"])
    subject = asking.ask(asked)
    asking.answer(
        subject, asked + timedelta(minutes=4), outcome, right_authority="office-right", is_written=True,
        covers=COMPLETE, cited_version=asking.version,
    )  # fmt: skip


def asked_two_offices(asking: Asking, rng: Random, day: date) -> None:
    _ask_round(asking, rng, [after(day, 1), after(day, 3)], ["", "-b"])


def asked_three_windows_of_one_office(asking: Asking, rng: Random, day: date) -> None:
    _ask_round(asking, rng, [after(day, k) for k in (1, 2, 3)], ["", "", ""])


def asked_three_offices_over_months(asking: Asking, rng: Random, day: date) -> None:
    """The third office on the sixteenth day after the first: no longer one run-around."""
    first = after(day, 1)
    third = first + timedelta(days=16)
    _ask_round(asking, rng, [first, first + timedelta(days=5), third], ["", "-b", "-c"])


def asked_about_three_matters(asking: Asking, rng: Random, day: date) -> None:
    matters = ["food-permit/standard", "site-permit/standard", "job-subsidy/standard"]
    _ask_round(asking, rng, [after(day, k) for k in (1, 2, 3)], ["", "-b", "-c"], matters)


def referred_in_writing_then_answered(asking: Asking, rng: Random, day: date) -> None:
    """Three offices, but one of them referred in writing to the competent one and is not counted."""
    referred = on(after(day, 1), rng.choice(WINDOW_TIMES))
    subject = asking.ask(referred)
    asking.answer(
        subject, referred + timedelta(minutes=4), "told-elsewhere", right_authority=f"{asking.crew.office}-b",
        is_written=True, covers=COMPLETE, cited_version=asking.version,
    )  # fmt: skip
    _ask_round(asking, rng, [after(day, 2), after(day, 4)], ["-b", "-c"])


def _ask_round(
    asking: Asking, rng: Random, days: Sequence[date], offices: Sequence[str], matters: Sequence[str] | None = None
) -> None:
    for k, (day, office) in enumerate(zip(days, offices, strict=True)):
        crew = Crew(asking.crew.office + office, asking.crew.n)
        asked = on(day, rng.choice(WINDOW_TIMES))
        subject = asking.ask(asked, crew, matter=matters[k] if matters else None)
        asking.answer_whole(subject, asked + timedelta(minutes=6), crew.clerk)
