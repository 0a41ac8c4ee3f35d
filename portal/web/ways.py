"""Channels in words, for whoever reads of them: citizens, those who watch, everybody."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from flask import g
from flask_babel import gettext

from portal.catalogue.model import ItemUnknown
from portal.catalogue.queries import catalogue
from portal.channels import queries
from portal.channels.model.channel import PLATFORM, STATE_TITLES, Channel, State
from portal.channels.model.probes import FUNCTION_TITLES, Function
from portal.channels.queries import ItemWays
from portal.web.staff import history, people
from portal.web.wording import said, zone


def ways_of(item: str) -> ItemWays | None:
    """The ways of one item as they are listed; None before the scheduler has listed it."""
    return next((ways for ways in queries.item_ways([item]) if ways.item == item), None)


def midnight() -> datetime:
    return datetime.combine(g.today, time(), zone())


def item_said(code: str) -> str:
    if code == PLATFORM:
        return str(gettext("The online portal"))
    try:
        return said(catalogue().item(code).name)
    except ItemUnknown:
        return code


def way_said(way: str) -> str:
    return str(gettext(history.WORDS[way]))


def channel_said(channel: Channel) -> str:
    item = item_said(channel.item)
    return item if channel.item == PLATFORM else f"{item}{gettext(', ')}{way_said(channel.way)}"


def state_said(state: State) -> str:
    return str(gettext(STATE_TITLES[state]))


def function_said(function: str) -> str:
    return str(gettext(FUNCTION_TITLES[Function(function)]))


def words() -> dict[str, Any]:
    """What the pages of channels say things with."""
    return {
        "item_said": item_said,
        "channel_said": channel_said,
        "way_said": way_said,
        "state_said": state_said,
        "function_said": function_said,
        "vantage_said": history.vantage_said,
        "people": people,
        "now": g.now,
    }
