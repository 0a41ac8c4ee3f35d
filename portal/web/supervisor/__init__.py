"""The supervisor's door: who watches whether promises are kept. A head sees the own office through it, and consents."""

from __future__ import annotations

from portal.basis import Role
from portal.web.doors import Door
from portal.web.sign_in import OVERSIGHT
from portal.web.supervisor import (
    approvals,
    audits,
    channels,
    data_requests,
    outages,
    overview,
    posts,
    procedure,
    register,
)

door = Door("supervisor", __name__, url_prefix="/supervisor", roles=(*OVERSIGHT, Role.HEAD))
door.add_url_rule("/", "dashboard", overview.dashboard)
door.add_url_rule("/findings", "findings", register.listing)
door.add_url_rule("/findings/<number>", "finding", register.finding)
door.add_url_rule("/findings/<number>/<step>", "finding_step", procedure.finding_step, methods=["GET", "POST"])
door.add_url_rule("/findings-due", "due", procedure.due)
door.add_url_rule("/approvals", "approvals", approvals.listing)
door.add_url_rule("/approvals/<int:proposal>", "approval", approvals.approval, methods=["GET", "POST"])
door.add_url_rule("/posts", "posts", posts.listing)
door.add_url_rule("/posts/<code>", "post", posts.post)
door.add_url_rule("/outages", "outages", outages.listing)
door.add_url_rule("/outages/new", "declare", outages.declare, methods=["GET", "POST"])
door.add_url_rule("/channels", "channels", channels.listing)
door.add_url_rule("/channels/<number>", "channel", channels.channel)
door.add_url_rule("/channels/<number>/<step>", "channel_step", channels.channel_step, methods=["GET", "POST"])
door.add_url_rule("/data-requests", "data_requests", data_requests.listing)
door.add_url_rule("/data-requests/<int:seq>", "data_request", data_requests.request_page, methods=["GET", "POST"])
door.add_url_rule("/audits", "audits", audits.listing, methods=["GET", "POST"])
door.add_url_rule("/audits/<name>", "audit", audits.audit)
door.add_url_rule("/audits/<name>/<file>", "audit_file", audits.audit_file)
