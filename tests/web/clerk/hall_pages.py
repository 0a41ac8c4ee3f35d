"""What the tests of the hall's pages share: a house at ten with a hall manager, and a page read as its words."""

from __future__ import annotations

import re
from datetime import datetime
from html import unescape

from flask.testing import FlaskClient

from portal.hall.operations import Slip
from tests.hall.hall_city import HALL, TEN, tried
from tests.web.office import OfficeHouse

PAGE = f"/clerk/hall/{HALL}"


def manager(house: OfficeHouse, moment: datetime = TEN, language: str = "en") -> FlaskClient:
    house.now = moment
    return house.signed_in("hall-manager", "government-services", language=language)


def words(page: str) -> str:
    """What a page says, without its tags."""
    main = page[page.index("<main") :] if "<main" in page else page
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main)))


def filled(moment: datetime) -> list[Slip]:
    """Issue numbers until none can be guaranteed any more."""
    found = []
    while isinstance(slip := tried(moment), Slip):
        found.append(slip)
    return found
