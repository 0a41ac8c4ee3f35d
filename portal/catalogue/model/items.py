"""An item and its versions; a version is never edited, the next one takes its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from portal.basis import N_, Bilingual, Limit
from portal.catalogue.model.errors import AnswerMissing, AnswerUnknown, QuestionUnknown
from portal.catalogue.model.parts import (
    Appointment,
    Citation,
    ClockLimit,
    Faq,
    Fee,
    FormField,
    Material,
    Question,
    ResultDocument,
    Situation,
    SpecialProcedure,
    Step,
)
from portal.catalogue.model.words import (
    Audience,
    Channel,
    Depth,
    Handling,
    ItemType,
    Level,
    PowerSource,
    ReformWay,
    Review,
)

Part = TypeVar("Part", Question, Situation, Material)


@dataclass(frozen=True, slots=True)
class Ceiling:
    """What the basic catalogue sets for all levels; an implementing version may only narrow it (四级四同)."""

    limits: Mapping[str, Limit] = field(default_factory=dict)
    materials: tuple[str, ...] | None = None
    visits: int | None = None
    channels: tuple[Channel, ...] = ()


@dataclass(frozen=True)
class ItemVersion:
    """Everything that was promised by one office in one area in one span of time."""

    code: str
    number: int
    basic_code: str
    implementation_code: str
    name: Bilingual
    summary: Bilingual
    item_type: ItemType
    audience: tuple[Audience, ...]
    topics: tuple[str, ...]
    office: str
    power_holder: str
    power_source: PowerSource
    level: Level
    area: str
    in_force_from: date
    until: date | None
    basis: tuple[Citation, ...]
    handling: Handling
    review: Review
    has_promise_way: bool
    is_graded: bool
    reform_way: ReformWay | None
    renewal: Limit | None
    channels: tuple[Channel, ...]
    depth: Depth
    visits: int
    visits_reason: Bilingual | None
    is_mailed: bool
    cross_area: Bilingual
    quota: Bilingual | None
    appointment: Appointment | None
    halls: tuple[str, ...]
    conditions: tuple[Bilingual, ...]
    questions: tuple[Question, ...]
    situations: tuple[Situation, ...]
    materials: tuple[Material, ...]
    special_procedures: tuple[SpecialProcedure, ...]
    limits: tuple[ClockLimit, ...]
    is_charged: bool
    pays_online: bool | None
    fees: tuple[Fee, ...]
    result: ResultDocument | None
    steps: tuple[Step, ...]
    faq: tuple[Faq, ...]
    fields: tuple[FormField, ...]
    consult_phone: str
    complaint_phone: str
    review_body: Bilingual | None
    court: Bilingual | None
    rights: Bilingual
    obligations: Bilingual
    joint_offices: tuple[str, ...] = ()
    intermediaries: tuple[Bilingual, ...] = ()
    parts: tuple[str, ...] = ()
    scope_tree: str | None = None
    remark: Bilingual | None = None

    @property
    def version(self) -> str:
        return f"{self.code}@{self.number}"

    @property
    def is_instant(self) -> bool:
        return self.handling is Handling.INSTANT

    @property
    def category(self) -> str:
        return self.topics[0]

    def is_in_force(self, on: date) -> bool:
        return self.in_force_from <= on and (self.until is None or on < self.until)

    def question(self, code: str) -> Question | None:
        return next((q for q in self.questions if q.code == code), None)

    def situation(self, code: str) -> Situation | None:
        return next((s for s in self.situations if s.code == code), None)

    def situation_of(self, answers: Mapping[str, str]) -> Situation:
        """Walk from the first question to a leaf; answers left over from another branch do not count.

        :raises QuestionUnknown: an answer to a question this version does not have.
        :raises AnswerMissing: the walk stands before an unanswered question, named by ``field``.
        :raises AnswerUnknown: the answer is none of the question's options.
        """
        for code in answers:
            if self.question(code) is None:
                raise QuestionUnknown(
                    N_("%(version)s asks no question %(question)s; answer only the questions it shows"),
                    field=code,
                    values={"version": self.version, "question": code},
                )
        if not self.questions:
            return self.situations[0]
        question = self.questions[0]
        while True:
            answer = self._answer(question, answers)
            option = question.option(answer)
            if option is None:
                raise AnswerUnknown(
                    N_("%(answer)s is no answer to “%(text)s”; choose one of those offered"),
                    field=question.code,
                    values={"answer": answer, "text": question.text},
                )
            if option.situation is not None:
                return self._by_code(self.situations, option.situation)
            question = self._by_code(self.questions, option.next)

    def next_question(self, answers: Mapping[str, str]) -> Question | None:
        """The first unanswered question on the way; None when the situation is settled."""
        try:
            self.situation_of(answers)
        except AnswerMissing as missing:
            return self.question(missing.field or "")
        return None

    def all_materials_for(self, situation: Situation | str) -> tuple[Material, ...]:
        """Everything the situation rests on, with what the office fetches by sharing."""
        chosen = situation if isinstance(situation, Situation) else self._by_code(self.situations, situation)
        return tuple(self._by_code(self.materials, code) for code in chosen.materials)

    def materials_for(self, situation: Situation | str) -> tuple[Material, ...]:
        """What is asked of the applicant in this situation, the same on every channel."""
        return tuple(material for material in self.all_materials_for(situation) if material.is_asked)

    def shared_materials_for(self, situation: Situation | str) -> tuple[Material, ...]:
        return tuple(material for material in self.all_materials_for(situation) if not material.is_asked)

    def material(self, code: str) -> Material | None:
        return next((material for material in self.materials if code in (material.code, material.official_code)), None)

    def limits_for(self, situation: Situation | str | None = None) -> tuple[ClockLimit, ...]:
        """One limit for each clock: that of the situation where it has its own, else the general one."""
        code = situation.code if isinstance(situation, Situation) else situation
        chosen: dict[str, ClockLimit] = {}
        for limit in self.limits:
            if limit.situation is None:
                chosen.setdefault(limit.clock, limit)
            elif limit.situation == code:
                chosen[limit.clock] = limit
        return tuple(chosen.values())

    def limit(self, clock: str, situation: Situation | str | None = None) -> ClockLimit | None:
        return next((limit for limit in self.limits_for(situation) if limit.clock == clock), None)

    def fields_for(self, situation: Situation | str) -> tuple[FormField, ...]:
        code = situation.code if isinstance(situation, Situation) else situation
        return tuple(field for field in self.fields if field.is_asked_in(code))

    def special_procedure(self, kind: str) -> SpecialProcedure | None:
        return next((procedure for procedure in self.special_procedures if procedure.kind == kind), None)

    @property
    def has_deferrable_material(self) -> bool:
        return any(material.may_follow_later for material in self.materials)

    @staticmethod
    def _answer(question: Question, answers: Mapping[str, str]) -> str:
        answer = answers.get(question.code)
        if not answer:
            raise AnswerMissing(
                N_("“%(text)s” is not answered; choose one of the answers"),
                field=question.code,
                values={"text": question.text},
            )
        return answer

    def _by_code(self, parts: tuple[Part, ...], code: str | None) -> Part:
        for part in parts:
            if part.code == code:
                return part
        raise KeyError(f"{self.version} names {code}, which it does not define; run `portal catalogue check`")


@dataclass(frozen=True, slots=True)
class Item:
    """The basic-catalogue row, owned by nobody who implements it, and the versions that implement it."""

    code: str
    basic_code: str
    name: Bilingual
    summary: Bilingual
    item_type: ItemType
    audience: tuple[Audience, ...]
    topics: tuple[str, ...]
    keywords: tuple[str, ...]
    ceiling: Ceiling
    versions: tuple[ItemVersion, ...]

    @property
    def category(self) -> str:
        return self.topics[0]
