"""The door for machines: answers in JSON, errors too."""

from __future__ import annotations

from portal.web.doors import Door

door = Door("api", __name__, url_prefix="/api")
