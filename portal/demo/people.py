"""Who lives and works in the demo city: a person for every role, named so that nobody takes them for real."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from portal.accounts import operations, passwords, queries
from portal.accounts.model import ROLE_TITLES, AccountKind
from portal.accounts.passwords import Hashed
from portal.basis import SYSTEM, Bilingual, By, Role
from portal.catalogue.model import Catalogue

FOUNDED: Final = datetime(2020, 1, 1, tzinfo=UTC)  # the golden scenarios happen in that year
APPOINTED_ON: Final = date(2020, 1, 1)
ID: Final = "demo-"  # an account of the demo city is known by this beginning of its id

INTRODUCED: Final = ("si-clerk-1", "si-reviewer-1", "si-decider", "si-head")  # the rest of the staff is named alike
MAIN: Final = {
    "social-insurance": "si",
    "approval-bureau": "ab",
    "market-supervision": "ms",
    "government-services": "gs",
}
OUTLETS: Final = {"centre-a": "a", "centre-b": "b", "centre-c": "c", "centre-d": "d", "jia-township": "jia"}
OFFICES: Final[Mapping[str, str]] = {**MAIN, **OUTLETS}
_MAIN_STAFF: Final = {Role.CLERK: 2, Role.REVIEWER: 2, Role.DECIDER: 1, Role.HEAD: 1}
_OUTLET_STAFF: Final = {Role.CLERK: 2, Role.REVIEWER: 1, Role.DECIDER: 1, Role.HALL_MANAGER: 1}
_CITY_STAFF: Final = {
    Role.HALL_MANAGER: "manager",
    Role.DISPATCHER: "dispatcher",
    Role.CATALOGUE_EDITOR: "editor",
    Role.CATALOGUE_PUBLISHER: "publisher",
    Role.SUPERVISOR: "supervisor",
    Role.AUDITOR: "auditor",
    Role.INSPECTOR: "inspector",
    Role.SYSADMIN: "sysadmin",
}
_TITLES: Final = {
    Role.CLERK: Bilingual("窗口人员", "Window clerk"),
    Role.REVIEWER: Bilingual("审查人员", "Reviewer"),
    Role.DECIDER: Bilingual("决定人员", "Decider"),
    Role.HEAD: Bilingual("负责人", "Head of office"),
    Role.HALL_MANAGER: Bilingual("大厅管理员", "Hall manager"),
    Role.DISPATCHER: Bilingual("派单员", "Dispatcher"),
    Role.CATALOGUE_EDITOR: Bilingual("目录编辑", "Catalogue editor"),
    Role.CATALOGUE_PUBLISHER: Bilingual("目录发布", "Catalogue publisher"),
    Role.SUPERVISOR: Bilingual("监督员", "Supervisor"),
    Role.AUDITOR: Bilingual("审计员", "Auditor"),
    Role.INSPECTOR: Bilingual("督查员", "Inspector"),
    Role.SYSADMIN: Bilingual("系统管理员", "System administrator"),
}


@dataclass(frozen=True, slots=True)
class Citizen:
    """Somebody who hands in; ``number`` makes all invented facts about him."""

    account: str
    name: str
    kind: AccountKind
    number: int


@dataclass(frozen=True, slots=True)
class Resident:
    """An account to be made. Without ``role`` it is a citizen's; who ``signs_in`` gets the demo password."""

    name: str
    shown: str
    kind: AccountKind
    office: str | None = None
    role: Role | None = None
    window: str | None = None
    signs_in: bool = True
    note: str = ""

    @property
    def account(self) -> str:
        return f"{ID}{self.name}"

    @property
    def is_introduced(self) -> bool:
        """Whether the console shows the account at each start: one for each role."""
        return self.signs_in and ("-" not in self.name or self.name in INTRODUCED)

    @property
    def post(self) -> str:
        return f"{self.office}.{self.name}"

    @property
    def by(self) -> By:
        assert self.role is not None, "only staff act in a post"
        return By(self.account, self.role, office=self.office, post=self.post, window=self.window)


PERSON: Final = Resident("citizen", "演示申请人甲", AccountKind.PERSON, note="person who applies")
FIRM: Final = Resident("firm", "演示企业甲", AccountKind.FIRM, note="firm that applies")
VILLAGE_AGENT: Final = Resident("agent", "演示代办员甲", AccountKind.PERSON, note="agent who applies for others")
VILLAGE_OFFICE: Final = "jia-township"
VILLAGE_POST: Final = f"{VILLAGE_OFFICE}.agent-1"
VILLAGE_TITLE: Final = Bilingual("示例村代办员", "Village agent, example village")


