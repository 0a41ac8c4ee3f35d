"""A visitor of the citizen's pages: goes the way of a hand-in, and answers what a form asks."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from html import unescape
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.basis import By
from portal.catalogue.model import FieldKind, FormField, ItemVersion
from portal.catalogue.queries import catalogue
from portal.ledger.model import Event
from portal.store import transaction
from tests.cases.city import SHANGHAI, Staff, at, employ, take
from tests.papers import PDF

THURSDAY = at("Thursday 2026-09-24 10:00")  # the last working day before Mid-Autumn; National Day follows
IDENTITY = "990101199003070015"
CREDIT_CODE = "91990100MA0000001G"
TYPED = {
    "applicant-name": "阿依古丽·买买提",
    "firm-name": "例州市好菌食品有限公司",
    "credit-code": CREDIT_CODE,
    "bank-account": "6222000011112222",
    "licence-number": "SC10699010100001",
}


@dataclass
class Watch:
    now: datetime = THURSDAY

    def __call__(self) -> datetime:
        return self.now


def pdf(name: str = "页.pdf", content: bytes = PDF) -> tuple[io.BytesIO, str]:
    return io.BytesIO(content), name


def version_of(item: str, moment: datetime = THURSDAY) -> ItemVersion:
    return catalogue().in_force(item, moment.astimezone(SHANGHAI).date())


def typed(asked: FormField) -> dict[str, str]:
    """What somebody types into this field, by the names of its boxes."""
    name = f"f_{asked.name}"
    if asked.kind is FieldKind.DATE:
        month = "12" if asked.name == "licence-expires-on" else "9"
        return {f"{name}-year": "2026", f"{name}-month": month, f"{name}-day": "1"}
    by_kind = {
        FieldKind.NUMBER: "12",
        FieldKind.MONEY: "1234.50",
        FieldKind.PHONE: "138 0013 8000",
        FieldKind.IDENTITY: IDENTITY,
        FieldKind.CHOICE: asked.choices[0].code if asked.choices else "",
    }
    return {name: TYPED.get(asked.name) or by_kind.get(asked.kind) or "甲区东街11号"}


@dataclass
class Visitor:
    client: FlaskClient
    app: Flask
    watch: Watch
    staff: Staff = field(default_factory=Staff)

    def get(self, path: str) -> TestResponse:
        return self.client.get(path)

    def post(self, path: str, **fields: object) -> TestResponse:
        return self.client.post(path, data=fields, content_type="multipart/form-data")

    def begin(self, item: str) -> str:
        """Start a draft and return the address of its first page."""
        answer = self.post(f"/items/{item}/apply")
        assert answer.status_code == 303
        return str(answer.location)

    def answer_questions(self, item: str, answers: dict[str, str] | None = None) -> str:
        """From the first question to the details; without answers the first of each is taken."""
        page, version = self.begin(item), version_of(item, self.watch.now)
        while "/question/" in page:
            code = page.rsplit("/", 1)[1]
            question = version.question(code)
            assert question is not None
            page = str(self.post(page, answer=(answers or {}).get(code, question.options[0].code)).location)
        return page

    def draft_of(self, page: str) -> str:
        return page.split("/")[2]

    def fill_in(self, item: str, answers: dict[str, str] | None = None, said: Mapping[str, str] | None = None) -> str:
        """Up to the last look, whose address is returned; ``said`` is typed into fields of these names."""
        page, version = self.answer_questions(item, answers), version_of(item, self.watch.now)
        given = self.situation_answers(version, answers)
        situation = version.situation_of(given)
        fields = {name: value for asked in version.fields_for(situation) for name, value in typed(asked).items()}
        fields |= {f"f_{name}": value for name, value in (said or {}).items() if f"f_{name}" in fields}
        page = str(self.post(page, **fields).location)
        if page.endswith("/materials"):
            files = {f"m_{material.code}": pdf() for material in version.materials_for(situation)}
            page = str(self.post(page, **files).location)
        return page

    def hand_in(
        self,
        item: str = "unemployment-subsidy",
        answers: dict[str, str] | None = None,
        said: Mapping[str, str] | None = None,
    ) -> str:
        """The whole way; returns the number of the case, which this visitor may open."""
        answer = self.post(self.fill_in(item, answers, said), is_true="y")
        assert answer.status_code == 303, texts(answer)
        return str(answer.location).split("/")[2]

    def situation_answers(self, version: ItemVersion, answers: dict[str, str] | None) -> dict[str, str]:
        given: dict[str, str] = {}
        while question := version.next_question(given):
            given[question.code] = (answers or {}).get(question.code, question.options[0].code)
        return given

    def handle(self, number: str, step: str, by: By, **facts: Any) -> Event:
        """A step of the office, a minute after the last."""
        with self.app.app_context(), transaction():
            return take(number, step, by=by, at=self.watch.now, **facts)

    def employ(self) -> Staff:
        with self.app.app_context(), transaction():
            self.staff = employ()
        return self.staff


def texts(answer: TestResponse) -> str:
    """What a page says, without its markup."""
    body = re.sub(r"(?s)<(script|style).*?</\1>", " ", answer.text)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body))).strip()


def mistakes(answer: TestResponse) -> dict[str, str]:
    """The error summary: what each line says, by the field it points at."""
    summary = re.search(r'(?s)class="govuk-error-summary".*?</ul>', answer.text)
    assert summary, "the page has no error summary"
    found = dict(re.findall(r'<a href="#([^"]+)">([^<]+)</a>', summary[0]))
    for target in found:
        assert f'id="{target}"' in answer.text, f"the summary points at {target}, which is not on the page"
    return {target: unescape(text) for target, text in found.items()}
