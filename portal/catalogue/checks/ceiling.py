"""四级四同: whoever implements an item may only narrow the basic catalogue's row, never widen it."""

from __future__ import annotations

from collections.abc import Iterator

from portal.catalogue.defects import Fault, fault
from portal.catalogue.model import Catalogue, ItemVersion


def narrowed(version: ItemVersion, catalogue: Catalogue) -> Iterator[Fault]:
    ceiling = catalogue.item_of[version.code].ceiling
    for n, limit in enumerate(version.limits, start=1):
        widest = ceiling.limits.get(limit.clock)
        if widest is None or limit.promised.n == 0:
            continue
        if limit.promised.unit is not widest.unit or limit.promised.n > widest.n:
            yield fault(
                "ceiling-limit", f"limits[{n}].promised", clock=limit.clock, promised=limit.promised, ceiling=widest
            )
    if ceiling.materials is not None:
        for n, material in enumerate(version.materials, start=1):
            if material.code not in ceiling.materials:
                yield fault("ceiling-materials", f"materials[{n}]", material=material.code)
    if ceiling.visits is not None and version.visits > ceiling.visits:
        yield fault("ceiling-visits", "visits", visits=version.visits, ceiling=ceiling.visits)
    for channel in ceiling.channels:
        if channel not in version.channels:
            yield fault("ceiling-channels", "channels", channel=channel)
