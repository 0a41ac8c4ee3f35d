"""How every way to every service stands, how long each was down this month, and what probes found today."""

from __future__ import annotations

from flask import g
from flask.typing import ResponseReturnValue

from portal.catalogue.queries import catalogue
from portal.channels import queries
from portal.store import reading
from portal.web.page import page
from portal.web.ways import midnight, words


def status() -> ResponseReturnValue:
    in_force = [item.code for item in catalogue().items(on=g.today)]
    with reading():
        platform = queries.platform_channel()
        counts = queries.probe_counts(platform.number, since=midnight()) if platform else {}
        ways = {one.item: one for one in queries.item_ways()}
        minutes = queries.down_minutes(midnight().replace(day=1), g.now)
    return page(
        platform=platform,
        counts=queries.summed(counts),
        items=[ways[code] for code in in_force if code in ways],
        minutes=minutes,
        **words(),
    )
