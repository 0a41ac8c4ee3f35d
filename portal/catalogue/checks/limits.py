"""Numbers, units and sources of the clocks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from portal.basis import Bilingual, Limit, Unit
from portal.catalogue.defects import Fault, fault
from portal.catalogue.model import (
    LICENSING_PAUSES,
    STAGE_PREFIX,
    Catalogue,
    ClockLimit,
    Flow,
    Handling,
    ItemType,
    ItemVersion,
    Review,
)

_ZH: Mapping[Unit, str] = {
    Unit.WORKING_DAY: r"个?工作日",
    Unit.CALENDAR_DAY: r"个?(?:自然)?[日天]",
    Unit.MONTH: r"个月",
    Unit.WORKING_MINUTE: r"个?工作分钟",
    Unit.HOUR: r"个?小时",
}
_EN: Mapping[Unit, str] = {
    Unit.WORKING_DAY: r"working days?",
    Unit.CALENDAR_DAY: r"(?:calendar )?days?",
    Unit.MONTH: r"months?",
    Unit.WORKING_MINUTE: r"working minutes?",
    Unit.HOUR: r"hours?",
}
_AT_ONCE = (re.compile("当场|即时"), re.compile("on the spot|at once", re.IGNORECASE))
_ANY_NUMBER = re.compile(r"\d+")


def says(text: str, limit: Limit, units: Mapping[Unit, str], at_once: re.Pattern[str]) -> bool:
    """Whether a text names this number with this unit, and no other number."""
    if limit.n == 0:
        return bool(at_once.search(text)) and not _ANY_NUMBER.search(text)
    named = re.findall(rf"(?<!\d)(\d+)\s*{units[limit.unit]}", text)
    return named == [str(limit.n)] and _ANY_NUMBER.findall(text) == named


def agrees(limit: Limit, text: Bilingual) -> bool:
    return says(text.zh, limit, _ZH, _AT_ONCE[0]) and says(text.en, limit, _EN, _AT_ONCE[1])


def numbers(version: ItemVersion, _: Catalogue) -> Iterator[Fault]:
    for n, limit in enumerate(version.limits, start=1):
        path = f"limits[{n}]"
        if not agrees(limit.promised, limit.promised_text):
            yield _differs(f"{path}.promised", limit.promised, limit.promised_text)
        if limit.statutory is not None and limit.statutory_text is not None:
            if not agrees(limit.statutory, limit.statutory_text):
                yield _differs(f"{path}.statutory", limit.statutory, limit.statutory_text)
            yield from _promise_within_law(path, limit.promised, limit.statutory)
        if limit.extension is not None and limit.extension.unit is not limit.promised.unit:
            yield fault(
                "extension-unit", f"{path}.extension", extension=limit.extension.unit, promised=limit.promised.unit
            )
    for n, procedure in enumerate(version.special_procedures, start=1):
        if not agrees(procedure.longest, procedure.longest_text):
            yield _differs(f"special_procedures[{n}].longest", procedure.longest, procedure.longest_text)


def _differs(path: str, limit: Limit, text: Bilingual) -> Fault:
    return fault("number-differs-from-text", path, limit=limit, text=f"{text.zh} / {text.en}")


def _promise_within_law(path: str, promised: Limit, statutory: Limit) -> Iterator[Fault]:
    if promised.unit is not statutory.unit and promised.n > 0:
        yield fault("units-differ", f"{path}.promised", promised=promised, statutory=statutory)
    elif promised.n > statutory.n:
        yield fault("promise-exceeds-statutory", f"{path}.promised", promised=promised, statutory=statutory)


def sources(version: ItemVersion, _: Catalogue) -> Iterator[Fault]:
    for n, limit in enumerate(version.limits, start=1):
        path = f"limits[{n}]"
        if limit.statutory is not None and limit.source is None:
            yield fault("limit-unsourced", f"{path}.source")
        if limit.statutory is None and not limit.is_ours:
            yield fault("number-unexplained", f"{path}.ours")
        if limit.extension is not None and limit.extension_source is None:
            yield fault("extension-unsourced", f"{path}.extension_source")


def clocks(version: ItemVersion, _: Catalogue) -> Iterator[Fault]:
    seen: set[tuple[str, str | None]] = set()
    situations = {situation.code for situation in version.situations}
    for n, limit in enumerate(version.limits, start=1):
        if (limit.clock, limit.situation) in seen:
            yield fault("clock-twice", f"limits[{n}].clock", clock=limit.clock)
        seen.add((limit.clock, limit.situation))
        if limit.clock.startswith(STAGE_PREFIX) and not (limit.start and limit.stops):
            yield fault("stage-without-ends", f"limits[{n}].clock", clock=limit.clock)
        if limit.situation is not None and limit.situation not in situations:
            yield fault("limit-situation-unknown", f"limits[{n}].situation", situation=limit.situation)
        yield from _pauses(version, limit, f"limits[{n}].pauses")
    names = {limit.clock for limit in version.limits}
    if names.isdisjoint({"feedback", "decide"}):
        yield fault("main-clock-missing", "limits")
    if version.item_type is ItemType.PERMIT:
        for clock in ("accept", "decide", "deliver"):
            if clock not in names:
                yield fault("permit-clock-missing", "limits", clock=clock)


def _pauses(version: ItemVersion, limit: ClockLimit, path: str) -> Iterator[Fault]:
    for pause in limit.pauses:
        procedure = version.special_procedure(pause)
        if procedure is None:
            yield fault("pause-not-listed", path, pause=pause)
        elif version.item_type is ItemType.PERMIT and pause not in LICENSING_PAUSES and procedure.basis is None:
            yield fault("pause-unlawful", path, pause=pause)


def ways(version: ItemVersion, _: Catalogue) -> Iterator[Fault]:
    """即办 ⇔ 承诺 0 ⇔ 即审即办; and each way a situation may go has the limit it needs."""
    expected = Review.ON_THE_SPOT if version.handling is Handling.INSTANT else Review.BEFORE_APPROVAL
    if version.review is not expected:
        yield fault("review-way", "review", handling=version.handling, review=version.review)
    for n, limit in enumerate(version.limits, start=1):
        if limit.clock not in ("feedback", "decide"):
            continue
        is_at_once = limit.promised.n == 0
        situation = version.situation(limit.situation) if limit.situation else None
        may_be_at_once = version.is_instant or (
            situation is not None and situation.flow in (Flow.INSTANT, Flow.PROMISE)
        )
        if version.is_instant and not is_at_once:
            yield fault("instant-not-zero", f"limits[{n}].promised", promised=limit.promised)
        if is_at_once and not may_be_at_once:
            yield fault("zero-not-instant", f"limits[{n}].promised")
    for n, situation in enumerate(version.situations, start=1):
        if situation.flow is Flow.RENEWAL and version.renewal is None:
            yield fault("renewal-without-limit", f"situations[{n}].flow")
        if situation.flow is Flow.PROMISE and not version.has_promise_way:
            yield fault("promise-way-missing", f"situations[{n}].flow")
    if version.has_deferrable_material and version.limit("supply") is None:
        yield fault("deferral-without-limit", "limits")
