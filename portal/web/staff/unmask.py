"""Showing personal data in full: only with a reason, only for a few minutes, and on record for the person to read."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.basis import N_
from portal.cases.queries import CasePage
from portal.web.forms import Form, Given, RadioField

FILES = "files"  # beside the names of form fields: what was handed in may be downloaded too
REASONS = {
    "handling": N_("I am handling this request"),
    "asked-by-applicant": N_("The applicant has asked me to look"),
    "second-look": N_("I check a colleague's work on it"),
    "objection": N_("There is a complaint, a review or a lawsuit"),
}
# What the applicant's list says of looks without a reason of this list: their own copies, and old records.
OTHER_REASONS = {"page": N_("You read it yourself"), "file": N_("You took a copy yourself")}


class ReasonForm(Form):
    reason = RadioField(
        _l("Why do you need to see them?"),
        choices=[(code, _l(title)) for code, title in REASONS.items()],
        validators=[Given(_l("Choose why you need to see them"))],
    )


def shown_fields(found: CasePage) -> list[str]:
    """Names of what is opened; the values are never written down."""
    files = [FILES] if any(paper.stored_as for paper in found.papers) else []
    return [*sorted(name for name, value in found.personal.items() if value), *files]


def reason_title(code: str | None) -> str:
    return REASONS.get(code or "") or OTHER_REASONS.get(code or "") or N_("No reason was given")
