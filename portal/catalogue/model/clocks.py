"""The library of clocks: which events open and stop each, as kinds of the ledger. An item says only how long."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from portal.basis import N_, Bilingual

ACCEPTANCES = ("accepted", "deemed-accepted", "tolerantly-accepted", "promise-accepted")


@dataclass(frozen=True, slots=True)
class ClockKind:
    """``restarts_on`` events begin the clock anew (补正 for acceptance): a new clock, never a pause."""

    name: str
    label: Bilingual
    start: tuple[str, ...]
    stops: tuple[str, ...]
    restarts_on: tuple[str, ...] = ()
    is_applicants: bool = False


def _clock(
    name: str,
    zh: str,
    en: str,
    start: tuple[str, ...],
    stops: tuple[str, ...],
    restarts_on: tuple[str, ...] = (),
    *,
    is_applicants: bool = False,
) -> ClockKind:
    return ClockKind(name, Bilingual(zh, en), start, stops, restarts_on, is_applicants)


_ANSWERED_HAND_IN = (
    "accepted",
    "refused",
    "correction-noticed",
    "tolerantly-accepted",
    "promise-accepted",
    "handed-over",
    "withdrawn",
)

CLOCKS: Mapping[str, ClockKind] = {
    clock.name: clock
    for clock in (
        _clock("accept", "受理", "Acceptance", ("received",), _ANSWERED_HAND_IN, ("correction-submitted",)),
        _clock(
            "correction",
            "申请人补正",
            "Correction by the applicant",
            ("correction-noticed",),
            ("correction-submitted",),
            is_applicants=True,
        ),
        _clock("feedback", "结果反馈", "Result", ("received",), ("delivered",)),
        _clock("decide", "办结", "Decision", ACCEPTANCES, ("decided",)),
        _clock("deliver", "送达", "Delivery", ("decided",), ("delivered",)),
        _clock(
            "supply",
            "容缺材料补齐",
            "Deferred material",
            ("tolerantly-accepted",),
            ("supplied",),
            is_applicants=True,
        ),
        _clock(
            "acknowledge",
            "转办签收",
            "Acknowledgement of a hand-over",
            ("handed-over",),
            ("handover-acknowledged", "handover-returned"),
        ),
        _clock("rate-contact", "差评回访", "Contact after a bad rating", ("rated",), ("rating-contacted",)),
        _clock("rate-fix", "差评整改", "Putting a bad rating right", ("rated",), ("rating-fixed",)),
    )
}

STAGE_PREFIX = "stage:"
STAGE_TITLES: Mapping[str, str] = {  # what items commonly call their stages; another name stands as the item gives it
    "review": N_("review"),
    "check": N_("check"),
    "registration": N_("registration"),
    "site-check": N_("check on site"),
    "approval": N_("approval"),
    "payment": N_("payment"),
}
