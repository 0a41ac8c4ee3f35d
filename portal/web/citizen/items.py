"""What can be asked for: search, browse, and the guide of one item (办事指南)."""

from __future__ import annotations

from flask import Blueprint, abort, g, request
from flask.typing import ResponseReturnValue

from portal.catalogue.model import (
    CLOCKS,
    FIRM_TOPICS,
    PERSON_TOPICS,
    STAGE_PREFIX,
    TOPICS,
    Audience,
    ItemNotInForce,
    ItemUnknown,
    ItemVersion,
)
from portal.catalogue.queries import catalogue
from portal.channels.model.channel import State
from portal.store import reading
from portal.web.citizen.halls import halls_for
from portal.web.citizen.pinyin import sounds_like
from portal.web.citizen.promises import answer_of, promises
from portal.web.page import page
from portal.web.ways import ways_of, words

items = Blueprint("items", __name__)
SUGGESTIONS = 5
LONGEST_QUERY = 100  # letters; what is typed beyond is not looked at


@items.get("/items")
def search() -> ResponseReturnValue:
    words = "".join(letter for letter in request.args.get("q", "") if letter.isprintable()).strip()[:LONGEST_QUERY]
    audience = request.args.get("audience", "")
    topic = request.args.get("topic", "")
    audience = audience if audience in set(Audience) else ""
    topic = topic if topic in TOPICS else ""
    found = in_force(words, audience, topic) or spoken(words, audience, topic)
    return page(
        words=words,
        audience=audience,
        topic=topic,
        topics=TOPICS,
        person_topics=PERSON_TOPICS,
        firm_topics=FIRM_TOPICS,
        found=found,
        near=[] if found or not words else alike(words),
    )


@items.get("/items/<item>")
def guide(item: str) -> ResponseReturnValue:
    version = version_or_404(item)
    situation = version.situation(request.args.get("situation", ""))
    shown = promises(version, situation, at=g.now)
    with reading():
        ways = ways_of(version.code)
    return page(
        ways=ways,
        is_web_stopped=ways is not None and any(c.way == "web" and c.state is State.STOPPED for c in ways.channels),
        **words(),
        version=version,
        situation=situation,
        promises=shown,
        answer=answer_of(shown),
        office=catalogue().office(version.office),
        halls=halls_for(version),
        topics=TOPICS,
        clocks=CLOCKS,
        stage_prefix=STAGE_PREFIX,
        norm=catalogue().norm_of,
        parts=[version_or_none(part) for part in version.parts],
        joint_offices=[catalogue().office(code) for code in version.joint_offices],
    )


def in_force(words: str = "", audience: str = "", topic: str = "") -> list[ItemVersion]:
    """Versions in force today, in the order of the catalogue."""
    found = catalogue().items(audience=audience or None, category=topic or None, words=words, on=g.today)
    return [catalogue().in_force(item.code, g.today) for item in found]


def spoken(words: str, audience: str, topic: str) -> list[ItemVersion]:
    """Items whose Chinese name is read as it was typed: shiye finds 失业补助金."""
    return [
        version
        for version in in_force("", audience, topic)
        if sounds_like(words, version.name.zh, *catalogue().item(version.code).keywords)
    ]


def alike(words: str) -> list[ItemVersion]:
    """Items that share the most neighbouring pairs of letters with what was typed: 失业金怎么领 finds 失业保险金."""
    asked = _pairs(words)
    scored = [(len(asked & _pairs(_text(version))), place, version) for place, version in enumerate(in_force())]
    best = sorted((row for row in scored if row[0]), key=lambda row: (-row[0], row[1]))
    return [version for _, _, version in best[:SUGGESTIONS]]


def _text(version: ItemVersion) -> str:
    item = catalogue().item(version.code)
    return " ".join((version.name.zh, version.name.en, version.summary.zh, *item.keywords))


def _pairs(text: str) -> set[str]:
    return {pair for a, b in zip(text.casefold(), text.casefold()[1:], strict=False) if not (pair := a + b).count(" ")}


def version_or_404(item: str) -> ItemVersion:
    version = version_or_none(item)
    return version if version is not None else abort(404)


def version_or_none(item: str) -> ItemVersion | None:
    try:
        return catalogue().in_force(item, g.today)
    except (ItemUnknown, ItemNotInForce):
        return None
