"""A draft on its way from the first question to the hand-in: what is kept of it, and what is still missing."""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import current_app, session
from sqlalchemy import ColumnElement, delete, select, update

from portal import vault
from portal.basis import N_, Refusal
from portal.cases.model import HandedIn, StoredFile, Submission, applicant_of
from portal.cases.uploads import discard_upload
from portal.catalogue.model import FieldKind, Flow, ItemVersion, Material, MaterialNeed, Option, Question, Situation
from portal.store import db
from portal.vault import Holder
from portal.web.citizen import acting
from portal.web.citizen.item_form import EXPIRY
from portal.web.keyed import lasting_secret
from portal.web.sign_in.asking import DRAFTS
from portal.web.tables import DraftRow
from portal.web.wording import zone

KEPT_FOR = timedelta(days=90)  # parameter of ours: an untouched draft is thrown away with its files after that
SESSION_KEY = DRAFTS
CONTENT = "draft"  # what a draft is sealed for
MOST_IN_A_SESSION = 20
PROMISED_LATER = "promised-for-later"  # beside the fields in what is sealed: codes joined by a blank


@dataclass(frozen=True, slots=True)
class Draft:
    """``files`` by code of the material; ``later`` are deferrable materials that the applicant will hand in later."""

    token: str
    version: ItemVersion
    answers: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, tuple[StoredFile, ...]] = field(default_factory=dict)
    later: tuple[str, ...] = ()
    seen: frozenset[str] = frozenset()  # pages that were answered once
    number: str | None = None
    account: str = ""  # of whoever was signed in, or of the person for whom an agent fills it in
    authorisation: str = ""  # on which the agent does
    is_for_new_version: bool = False
    kept: bytes = field(default=b"", repr=False)  # as it was read; what was written since is not written over

    @property
    def path(self) -> list[tuple[Question, Option]]:
        """The questions answered on the way to the situation, in their order."""
        walked: list[tuple[Question, Option]] = []
        question = self.version.questions[0] if self.version.questions else None
        while question is not None:
            option = question.option(self.answers.get(question.code, ""))
            if option is None:
                break
            walked.append((question, option))
            question = self.version.question(option.next) if option.next else None
        return walked

    @property
    def next_question(self) -> Question | None:
        return self.version.next_question(self.answers)

    @property
    def situation(self) -> Situation | None:
        return None if self.next_question else self.version.situation_of(self.answers)

    @property
    def materials(self) -> tuple[Material, ...]:
        return self.version.materials_for(self.situation) if self.situation else ()

    @property
    def missing(self) -> tuple[Material, ...]:
        """Materials that must be there, or be promised for later, and are neither."""
        return tuple(
            material
            for material in self.materials
            if not self.files.get(material.code)
            and material.need is not MaterialNeed.OPTIONAL
            and not (material.may_follow_later and material.code in self.later)
        )

    @property
    def expiry(self) -> datetime | None:
        """The end of the last day of a licence to be renewed: decided by then, or deemed renewed (许可法 第五十条)."""
        day = self.fields.get(EXPIRY)
        if not day or self.situation is None or self.situation.flow is not Flow.RENEWAL:
            return None
        return datetime.combine(date.fromisoformat(day), time(23, 59, 59), zone())

    @property
    def idempotency_key(self) -> str:
        """Follows from the token and our secret, so that neither the database nor the address tells the query code."""
        return _keyed("hand-in", self.token)

    @property
    def holder(self) -> Holder:
        return holder_of(self.token)

    @property
    def applicant(self) -> str:
        """The account; else a pseudonym, the same for the same identity number or credit code, which tells neither."""
        if self.account:
            return self.account
        kinds = {asked.name: asked.kind for asked in self.version.fields}
        named = [self.fields.get("credit-code", "")]
        named += [self.fields.get(name, "") for name, kind in kinds.items() if kind is FieldKind.IDENTITY]
        named += [self.fields.get(name, "") for name, kind in kinds.items() if kind is FieldKind.PHONE]
        return applicant_of(next((value for value in named if value), self.token), lasting_secret())

    def submission(self) -> Submission:
        answers = {question.code: option.code for question, option in self.path}
        asked = {wanted.code for wanted in self.materials}
        handed_in = [HandedIn(code, file=file) for code, files in self.files.items() if code in asked for file in files]
        return Submission(
            item=self.version.code,
            applicant=self.applicant,
            answers=answers,
            materials=tuple(handed_in),
            personal={**self.fields, **({PROMISED_LATER: " ".join(self.later)} if self.later else {})},
            channel="web",
            area=self.version.area,
            target_at=self.expiry,
            idempotency_key=self.idempotency_key,
        )


class DraftChanged(Refusal):
    """Another request was at the same draft at the same moment: handed it in, threw it away, or filled it in."""

    def __init__(self) -> None:
        super().__init__(
            N_("This form was sent from another window at the same moment, and that counts. Go on from here.")
        )


def _keyed(purpose: str, text: str) -> str:
    return hmac.new(lasting_secret(), f"{purpose}\0{text}".encode(), sha256).hexdigest()


