"""The citizen's door: what anybody may read, and what an applicant does with their own requests.

Nobody has to sign in: a request is opened with its number and query code, and this browser keeps what it opened. Who
signs in finds the own requests, the own details and agents.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta

from flask import g
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.basis import Bilingual, Role
from portal.cases.queries import most_handed_in
from portal.catalogue.model import FIRM_TOPICS, PERSON_TOPICS, Audience, ItemVersion
from portal.store import reading
from portal.web.citizen import case_steps  # noqa: F401 -- its views stand in the blueprint of cases
from portal.web.citizen.agents import agents
from portal.web.citizen.appeals import appeals
from portal.web.citizen.applications import applications
from portal.web.citizen.cases import cases
from portal.web.citizen.hall import PUBLIC as HALL_PAGES
from portal.web.citizen.hall import hall
from portal.web.citizen.halls import home_halls
from portal.web.citizen.items import in_force, items
from portal.web.citizen.mine import mine
from portal.web.citizen.my_data import my_data
from portal.web.citizen.pages import pages
from portal.web.citizen.registering import registering
from portal.web.doors import Door
from portal.web.page import page

RECENT = timedelta(days=90)
POPULAR = 6

door = Door(
    "citizen",
    __name__,
    roles=(Role.APPLICANT, Role.AGENT),
    public=(
        "home",
        "items.search",
        "items.guide",
        "applications.start",
        "applications.resume",
        "applications.question",
        "applications.details",
        "applications.materials",
        "applications.check",
        "applications.discard",
        "cases.follow",
        "cases.forget",
        "cases.case",
        "cases.receipt",
        "cases.receipt_file",
        "cases.correction",
        "cases.supply",
        "cases.withdraw",
        "cases.rate",
        "cases.chase",
        "appeals.sent_away",
        "appeals.inquiry",
        "appeals.unclear",
        "appeals.chase",
        "my_data.overview",
        "my_data.copy",
        "my_data.request_change",
        "registering.register",
        "pages.halls",
        "pages.help",
        "pages.accessibility",
        *HALL_PAGES,
    ),
)
for room in (items, applications, cases, appeals, my_data, pages, hall, registering, mine, agents):
    door.register_blueprint(room)


@door.get("/")
def home() -> ResponseReturnValue:
    versions = in_force()
    themes = [
        (gettext("For persons"), Audience.PERSON.value, _counted(PERSON_TOPICS, Audience.PERSON, versions)),
        (gettext("For firms"), Audience.FIRM.value, _counted(FIRM_TOPICS, Audience.FIRM, versions)),
    ]
    return page(popular=popular(versions), halls=home_halls(), themes=themes)


def _counted(
    topics: Mapping[str, Bilingual], audience: Audience, versions: list[ItemVersion]
) -> list[tuple[str, Bilingual, int]]:
    """Themes that hold something, with how much."""
    held = Counter(topic for version in versions if audience in version.audience for topic in version.topics)
    return [(code, name, held[code]) for code, name in topics.items() if held[code]]


def popular(versions: list[ItemVersion]) -> list[ItemVersion]:
    """What was handed in most often of late; filled up in the order of the catalogue."""
    with reading():
        often = [item for item, _ in most_handed_in(g.now - RECENT, POPULAR)]
    by_code = {version.code: version for version in versions}
    first = [by_code[code] for code in often if code in by_code]
    return [*first, *(version for version in versions if version not in first)][:POPULAR]
