"""Faults by kind, at least twenty variants of each, with what the engine must say of them and nothing more."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache

from tests.years.faulty import asking, halls, limits, papers, recording, reviewing, stopping
from tests.years.faulty.fault import Fault, FaultySet, Variant, gather

KINDS: Mapping[str, Callable[[], Iterator[Variant]]] = {
    "V01": asking.v01,
    "V02": asking.v02,
    "V03": asking.v03,
    "V04": limits.v04,
    "V05": papers.v05,
    "V06": papers.v06,
    "V07": papers.v07,
    "V08": limits.v08,
    "V09": limits.v09,
    "V10": limits.v10,
    "V11": reviewing.v11,
    "V12": limits.v12,
    "V13": stopping.v13,
    "V14": stopping.v14,
    "V15": limits.v15,
    "V16": recording.v16,
    "V23": halls.v23,
    "V24": halls.v24,
    "V25": halls.v25,
    "V50": halls.v50,
    "V51": halls.v51,
    "V52": halls.v52,
}


@cache
def faulty_set(*codes: str) -> FaultySet:
    """The faults of these kinds in one ledger, of all kinds when none is named."""
    return gather({code: KINDS[code]() for code in codes or sorted(KINDS)})


__all__ = ["KINDS", "Fault", "FaultySet", "faulty_set"]