def begin(version: ItemVersion, *, at: datetime) -> Draft:
    """Open a draft for this session."""
    account, authorisation = acting.new_request()
    draft = Draft(secrets.token_urlsafe(24), version, account=account, authorisation=authorisation)
    draft = replace(draft, kept=_sealed(draft, at=at))
    db.session.add(
        DraftRow(
            token=draft.token,
            item=version.code,
            item_version=version.version,
            content=draft.kept,
            touched_at=at,
        )
    )
    session[SESSION_KEY] = [*session.get(SESSION_KEY, []), draft.token][-MOST_IN_A_SESSION:]
    return draft


def forget_newest() -> None:
    """The session drops what it last began."""
    session[SESSION_KEY] = session.get(SESSION_KEY, [])[:-1]


def draft_of(token: str, in_force: ItemVersion) -> Draft | None:
    """The draft as the version in force asks for it now; answers that this version does not know are dropped."""
    row = row_of(token)
    if row is None:
        return None
    kept = vault.words(row.content, CONTENT)
    if not kept:
        return None
    answers = {
        code: answer
        for code, answer in kept["answers"].items()
        if (question := in_force.question(code)) and question.option(answer)
    }
    return Draft(
        token,
        in_force,
        answers,
        kept["fields"],
        {code: tuple(StoredFile(**file) for file in files) for code, files in kept["files"].items()},
        tuple(kept["later"]),
        frozenset(kept["seen"]),
        row.number,
        kept.get("account", ""),
        kept.get("authorisation", ""),
        is_for_new_version=row.item_version != in_force.version,
        kept=row.content,
    )


def item_of(token: str) -> str | None:
    """The item of a draft of this session; a draft of somebody else is not there."""
    if token not in session.get(SESSION_KEY, []):
        return None
    row = row_of(token)
    return row.item if row else None


def save(draft: Draft, *, at: datetime, **changes: Any) -> Draft:
    """:raises DraftChanged: it is no longer as it was read."""
    changed = replace(draft, **changes)
    changed = replace(changed, kept=_sealed(changed, at=at))
    values = {
        "content": changed.kept,
        "item_version": changed.version.version,
        "number": changed.number,
        "touched_at": at,
    }
    written = update(DraftRow).where(*_as_read(draft)).values(**values).returning(DraftRow.token)
    if db.session.execute(written).one_or_none() is None:
        raise DraftChanged
    return changed


def _as_read(draft: Draft) -> tuple[ColumnElement[bool], ...]:
    """What is sealed anew is never the same twice, so it tells whether anybody wrote since."""
    return DraftRow.token == draft.token, DraftRow.content == draft.kept


def close(draft: Draft, number: str, *, at: datetime) -> None:
    """The draft has become a case: what was typed is in the case alone; only the number stays for a repeated click."""
    vault.adopt(draft.holder, Holder(draft.applicant, f"case/{number}"))  # the files were sealed for the draft
    empty = Draft(draft.token, draft.version, number=number, account=draft.account, authorisation=draft.authorisation)
    save(replace(empty, kept=draft.kept), at=at)


def discard(draft: Draft) -> None:
    """Forget a draft that was not handed in; its files go with it.

    :raises DraftChanged: it is no longer as it was read; it may be a case by now, whose files stay.
    """
    gone = delete(DraftRow).where(*_as_read(draft)).returning(DraftRow.token)
    if db.session.execute(gone).one_or_none() is None:
        raise DraftChanged
    vault.drop(draft.holder.subject)
    session[SESSION_KEY] = [token for token in session.get(SESSION_KEY, []) if token != draft.token]
    for files in draft.files.values():
        for file in files:
            discard_upload(file, folder=uploads_folder())


def uploads_folder() -> Path:
    return Path(current_app.instance_path)


def row_of(token: str) -> DraftRow | None:
    return db.session.execute(select(DraftRow).where(DraftRow.token == token)).scalar_one_or_none()


def holder_of(token: str) -> Holder:
    """A draft has a key of its own, whoever types; at the hand-in it becomes one of the applicant's."""
    return Holder("draft", f"draft/{sha256(token.encode()).hexdigest()[:32]}")


def _sealed(draft: Draft, *, at: datetime) -> bytes:
    return vault.seal(draft.holder, CONTENT, as_json(_words(draft)), at=at)


def as_json(words: Mapping[str, Any]) -> bytes:
    return json.dumps(words, ensure_ascii=False).encode()


def _words(draft: Draft) -> dict[str, Any]:
    return {
        "answers": dict(draft.answers),
        "fields": dict(draft.fields),
        "files": {code: [asdict(file) for file in files] for code, files in draft.files.items()},
        "later": list(draft.later),
        "seen": sorted(draft.seen),
        "account": draft.account,
        "authorisation": draft.authorisation,
    }


def forget_old(at: datetime) -> int:
    """Throw away drafts that nobody has touched for long, files first: an interrupted run is simply run again."""
    untouched = select(DraftRow.token, DraftRow.content).where(DraftRow.touched_at < at - KEPT_FOR)
    old = db.session.execute(untouched).all()
    for token, content in old:
        for files in vault.words(content, CONTENT).get("files", {}).values():
            for file in files:
                discard_upload(StoredFile(**file), folder=uploads_folder())
        db.session.execute(delete(DraftRow).where(DraftRow.token == token))
        vault.drop(holder_of(token).subject)
    return len(old)
