"""What is asked of somebody who declares something of a channel: one form for each step."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Any, ClassVar, Final

from flask_babel import lazy_gettext as _l
from wtforms.validators import Length, Optional

from portal.basis import By
from portal.catalogue.queries import catalogue
from portal.channels import operations
from portal.channels.elements import ELEMENT_TITLES, digest, digests
from portal.channels.model.channel import ONLY_TITLES, Channel, Checklist, Only
from portal.web.forms import DateField, Form, Given, LongTextField, RadioField, TextField, TickField, ValidationError
from portal.web.wording import local_day, zone

_CLOCK: Final = re.compile(r"([01]?[0-9]|2[0-3])[:：]([0-5][0-9])")
_SHORT = {"classes": "govuk-input--width-5", "autocomplete": "off"}


class ClockField(TextField):
    """An hour and minute as one types them, 8:30 or 08:30."""

    @property
    def clock(self) -> time | None:
        found = _CLOCK.fullmatch(self.data or "")
        return time(int(found[1]), int(found[2])) if found else None

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002 -- WTForms calls it so
        if self.data and self.clock is None:
            raise ValidationError(self.gettext("Enter a time like 08:30"))


def _reason(question: str) -> LongTextField:
    return LongTextField(
        question,
        description=_l("Everybody reads this. No names of persons."),
        validators=[Given(_l("Say why")), Length(max=300, message=_l("At most 300 characters"))],
        render_kw={"rows": 3},
    )


def _evidence() -> TextField:
    return TextField(
        _l("Evidence"),
        description=_l("Number of a report or of a visit, so that anybody can check it"),
        validators=[Given(_l("Name the evidence")), Length(max=200, message=_l("At most 200 characters"))],
    )


def _day(label: str) -> DateField:
    return DateField(
        label, description=_l("For example 2026 9 28 (year, month, day)"), validators=[Given(_l("Give the day"))]
    )


def _clock(label: str) -> ClockField:
    return ClockField(
        label, description=_l("For example 22:00"), validators=[Given(_l("Give the time"))], render_kw=_SHORT
    )


class MaintenanceForm(Form):
    from_on = _day(_l("It begins on"))
    from_clock = _clock(_l("at (beginning)"))
    until_on = _day(_l("It ends on"))
    until_clock = _clock(_l("at (end)"))
    reason = _reason(_l("What is done?"))

    def carry_out(self, channel: Channel, by: By, at: datetime) -> None:
        operations.announce_maintenance(
            channel.number,
            moment(self.from_on.data, self.from_clock.clock),
            moment(self.until_on.data, self.until_clock.clock),
            reason=self.reason.data or "",
            by=by,
            at=at,
        )

    FIELD_OF: ClassVar = {"from_at": "from_on", "until_at": "until_on"}


class DownForm(Form):
    since_clock = ClockField(
        _l("Since when today? (empty: since now)"), description=_l("For example 09:10"), validators=[Optional()],
        render_kw=_SHORT,
    )  # fmt: skip
    reason = _reason(_l("What does not work?"))
    evidence = _evidence()

    def carry_out(self, channel: Channel, by: By, at: datetime) -> None:
        clock = self.since_clock.clock
        since = moment(local_day(at), clock) if clock else None
        operations.report_down(
            channel.number,
            reason=self.reason.data or "",
            evidence=self.evidence.data or "",
            since_at=since,
            by=by,
            at=at,
        )

    FIELD_OF: ClassVar = {"since_at": "since_clock"}


class StopForm(Form):
    reason = _reason(_l("Why is it stopped?"))
    basis = TextField(
        _l("Legal basis"),
        description=_l("Norm and article. A counter stopped without one is a violation and will be found (V20)."),
        validators=[Length(max=200, message=_l("At most 200 characters"))],
    )

    def carry_out(self, channel: Channel, by: By, at: datetime) -> None:
        operations.stop(channel.number, reason=self.reason.data or "", basis=self.basis.data or "", by=by, at=at)


class BackForm(Form):
    reason = _reason(_l("What was done?"))

    def carry_out(self, channel: Channel, by: By, at: datetime) -> None:
        operations.bring_back(channel.number, reason=self.reason.data or "", by=by, at=at)


class SignForm(Form):
    functions = TickField(_l("Every function was tried: sign in, hand in, load again, follow"))
    load_test = TickField(_l("It was tried under load"))
    rollback = TickField(_l("Going back to the old way was rehearsed"))
    offline_days = TextField(
        _l("How many days does the counter stay open beside it?"),
        description=_l("At least 30"),
        validators=[Given(_l("Give a number of days"))],
        render_kw={**_SHORT, "inputmode": "numeric"},
    )

    def validate_offline_days(self, field: TextField) -> None:
        if not (field.data or "").isascii() or not (field.data or "").isdigit() or len(field.data or "") > 4:
            raise ValidationError(self.offline_days.gettext("Enter a whole number of days, for example 30"))

    def carry_out(self, channel: Channel, by: By, at: datetime) -> None:
        days = int(self.offline_days.data or 0)
        done = Checklist(bool(self.functions.data), bool(self.load_test.data), bool(self.rollback.data), days)
        operations.sign_golive(channel.number, done, by=by, at=at)


class LiveForm(Form):
    reason = LongTextField(
        _l("If two people have not signed: why does it go live all the same?"),
        description=_l("Going live without two signatures is a violation and will be found (V21)."),
        validators=[Length(max=300, message=_l("At most 300 characters"))],
        render_kw={"rows": 3},
    )

    def carry_out(self, channel: Channel, by: By, at: datetime) -> None:
        operations.go_live(channel.number, reason=self.reason.data or "", by=by, at=at)


class RefusedForm(Form):
    only = RadioField(
        _l("Where was the person sent?"), choices=[(one.value, _l(said)) for one, said in ONLY_TITLES.items()]
    )
    evidence = _evidence()

    def carry_out(self, channel: Channel, by: By, at: datetime) -> None:
        operations.refuse_channel(channel.number, Only(self.only.data), evidence=self.evidence.data or "", by=by, at=at)


class ShownForm(Form):
    element = RadioField(
        _l("What did you look at?"), choices=[(code, _l(said)) for code, said in ELEMENT_TITLES.items()]
    )
    same = RadioField(
        _l("Is it the same as in the guide in force?"),
        choices=[("yes", _l("Yes, the same")), ("no", _l("No, it differs"))],
    )
    seen = LongTextField(
        _l("If it differs: what was shown or asked?"),
        validators=[Length(max=1000, message=_l("At most 1000 characters"))],
        render_kw={"rows": 4},
    )

    def validate_seen(self, field: LongTextField) -> None:
        if self.same.data == "no" and not field.data:
            raise ValidationError(self.seen.gettext("Write down what was shown or asked"))

    def carry_out(self, channel: Channel, by: By, at: datetime) -> None:
        told = digests(catalogue().in_force(channel.item, local_day(at)))[str(self.element.data)]
        shown = told if self.same.data == "yes" else digest(self.seen.data)
        operations.note_element(channel.number, str(self.element.data), shown=shown, in_force=told, by=by, at=at)


def moment(on: date | None, clock: time | None) -> datetime:
    assert on is not None
    assert clock is not None
    return datetime.combine(on, clock, zone())


FORMS: Final[Mapping[str, Callable[[], Form]]] = {
    "maintenance": MaintenanceForm,
    "down": DownForm,
    "stop": StopForm,
    "back": BackForm,
    "sign": SignForm,
    "live": LiveForm,
    "refused": RefusedForm,
    "shown": ShownForm,
}
