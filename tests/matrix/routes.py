"""Every route as the addresses that somebody may ask for, and the table of what each answers to whom."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from werkzeug.routing import Rule

from tests.matrix.world import (
    CITIZENS,
    HERE,
    NO_APPOINTMENT,
    NO_CASE,
    NO_CHANNEL,
    NO_INQUIRY,
    NOBODYS,
    THERE,
    WHO,
    World,
)

TABLE = Path(__file__).parent / "routes.txt"
PUBLIC_WORDS = {
    "item": "food-licence", "seq": "1", "leaf": "0" * 64, "filename": "theme.css", "name": "0/000",
    "hall": "city-hall", "day": "2099-01-05", "which": "issued", "window": "market-1",
    "block": "7", "rule": "V08",
    "clock": "0900", "office": "social-insurance", "kiosk": "1",
}  # fmt: skip
STEPS = {
    "clerk.cases.step": ("accept", "comment"),
    "clerk.inquiries.step": ("answer",),
    "supervisor.channel_step": ("stop", "refused"),
    "clerk.finding_step": ("explain-finding", "confirm-finding"),
    "supervisor.finding_step": ("notify-finding", "propose-dismissal"),
    "clerk.window.take": ("open", "next"),
    "clerk.hall.take": ("void",),
    "clerk.hall.settle": ("withdraw",),
    "clerk.hall.leave": ("close",),
}
QUESTION = "action"
APPOINTMENT_VIEWS = ("appointment", "appointment_file", "move", "cancel", "check_in")


@dataclass(frozen=True, slots=True)
class Asking:
    """One line of the table: ``variant`` tells which step or proposal, ``relation`` whose thing it is."""

    method: str
    rule: str
    variant: str = ""
    relation: str = "-"

    @property
    def key(self) -> str:
        return " ".join(filter(None, (self.method, self.rule, self.variant, self.relation)))


def askings(rule: Rule) -> Iterator[Asking]:
    for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
        for variant in _variants(rule):
            for relation in _relations(rule):
                yield Asking(method, rule.rule, variant, relation)


def _variants(rule: Rule) -> tuple[str, ...]:
    if rule.endpoint == "supervisor.approval":
        return ("pause", "extension")
    return STEPS.get(rule.endpoint, ("",))


def _relations(rule: Rule) -> tuple[str, ...]:
    sort = sort_of(rule)
    if sort is None:
        return ("-",)
    if sort == "case" and rule.endpoint.startswith("clerk."):
        return ("own", "other", "matter", "none")
    return ("own", "other", "none")


def sort_of(rule: Rule) -> str | None:
    """Which thing of somebody's the address names; none for what is public or names nothing."""
    sorts = {
        "citizen.appeals": "inquiry", "clerk.inquiries": "inquiry", "citizen.applications": "draft",
        "clerk.window": "window", "clerk.hall": "hall",
        "clerk.hand_in": "window-draft", "supervisor.approval": "proposal", "supervisor.finding": "finding",
        "supervisor.finding_step": "finding", "clerk.finding": "finding", "clerk.finding_step": "finding",
        "supervisor.post": "post", "supervisor.channel": "channel", "supervisor.channel_step": "channel",
        "supervisor.data_request": "data-request", "supervisor.audit": "audit", "supervisor.audit_file": "audit",
        "account.answer_reset": "reset", "account.end": "handle", "citizen.cases": "case", "clerk.cases": "case",
        "citizen.my_data": "case",
        **dict.fromkeys((f"citizen.hall.{view}" for view in APPOINTMENT_VIEWS), "appointment"),
    }  # fmt: skip
    if not rule.arguments or rule.arguments <= {"item"}:
        return None
    if "handle" in rule.arguments:
        return "handle"
    return sorts.get(rule.endpoint) or sorts.get(rule.endpoint.rpartition(".")[0])


def office_of(asking: Asking) -> str:
    return THERE if asking.relation == "other" else HERE


def is_asked(asking: Asking, who: str) -> bool:
    return asking.relation != "matter" or who not in CITIZENS


def address(asking: Asking, rule: Rule, who: str, world: World) -> tuple[str, str]:
    """The path, and the word in it that names the thing."""
    thing = _thing(asking, rule, who, world)
    words = {**PUBLIC_WORDS, "code": QUESTION, "step": asking.variant, "place": "0", "file": "summary.json"}
    if "closure" in rule.arguments:
        words["closure"] = world.things["closures"].get(thing, f"{thing}-C0001")
    if "ticket" in rule.arguments:
        words["ticket"] = world.things["ticket"]
    if sort_of(rule) is not None:
        places = ("number", "token", "proposal", "seq", "name", "handle", "code")
        words[next(place for place in places if place in rule.arguments)] = thing
    elif rule.endpoint == "open_data.verify.entry":
        words["leaf"] = world.things["leaf"]
    return re.sub(r"<(?:\w+(?:\(.*?\))?:)?(\w+)>", lambda found: words.get(found[1], NOBODYS), rule.rule), thing


def _thing(asking: Asking, rule: Rule, who: str, world: World) -> str:
    sort = sort_of(rule) or ""
    if sort == "hall":
        return {"own": "city-hall", "other": "centre-a-hall"}.get(asking.relation, NOBODYS)
    if asking.relation == "none":
        numbers = {
            "appointment": NO_APPOINTMENT,
            "case": NO_CASE,
            "inquiry": NO_INQUIRY,
            "channel": NO_CHANNEL,
            "audit": "20200101-000000-00000000",
            "finding": "F99999999",
        }
        return numbers.get(sort, "999999" if sort in ("proposal", "data-request", "reset") else NOBODYS)
    if asking.relation == "matter":
        return world.own_cases[who]
    if sort == "handle":
        return world.handles.get((who, HERE), NOBODYS)
    return str(world.things.get(asking.variant if sort == "proposal" else sort, ""))


def table() -> dict[str, dict[str, str]]:
    """By the line's key, what each answers to whom; a point where the question does not arise."""
    rows: dict[str, dict[str, str]] = {}
    for line in TABLE.read_text().splitlines():
        if line and not line.startswith("#"):
            cells = line.split()
            rows[" ".join(cells[: -len(WHO)])] = dict(zip(WHO, cells[-len(WHO) :], strict=True))
    return rows


def written(rows: dict[str, dict[str, str]]) -> list[str]:
    """As the file holds them."""
    width = max(map(len, rows)) + 2
    return [f"{key:{width}}{' '.join(f'{row[who]:>3}' for who in WHO)}" for key, row in rows.items()]
