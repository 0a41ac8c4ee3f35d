"""Elements that must agree with each other: visits and channels, fees, phones, topics, results, halls."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from portal.catalogue.defects import Fault, fault
from portal.catalogue.model import (
    FIRM_TOPICS,
    PERSON_TOPICS,
    TOPICS,
    Audience,
    Catalogue,
    Channel,
    Depth,
    Hall,
    Item,
    ItemType,
    ItemVersion,
    Office,
    ResultKind,
)

PHONE = re.compile(r"0\d{2,3}-\d{5,8}")
PERMIT_STEPS = ("accept", "review", "decide", "close", "deliver")
_REVIEWABLE = frozenset(set(ItemType) - {ItemType.SERVICE, ItemType.PETITION, ItemType.APPEAL})
_RESULT_ENDINGS: Mapping[str, frozenset[ResultKind]] = {
    "批复": frozenset({ResultKind.APPROVAL}),
    "批文": frozenset({ResultKind.APPROVAL}),
    "证": frozenset({ResultKind.LICENCE, ResultKind.CERTIFICATE}),
    "文": frozenset({ResultKind.DOCUMENT, ResultKind.APPROVAL}),
    "证明": frozenset({ResultKind.CERTIFICATE}),
    "执照": frozenset({ResultKind.LICENCE}),
}


def visits_and_channels(version: ItemVersion, _: Catalogue) -> Iterator[Fault]:
    is_whole = version.depth is Depth.WHOLE
    if not version.channels:
        yield fault("channel-missing", "channels")
    if version.visits > 0 and version.visits_reason is None:
        yield fault("visits-without-reason", "visits")
    if version.visits > 0 and is_whole:
        yield fault("depth-with-visits", "depth", visits=version.visits)
    if version.visits == 0 and not (is_whole or version.is_mailed or Channel.PHONE in version.channels):
        yield fault("no-visit-not-remote", "visits")
    if version.depth is not Depth.GUIDE and Channel.WEB not in version.channels:
        yield fault("depth-without-web", "depth")
    if Channel.WINDOW in version.channels and not version.halls:
        yield fault("window-without-hall", "halls")


def fees(version: ItemVersion, _: Catalogue) -> Iterator[Fault]:
    if version.is_charged and not version.fees:
        yield fault("fee-missing", "fees")
    if version.fees and not version.is_charged:
        yield fault("fee-not-charged", "is_charged")
    if version.fees and version.pays_online is None:
        yield fault("fee-without-payment", "pays_online")
    if version.pays_online and not version.fees:
        yield fault("payment-without-fee", "pays_online")
    for n, fee in enumerate(version.fees, start=1):
        if fee.basis is None:
            yield fault("fee-without-basis", f"fees[{n}].basis")


def own_phones(version: ItemVersion, catalogue: Catalogue) -> Iterator[Fault]:
    """Numbers taken over from the office are reported there, once."""
    office = catalogue.office_of[version.office]
    if (version.consult_phone, version.complaint_phone) != (office.consult_phone, office.complaint_phone):
        yield from phones(version, catalogue)


def phones(place: ItemVersion | Office, _: Catalogue) -> Iterator[Fault]:
    if place.consult_phone == place.complaint_phone:
        yield fault("phones-equal", "complaint_phone", phone=place.complaint_phone)
    for key, phone in (("consult_phone", place.consult_phone), ("complaint_phone", place.complaint_phone)):
        if not PHONE.fullmatch(phone):
            yield fault("phone-form", key, phone=phone)


def topics(item: Item, _: Catalogue) -> Iterator[Fault]:
    for n, topic in enumerate(item.topics, start=1):
        if topic not in TOPICS:
            yield fault("topic-unknown", f"topics[{n}]", topic=topic, known=", ".join(TOPICS))
    has_person = any(topic in PERSON_TOPICS for topic in item.topics)
    has_firm = any(topic in FIRM_TOPICS for topic in item.topics)
    if (Audience.PERSON in item.audience) != has_person or (Audience.FIRM in item.audience) != has_firm:
        yield fault(
            "audience-topic", "topics", audience=", ".join(item.audience) or "-", topics=", ".join(item.topics) or "-"
        )


def explanations(version: ItemVersion, _: Catalogue) -> Iterator[Fault]:
    if version.item_type is ItemType.PERMIT:
        if not version.faq:
            yield fault("permit-without-faq", "faq")
        steps = {step.code for step in version.steps}
        for step in PERMIT_STEPS:
            if step not in steps:
                yield fault("permit-steps", "flow", step=step)
    if version.item_type in _REVIEWABLE and (version.review_body is None or version.court is None):
        yield fault("remedies-missing", "office")


def result(version: ItemVersion, _: Catalogue) -> Iterator[Fault]:
    found = version.result
    if found is None:
        return
    if found.sample is None:
        yield fault("result-without-sample", "result.sample")
    for ending, kinds in _RESULT_ENDINGS.items():
        if found.name.zh.endswith(ending) and found.kind not in kinds:
            yield fault("result-kind", "result.kind", name=found.name.zh, kind=found.kind)


def bundle(version: ItemVersion, catalogue: Catalogue) -> Iterator[Fault]:
    for n, code in enumerate(version.parts, start=1):
        if code not in catalogue.item_of:
            yield fault("item-unknown", f"parts[{n}]", item=code)
    if version.scope_tree is not None and all(tree.code != version.scope_tree for tree in catalogue.trees):
        yield fault("tree-unknown", "scope_tree", tree=version.scope_tree)


def hall(found: Hall, catalogue: Catalogue, hours: Collection[str]) -> Iterator[Fault]:
    if not found.windows:
        yield fault("hall-without-windows", "windows")
    if found.hours not in hours:
        yield fault("hall-hours", "hours", hours=found.hours or "-", known=", ".join(sorted(hours)))
    if not PHONE.fullmatch(found.phone):
        yield fault("phone-form", "phone", phone=found.phone)
    for n, code in enumerate(found.offices, start=1):
        if code not in catalogue.office_of:
            yield fault("office-unknown", f"offices[{n}]", office=code)
    for n, window in enumerate(found.windows, start=1):
        if window.office not in catalogue.office_of:
            yield fault("office-unknown", f"windows[{n}].office", office=window.office)
        for code in window.items:
            if code not in catalogue.item_of:
                yield fault("item-unknown", f"windows[{n}].items", item=code)
