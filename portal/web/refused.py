"""A refusal in the reader's language: what stands in its sentence is said too: no code, and a day with its weekday."""

from __future__ import annotations

from datetime import date, datetime

from flask_babel import get_locale, gettext

from portal.basis import Bilingual, Refusal, Word
from portal.web.staff.history import LABELS
from portal.web.wording import day, said, titled


def refused(refusal: Refusal) -> str:
    values = {name: _spoken(value) for name, value in refusal.values.items()}
    label = LABELS.get(refusal.field or "")
    if label and values.get("name") == refusal.field:  # the field at fault, as a history calls it
        values["name"] = gettext(label)
    return str(gettext(refusal.message, **values))


def _spoken(value: object) -> object:
    if isinstance(value, tuple):
        return comma().join(str(_spoken(member)) for member in value) or "–"
    if isinstance(value, Bilingual):
        return said(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return day(value)
    return titled(value) if isinstance(value, Word) else value


def comma() -> str:
    """Between the members of a list, which Chinese sets apart by another mark than the parts of a sentence."""
    return ", " if get_locale().language == "en" else "、"
