"""Wishes about personal data with their clock, how long data are kept, and the fold of the events about them. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from portal.basis import N_, LegalSource, Limit, Months, Refusal, WorkingDays
from portal.ledger.model import Event
from portal.worktime.months import add_months

PIPL = "个人信息保护法"
COPIES_A_DAY: Final = 10  # of one matter, as page and file together; parameter of ours
ANSWER_WITHIN: Final[Limit] = WorkingDays(15)  # parameter of ours: the law (第五十条) says 及时 and gives no number


class Wish(StrEnum):
    CORRECT = "correct"  # 第四十六条
    ERASE = "erase"  # 第四十七条


class Outcome(StrEnum):
    CORRECTED = "corrected"
    ERASED = "erased"
    LOCKED = "locked"  # a duty to keep runs on: stored, and nothing else is done with it (第四十七条第二款)
    REFUSED = "refused"  # with the reason (第五十条)


WISH_TITLES: Final = {Wish.CORRECT: N_("Correct something"), Wish.ERASE: N_("Erase my data")}
OUTCOME_TITLES: Final = {
    Outcome.CORRECTED: N_("Corrected"),
    Outcome.ERASED: N_("Erased"),
    Outcome.LOCKED: N_("Locked: kept for the archive, shown to nobody"),
    Outcome.REFUSED: N_("Not granted"),
}


class RequestNotPossible(Refusal):
    """The wish cannot be asked or answered so."""


class CopiesTaken(Refusal):
    def __init__(self) -> None:
        super().__init__(
            N_(
                "%(most)s copies were taken today; all of them stand below, and tomorrow you can take more."
                " If you did not take them, somebody else has your number and code: tell the office."
            ),
            values={"most": COPIES_A_DAY},
        )


@dataclass(frozen=True, slots=True)
class Keeping:
    """How long one class of data is kept once its matter has ended; ``is_ours`` where no norm gives the number."""

    sort: str
    title: str
    limit: Limit
    source: LegalSource
    is_ours: bool = False

    def until(self, ended_on: date) -> date:
        return add_months(ended_on, self.limit.n)


_SHORTEST = LegalSource(PIPL, "第十九条")
KEEPINGS: Final = (
    # The shorter of the two terms that are not for ever; an archivist may keep longer by taking a file over.
    Keeping("case", N_("Decided requests"), Months(120), LegalSource("机关文件材料归档范围和文书档案保管期限规定", "")),
    Keeping("unhandled", N_("Requests that were withdrawn"), Months(24), _SHORTEST, is_ours=True),
    Keeping("inquiry", N_("Inquiries"), Months(24), _SHORTEST, is_ours=True),
)
KEEPING_OF: Final = {keeping.sort: keeping for keeping in KEEPINGS}


@dataclass(frozen=True, slots=True)
class Matter:
    """A case or an inquiry as far as its personal data are concerned; ``sort`` names its class in ``KEEPINGS``."""

    about: str  # case/… or inquiry/…
    applicant: str
    office: str | None
    sort: str
    ended_on: date | None

    @property
    def keep_until(self) -> date | None:
        return KEEPING_OF[self.sort].until(self.ended_on) if self.ended_on else None

    def outcomes(self, wish: Wish, on: date) -> tuple[Outcome, ...]:
        """What the answer may be: nothing is erased while the matter runs, nor before a duty to keep has ended."""
        if wish is Wish.CORRECT:
            return (Outcome.CORRECTED, Outcome.REFUSED)
        if self.keep_until is None:
            return (Outcome.REFUSED,)
        return (Outcome.ERASED if on >= self.keep_until else Outcome.LOCKED, Outcome.REFUSED)


@dataclass(frozen=True, slots=True)
class Asked:
    """One wish; ``seq`` is its event. ``words`` are sealed and opened by the reader."""

    seq: int
    wish: Wish
    asked_at: datetime
    due_on: date
    event: Event
    answer: Event | None = None

    @property
    def outcome(self) -> Outcome | None:
        return Outcome(self.answer.text("outcome") or "") if self.answer else None

    @property
    def is_open(self) -> bool:
        return self.answer is None


def data_subject(about: str) -> str:
    """Under which the ledger keeps what was asked about the data of a matter: ``data/case:…``."""
    return f"data/{about.replace('/', ':', 1)}"