def staff(catalogue: Catalogue) -> list[Resident]:
    """One person for every post of the demo city."""
    found: list[Resident] = []
    numbers: dict[Role, int] = {}
    for office, short in OFFICES.items():
        windows = [window.code for hall in catalogue.halls for window in hall.windows if window.office == office]
        for role, many in (_MAIN_STAFF if office in MAIN else _OUTLET_STAFF).items():
            for which in range(1, many + 1):
                numbers[role] = numbers.get(role, 0) + 1
                name = f"{short}-{role.value}-{which}" if many > 1 or role is Role.REVIEWER else f"{short}-{role.value}"
                window = windows[(which - 1) % len(windows)] if role is Role.CLERK and windows else None
                shown = f"演示{_TITLES[role].zh}{numbers[role]:02d}"
                note = f"{ROLE_TITLES[role].lower()}, {catalogue.office(office).name.en}"
                signs_in = office in MAIN or role is Role.CLERK  # a hash takes its time, and one desk shows an outlet
                found.append(Resident(name, shown, AccountKind.STAFF, office, role, window, signs_in, note))
    for role, name in _CITY_STAFF.items():
        shown = f"演示{_TITLES[role].zh}01"
        found.append(
            Resident(name, shown, AccountKind.STAFF, "government-services", role, note=ROLE_TITLES[role].lower())
        )
    return found


def citizens(many: int) -> Iterator[Resident]:
    """Those who sign in, and as many persons and firms who only appear in cases."""
    yield from (PERSON, FIRM, VILLAGE_AGENT)
    for number in range(1, many + 1):
        yield Resident(f"person-{number:03d}", f"演示申请人{number:03d}", AccountKind.PERSON, signs_in=False)
        yield Resident(f"firm-{number:03d}", f"演示企业{number:03d}", AccountKind.FIRM, signs_in=False)


class City:
    """The people by what they do; ``staff_of`` finds them without asking the database."""

    def __init__(self, catalogue: Catalogue, many_citizens: int) -> None:
        self.catalogue = catalogue
        self.staff = staff(catalogue)
        self.residents = [*citizens(many_citizens), *self.staff]
        self.citizens = [
            Citizen(resident.account, resident.shown, resident.kind, number)
            for number, resident in enumerate(self.residents)
            if resident.role is None and resident is not VILLAGE_AGENT
        ]
        self.by_name = {resident.name: resident for resident in self.residents}

    def staff_of(self, office: str, role: Role) -> list[By]:
        return [resident.by for resident in self.staff if (resident.office, resident.role) == (office, role)]

    def one(self, role: Role) -> By:
        """Whoever holds the only post of that role in the city."""
        return next(resident.by for resident in self.staff if resident.role is role)

    def settle(self, password: str) -> None:
        """Make the accounts and posts, and appoint everybody."""
        known = self.hashed_for_all(password)
        for resident in self.residents:
            operations.create_account(
                resident.name,
                resident.shown,
                resident.kind,
                by=SYSTEM,
                at=FOUNDED,
                password=known if resident.signs_in else None,
                account=resident.account,
            )
            if resident.role is not None and resident.office is not None:
                title = _TITLES[resident.role]
                operations.create_post(resident.post, resident.office, resident.role, title, by=SYSTEM, at=FOUNDED)
                operations.appoint(resident.account, resident.post, APPOINTED_ON, by=SYSTEM, at=FOUNDED)
        operations.create_post(VILLAGE_POST, VILLAGE_OFFICE, Role.AGENT, VILLAGE_TITLE, by=SYSTEM, at=FOUNDED)
        operations.appoint(VILLAGE_AGENT.account, VILLAGE_POST, APPOINTED_ON, by=SYSTEM, at=FOUNDED)

    def hashed_for_all(self, password: str) -> Hashed:
        """The one password of everybody who signs in, fit for each and hashed once: a hash takes its time."""
        for resident in self.signing_in():
            passwords.check(password, name=resident.name, kind=resident.kind)
        return Hashed(passwords.hashed(password))

    def signing_in(self) -> list[Resident]:
        return [resident for resident in self.residents if resident.signs_in]


def is_settled() -> bool:
    """Whether this portal is the demo city."""
    return queries.load(PERSON.account) is not None
