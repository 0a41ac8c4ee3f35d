"""The story of one case, told step by step with everything the law asks for, unless a step is told otherwise.

Each method writes one act and returns it; a keyword overrides a fact (``None`` leaves it out).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from portal.basis import SYSTEM, By
from tests.years.city import Crew, Item, applicant
from tests.years.days import counted_from
from tests.years.journal import SHANGHAI, Act, Journal, at

Moment = str | datetime


@dataclass(slots=True)
class Story:
    journal: Journal
    item: Item
    number: int
    crew: Crew
    channel: str = "web"
    matter: str | None = None
    batch: str | None = None  # the offline batch under which everything is recorded
    acts: list[Act] = field(default_factory=list)

    @property
    def subject(self) -> str:
        return f"case/{self.item.area}-2020-{self.number:06d}"

    @property
    def applicant(self) -> By:
        return applicant(self.number)

    @property
    def materials_hash(self) -> str:
        return f"m{self.number:08d}"

    def note(self, kind: str, when: Moment, by: By, **facts: Any) -> Act:
        facts.setdefault("sync_batch", self.batch)
        facts.setdefault("channel", "window" if by.window else "web")
        act = self.journal.note(self.subject, kind, when, by, item_version=self.item.version, **facts)
        self.acts.append(act)
        return act

    # --- the applicant -----------------------------------------------------------------------------------------
    def submit(self, when: Moment, **facts: Any) -> Act:
        return self.note(
            "submitted",
            when,
            facts.pop("by", self.applicant),
            **{
                "channel": self.channel,
                "applicant": self.applicant.actor,
                "matter": self.matter or f"{self.item.code}/standard",
                "situation": "standard",
                "materials": ["form", "identity"],
                "materials_hash": self.materials_hash,
                **facts,
            },
        )

    def submit_correction(self, when: Moment, **facts: Any) -> Act:
        told = {"materials": ["seal"], "materials_hash": self.materials_hash + "c", "is_complete": True}
        day = counted_from(at(when).astimezone(SHANGHAI))
        return self.note("correction-submitted", when, self.applicant, **{**told, "counted_from": day, **facts})

    def supply(self, when: Moment, **facts: Any) -> Act:
        return self.note("supplied", when, self.applicant, **{"materials": ["lease"], **facts})

    def chase(self, when: Moment, place: str = "window") -> Act:
        return self.note("chased", when, self.applicant, place=place, channel=place)

    def ask_to_wait(self, when: Moment, first: date, last: date, by: By | None = None) -> Act:
        return self.note("wait-requested", when, by or self.applicant, from_on=first, until_on=last)

    # --- hand-in and acceptance --------------------------------------------------------------------------------
    def receive(self, when: Moment, **facts: Any) -> Act:
        by = facts.pop("by", self.crew.portal if self.channel == "web" else self.crew.clerk)
        day = counted_from(at(when).astimezone(SHANGHAI))
        told = {"receipt_no": f"R{self.number}", "counted_from": day, "channel": self.channel}
        return self.note("received", when, by, **{**told, **facts})

    def hand_in(self, when: Moment) -> Act:
        """Submit and receive in one go, as the portal or a counter does; gives the receipt."""
        self.submit(when)
        return self.receive(when)

    def take_up(self, when: Moment, by: By | None = None) -> Act:
        """Assigned by the supervisor and opened by the one it was given to."""
        by = by or self.crew.reviewer
        self.note("assigned", when, self.crew.supervisor, assignee=by.actor)
        return self.note("opened", when, by)

    def notice_correction(self, when: Moment, demands: list[str], **facts: Any) -> Act:
        by = facts.pop("by", self.crew.reviewer)
        told = {"notice_no": f"N{self.number}", "determinable": demands, "demands": demands}
        return self.note("correction-noticed", when, by, **{**told, **facts})

    def accept(self, when: Moment, kind: str = "accepted", **facts: Any) -> Act:
        by = facts.pop("by", self.crew.clerk)
        told = {"document_no": f"A{self.number}", "document_on": _day(when), "is_sealed": True}
        return self.note(kind, when, by, **{**told, "counted_from": _day(when), **facts})

    def refuse(self, when: Moment, **facts: Any) -> Act:
        by = facts.pop("by", self.crew.clerk)
        told = {
            "document_no": f"F{self.number}",
            "document_on": _day(when),
            "is_sealed": True,
            "reason": "belongs to another office",
            "basis": "第三十二条",
            "remedies": "review in 60 days, court in six months",
            "right_authority": "office-right",
        }
        return self.note("refused", when, by, **{**told, **facts})

    # --- passing on --------------------------------------------------------------------------------------------
    def hand_over(self, when: Moment, to_office: str, **facts: Any) -> Act:
        by = facts.pop("by", self.crew.clerk)
        told = {"to_office": to_office, "reason": "competent office", "summary": "as asked"}
        return self.note("handed-over", when, by, **{**told, **facts})

    # --- review ------------------------------------------------------------------------------------------------
    def review(self, when: Moment, conclusion: str = "approve", **facts: Any) -> Act:
        by = facts.pop("by", self.crew.reviewer)
        told = {"conclusion": conclusion, "materials_hash": self.materials_hash, "rule_version": "guide@1"}
        return self.note("reviewed", when, by, **{**told, **facts})

    def pause(self, when: Moment, first: date, days: int | None, pause_type: str = "inspection", **facts: Any) -> Act:
        by = facts.pop("by", self.crew.reviewer)
        told = {
            "pause_type": pause_type,
            "from_on": first,
            "days": days,
            "notice_no": f"P{self.number}",
            "approved_by": self.crew.supervisor.actor,
        }
        return self.note("paused", when, by, **{**told, **facts})

    def resume(self, when: Moment, until: date, by: By | None = None) -> Act:
        return self.note("resumed", when, by or self.crew.reviewer, until_on=until)

    def extend(self, when: Moment, days: int, clock: str = "decide", **facts: Any) -> Act:
        by = facts.pop("by", self.crew.head)
        told = {
            "clock": clock,
            "days": days,
            "approved_by": self.crew.head.actor,
            "reason": "expert opinion still out",
            "notice_no": f"E{self.number}",
        }
        return self.note("extended", when, by, **{**told, **facts})

    def declare_batch(self, first: Moment, last: Moment, batch: str, by: By | None = None, **facts: Any) -> Act:
        """The supervisor declares, when it begins, that the office works without the network for a time."""
        told = {"batch": batch, "from_at": at(first), "until_at": at(last), "cause": "no network", **facts}
        office = self.crew.office
        when = told.pop("when", first)
        return self.journal.note(
            f"office/{office}", "sync-batch-declared", when, by or self.crew.supervisor, channel="web", **told
        )

    def link_outage(self, when: Moment, outage: str, first: date, last: date, by: By = SYSTEM) -> Act:
        return self.note("outage-linked", when, by, outage=outage, from_on=first, until_on=last, channel="system")

    # --- result ------------------------------------------------------------------------------------------------
    def decide(self, when: Moment, conclusion: str = "grant", **facts: Any) -> Act:
        by = facts.pop("by", self.crew.decider)
        told = {
            "conclusion": conclusion,
            "materials_hash": self.materials_hash,
            "rule_version": "guide@1",
            "reason": "conditions examined",
            "basis": "第三十八条",
            "remedies": "review in 60 days, court in six months",
            "document_no": f"D{self.number}",
            "document_on": _day(when),
            "is_sealed": True,
        }
        return self.note("decided", when, by, **{**told, **facts})

    def deliver(self, when: Moment, **facts: Any) -> Act:
        by = facts.pop("by", self.crew.other_clerk)
        return self.note("delivered", when, by, **{"delivery_channel": "post", "proof": "signed", **facts})


def _day(when: Moment) -> date:
    return at(when).astimezone(SHANGHAI).date()
