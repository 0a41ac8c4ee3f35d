"""The open-data door: figures and files for everybody; each view is public by being named here."""

from __future__ import annotations

from portal.web.doors import Door
from portal.web.open_data.findings import findings
from portal.web.open_data.rules import one_rule, rules
from portal.web.open_data.status import status
from portal.web.open_data.verify import PUBLIC, verify

door = Door("open_data", __name__, url_prefix="/open", public=(*PUBLIC, "status", "rules", "rule", "findings"))
door.register_blueprint(verify)
door.add_url_rule("/status", "status", status)
door.add_url_rule("/rules", "rules", rules)
door.add_url_rule("/rules/<rule>", "rule", one_rule)
door.add_url_rule("/findings", "findings", findings)
