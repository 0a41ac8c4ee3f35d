"""Amounts of time in words: a number and its unit, as a sentence says them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from portal.basis import N_

# By unit: of one, of several. A limit in months is counted in its days.
_WORDS: Mapping[str, tuple[str, str]] = {
    "working-day": (N_("1 working day"), N_("%(n)s working days")),
    "calendar-day": (N_("1 calendar day"), N_("%(n)s calendar days")),
    "month": (N_("1 calendar day"), N_("%(n)s calendar days")),
    "day": (N_("1 day"), N_("%(n)s days")),
    "whole-hour": (N_("1 hour"), N_("%(n)s hours")),
    "minute": (N_("1 minute"), N_("%(n)s minutes")),
    "year": (N_("1 year"), N_("%(n)s years")),
}
# Counted in minutes, told in days, hours and minutes.
_ON_THE_CLOCK = ("minute", "hour", "instant", "working-minute")
# Counted in a small part, told in the whole: how many parts make it, how many decimals are shown.
_IN_PARTS: Mapping[str, tuple[int, int, str]] = {
    "fen": (100, 2, N_("%(n)s yuan")),
    "price": (10_000, 4, N_("%(n)s yuan")),  # prices of a kWh, in ten-thousandths of a yuan
    "per-mille": (10, 1, N_("%(n)s %%")),
}
_PAIR = N_("%(first)s %(second)s")


def amount(value: int, unit: str, translate: Callable[[str], str]) -> str:
    """``unit`` as a limit names it; what is compared by the clock is given in minutes. An unknown unit is left out."""
    if unit in _IN_PARTS:
        parts, decimals, text = _IN_PARTS[unit]
        return translate(text) % {"n": f"{value / parts:,.{decimals}f}"}
    if unit not in _ON_THE_CLOCK:
        return _counted(value, unit, translate) if unit in _WORDS else str(value)
    days, rest = divmod(value, 24 * 60)
    hours, minutes = divmod(rest, 60)
    counted = (("day", days), ("whole-hour", hours), ("minute", minutes))
    told, *others = [_counted(n, name, translate) for name, n in counted if n] or [_counted(0, "minute", translate)]
    for other in others:
        told = translate(_PAIR) % {"first": told, "second": other}
    return told


def _counted(n: int, unit: str, translate: Callable[[str], str]) -> str:
    one, several = _WORDS[unit]
    return translate(one if n == 1 else several) % {"n": n}
