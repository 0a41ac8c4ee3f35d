"""The questions form a tree: every leaf is reached, and each is exactly one situation with exact materials."""

from __future__ import annotations

import re
from collections.abc import Iterator

from portal.catalogue.defects import Fault, fault
from portal.catalogue.model import Catalogue, FieldKind, ItemVersion, Question

MOST_QUESTIONS = 7  # ours: more are not answered with care
PERSONAL = (FieldKind.IDENTITY, FieldKind.PHONE)


def tree(version: ItemVersion, _: Catalogue) -> Iterator[Fault]:
    if len(version.questions) > MOST_QUESTIONS:
        yield fault("questions-too-many", "questions", count=len(version.questions))
    if not version.situations:
        yield fault("situation-missing", "situations")
    for n, question in enumerate(version.questions, start=1):
        if len(question.options) < 2:
            yield fault("question-without-choice", f"questions[{n}].options", question=question.code)
        yield from _options(version, question, f"questions[{n}]")
    yield from _loops(version)
    yield from _reached(version)


def _options(version: ItemVersion, question: Question, path: str) -> Iterator[Fault]:
    for n, option in enumerate(question.options, start=1):
        where = f"{path}.options[{n}]"
        if (option.next is None) == (option.situation is None):
            yield fault("option-leads-nowhere", where, option=option.code)
        elif option.next is not None and version.question(option.next) is None:
            yield fault("next-unknown", where, option=option.code, next=option.next)
        elif option.situation is not None and version.situation(option.situation) is None:
            yield fault("next-unknown", where, option=option.code, next=option.situation)


def _loops(version: ItemVersion) -> Iterator[Fault]:
    for n, question in enumerate(version.questions, start=1):
        reached: set[str] = set()
        front = {option.next for option in question.options if option.next}
        while front:
            reached |= front
            onward = (version.question(code) for code in front)
            front = {o.next for q in onward if q for o in q.options if o.next} - reached
        if question.code in reached:
            yield fault("question-loop", f"questions[{n}]", question=question.code)


def _reached(version: ItemVersion) -> Iterator[Fault]:
    """Without questions there is one situation, the first; with them the first question is the root."""
    options = [option for question in version.questions for option in question.options]
    asked = {option.next for option in options} | {version.questions[0].code if version.questions else None}
    settled = {option.situation for option in options}
    if not version.questions and version.situations:
        settled = {version.situations[0].code}
    for n, question in enumerate(version.questions, start=1):
        if question.code not in asked:
            yield fault("question-unreachable", f"questions[{n}]", question=question.code)
    for n, situation in enumerate(version.situations, start=1):
        if situation.code not in settled:
            yield fault("situation-unreachable", f"situations[{n}]", situation=situation.code)


def material_lists(version: ItemVersion, _: Catalogue) -> Iterator[Fault]:
    known = {material.code for material in version.materials}
    for n, situation in enumerate(version.situations, start=1):
        for code in situation.materials:
            if code not in known:
                yield fault("situation-material", f"situations[{n}].materials", material=code)
    used = {code for situation in version.situations for code in situation.materials}
    for n, material in enumerate(version.materials, start=1):
        if material.code not in used:
            yield fault("material-unused", f"materials[{n}]", material=material.code)


def form(version: ItemVersion, _: Catalogue) -> Iterator[Fault]:
    for field in version.fields:
        path = "fields"  # shared form blocks come first and have no line in this file: the name must do
        for situation in field.situations:
            if version.situation(situation) is None:
                yield fault("field-situation", path, field=field.name, situation=situation)
        if field.kind is FieldKind.CHOICE and len(field.choices) < 2:
            yield fault("field-choice-empty", path, field=field.name)
        if field.kind in PERSONAL and not field.is_personal:
            yield fault("field-not-personal", path, field=field.name, kind=field.kind)
        if field.pattern is not None:
            try:
                re.compile(field.pattern)
            except re.error as error:
                yield fault("field-pattern", path, field=field.name, reason=error)
