"""Codes, validity, and who may act: what ties a version to its office and its time."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from portal.catalogue.defects import Fault, fault
from portal.catalogue.model import Catalogue, Delegation, Item, ItemType, ItemVersion, Office, PowerSource, covers

BASIC_CODE = re.compile(r"[0-9A-Z]{12}")

# Third and fourth character, as published records of a district show them.
TYPE_DIGITS: Mapping[ItemType, str] = {
    ItemType.PERMIT: "01",
    ItemType.BENEFIT: "05",
    ItemType.CONFIRMATION: "07",
    ItemType.REWARD: "08",
    ItemType.RULING: "09",
    ItemType.FILING: "10",
    ItemType.OTHER: "10",
    ItemType.SERVICE: "20",
    ItemType.DISCLOSURE: "20",
    ItemType.PETITION: "20",
    ItemType.APPEAL: "20",
}

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100 leaves out I, O, S, V and Z
_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))


def check_character(first_17: str) -> str | None:
    """The last character of a unified credit code (GB 32100-2015), or None if the others cannot stand in one."""
    if len(first_17) != 17 or any(character not in _ALPHABET for character in first_17):
        return None
    total = sum(_ALPHABET.index(character) * weight for character, weight in zip(first_17, _WEIGHTS, strict=True))
    return _ALPHABET[-total % 31]


def item_codes(item: Item, catalogue: Catalogue) -> Iterator[Fault]:
    code = item.basic_code
    if not BASIC_CODE.fullmatch(code):
        yield fault("basic-code-form", "basic_code", code=code)
    elif code[2:4] != TYPE_DIGITS[item.item_type]:
        yield fault("basic-code-type", "basic_code", code=code, found=code[2:4], type=item.item_type)
    for other in catalogue.item_of.values():
        if other.code < item.code and other.basic_code == code:
            yield fault("basic-code-twice", "basic_code", code=code, other=other.code)


def version_overlaps(item: Item) -> Iterator[Fault]:
    for position, one in enumerate(item.versions, start=1):
        if one.until is not None and one.until <= one.in_force_from:
            yield fault("validity-reversed", f"version[{position}].until", until=one.until, from_on=one.in_force_from)
        for two in item.versions[position:]:
            if one.area == two.area and _meet(one, two):
                yield fault("versions-overlap", f"version[{position}].until", one=one.version, two=two.version)


def _meet(one: ItemVersion, two: ItemVersion) -> bool:
    ends_before = one.until is not None and one.until <= two.in_force_from
    begins_after = two.until is not None and two.until <= one.in_force_from
    return not (ends_before or begins_after)


def material_serials(version: ItemVersion, _: Catalogue) -> Iterator[Fault]:
    seen: set[str] = set()
    for n, material in enumerate(version.materials, start=1):
        serial = material.official_code.removeprefix(version.implementation_code)
        if len(serial) != 3 or serial == "000" or serial in seen:
            yield fault("material-serial", f"materials[{n}].serial", serial=serial)
        seen.add(serial)


def acting_office(version: ItemVersion, catalogue: Catalogue) -> Iterator[Fault]:
    office = catalogue.office_of[version.office]
    if not covers(office.area, version.area):
        yield fault("area-outside-office", "area", area=version.area, office=office.code)
    stands_on = office.in_force_from <= version.in_force_from
    stands_until = office.until is None or (version.until is not None and version.until <= office.until)
    if not (stands_on and stands_until):
        yield fault("office-not-standing", "office", office=office.code)
    if (version.power_holder != version.office) != (version.power_source is not PowerSource.OWN) or (
        version.power_holder != version.office and not any(_delegates(d, version) for d in catalogue.delegations)
    ):
        yield fault(
            "power-not-delegated",
            "power",
            office=version.office,
            holder=version.power_holder,
            how=version.power_source,
        )


def _delegates(delegation: Delegation, version: ItemVersion) -> bool:
    is_this = delegation.holder == version.power_holder and delegation.exercised_by == version.office
    begins = delegation.in_force_from <= version.in_force_from
    lasts = delegation.until is None or (version.until is not None and version.until <= delegation.until)
    return is_this and delegation.how is version.power_source and version.code in delegation.items and begins and lasts


def office_codes(office: Office, catalogue: Catalogue) -> Iterator[Fault]:
    check = check_character(office.credit_code[:17])
    if len(office.credit_code) != 18 or office.credit_code[-1] != check:
        yield fault("credit-code", "credit_code", code=office.credit_code, check=check or "?")
    if office.parent is not None and office.parent not in catalogue.office_of:
        yield fault("parent-unknown", "parent", code=office.code, parent=office.parent)
    for n, succession in enumerate(office.successions, start=1):
        if succession.to is not None and succession.to not in catalogue.office_of:
            yield fault("office-unknown", f"successions[{n}].to", office=succession.to)
    if _leads_back(office, catalogue):
        yield fault("succession-loop", "successions", office=office.code)


def _leads_back(office: Office, catalogue: Catalogue) -> bool:
    reached: set[str] = set()
    front = {succession.to for succession in office.successions if succession.to}
    while front:
        reached |= front
        heirs = (catalogue.office_of[code] for code in front if code in catalogue.office_of)
        front = {s.to for heir in heirs for s in heir.successions if s.to} - reached
    return office.code in reached


def delegation_codes(delegation: Delegation, catalogue: Catalogue) -> Iterator[Fault]:
    for key, code in (("holder", delegation.holder), ("exercised_by", delegation.exercised_by)):
        if code not in catalogue.office_of:
            yield fault("office-unknown", key, office=code)
    for n, code in enumerate(delegation.items, start=1):
        if code not in catalogue.item_of:
            yield fault("item-unknown", f"items[{n}]", item=code)
    if delegation.basis is None:
        yield fault("basis-missing", "basis")
