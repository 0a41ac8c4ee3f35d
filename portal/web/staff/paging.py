"""Long lists in pages: how many there are, where one is, and the addresses beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import request
from flask_babel import gettext


@dataclass(frozen=True, slots=True)
class Pages:
    total: int
    size: int
    number: int

    @classmethod
    def of(cls, total: int, size: int) -> Pages:
        """The page that the address asks for, or the nearest there is."""
        asked = request.args.get("page", "1")
        wanted = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1
        last = max(1, -(-total // size))
        return cls(total, size, min(max(wanted, 1), last))

    @property
    def last(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def offset(self) -> int:
        return (self.number - 1) * self.size

    @property
    def shown_from(self) -> int:
        return min(self.offset + 1, self.total)

    @property
    def shown_to(self) -> int:
        return min(self.offset + self.size, self.total)

    @property
    def links(self) -> dict[str, Any]:
        """For the pagination component; empty where one page holds everything."""
        if self.last == 1:
            return {}
        links: dict[str, Any] = {
            "landmarkLabel": gettext("Pages"),
            "items": [
                {"number": n, "href": _address(n), "current": n == self.number} if n else {"ellipsis": True}
                for n in self._numbers()
            ],
        }
        if self.number > 1:
            links["previous"] = {"href": _address(self.number - 1), "text": gettext("Previous page")}
        if self.number < self.last:
            links["next"] = {"href": _address(self.number + 1), "text": gettext("Next page")}
        return links

    def _numbers(self) -> list[int]:
        """First, last, and those around; 0 where some are left out."""
        near = sorted({1, self.last, *range(max(1, self.number - 1), min(self.last, self.number + 1) + 1)})
        numbers: list[int] = []
        for n in near:
            if numbers and n > numbers[-1] + 1:
                numbers.append(0)
            numbers.append(n)
        return numbers


def _address(number: int) -> str:
    kept = [(name, value) for name, value in request.args.items(multi=True) if name not in ("page", "lang") and value]
    return f"{request.path}?{urlencode([*kept, ('page', number)])}"
