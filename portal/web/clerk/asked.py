"""Fields that the forms of steps are made of, each with its own word for being left empty."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import gettext
from wtforms.validators import Length

from portal.basis import Fen
from portal.web.forms import (
    CheckboxesField,
    DateField,
    Form,
    Given,
    LongTextField,
    RadioField,
    SelectField,
    TextField,
    TickField,
    ValidationError,
)

Fields = dict[str, Any]
Choice = tuple[str, str] | tuple[str, str, dict[str, str]]
LONGEST = 1000


def no_names() -> str:
    """The payload of an event is read by rules and auditors for ever."""
    return str(gettext("No names or numbers of persons: this is kept for ever."))


def _given(label: str, *, required: bool) -> list[Any]:
    return [Given(gettext("Fill in: %(label)s", label=label))] if required else []


def _labelled(label: str, *, required: bool) -> str:
    return label if required else str(gettext("%(label)s (optional)", label=label))


def line(label: str, *, required: bool = True, hint: str = "") -> TextField:
    validators = [*_given(label, required=required), Length(max=200, message=gettext("At most 200 characters"))]
    return TextField(_labelled(label, required=required), description=hint, validators=validators)


def text(label: str, *, required: bool = True, hint: str = "", default: str = "") -> LongTextField:
    validators = [*_given(label, required=required), Length(max=LONGEST, message=gettext("At most 1000 characters"))]
    return LongTextField(
        _labelled(label, required=required),
        description=hint,
        validators=validators,
        default=default,
        render_kw={"rows": 4},
    )


def one_of(label: str, choices: Sequence[Choice], message: str = "") -> SelectField:
    return SelectField(label, choices=list(choices), validators=[Given(message)] if message else [])


def radio(label: str, choices: Sequence[Choice], message: str) -> RadioField:
    return RadioField(label, choices=list(choices), validators=[Given(message)])


def several(
    label: str,
    choices: Sequence[Choice],
    message: str,
    *,
    least: int = 1,
    hint: str = "",
    default: Sequence[str] = (),
) -> CheckboxesField:
    def enough(_form: Form, field: CheckboxesField) -> None:
        if len(field.data or ()) < least:
            raise ValidationError(message)

    return CheckboxesField(label, choices=list(choices), description=hint, validators=[enough], default=list(default))


def tick(label: str) -> TickField:
    return TickField(label)


def day(label: str, *, default: date | None) -> DateField:
    return DateField(
        label,
        description=gettext("For example 2026 9 28 (year, month, day)"),
        validators=_given(label, required=True),
        default=default,
    )


def whole(label: str) -> TextField:
    def is_whole(_form: Form, field: TextField) -> None:
        if not re.fullmatch(r"[1-9][0-9]{0,2}", str(field.data)):
            raise ValidationError(gettext("Enter a whole number, at least 1"))

    return TextField(
        label,
        validators=[*_given(label, required=True), is_whole],
        render_kw={"inputmode": "numeric", "classes": "govuk-input--width-3"},
    )


class MoneyField(TextField):
    """Yuan as typed, fen as kept."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata(valuelist)
        self.typed = str(self.data or "").replace(",", "").replace("，", "").strip()
        if not self.typed:
            self.data = None
            return
        try:
            if not re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,2})?", self.typed):
                raise InvalidOperation
            self.data: Any = Fen.from_yuan(Decimal(self.typed))
        except InvalidOperation:
            raise ValueError(gettext("Enter a sum in yuan with at most two decimals, such as 1234.50")) from None

    def _value(self) -> str:
        return getattr(self, "typed", "")


def money(label: str) -> MoneyField:
    look = {"inputmode": "decimal", "classes": "govuk-input--width-10", "suffix": {"text": gettext("yuan")}}
    return MoneyField(label, render_kw=look)
