"""The language of a report, with plain Babel: no request and no web is needed to print one."""

from __future__ import annotations

import gettext
from datetime import date, datetime
from functools import cache, partial
from io import BytesIO
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from portal import config
from portal.audit.names import Names
from portal.compliance.sentences import Speech

LOCALES = {"zh": "zh_Hans", "en": "en_GB"}


@cache
def translations(language: str) -> gettext.NullTranslations:
    """The compiled catalogue; of a checkout in which nothing was compiled yet, the written one."""
    folder = config.TRANSLATIONS / LOCALES[language] / "LC_MESSAGES"
    compiled, written = folder / "messages.mo", folder / "messages.po"
    if written.is_file() and not (compiled.is_file() and compiled.stat().st_mtime >= written.stat().st_mtime):
        with written.open("rb") as file:
            catalogue = read_po(file)
        memory = BytesIO()
        write_mo(memory, catalogue)
        memory.seek(0)
        return gettext.GNUTranslations(memory)
    if compiled.is_file():
        with compiled.open("rb") as file:
            return gettext.GNUTranslations(file)
    return gettext.NullTranslations()


def speech(language: str, zone: str, names: Names | None = None) -> Speech:
    """Dates and times as that language writes them, on the clocks of the log's own zone; codes stand without names."""
    locale, clock = LOCALES[language], ZoneInfo(zone)

    def day(value: date) -> str:
        return str(format_date(value, format="medium", locale=locale))

    def moment(value: datetime) -> str:
        return str(format_datetime(value.astimezone(clock), format="medium", locale=locale))

    def office(code: str) -> str:
        known = names.offices.get(code) if names else None
        return known.in_language(language) if known else code

    def material(about: str, code: str) -> str:
        known = names.material(about, code) if names else None
        return known.in_language(language) if known else code

    return Speech(partial(_translated, language), day, moment, "、" if language == "zh" else ", ", office, material)


def _translated(language: str, message: str) -> str:
    return translations(language).gettext(message) if message else ""
