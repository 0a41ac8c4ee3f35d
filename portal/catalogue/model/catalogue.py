"""The whole catalogue as one immutable value, and the questions asked of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from portal.basis import N_
from portal.catalogue.model.errors import (
    ItemNotInForce,
    ItemUnknown,
    OfficeNotStanding,
    OfficeUnknown,
    VersionUnknown,
)
from portal.catalogue.model.items import Item, ItemVersion
from portal.catalogue.model.norms import NormRecord
from portal.catalogue.model.offices import Delegation, Hall, Office
from portal.catalogue.model.tree import NationalCatalogue
from portal.catalogue.model.words import Audience, OfficeKind, SuccessionCause


def covers(wide: str, narrow: str) -> bool:
    """Whether a division code holds another: 990000 holds 990100, which holds 990101; ``CN`` holds all."""
    if wide == "CN":
        return True
    prefix = wide
    while len(wide) == 6 and prefix.endswith("00"):  # longer codes are townships and villages: no zeros stand for "all"
        prefix = prefix[:-2]
    return narrow.startswith(prefix)


@dataclass(frozen=True)
class Catalogue:
    """``home`` is the area meant where none is named."""

    home: str
    item_of: Mapping[str, Item]
    office_of: Mapping[str, Office]
    norm_of: Mapping[str, NormRecord]
    hall_of: Mapping[str, Hall]
    delegations: tuple[Delegation, ...] = ()
    trees: tuple[NationalCatalogue, ...] = ()
    stamp: str = field(default="", compare=False)

    @property
    def offices(self) -> tuple[Office, ...]:
        return tuple(self.office_of.values())

    @property
    def main_offices(self) -> tuple[Office, ...]:
        """Those of the home area that have staff and counters of their own."""
        return tuple(o for o in self.offices if o.kind is OfficeKind.MAIN and o.area == self.home and o.until is None)

    @property
    def halls(self) -> tuple[Hall, ...]:
        return tuple(self.hall_of.values())

    @property
    def norms(self) -> tuple[NormRecord, ...]:
        return tuple(self.norm_of.values())

    @property
    def versions(self) -> Iterator[ItemVersion]:
        return (version for item in self.item_of.values() for version in item.versions)

    def item(self, code: str) -> Item:
        try:
            return self.item_of[code]
        except KeyError:
            raise ItemUnknown(
                N_("The catalogue has no item %(item)s; look for it by its name"), values={"item": code}
            ) from None

    def items(
        self,
        *,
        audience: Audience | str | None = None,
        category: str | None = None,
        words: str = "",
        on: date | None = None,
        area: str | None = None,
    ) -> tuple[Item, ...]:
        """Items for an audience, under a topic, whose names or keywords hold every word, in force ``on``."""
        wanted = words.casefold().split()
        return tuple(
            item
            for item in self.item_of.values()
            if (audience is None or audience in item.audience)
            and (category is None or category in item.topics)
            and all(word in _searched(item) for word in wanted)
            and (on is None or self._best(item, on, area or self.home) is not None)
        )

    def version(self, reference: str) -> ItemVersion:
        """The version written as ``code@number``, in force or not."""
        code, _, number = reference.partition("@")
        for version in self.item(code).versions:
            if str(version.number) == number:
                return version
        raise VersionUnknown(
            N_("%(item)s has no version %(number)s; its versions are listed on its page"),
            values={"item": code, "number": number or "(none)"},
        )

    def in_force(self, code: str, on: date, area: str | None = None) -> ItemVersion:
        """The version of the narrowest area that holds ``area`` on that day: a district's before its city's."""
        place = area or self.home
        best = self._best(self.item(code), on, place)
        if best is None:
            raise ItemNotInForce(
                N_("%(item)s has no version in force on %(on)s in area %(area)s; choose another day or item"),
                values={"item": code, "on": on, "area": place},
            )
        return best

    def office(self, code: str) -> Office:
        """By its code or its 18-character credit code."""
        found = self.office_of.get(code) or next((o for o in self.offices if o.credit_code == code), None)
        if found is None:
            raise OfficeUnknown(
                N_("The catalogue has no office %(office)s; take a code from the list of offices"),
                values={"office": code},
            )
        return found

    def office_as_of(self, code: str, on: date) -> Office:
        """Who acts on that day for the office once called ``code``: follow renaming and merging, either way in time."""
        office = self.office(code)
        for _ in range(len(self.office_of)):
            if office.is_standing(on):
                return office
            if on < office.in_force_from:
                before = [o for o in self.offices if any(s.to == office.code for s in o.successions)]
                named = [o for o in before if any(s.cause is SuccessionCause.RENAMED for s in o.successions)] or before
                if len(named) != 1:
                    break
                office = named[0]
            else:
                heir = min(office.successions, key=lambda succession: succession.on).to
                if heir is None:
                    break
                office = self.office(heir)
        raise OfficeNotStanding(
            N_("No office acts for %(office)s on %(on)s; see its history in the list of offices"),
            values={"office": code, "on": on},
        )

    def norm(self, code: str) -> NormRecord:
        return self.norm_of[code]

    def national(self, code: str, on: date) -> NationalCatalogue | None:
        """The edition of a national list in force on that day."""
        return next((tree for tree in self.trees if tree.code == code and tree.is_in_force(on)), None)

    def has_power(self, office: str, item: str, on: date, area: str | None = None) -> bool:
        """Whether that office may ask for or decide this item that day: list and delegations respected (V26)."""
        if item not in self.item_of:
            return False
        version = self._best(self.item_of[item], on, area or self.office(office).area)
        if version is None:
            return False
        acting = {version.office}
        acting |= {outlet.code for outlet in self.offices if outlet.parent == version.office}
        return office in acting

    def _best(self, item: Item, on: date, area: str) -> ItemVersion | None:
        fitting = [v for v in item.versions if v.is_in_force(on) and covers(v.area, area)]
        return max(fitting, key=lambda version: (version.level, version.number), default=None)


def _searched(item: Item) -> str:
    return " ".join(
        (item.code, item.name.zh, item.name.en, item.summary.zh, item.summary.en, *item.keywords)
    ).casefold()
