"""A national list of categories as a tree, and the reading of a licence's scope text against it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from portal.basis import Bilingual

_SEPARATORS = frozenset("()[]{}<>【】〔〕《》「」“”\"'-—–－_/\\|,，、;；:：·.。>→ \t\n\u3000")


def normalised(text: str) -> str:
    """Full-width and half-width forms made equal, brackets, separators and spaces taken out (V27)."""
    return "".join(c for c in unicodedata.normalize("NFKC", text) if c not in _SEPARATORS)


@dataclass(frozen=True, slots=True)
class ScopeNode:
    code: str
    parent: str | None
    name: Bilingual


@dataclass(frozen=True, slots=True)
class ScopeReading:
    """``residue`` is what the text says beyond the national category: not empty means a subdivision of one's own."""

    text: str
    node: ScopeNode | None
    residue: str

    @property
    def is_national(self) -> bool:
        return self.node is not None and not self.residue


@dataclass(frozen=True)
class NationalCatalogue:
    """One edition of a national list; editions share ``code`` and follow each other in time."""

    code: str
    name: Bilingual
    norm: str
    in_force_from: date
    until: date | None
    nodes: Mapping[str, ScopeNode]

    def is_in_force(self, on: date) -> bool:
        return self.in_force_from <= on and (self.until is None or on < self.until)

    def ancestors(self, code: str) -> tuple[ScopeNode, ...]:
        """From the node itself up to its root."""
        found: list[ScopeNode] = []
        step: str | None = code
        while step is not None:
            found.append(self.nodes[step])
            step = self.nodes[step].parent
        return tuple(found)

    def children(self, code: str | None) -> tuple[ScopeNode, ...]:
        return tuple(node for node in self.nodes.values() if node.parent == code)

    def is_covered(self, code: str, granted: Iterable[str]) -> bool:
        """Whether a granted category is the node or stands above it: nothing new need then be applied for."""
        above = {node.code for node in self.ancestors(code)}
        return not above.isdisjoint(granted)

    def scope_node(self, text: str) -> ScopeReading:
        """Read 「干制食用菌（黑木耳）」 or a whole path 「蔬菜制品/食用菌制品/干制食用菌」.

        The longest spelling in the tree that begins the text decides; of equal spellings the wider category does.
        """
        plain = normalised(text)
        for length in range(len(plain), 0, -1):
            code = self._spellings.get(plain[:length])
            if code is not None:
                return ScopeReading(text, self.nodes[code], plain[length:])
        return ScopeReading(text, None, plain)

    @cached_property
    def _spellings(self) -> dict[str, str]:
        """Every name, alone and after names above it, with and without a number of its branch before it."""
        found: dict[str, tuple[int, str]] = {}
        for code in self.nodes:
            chain = self.ancestors(code)
            names = [normalised(node.name.zh) for node in chain]
            for above in range(len(chain)):
                path = "".join(reversed(names[: above + 1]))
                numbers = ("", *(normalised(node.code) for node in chain))
                for spelling in (number + path for number in numbers):
                    depth = len(chain)
                    if spelling not in found or depth < found[spelling][0]:
                        found[spelling] = (depth, code)
        return {spelling: code for spelling, (_, code) in found.items()}
