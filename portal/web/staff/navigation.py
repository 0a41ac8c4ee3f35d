"""What the pages of staff show around their content: where one may go, and as whom one is here."""

from __future__ import annotations

from typing import Any

from flask import g, url_for
from flask_babel import gettext

from portal.accounts.policy import Act, Target, may
from portal.basis import By, Role

HANDLERS = (Role.CLERK, Role.REVIEWER, Role.DISPATCHER)


def staff_navigation(section: str) -> list[dict[str, Any]]:
    """Only what the policy lets this person open; the page that is open is marked."""
    by: By | None = g.get("by")
    if by is None:
        return []
    own = Target(office=by.office, offered_to=by.office)
    offered = [
        ("worklist", "clerk.worklist", gettext("Worklist"), may(by, Act.SEE_WORKLIST, own)),
        ("acknowledge", "clerk.to_acknowledge", gettext("To take over"), may(by, Act.ACKNOWLEDGE, own)),
        ("inquiries", "clerk.inquiries.listing", gettext("Inquiries"), may(by, Act.SEE_INQUIRY, own)),
        (
            "window",
            "clerk.window.choose",
            gettext("At the window"),
            by.role is Role.CLERK and may(by, Act.SEE_HALL, own),
        ),
        ("hall", "clerk.hall.choose", gettext("Hall"), may(by, Act.SEE_HALL, own)),
        ("against", "clerk.findings", gettext("Findings against us"), may(by, Act.SEE_OWN_FINDINGS, own)),
        ("dashboard", "supervisor.dashboard", gettext("Overview"), may(by, Act.SEE_COUNTS, own)),
        ("findings", "supervisor.findings", gettext("Findings"), may(by, Act.SEE_FINDINGS, own)),
        ("approvals", "supervisor.approvals", gettext("Approvals"), by.role in (Role.HEAD, Role.SUPERVISOR)),
        ("outages", "supervisor.outages", gettext("Outages"), may(by, Act.SEE_FINDINGS, own)),
        ("channels", "supervisor.channels", gettext("Channels"), _may_watch(by, own)),
        ("posts", "supervisor.posts", gettext("Posts"), may(by, Act.SEE_HOLDINGS, own)),
        ("data", "supervisor.data_requests", gettext("Personal data"), may(by, Act.ANSWER_DATA_REQUEST, own)),
        ("audits", "supervisor.audits", gettext("Audit"), may(by, Act.RUN_AUDIT)),
    ]
    return [
        {"href": url_for(view), "text": text, "active": section == name}
        for name, view, text, is_open in offered
        if is_open
    ]


def _may_watch(by: By, own: Target) -> bool:
    """A hall manager sees channels too, but not through this door."""
    return by.role is not Role.HALL_MANAGER and may(by, Act.SEE_CHANNELS, own)
