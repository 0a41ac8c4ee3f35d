"""How a form field becomes a component of GOV.UK Frontend; only the fields of ``forms.py`` use it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import wtforms
from flask import get_template_attribute
from flask_babel import gettext, pgettext
from markupsafe import Markup

Params = dict[str, Any]


def macro(component: str, name: str, params: Params) -> Markup:
    template = f"govuk_frontend_jinja/components/{component}/macro.html"
    return Markup(get_template_attribute(template, name)(params))  # noqa: S704 -- a macro has escaped what it was given


def merged(under: Params, over: Mapping[str, Any]) -> Params:
    """``over`` laid on ``under``, dictionary into dictionary."""
    result = dict(under)
    for key, value in over.items():
        below = result.get(key)
        result[key] = merged(below, value) if isinstance(below, dict) and isinstance(value, Mapping) else value
    return result


@dataclass(frozen=True)
class Component:
    """The widget of a field: a macro, and what is passed to it beside name, hint and error."""

    component: str
    macro: str
    params: Callable[[Any], Params]

    def __call__(self, field: wtforms.Field, **given: Any) -> Markup:
        params: Params = {"id": field.id, "idPrefix": field.id, "name": field.name}
        if field.description:
            params["hint"] = {"text": field.description}
        if field.errors:
            params["errorMessage"] = {"text": field.errors[0], "visuallyHiddenText": gettext("Error")}
        return macro(self.component, self.macro, merged(merged(params, self.params(field)), given))


def labelled(field: Any) -> Params:
    return {"label": {"text": field.label.text}, "value": field._value()}


def component_choices(field: Any) -> Params:
    items = []
    for value, label, is_chosen, render_kw in field.iter_choices():
        item: Params = {"value": value, "text": label, "checked": is_chosen, "selected": is_chosen}
        if hint := (render_kw or {}).get("hint"):
            item["hint"] = {"text": hint}
        items.append(item)
    return {"items": items}


def choice_group(field: Any) -> Params:
    return {"fieldset": {"legend": {"text": field.label.text}}, **component_choices(field)}


def tick(field: Any) -> Params:
    return {"items": [{"value": "y", "text": field.label.text, "checked": bool(field.data)}]}


def files(field: Any) -> Params:
    """The words that replace those of the browser, which speaks its own language; without JavaScript it keeps them."""
    several = gettext("%%{count} files chosen")
    return {
        "label": {"text": field.label.text},
        "multiple": True,
        "javascript": True,
        "chooseFilesButtonText": gettext("Choose files"),
        "dropInstructionText": gettext("or drop them here"),
        "noFileChosenText": gettext("No file chosen"),
        "multipleFilesChosenText": {"one": several, "other": several},
        "enteredDropZoneText": gettext("Over the place to drop"),
        "leftDropZoneText": gettext("Left the place to drop"),
    }


def password(field: Any) -> Params:
    return {
        "label": {"text": field.label.text},
        "showPasswordText": gettext("Show"),
        "hidePasswordText": gettext("Hide"),
        "showPasswordAriaLabelText": gettext("Show password"),
        "hidePasswordAriaLabelText": gettext("Hide password"),
        "passwordShownAnnouncementText": gettext("Your password is visible"),
        "passwordHiddenAnnouncementText": gettext("Your password is hidden"),
    }


def date_boxes(field: Any) -> Params:
    labels = {"year": gettext("Year"), "month": gettext("Month"), "day": pgettext("of a date", "Day")}
    wrong = " govuk-input--error" if field.errors else ""
    items = [
        {
            "id": f"{field.id}-{part}",
            "name": f"{field.name}-{part}",
            "label": labels[part],
            "value": field.typed.get(part, ""),
            "classes": f"govuk-input--width-{4 if part == 'year' else 2}{wrong}",
        }
        for part in field.parts
    ]
    return {"fieldset": {"legend": {"text": field.label.text}}, "items": items}
