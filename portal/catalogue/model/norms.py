"""Norms as the catalogue keeps them: when they hold, whether they were read, and what a conflict review found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portal.basis import Bilingual, Norm
from portal.catalogue.model.words import Outcome


@dataclass(frozen=True, slots=True)
class ConflictReview:
    """清理: whether a local norm agrees with the law above it, when that was looked at and what follows."""

    reviewed_on: date
    outcome: Outcome
    against: str
    note: Bilingual | None = None


@dataclass(frozen=True, slots=True)
class NormRecord:
    """``is_seen`` tells whether the text was read when the record was written, or recalled."""

    norm: Norm
    english: str
    is_seen: bool
    repealed_by: str | None = None
    reviews: tuple[ConflictReview, ...] = ()

    @property
    def code(self) -> str:
        return self.norm.code

    @property
    def name(self) -> Bilingual:
        return Bilingual(self.norm.name, self.english)

    @property
    def is_local(self) -> bool:
        return self.norm.area != "CN"

    def spans(self, from_on: date, until: date | None) -> bool:
        """Whether it holds on every day from ``from_on`` up to, and without, ``until``."""
        if from_on < self.norm.in_force_from:
            return False
        return self.norm.until is None or (until is not None and until <= self.norm.until)

    def latest_review(self) -> ConflictReview | None:
        return max(self.reviews, key=lambda review: review.reviewed_on, default=None)
