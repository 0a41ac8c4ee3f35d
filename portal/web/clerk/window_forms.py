"""What a clerk at a window is asked for more than a click."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms.validators import Length

from portal.basis import N_, Refusal
from portal.web.forms import Form, Given, LongTextField, RadioField, SelectField, TextField, TickField

LONGEST = 300
_TOO_LONG = _l("At most 300 characters")


class ServeForm(Form):
    outcome = RadioField(_l("With what does the visit end?"), validators=[Given(_l("Choose with what the visit ends"))])
    reference = TextField(
        _l("Number of the request, the inquiry or the written refusal"),
        render_kw={"classes": "govuk-input--width-20", "autocomplete": "off", "spellcheck": False},
    )
    is_confirmed = TickField(_l("The visitor says: information was all I came for"))


class ReasonForm(Form):
    reason = LongTextField(_l("Reason"), validators=[Length(max=LONGEST, message=_TOO_LONG)], render_kw={"rows": 2})


class PassOnForm(Form):
    to_item = SelectField(_l("Service"))
    to_window = SelectField(_l("Window"))
    reason = TextField(_l("Reason"), validators=[Length(max=LONGEST, message=_TOO_LONG)])


class PassWindowForm(Form):
    to_actor = SelectField(_l("Who takes the window over?"), validators=[Given(_l("Choose a colleague"))])


class CallForm(Form):
    number = TextField(
        _l("Number"),
        description=_l("Of anybody who waits for this window, as the slip says: A012"),
        validators=[Given(_l("Type the number of the slip"))],
        render_kw={"classes": "govuk-input--width-5", "autocomplete": "off", "spellcheck": False},
    )
    ground = SelectField(_l("Why before its turn?"), validators=[Given(_l("Choose a ground"))])


class NobodyWaitsUnder(Refusal):
    def __init__(self, name: str) -> None:
        super().__init__(
            N_("Nobody waits for this window with number %(number)s. Look at the slip again; it may have been called "
               "or passed to another window meanwhile."),
            field="number",
            values={"number": name},
        )  # fmt: skip
