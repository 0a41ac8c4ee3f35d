"""Identity documents and their numbers: what each rule of the number says, told one by one. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from stdnum import numdb
from stdnum.cn import ric, uscc
from stdnum.exceptions import InvalidComponent

from portal.basis import N_, Refusal

_LENGTH: Final = 18
_COUNTRY = re.compile("[A-Z]{3}")
_PASSPORT = re.compile("(?=.*[0-9])[A-Z0-9]{5,12}")
_CHINESE_PASSPORT = re.compile("[DEGPS][0-9]{8}|E[A-HJ-NP-Z][0-9]{7}")
_OLD_PERMANENT = re.compile("[A-Z]{3}[0-9]{12}")
_RESIDENTS = ("810000", "820000", "830000")  # 港澳台居民居住证申领发放办法: Hong Kong, Macao, Taiwan
_HOME_COUNTRY: Final = "CHN"


class DocumentKind(StrEnum):
    IDENTITY_CARD = "identity-card"  # 居民身份证, GB 11643
    PASSPORT = "passport"
    RESIDENCE_PERMIT = "residence-permit"  # 港澳台居民居住证
    PERMANENT_RESIDENCE = "permanent-residence"  # 外国人永久居留身份证
    CREDIT_CODE = "credit-code"  # 统一社会信用代码, GB 32100


DOCUMENT_TITLES: Mapping[DocumentKind, str] = {
    DocumentKind.IDENTITY_CARD: N_("Resident identity card"),
    DocumentKind.PASSPORT: N_("Passport"),
    DocumentKind.RESIDENCE_PERMIT: N_("Residence permit for Hong Kong, Macao and Taiwan residents"),
    DocumentKind.PERMANENT_RESIDENCE: N_("Permanent resident identity card of a foreigner"),
    DocumentKind.CREDIT_CODE: N_("Unified social credit code"),
}


class DocumentUnfit(Refusal):
    """Names the rule that the number breaks, and which of its characters to look at."""

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message, field="number", values=values)


@dataclass(frozen=True, slots=True)
class Document:
    """``number`` is in its normal form; ``country`` stands beside passports only."""

    kind: DocumentKind
    number: str
    country: str = ""

    @property
    def key(self) -> str:
        """By which one document is one document: two countries may number their passports alike."""
        return f"{self.country}{self.number}"


def checked(kind: DocumentKind, number: str, *, on: date, country: str = "", home: str = "") -> Document:
    """The document as it will be kept. ``home`` is the area of this portal: its numbers need be on no national list.

    :raises DocumentUnfit: with the rule that the number breaks.
    """
    plain = re.sub(r"[\s\-–—]", "", unicodedata.normalize("NFKC", number)).upper()
    issuer = country.strip().upper() or _HOME_COUNTRY if kind is DocumentKind.PASSPORT else ""
    if kind is DocumentKind.PASSPORT:
        _check_passport(plain, issuer)
    else:
        _CHECKS[kind](plain, on, home)
    return Document(kind, plain, issuer)


def _check_identity(number: str, on: date, home: str) -> None:
    """GB 11643. Which county stood in which year is not asked: numbers were given long after births."""
    _check_shape(number)
    _check_born(number, on)
    if not (home and number.startswith(home)) and not _is_place(number[:6]):
        raise DocumentUnfit(
            N_("The first six digits, %(code)s, are no place of the national list; compare them with the card."),
            code=number[:6],
        )
    _check_last(number)


def _check_resident(number: str, on: date, _: str) -> None:
    _check_shape(number)
    if not number.startswith(_RESIDENTS):
        raise DocumentUnfit(N_("This number begins with 810000, 820000 or 830000; compare it with the card."))
    _check_born(number, on)
    _check_last(number)


def _check_permanent(number: str, on: date, _: str) -> None:
    """Since December 2023: 18 characters that begin with 9; before: three letters and twelve digits, still valid."""
    if len(number) == _LENGTH:
        _check_shape(number)
        if not number.startswith("9"):
            raise DocumentUnfit(N_("The number of this card begins with 9; compare it with the card."))
        _check_born(number, on)
        _check_last(number)
    elif not _OLD_PERMANENT.fullmatch(number):
        raise DocumentUnfit(
            N_("This card has 18 characters that begin with 9, or three letters and then twelve digits; look again.")
        )
    elif not 1 <= int(number[9:11]) <= 12 or not 1 <= int(number[11:13]) <= 31:
        raise DocumentUnfit(
            N_("Characters 8 to 13 are the day of birth, and %(text)s is no day; compare them with the card."),
            text=number[7:13],
        )


def _check_credit_code(number: str, _on: date, _home: str) -> None:
    """GB 32100."""
    if len(number) != _LENGTH:
        raise DocumentUnfit(
            N_("A unified social credit code has 18 characters, this has %(n)s; compare it with the licence."),
            n=len(number),
        )
    for place, sign in enumerate(number, start=1):
        if sign not in uscc._alphabet:
            raise DocumentUnfit(
                N_("Character %(place)s, %(sign)s, is used in no credit code (I, O, S, V and Z are not); look again."),
                place=place,
                sign=sign,
            )
    if not number[2:8].isdigit():
        raise DocumentUnfit(
            N_("Characters 3 to 8, %(code)s, are the area and have to be digits; compare them with the licence."),
            code=number[2:8],
        )
    if uscc.calc_check_digit(number) != number[-1]:
        raise DocumentUnfit(
            N_("The last character does not fit the others, so one is mistyped; compare each with the licence.")
        )


def _check_passport(number: str, country: str) -> None:
    if not _COUNTRY.fullmatch(country):
        raise DocumentUnfit(N_("Write the country of the passport with its three letters, such as CHN or FRA."))
    if country == _HOME_COUNTRY and not _CHINESE_PASSPORT.fullmatch(number):
        raise DocumentUnfit(
            N_("A Chinese passport number is a letter and eight digits, or E, a letter and seven digits; look again.")
        )
    if not _PASSPORT.fullmatch(number):
        raise DocumentUnfit(N_("A passport number has 5 to 12 letters and digits; compare it with the passport."))


def _check_shape(number: str) -> None:
    if len(number) != _LENGTH:
        raise DocumentUnfit(
            N_("This number has 18 characters, you typed %(n)s; compare it with the card."), n=len(number)
        )
    for place, sign in enumerate(number, start=1):
        if not (sign.isascii() and sign.isdigit()) and not (place == _LENGTH and sign == "X"):
            raise DocumentUnfit(
                N_("Character %(place)s is %(sign)s; only digits are possible, and at the end an X."),
                place=place,
                sign=sign,
            )


def _check_born(number: str, on: date) -> None:
    try:
        born = ric.get_birth_date(number)
    except InvalidComponent:
        raise DocumentUnfit(
            N_("Digits 7 to 14 are the day of birth, and %(text)s is no day; compare them with the card."),
            text=number[6:14],
        ) from None
    if born > on:
        raise DocumentUnfit(
            N_("Digits 7 to 14 are the day of birth, and %(text)s is yet to come; compare them with the card."),
            text=number[6:14],
        )


def _is_place(code: str) -> bool:
    return any(found for _, found in numdb.get("cn/loc").info(code))


def _check_last(number: str) -> None:
    if ric.calc_check_digit(number) != number[-1]:
        raise DocumentUnfit(
            N_("The last character does not fit the others, so one is mistyped; compare each with the card.")
        )


_CHECKS: Final[Mapping[DocumentKind, Callable[[str, date, str], None]]] = {
    DocumentKind.IDENTITY_CARD: _check_identity,
    DocumentKind.RESIDENCE_PERMIT: _check_resident,
    DocumentKind.PERMANENT_RESIDENCE: _check_permanent,
    DocumentKind.CREDIT_CODE: _check_credit_code,
}
