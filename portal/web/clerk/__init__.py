"""The clerk's door: everybody who handles a request in an office, from the window to the head.

Who watches over them comes in too, to read a case or take the few steps that excuse an office; the policy says which.
"""

from __future__ import annotations

from portal.web.clerk import findings
from portal.web.clerk.cases import cases
from portal.web.clerk.hall import hall
from portal.web.clerk.hand_in import hand_in
from portal.web.clerk.inquiries import inquiries
from portal.web.clerk.lists import to_acknowledge, worklist
from portal.web.clerk.window import window
from portal.web.doors import Door
from portal.web.sign_in import OFFICE_ROLES, OVERSIGHT

door = Door("clerk", __name__, url_prefix="/clerk", roles=(*OFFICE_ROLES, *OVERSIGHT))
door.add_url_rule("/", "worklist", worklist)
door.add_url_rule("/to-acknowledge", "to_acknowledge", to_acknowledge)
door.add_url_rule("/findings", "findings", findings.listing)
door.add_url_rule("/findings/<number>", "finding", findings.finding)
door.add_url_rule("/findings/<number>/<step>", "finding_step", findings.finding_step, methods=["GET", "POST"])
for room in (cases, hall, hand_in, inquiries, window):
    door.register_blueprint(room)
