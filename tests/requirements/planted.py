"""A hundred personal values of twenty invented people, and where they must not be found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Planted:
    name: str
    identity: str
    phone: str
    address: str
    remark: str

    @property
    def values(self) -> tuple[str, ...]:
        return (self.name, self.identity, self.phone, self.address, self.remark)

    @property
    def personal(self) -> dict[str, str]:
        """As a form would give it; the remark stands in a field that nobody listed."""
        return {
            "name": self.name,
            "identity": self.identity,
            "phone": self.phone,
            "firm-address": self.address,
            "remark": self.remark,
        }


PEOPLE = tuple(
    Planted(
        name=f"欧阳测{chr(0x4E00 + 97 * n)}{chr(0x5200 + 61 * n)}",
        identity=f"110105194912{n + 1:02d}{n:02d}2X",
        phone=f"1391234{n:02d}{n:02d}",
        address=f"例州市甲区东街{n + 11}号{n + 3}单元",
        remark=f"家中有病人，每月药费{n + 211}元，请尽快",
    )
    for n in range(20)
)
VALUES = tuple(value for person in PEOPLE for value in person.values)


def found_in(content: bytes | str) -> list[str]:
    """Which of the planted values stand in it, in the ways in which text is stored or sent."""
    raw = content.encode() if isinstance(content, str) else content
    return [value for value in VALUES if any(form in raw for form in _forms(value))]


def found_in_folder(folder: Path, *, suffixes: Iterable[str] = ("",)) -> list[str]:
    files = [file for file in sorted(folder.rglob("*")) if file.is_file() and file.name.endswith(tuple(suffixes))]
    return [value for file in files for value in found_in(file.read_bytes())]


def _forms(value: str) -> tuple[bytes, ...]:
    escaped = value.encode("ascii", "backslashreplace")  # as JSON and logs write it
    return (value.encode(), value.encode("utf-16-le"), value.encode("gb18030"), escaped)
