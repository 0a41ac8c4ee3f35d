"""Forms: fields that draw themselves as GOV.UK components, and the summary that points at what went wrong.

In a template ``{{ form.name() }}`` draws a field; keywords given there, and ``render_kw``, stand above what the field
says of itself: ``{{ form.name(label={"classes": "govuk-label--l", "isPageHeading": true}) }}``. A choice may carry
``{"hint": …}`` as its third part.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, cast

import wtforms
from flask import Flask
from flask_babel import gettext
from flask_wtf import FlaskForm
from flask_wtf.file import MultipleFileField
from markupsafe import Markup
from wtforms import ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.utils import unset_value
from wtforms.validators import DataRequired, StopValidation

from portal.basis import Refusal
from portal.web.components import (
    Component,
    Params,
    choice_group,
    component_choices,
    date_boxes,
    files,
    labelled,
    macro,
    password,
    tick,
)
from portal.web.language import DEFAULT, language
from portal.web.once import once_field
from portal.web.wording import told

__all__ = [
    "CheckboxesField", "DateField", "FilesField", "Form", "Given", "LongTextField", "PasswordField", "RadioField",
    "SelectField", "TextField", "TickField", "ValidationError",
]  # fmt: skip


def install(app: Flask) -> None:
    app.add_template_global(error_summary)
    app.add_template_global(title_prefix)


class Form(FlaskForm):
    """A form whose mistakes are told in one summary; ``refuse`` puts a refusal of an operation where it belongs."""

    counts_once = True  # a form that only asks carries no key

    def hidden_tag(self, *fields: Any) -> Markup:
        return Markup(super().hidden_tag(*fields)) + (  # noqa: S704 -- WTForms escapes its own fields
            once_field() if self.counts_once else ""
        )

    def refuse(self, refusal: Refusal) -> None:
        self.complain(refusal.field, told(refusal))

    def complain(self, name: str | None, message: str) -> None:
        """Put a mistake at the field of that name, or over the whole form."""
        if name in self._fields:
            field = self._fields[name]
            field.errors = [*field.errors, message]
        else:
            self.form_errors.append(message)

    @property
    def status(self) -> int:
        """What a page with this form answers: 422 once something sent with it cannot be taken."""
        return 422 if self.errors else 200

    @property
    def mistakes(self) -> list[Params]:
        """Each with the address of its field on the page, in the order of the fields."""
        found: list[Params] = [{"text": message} for message in self.form_errors]
        wrong = [field for field in self if field.errors]
        return found + [
            {"text": field.errors[0], "href": f"#{getattr(field, 'first_id', field.id)}"} for field in wrong
        ]


def error_summary(*forms: Form | None) -> Markup:
    mistakes = [mistake for form in forms if form is not None for mistake in form.mistakes]
    if not mistakes:
        return Markup()
    params: Params = {"titleText": gettext("There is a problem"), "errorList": mistakes}
    return macro("error-summary", "govukErrorSummary", params)


def title_prefix(form: Form | None = None) -> str:
    """Said first where a page came back with mistakes, because a screen reader says the title first."""
    return gettext("Error: ") if form is not None and form.errors else ""


def _stripped(value: object) -> object:
    return value.strip() if isinstance(value, str) else value


class TextField(wtforms.StringField):
    """``longest`` is far above what any field allows: nobody makes the portal work on a megabyte in one line."""

    widget = Component("input", "govukInput", labelled)
    longest = 1_000

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["filters"] = (_stripped, *kwargs.get("filters", ()))
        super().__init__(*args, **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata([value[: self.longest] for value in valuelist[:1]])
        if valuelist and len(valuelist[0]) > self.longest:
            raise ValueError(gettext("At most %(most)s characters", most=self.longest))


class LongTextField(TextField):
    widget = Component("textarea", "govukTextarea", labelled)
    longest = 20_000


class PasswordField(wtforms.PasswordField):
    """Never filled in again by a page, and pasting is welcome."""

    widget = Component("password-input", "govukPasswordInput", password)


class Offering:
    """What a field offers, given as ``(value, label[, {"hint": …}])``; an answer that is not offered is a mistake."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["choices"] = _offered(kwargs.get("choices"))
        kwargs["validate_choice"] = False  # its own message is not ours
        super().__init__(*args, **kwargs)

    def offer(self, choices: Iterable[tuple[str, Any]]) -> None:
        """For choices that are known only when the page is asked for."""
        cast("wtforms.SelectField", self).choices = _offered(choices)

    def pre_validate(self, form: wtforms.form.BaseForm) -> None:  # noqa: ARG002 -- WTForms calls it so
        chosen = self.data if isinstance(self.data, list) else [self.data or ""]  # type: ignore[attr-defined]
        offered = {choice[0] for choice in self.iter_choices()}  # type: ignore[attr-defined]
        if not set(chosen) <= offered | {""}:
            raise ValidationError(gettext("Choose from the answers offered"))


def _offered(choices: Iterable[Any] | None) -> list[Any] | None:
    return None if choices is None else [SelectChoice(*choice) for choice in choices]


class SelectField(Offering, wtforms.SelectField):
    widget = Component(
        "select", "govukSelect", lambda field: {"label": {"text": field.label.text}, **component_choices(field)}
    )


class RadioField(Offering, wtforms.RadioField):
    widget = Component("radios", "govukRadios", choice_group)


class CheckboxesField(Offering, wtforms.SelectMultipleField):
    widget = Component("checkboxes", "govukCheckboxes", choice_group)


class TickField(wtforms.BooleanField):
    widget = Component("checkboxes", "govukCheckboxes", tick)


class FilesField(MultipleFileField):
    """Any number of files; a browser never fills it in again, so keep what was good and say so on the page."""

    widget = Component("file-upload", "govukFileUpload", files)


class Given(DataRequired):
    """The field must be filled in; what was typed and could not be read has been told already."""

    def __call__(self, form: wtforms.form.BaseForm, field: Any) -> None:
        if field.process_errors:
            raise StopValidation
        super().__call__(form, field)


PARTS = {"zh_Hans": ("year", "month", "day"), "en": ("day", "month", "year")}


class DateField(wtforms.Field):
    """Three boxes in the order of the language; a day that the calendar does not have is a mistake, never guessed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.typed: dict[str, str] = {}
        super().__init__(*args, **kwargs)

    @property
    def parts(self) -> tuple[str, ...]:
        return PARTS[language()]

    @property
    def first_id(self) -> str:
        return f"{self.id}-{self.parts[0]}"

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        super().process(None, data, extra_filters)
        if isinstance(self.data, date):
            self.typed = {part: str(getattr(self.data, part)) for part in PARTS[DEFAULT]}
        if formdata is None:
            return
        self.typed = {part: formdata.get(f"{self.name}-{part}", "").strip() for part in PARTS[DEFAULT]}
        self.raw_data = [self.typed[part] for part in PARTS[DEFAULT] if self.typed[part]]
        self.data = None
        if self.raw_data:
            try:
                self.data = date(*(int(self.typed[part]) for part in PARTS[DEFAULT]))
            except (ValueError, OverflowError):  # the second: a year of forty digits
                self.process_errors = [gettext("Enter a real date, for example 2026 9 28 (year, month, day)")]

    def widget(self, field: DateField, **given: Any) -> Markup:
        return Component("date-input", "govukDateInput", date_boxes)(field, **given)
