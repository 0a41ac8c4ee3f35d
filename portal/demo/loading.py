"""Loading the demo city: one transaction, so that a load that is killed leaves nothing behind and can be run again."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Final

from portal import config
from portal.accounts import operations as accounts
from portal.accounts import queries as people
from portal.appeals import queries as appeals
from portal.cases import queries as case_queries
from portal.catalogue.queries import catalogue
from portal.channels import operations as channels
from portal.compliance.findings import operations as findings
from portal.demo import notes
from portal.demo.clock import run
from portal.demo.days import Days, day_of
from portal.demo.people import City, is_settled
from portal.demo.plan import Plan
from portal.ledger import queries as ledger
from portal.store import reading, transaction

CASES: Final = 300
SEED: Final = 20200907
_JUDGED: Final = ("case/", "inquiry/", "ticket/", "hall/", "appointment/", "channel/")

Progress = Callable[[str], object]


def load(*, at: datetime, cases: int = CASES, progress: Progress | None = None) -> list[str]:
    """Fill an empty portal with the demo city as of ``at``; return the lines that introduce it.

    A portal that is no demo city but holds cases, inquiries or posts is left alone and nothing is returned.
    """
    folder = config.instance_folder()
    with reading():
        is_city, is_taken = is_settled(), _is_inhabited(at)
    if is_taken and not is_city:
        return []
    if not is_city:
        _found(folder, at, cases, progress or _to_terminal)
    elif notes.password_in(folder) is None:
        _renew_password(folder, at)
    return notes.introduction(folder)


def many_citizens(cases: int) -> int:
    """How many persons, and as many firms: half as many people as cases, and enough for everybody who asks."""
    return max(20, cases // 4)


def _found(folder: Path, at: datetime, cases: int, progress: Progress) -> None:
    started = time.monotonic()
    progress(f"Making the demo city Lizhou (例州市) with some {cases} cases, once; this takes half a minute …")
    password = notes.password_in(folder) or notes.new_password()
    city, days = City(catalogue(), many_citizens(cases)), Days(at)
    plan = Plan(city, days, cases=cases, seed=SEED)
    with transaction():
        city.settle(password)
        run(plan.lives(), at, _month_teller(progress))
        channels.list_channels(at, day_of(at))  # what came into the catalogue since
        progress("  examining what happened …")
        subjects = [subject for subject in ledger.subjects_changed_after(0) if subject.startswith(_JUDGED)]
        findings.examine(subjects, at=at)
        findings.set_mark(seq=ledger.last_seq(), at=at)
        # Before the commit: a sheet without its city is written anew, a city without its sheet would be locked.
        _write_sheet(city, folder, password, plan)
    progress(f"  done in {time.monotonic() - started:.0f} s.")


def _month_teller(progress: Progress) -> Callable[[date], None]:
    """Say each month into which the clock of the city comes."""
    said: set[str] = set()

    def tell(day: date) -> None:
        month = f"{day:%Y-%m}"
        if month not in said:
            said.add(month)
            progress(f"  {month} …")

    return tell


def _renew_password(folder: Path, at: datetime) -> None:
    """The sheet is gone, and the password is kept nowhere else: everybody gets a new one."""
    city, password = City(catalogue(), 0), notes.new_password()
    known = city.hashed_for_all(password)
    with transaction():
        for resident in city.signing_in():
            accounts.set_password(resident.account, known, at=at)
        _write_sheet(city, folder, password, None)


def _write_sheet(city: City, folder: Path, password: str, plan: Plan | None) -> None:
    shown = [resident for resident in city.signing_in() if resident.is_introduced]
    rest = [f"  {each.name:<18} {each.shown:<14} {each.note}" for each in city.signing_in() if each not in shown]
    codes = [
        f"  {tale.number}  code {tale.receipt.query_code}  {tale.state:<18} {tale.version.name.zh}"
        for tale in (plan.tales if plan else ())
        if tale.receipt is not None and tale.stops_after is not None
    ]
    followed = ["", "Cases to follow without signing in:", *codes] if codes else []
    notes.write(
        folder,
        password,
        [(each.name, each.shown, each.note) for each in shown],
        ["The other accounts:", *rest, *followed],
    )


def _is_inhabited(at: datetime) -> bool:
    """Posts come before the first case; the ledger itself is no sign, for the scheduler notes calendars in it."""
    return bool(people.posts() or case_queries.count_work(at=at, is_open=None) or appeals.inquiries(at=at, limit=1))


def _to_terminal(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
