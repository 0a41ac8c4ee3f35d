"""A form made from an item: its fields as the catalogue describes them, with the mistakes people make in each kind."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from unicodedata import normalize

from flask import g
from flask_babel import gettext

from portal.basis import mask_address, mask_identity_number, mask_name, mask_phone, mask_words
from portal.catalogue.checks.codes import check_character
from portal.catalogue.model import FieldKind, FormField, ItemVersion, Situation
from portal.web.forms import DateField, Form, Given, LongTextField, RadioField, SelectField, TextField, ValidationError
from portal.web.wording import said

PREFIX = "f_"
EXPIRY = "licence-expires-on"  # the field that a renewal takes its target from (许可法 第五十条)
LONG_TEXT = 200  # characters from which a field gets several lines
MANY_CHOICES = 7
AUTOCOMPLETE = {"applicant-name": "name", "contact-name": "name", "firm-name": "organization"}
_PHONE = re.compile("1[3-9][0-9]{9}|0[0-9]{2,3}[0-9]{7,8}")
_NUMBER = re.compile("[0-9A-Za-z -]{10,}")  # of an account, a certificate, a parcel of land
_WEIGHTS = tuple(pow(2, 17 - place, 11) for place in range(17))


def form_for(version: ItemVersion, situation: Situation) -> type[Form]:
    """A form class with the fields that this situation asks for, each named ``f_<name>``."""
    fields = {PREFIX + asked.name: _field(asked) for asked in version.fields_for(situation)}
    return type("ItemForm", (Form,), fields)


def filled(form: Form) -> dict[str, str]:
    """What was typed, as the case will hold it: text, with days as YYYY-MM-DD."""
    values = {name.removeprefix(PREFIX): value for name, value in form.data.items() if name.startswith(PREFIX)}
    return {name: _as_text(value) for name, value in values.items() if value not in (None, "")}


def typed(version: ItemVersion, fields: Mapping[str, str]) -> dict[str, Any]:
    """A draft's fields as the form wants them back."""
    kinds = {asked.name: asked.kind for asked in version.fields}
    return {
        PREFIX + name: date.fromisoformat(value) if kinds.get(name) is FieldKind.DATE else value
        for name, value in fields.items()
    }


def shown(asked: FormField, value: str) -> str | date:
    """A value as a page says it."""
    if asked.kind is FieldKind.DATE:
        try:
            return date.fromisoformat(value)
        except ValueError:
            return value  # put right before such days were checked: one odd field closes no page
    if asked.kind is FieldKind.CHOICE:
        return next((said(choice.label) for choice in asked.choices if choice.code == value), value)
    return value


def put_right(asked: FormField, value: str) -> str:
    """A value that somebody wants to read otherwise, as the case will hold it: checked as at the hand-in.

    :raises ValidationError: it is no such value.
    """
    match asked.kind:
        case FieldKind.DATE:
            return _day(value)
        case FieldKind.CHOICE:
            said_so = {word: one.code for one in asked.choices for word in (one.code, one.label.zh, one.label.en)}
            if value not in said_so:
                raise ValidationError(gettext("Choose from the answers offered"))
            return said_so[value]
        case _:
            plain = str(_plain(asked)(value))
            if problem := _problem(asked, plain):
                raise ValidationError(problem)
            return plain


def _day(value: str) -> str:
    """Year, month and day with whatever between them: 2026-09-28, 2026/9/28, 2026年9月28日."""
    found = re.fullmatch(r"\s*([0-9]{4})[^0-9]{1,3}([0-9]{1,2})[^0-9]{1,3}([0-9]{1,2})[^0-9]{0,3}", narrow(value))
    try:
        return date(*map(int, found.groups())).isoformat() if found else date.fromisoformat(value).isoformat()
    except ValueError:
        raise ValidationError(gettext("Enter a real date, for example 2026 9 28 (year, month, day)")) from None


def masked_value(name: str, kind: FieldKind | None, value: str) -> str:
    """A personal answer with so much left that one's own is known; without a kind, of what no form asks any more."""
    if kind is FieldKind.PHONE or name in ("phone", "contact-phone"):
        return mask_phone(value)
    if kind is FieldKind.IDENTITY:
        return mask_identity_number(value)
    if kind in (FieldKind.DATE, FieldKind.CHOICE, FieldKind.NUMBER, FieldKind.MONEY):
        return "***"  # there are few of them: any part of one would tell it
    if name.endswith("address") or name in ("premises", "place"):
        return mask_address(value)
    if name.endswith("name"):
        return mask_name(value)
    return mask_identity_number(value) if _NUMBER.fullmatch(value) else mask_words(value)


