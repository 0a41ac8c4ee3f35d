"""Twenty people hand in, comment, ask and are looked at, with personal data in every place that takes any."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from portal import vault
from portal.appeals import operations as appeals
from portal.basis import By, Role
from portal.cases import operations
from portal.cases.model import HandedIn, Step, Submission
from portal.cases.uploads import keep_upload
from portal.store import transaction
from tests.cases.city import ANSWERS, Staff
from tests.requirements.planted import PEOPLE, Planted

ITEM = "food-licence"


@dataclass(frozen=True, slots=True)
class Planting:
    """What one person left behind: a case and an inquiry, with their query codes."""

    person: Planted
    applicant: str
    number: str
    code: str
    inquiry: str
    inquiry_code: str


def plant(staff: Staff, folder: Path, *, at: datetime, people: int = len(PEOPLE)) -> list[Planting]:
    return [_planted(n, person, staff, folder, at=at) for n, person in enumerate(PEOPLE[:people])]


def _planted(n: int, person: Planted, staff: Staff, folder: Path, *, at: datetime) -> Planting:
    applicant, clerk = f"p{n:024d}", staff.by("clerk")
    by, holder = By(applicant, Role.APPLICANT), vault.Holder("draft", f"draft/{n}")
    with transaction():
        vault.prepare(holder, at=at)
    content = f"%PDF-1.7 {person.name} {person.identity}".encode()
    file = keep_upload(content, f"{person.name}{person.phone}.pdf", holder=holder, folder=folder)
    with transaction():
        handed_in = (HandedIn("layout", file=file),)
        submission = Submission(
            ITEM, applicant, ANSWERS[ITEM], handed_in, person.personal, idempotency_key=f"key-{n:020d}"
        )
        receipt = operations.submit(submission, by=by, at=at)
        vault.adopt(holder, vault.Holder(applicant, f"case/{receipt.number}"))
        note = {"text": f"{person.name}，{person.phone}，{person.address}"}
        operations.record(receipt.number, Step.COMMENT, by=clerk, at=at + timedelta(minutes=1), personal=note)
        slip = appeals.inquire(
            applicant,
            f"{ITEM}:new",
            office="market-supervision",
            by=replace(by),
            at=at,
            question=f"{person.remark}（{person.identity}）",
            personal={"name": person.name, "phone": person.phone},
        )
    return Planting(person, applicant, receipt.number, receipt.query_code, slip.number, slip.query_code)
