"""Fields that draw themselves: labels, hints, mistakes, and what was typed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask
from wtforms.validators import Length

from portal.basis import N_, Refusal
from portal.web.forms import (
    CheckboxesField,
    DateField,
    FilesField,
    Form,
    Given,
    LongTextField,
    PasswordField,
    RadioField,
    SelectField,
    TextField,
    TickField,
    error_summary,
    title_prefix,
)

COLOURS = [("red", "Red"), ("blue", "Blue", {"hint": "as the sky"})]


class EveryForm(Form):
    name = TextField("Name", description="As on your card", validators=[Given("Enter the name"), Length(max=5)])
    story = LongTextField("Story")
    secret = PasswordField("Password")
    one = RadioField("One", choices=COLOURS, validators=[Given("Choose one")])
    some = CheckboxesField("Some", choices=COLOURS)
    listed = SelectField("Listed", choices=[("", "Choose"), *COLOURS])
    yes = TickField("Yes")
    day = DateField("Day", validators=[Given("Enter the day")])
    papers = FilesField("Papers")


RIGHT = {"name": "Ann", "one": "red", "day-year": "2026", "day-month": "9", "day-day": "28"}


@pytest.fixture
def filled(app: Flask) -> Iterator[Any]:
    """A form as the browser sends it, in English."""
    contexts = []

    def fill(**fields: object) -> EveryForm:
        context = app.test_request_context("/?lang=en", method="POST", data=fields)
        context.push()
        contexts.append(context)
        return EveryForm()

    yield fill
    for context in reversed(contexts):
        context.pop()


def test_what_is_right_is_taken(filled: Any) -> None:
    form = filled(**RIGHT, some=["red", "blue"], yes="y")
    assert form.validate_on_submit(), form.errors
    assert (form.name.data, form.one.data, form.some.data, form.day.data) == (
        "Ann", "red", ["red", "blue"], date(2026, 9, 28),
    )  # fmt: skip
    assert form.yes.data
    assert form.status == 200
    assert error_summary(form) == ""
    assert title_prefix(form) == ""


@pytest.mark.parametrize(("field", "longest"), [("name", TextField.longest), ("story", LongTextField.longest)])
def test_no_field_is_worked_on_beyond_what_any_of_them_allows(filled: Any, field: str, longest: int) -> None:
    form = filled(**{**RIGHT, field: "x" * 400_000})
    assert not form.validate()
    assert form[field].data == "x" * longest
    assert f"At most {longest} characters" in form[field].errors
    assert filled(**RIGHT, story="x" * LongTextField.longest).validate()


def test_every_mistake_is_in_the_summary_and_at_its_field(filled: Any) -> None:
    form = filled(name="far too long", listed="green", some="green")
    assert not form.validate_on_submit()
    assert form.status == 422
    assert title_prefix(form) == "Error: "
    summary = str(error_summary(form))
    pointed = re.findall(r'href="#([^"]+)"', summary)
    assert pointed == ["name", "one", "some", "listed", "day-day"]
    drawn = "".join(str(field()) for field in form)
    assert all(f'id="{target}"' in drawn for target in pointed)
    assert "There is a problem" in summary
    assert drawn.count("govuk-error-message") == len(pointed)


def test_a_field_that_is_drawn_names_and_describes_its_box(filled: Any) -> None:
    form = filled(name="")
    form.validate()
    drawn = str(form.name())
    assert '<label class="govuk-label" for="name">' in drawn
    assert 'aria-describedby="name-hint name-error"' in drawn
    assert '<span class="govuk-visually-hidden">Error:</span> Enter the name' in drawn


def test_what_a_template_gives_stands_above_what_the_field_says(filled: Any) -> None:
    drawn = str(filled(**RIGHT).name(label={"classes": "govuk-label--l", "isPageHeading": True}))
    assert '<h1 class="govuk-label-wrapper">' in drawn
    assert "Name" in drawn


@pytest.mark.parametrize("field", ["name", "story"])
def test_typed_text_is_shown_again_as_text_only(filled: Any, field: str) -> None:
    drawn = str(filled(**{field: '"><script>'})[field]())
    assert "<script>" not in drawn
    assert "&lt;script&gt;" in drawn


def test_a_password_is_never_shown_again(filled: Any) -> None:
    assert "hunter2" not in str(filled(secret="hunter2").secret())


def test_choices_show_their_hints_and_what_was_chosen(filled: Any) -> None:
    drawn = str(filled(one="blue").one())
    assert "as the sky" in drawn
    assert re.search(r'value="blue" checked', drawn)
    assert not re.search(r'value="red" checked', drawn)


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ({"day-year": "2026", "day-month": "2", "day-day": "30"}, "Enter a real date"),
        ({"day-year": "2026", "day-month": "", "day-day": "1"}, "Enter a real date"),
        ({"day-year": "two", "day-month": "1", "day-day": "1"}, "Enter a real date"),
        ({"day-year": "0", "day-month": "1", "day-day": "1"}, "Enter a real date"),
        ({}, "Enter the day"),
    ],
)
def test_a_day_that_cannot_be_read_is_never_guessed_and_stays_in_its_boxes(
    filled: Any, typed: dict[str, str], problem: str
) -> None:
    form = filled(**{"name": "Ann", "one": "red", **typed})
    assert not form.validate_on_submit()
    assert form.day.data is None
    assert form.day.errors[0].startswith(problem)
    for value in filter(None, typed.values()):
        assert f'value="{value}"' in str(form.day())


@pytest.mark.parametrize(("language", "order"), [("zh", ["year", "month", "day"]), ("en", ["day", "month", "year"])])
def test_the_boxes_of_a_day_stand_in_the_order_of_the_language(app: Flask, language: str, order: list[str]) -> None:
    with app.test_request_context(f"/?lang={language}"):
        form = EveryForm(data={"day": date(2026, 9, 28)})
        assert re.findall(r'name="day-(\w+)"', str(form.day())) == order
        assert form.day.first_id == f"day-{order[0]}"
        assert 'value="28"' in str(form.day())


def test_a_refusal_is_told_at_its_field_or_over_the_whole_form(filled: Any) -> None:
    form = filled(**RIGHT)
    assert form.validate_on_submit()
    form.refuse(Refusal(N_("Give %(least)s or more."), field="story", values={"least": 3}))
    form.refuse(Refusal("Not today.", field="nothing"))
    assert form.mistakes == [{"text": "Not today."}, {"text": "Give 3 or more.", "href": "#story"}]
    assert form.status == 422
