"""What is left of personal data on a page: enough to recognise one's own, not enough to learn another's (R16)."""

from __future__ import annotations

import re
from collections.abc import Iterable


def mask_name(name: str) -> str:
    """张女士 → 张**; a name of one character is hidden whole."""
    return "*" if len(name) < 2 else name[0] + "*" * min(len(name) - 1, 2)


def mask_identity_number(number: str) -> str:
    """Keep the first three and the last four characters of an identity number or credit code."""
    return "*" * len(number) if len(number) < 10 else number[:3] + "*" * (len(number) - 7) + number[-4:]


def mask_words(text: str) -> str:
    """Words in a person's own hand: the first two characters, so that one's own are known; not how many there are."""
    return f"{text[:2]}***" if len(text) > 4 else "***"


def mask_phone(phone: str) -> str:
    """138****5678; anything shorter than eight digits is hidden but for its last two."""
    if len(phone) < 8:
        return "*" * max(len(phone) - 2, 0) + phone[-2:]
    return phone[:3] + "*" * (len(phone) - 7) + phone[-4:]


def mask_file_name(name: str) -> str:
    """张三身份证.jpg → 张***.jpg: file names tell as much as files."""
    stem, dot, ending = name.rpartition(".")
    return f"{(stem or ending)[:1]}***{dot + ending if stem else ''}"


def mask_known(text: str, known: Iterable[str]) -> str:
    """Running text without these values of one person, and without any number that looks like a personal one."""
    for value in sorted((value for value in known if len(value) > 1), key=len, reverse=True):
        text = text.replace(value, value[0] + "*" * 3)
    return mask_text(text)


_STREET = re.compile(r"^.*?(?:街道|大道|[路街巷弄镇乡村](?!道))")


def mask_address(address: str) -> str:
    """Down to the street: 河南省安阳市文峰区南大街*; an address that names no street keeps a third, at most six."""
    found = _STREET.match(address)
    kept = found.group() if found else address[: min(len(address) // 3, 6)]
    return kept + "*" * min(len(address) - len(kept), 3)


# What is looked for in running text. A number must not stand inside a longer run of digits or letters.
_BORN = r"(?:18|19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"  # so that no other number of 18 digits is taken
_IDENTITY = re.compile(rf"(?<![0-9A-Za-z])[1-9]\d{{5}}{_BORN}\d{{3}}[0-9Xx](?![0-9A-Za-z])")
_PHONE = re.compile(r"(?<![0-9A-Za-z])(?:(?:\+|00)?86[- ]?)?(1[3-9]\d)([- ]?)(\d{4})\2(\d{4})(?![0-9A-Za-z])")
_CODE = re.compile(
    r"((?:query[-_ ]?)?code|查询码)(\"?\s*[=:： ]\s*\"?)([0-9A-Z]{4}[- ]?[0-9A-Z]{4})(?![0-9A-Z])", re.IGNORECASE
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
# Each of the four holds one of these; most words of a log hold none, and one look tells it.
_SUSPECT = re.compile(r"\d{4}|code|查询码|[\x00-\x1f\x7f-\x9f\u2028\u2029]", re.IGNORECASE)


def mask_text(text: str) -> str:
    """Running text without identity numbers, mobile numbers and query codes, for logs and whatever else is read on."""
    text = _IDENTITY.sub(lambda found: mask_identity_number(found.group()), text)
    text = _PHONE.sub(lambda found: f"{found[1]}****{found[4]}", text)
    return _CODE.sub(lambda found: found[1] + found[2] + "*" * 8, text)


def log_line(text: str) -> str:
    """``mask_text`` on one line: control characters and line ends are escaped, so that nobody adds a line."""
    if _SUSPECT.search(text) is None:
        return text
    return _CONTROL.sub(lambda found: found.group().encode("unicode_escape").decode(), mask_text(text))
