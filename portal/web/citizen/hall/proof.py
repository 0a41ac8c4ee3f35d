"""The code of a number or an appointment, asked of whoever does not hold it in this browser, and tried slowly."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.hall.operations import is_holders_code
from portal.hall.operations.consent import WrongCode
from portal.web.citizen.item_form import narrow
from portal.web.citizen.trying import tried
from portal.web.forms import Form, Given, TextField


class CodeForm(Form):
    code = TextField(
        _l("Query code"),
        description=_l("Eight letters and figures, on the slip or the confirmation beside the number"),
        validators=[Given(_l("Enter the code on the slip"))],
        filters=[narrow],
        render_kw={"classes": "govuk-input--width-10", "autocomplete": "off", "spellcheck": False},
    )


class ButtonForm(Form):
    """For the browser that holds it already: a button and nothing to type."""


def proof_form(is_held: bool) -> Form:
    return ButtonForm() if is_held else CodeForm()


def proven(form: Form, subject: str, known: str) -> tuple[str, dict[str, str]]:
    """The code, known or typed, if it is right; else none, with the reason at the form and the headers of a wait."""
    if known:
        return known, {}
    typed = str(form["code"].data or "")
    found, wait = tried(form, subject, lambda: _checked(subject, typed))
    return found or "", wait


def _checked(subject: str, code: str) -> str:
    """:raises WrongCode: it is another one."""
    if not is_holders_code(subject, code):
        raise WrongCode
    return code
