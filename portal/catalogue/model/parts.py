"""The parts of an item version: what is asked, how long it takes, what it costs and what comes out."""

from __future__ import annotations

from dataclasses import dataclass

from portal.basis import Bilingual, Fen, LegalSource, Limit
from portal.catalogue.model.words import (
    FieldKind,
    Flow,
    MaterialForm,
    MaterialNeed,
    MaterialRole,
    MaterialSource,
    PauseKind,
    ResultKind,
)


@dataclass(frozen=True, slots=True)
class Citation:
    """An article, and the code of the norm record it belongs to (two editions of a law share a name, not a code)."""

    norm: str
    source: LegalSource


@dataclass(frozen=True, slots=True)
class Option:
    """One answer; it leads to another question or to a situation, never to both."""

    code: str
    label: Bilingual
    next: str | None = None
    situation: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    code: str
    text: Bilingual
    options: tuple[Option, ...]
    hint: Bilingual | None = None

    def option(self, code: str) -> Option | None:
        return next((option for option in self.options if option.code == code), None)


@dataclass(frozen=True, slots=True)
class Situation:
    """办理情形: a leaf of the questions, with its exact materials."""

    code: str
    name: Bilingual
    materials: tuple[str, ...]
    flow: Flow = Flow.STANDARD


@dataclass(frozen=True, slots=True)
class Material:
    """``code`` names it within the item; ``official_code`` is the implementation code and three digits."""

    code: str
    official_code: str
    name: Bilingual
    role: MaterialRole
    need: MaterialNeed
    form: MaterialForm
    source: MaterialSource
    originals: int
    copies: int
    basis: Citation | None
    issued_by: Bilingual | None = None
    blank_form: Bilingual | None = None
    example: Bilingual | None = None
    must_be_signed: bool = False
    licence_type: str | None = None
    exempt_reason: Bilingual | None = None

    @property
    def is_asked(self) -> bool:
        """What an office can obtain by sharing is never asked of the applicant."""
        return self.source is not MaterialSource.SHARED

    @property
    def may_follow_later(self) -> bool:
        return self.need is MaterialNeed.DEFERRABLE


@dataclass(frozen=True, slots=True)
class SpecialProcedure:
    """A pause the item allows, with the longest time that may be declared for it."""

    kind: PauseKind
    longest: Limit
    longest_text: Bilingual
    explanation: Bilingual
    basis: Citation | None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class ClockLimit:
    """One clock of an item: the promised time, the statutory one, and the law both stand on.

    ``source`` binds the office to the clock; ``is_ours`` marks a number that no law gives (a parameter of the promise).
    A limit with a ``situation`` replaces the general one of the same clock in that situation.
    """

    clock: str
    start: tuple[str, ...]
    stops: tuple[str, ...]
    restarts_on: tuple[str, ...]
    promised: Limit
    promised_text: Bilingual
    statutory: Limit | None
    statutory_text: Bilingual | None
    source: LegalSource | None
    norm: str | None
    is_ours: bool
    pauses: tuple[PauseKind, ...] = ()
    extension: Limit | None = None
    extension_source: LegalSource | None = None
    extension_norm: str | None = None
    situation: str | None = None
    note: Bilingual | None = None

    @property
    def has_source(self) -> bool:
        return self.source is not None


@dataclass(frozen=True, slots=True)
class Fee:
    """``amount`` is empty where the sum depends on the case; ``rate`` then says how it is found."""

    name: Bilingual
    rate: Bilingual
    amount: Fen | None
    basis: Citation | None


@dataclass(frozen=True, slots=True)
class ResultDocument:
    name: Bilingual
    kind: ResultKind
    sample: Bilingual | None
    licence_type: str | None = None
    validity: Bilingual | None = None


@dataclass(frozen=True, slots=True)
class Step:
    code: str
    name: Bilingual
    done_by: Bilingual
    text: Bilingual


@dataclass(frozen=True, slots=True)
class Faq:
    question: Bilingual
    answer: Bilingual


@dataclass(frozen=True, slots=True)
class Choice:
    code: str
    label: Bilingual


@dataclass(frozen=True, slots=True)
class FormField:
    """One field of the application form; empty ``situations`` means every situation."""

    name: str
    label: Bilingual
    kind: FieldKind
    is_required: bool
    is_personal: bool
    max: int | None = None
    pattern: str | None = None
    hint: Bilingual | None = None
    choices: tuple[Choice, ...] = ()
    situations: tuple[str, ...] = ()

    def is_asked_in(self, situation: str) -> bool:
        return not self.situations or situation in self.situations


@dataclass(frozen=True, slots=True)
class Appointment:
    """预约: the daily quota and the rule by which a place is kept."""

    daily_quota: int
    rule: Bilingual


@dataclass(frozen=True, slots=True)
class StepFlow:
    """The steps of one kind of item, with what the applicant may expect and must do; items name it by its code."""

    code: str
    steps: tuple[Step, ...]
    rights: Bilingual
    obligations: Bilingual