def _as_text(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _field(asked: FormField) -> Any:
    label = said(asked.label)
    if not asked.is_required:
        label = gettext("%(label)s (optional)", label=label)
    required = [Given(_missing(asked))] if asked.is_required else []
    given: dict[str, Any] = {"label": label, "description": _hint(asked), "validators": [*required, _Fits(asked)]}
    match asked.kind:
        case FieldKind.DATE:
            return DateField(**given)
        case FieldKind.CHOICE:
            choices = [(choice.code, said(choice.label)) for choice in asked.choices]
            if len(choices) < MANY_CHOICES:
                return RadioField(choices=choices, **given)
            return SelectField(choices=[("", gettext("Choose")), *choices], **given)
        case FieldKind.TEXT if (asked.max or 0) >= LONG_TEXT:
            return LongTextField(filters=[_unbroken], render_kw={"rows": 6}, **given)
        case _:
            return TextField(filters=[_plain(asked)], render_kw=_look(asked), **given)


def _missing(asked: FormField) -> str:
    label = said(asked.label)
    if asked.kind is FieldKind.CHOICE:
        return str(gettext("Choose an answer: %(label)s", label=label))
    return str(gettext("Fill in: %(label)s", label=label))


def _hint(asked: FormField) -> str:
    if asked.hint:
        return said(asked.hint)
    if asked.kind is FieldKind.IDENTITY:
        return str(gettext("18 characters, the last may be X"))
    if asked.kind is FieldKind.DATE:
        return str(gettext("For example 2026 9 28 (year, month, day)"))
    return ""


def _look(asked: FormField) -> dict[str, Any]:
    look: dict[str, Any] = {
        "attributes": {"maxlength": asked.max} if asked.max and asked.kind is FieldKind.TEXT else {}
    }
    if asked.name in AUTOCOMPLETE:
        look["autocomplete"] = AUTOCOMPLETE[asked.name]
    match asked.kind:
        case FieldKind.PHONE:
            look |= {"type": "tel", "autocomplete": "tel", "classes": "govuk-input--width-20"}
        case FieldKind.NUMBER:
            look |= {"inputmode": "numeric", "classes": "govuk-input--width-10"}
        case FieldKind.MONEY:
            look |= {"inputmode": "decimal", "classes": "govuk-input--width-10", "suffix": {"text": gettext("yuan")}}
        case FieldKind.IDENTITY:
            look |= {"autocomplete": "off", "spellcheck": False, "classes": "govuk-input--width-20"}
        case _:
            pass
    return look


def _unbroken(value: Any) -> Any:
    return value.replace("\r\n", "\n") if isinstance(value, str) else value


def _plain(asked: FormField) -> Any:
    """Take away what people type for the eye: blanks and dashes in numbers, small letters in codes."""

    def take_away(value: Any) -> Any:
        if not isinstance(value, str):
            return value
        if asked.kind in (FieldKind.PHONE, FieldKind.IDENTITY) or asked.name == "credit-code":
            return plain_number(value)
        if asked.kind in (FieldKind.NUMBER, FieldKind.MONEY):
            return re.sub(r"[\s,]", "", narrow(value))
        if asked.pattern:
            return re.sub(r"\s", "", narrow(value))
        return value

    return take_away


def plain_number(value: Any) -> Any:
    """Blanks, dashes and the full width of a Chinese keyboard taken away."""
    return re.sub(r"[\s\-–—]", "", narrow(value)).upper().removeprefix("+86") if isinstance(value, str) else value


def narrow(value: Any) -> Any:
    """Full-width letters and figures, as Chinese keyboards give them, in their usual width."""
    return normalize("NFKC", value) if isinstance(value, str) else value


def is_phone(value: str) -> bool:
    return bool(_PHONE.fullmatch(value))


class _Fits:
    """Checks a value by its kind; an empty one is left to who demands it."""

    def __init__(self, asked: FormField) -> None:
        self.asked = asked

    def __call__(self, form: Form, field: Any) -> None:  # noqa: ARG002 -- WTForms calls it so
        if self.asked.name == EXPIRY and isinstance(field.data, date) and field.data < g.today:
            raise ValidationError(gettext("This licence has expired and cannot be renewed; apply for a new one"))
        if not isinstance(field.data, str) or not field.data:
            return
        if problem := _problem(self.asked, field.data):
            raise ValidationError(problem)


def _problem(asked: FormField, value: str) -> str | None:
    label = said(asked.label)
    problem: str | None = None
    match asked.kind:
        case FieldKind.PHONE if not is_phone(value):
            problem = gettext("Enter a phone number: 11 digits, or area code and number")
        case FieldKind.IDENTITY if not is_identity_number(value):
            problem = gettext("Enter the 18 characters of the identity number; the last one does not fit the others")
        case FieldKind.NUMBER:
            problem = _number_problem(asked, value)
        case FieldKind.MONEY if not _is_money(value):
            problem = gettext("Enter a sum in yuan with at most two decimals, such as 1234.50")
        case FieldKind.TEXT if asked.max and len(value) > asked.max:
            problem = gettext("%(label)s: at most %(most)s characters", label=label, most=asked.max)
        case _:
            pass
    if problem is None and asked.pattern and not re.fullmatch(asked.pattern, value):
        problem = gettext("%(label)s is not in its usual form", label=label)
    if problem is None and asked.name == "credit-code" and check_character(value[:17]) != value[17:]:
        problem = gettext("The last character of the credit code does not fit the others; check it against the licence")
    return problem


def _number_problem(asked: FormField, value: str) -> str | None:
    if not re.fullmatch("[0-9]{1,15}", value):
        return str(gettext("Enter a whole number"))
    if asked.max is not None and int(value) > asked.max:
        return str(gettext("Enter a number up to %(most)s", most=asked.max))
    return None


def _is_money(value: str) -> bool:
    try:
        amount = Decimal(value)
    except InvalidOperation:
        return False
    return bool(re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,2})?", value)) and amount >= 0


def is_identity_number(value: str) -> bool:
    """GB 11643: seventeen digits, a real day of birth, and a check character."""
    if not re.fullmatch("[0-9]{17}[0-9X]", value):
        return False
    try:
        date(int(value[6:10]), int(value[10:12]), int(value[12:14]))
    except ValueError:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(value[:17], _WEIGHTS, strict=True))
    return "10X98765432"[total % 11] == value[17]
