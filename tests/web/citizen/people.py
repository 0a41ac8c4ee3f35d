"""People who register and sign in through the pages, each at a browser of their own."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tests.web.citizen.visits import Visitor

PASSWORD = "a-long-enough-phrase"
CARDS = {
    "owner": "110101199003078515",
    "agent": "360426199101010071",
    "third": "990101199003070015",
    "fourth": "110105199003072223",
}
NAMES = {"owner": "演示委托人", "agent": "演示受托人", "third": "演示路人甲", "fourth": "演示路人乙"}


@dataclass
class Person(Visitor):
    """``name`` is that of the sign-in."""

    name: str = ""

    def register(self) -> None:
        told = {"name": NAMES[self.name], "kind": "identity-card", "number": CARDS[self.name], "phone": "13800000000"}
        answer = self.post("/register?lang=en", **told, sign_in_name=self.name, password=PASSWORD)
        assert answer.status_code == 303, answer.text

    def sign_in(self) -> None:
        answer = self.post("/sign-in?lang=en&next=/mine/", name=self.name, password=PASSWORD)
        assert (answer.status_code, answer.location) == (303, "/mine/"), answer.text

    def sign_out(self) -> None:
        assert self.post("/sign-out").status_code == 303

    def paper(self, **changed: str) -> dict[str, str]:
        """What is typed to let the agent act from today to the end of the month."""
        today = self.watch.now
        days = {f"from_on-{part}": str(getattr(today, part)) for part in ("year", "month", "day")}
        days |= {"until_on-year": "2026", "until_on-month": "9", "until_on-day": "30"}
        return {"agent": "agent", "sort": "family", "item": "", **days, "password": PASSWORD, **changed}

    def authorise(self, **changed: str) -> str:
        """The number of the authorisation."""
        answer = self.post("/mine/agents/new", **self.paper(**changed))
        assert answer.status_code == 303, answer.text
        number = re.fullmatch(r"/mine/agents/(A-[0-9-]+)", str(answer.location))
        assert number is not None
        return number[1]

    def act_on(self, number: str) -> None:
        assert self.post(f"/mine/agents/{number}/act").status_code == 303
