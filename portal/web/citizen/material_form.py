"""Materials with their files: a form field for each, and what was chosen laid down at once, so that nothing is lost."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import g
from flask_babel import gettext

from portal.basis import Refusal
from portal.cases.model import HandedIn, StoredFile
from portal.cases.uploads import discard_upload, keep_upload
from portal.catalogue.model import Material, MaterialNeed
from portal.store import transaction
from portal.vault import Holder
from portal.web import hard_files, upload_quota, uploads
from portal.web.citizen import drafts
from portal.web.citizen.drafts import Draft, uploads_folder
from portal.web.forms import FilesField, Form, TickField
from portal.web.refused import refused
from portal.web.wording import said

PREFIX = "m_"


def material_form(materials: Sequence[Material], *, with_later: bool = True) -> type[Form]:
    """For each material ``m_<code>`` for its files and, where it may follow later, ``later_<code>``."""
    fields: dict[str, Any] = {}
    for material in materials:
        name = said(material.name)
        if material.need is MaterialNeed.OPTIONAL:
            name = gettext("%(label)s (optional)", label=name)
        fields[PREFIX + material.code] = FilesField(
            name,
            description=gettext(
                "PDF, JPG, PNG, DOCX or XLSX; 5 MB a file and %(most)s files at most", most=uploads.MOST
            ),
            render_kw={"attributes": {"accept": uploads.ACCEPT}},
        )
        if with_later and material.may_follow_later:
            fields[f"later_{material.code}"] = TickField(
                gettext("I do not have it yet and will hand it in by the day that the office names")
            )
    return type("MaterialForm", (Form,), fields)


def stored(form: Form, code: str, *, holder: Holder, already: int = 0, in_case: int = 0) -> tuple[StoredFile, ...]:
    """Lay down the files chosen for a material; what cannot be taken is told at its field."""
    field = form[PREFIX + code]
    try:
        chosen, by = [file for file in field.data or () if file.filename], upload_quota.whoever_sends()
        with hard_files.counted(len(chosen), field=field.name, by=by, at=g.now):
            files = uploads.checked(chosen, field=field.name, already=already, in_case=in_case)
        if files:
            with transaction():
                size = sum(len(file.content) for file in files)
                upload_quota.take(size, field=field.name, by=by, on=g.today)
    except uploads.FileUnfit as refusal:
        wrong = refused(refusal)
        form.complain(field.name, gettext("%(material)s: %(wrong)s", material=field.label.text, wrong=wrong))
        return ()
    return tuple(keep_upload(file.content, file.name, holder=holder, folder=uploads_folder()) for file in files)


def take_in(draft: Draft, form: Form, *, at: datetime) -> Draft:
    """Keep every file that can be taken, even where another one cannot, and what is to follow later."""
    files = dict(draft.files)
    for material in draft.materials:
        before = files.get(material.code, ())
        in_case = sum(map(len, files.values()))
        if chosen := stored(form, material.code, holder=draft.holder, already=len(before), in_case=in_case):
            files[material.code] = (*before, *chosen)
    later = tuple(
        material.code
        for material in draft.materials
        if material.may_follow_later and form[f"later_{material.code}"].data
    )
    try:
        with transaction():
            return drafts.save(draft, at=at, files=files, later=later)
    except Refusal:
        kept = {file for held in draft.files.values() for file in held}
        throw_away([HandedIn(code, file=file) for code, held in files.items() for file in held if file not in kept])
        raise


def removed(draft: Draft, stored_as: str, *, at: datetime) -> Draft:
    """Take one file away again."""
    gone = [file for files in draft.files.values() for file in files if file.stored_as == stored_as]
    files = {code: tuple(file for file in kept if file not in gone) for code, kept in draft.files.items()}
    with transaction():
        draft = drafts.save(draft, at=at, files=files, seen=draft.seen - {"materials"})
    for file in gone:
        discard_upload(file, folder=uploads_folder())
    return draft


def handed_in(form: Form, codes: Sequence[str], *, holder: Holder) -> tuple[HandedIn, ...]:
    """For a case that is there already: the files chosen now, laid down; the caller throws them away if it fails."""
    return tuple(HandedIn(code, file=file) for code in codes for file in stored(form, code, holder=holder))


def throw_away(materials: Sequence[HandedIn]) -> None:
    for material in materials:
        if material.file is not None:
            discard_upload(material.file, folder=uploads_folder())
