"""The portal's own clock: whoever holds the lease brings outcomes about and has the rules judge what changed.

APScheduler only keeps time. Every job reads the clock once, opens a transaction and calls operations that add nothing
when they are run again, so that a missed run is caught up and a doubled one does no harm.
"""

from __future__ import annotations

import fcntl
import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import Connection, text

from portal import config
from portal.appeals import queries as appeals
from portal.basis import SYSTEM
from portal.cases import operations as cases
from portal.cases import queries as case_queries
from portal.compliance.findings import operations as findings
from portal.compliance.findings import queries as register
from portal.compliance.findings.model import Mark
from portal.ledger import queries as ledger
from portal.ledger.operations import append
from portal.store import db, reading, transaction
from portal.worktime import national

ZONE = ZoneInfo("Asia/Shanghai")
EVERY = 1  # seconds between two looks; five are promised from a commit to its findings
AT_ONCE = 500  # subjects judged in one transaction, so that clerks never wait long for their turn
_LEASE = 7_310_118_202  # any fixed number: PostgreSQL's advisory locks go by number
_ASKING_FROM, _ALARM_FROM = (10, 15), (12, 1)  # month and day from which next year's notice is looked for, is missed

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]


def now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def lease(folder: Path) -> Iterator[bool]:
    """Whether this process is the one that acts; another takes over as soon as it ends, however it ends."""
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect() as connection:
            is_ours = _call(connection, "pg_try_advisory_lock")
            try:
                yield is_ours
            finally:  # the connection goes back to its pool and would keep the lock
                if is_ours:
                    _call(connection, "pg_advisory_unlock")
        return
    with (folder / "scheduler.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def _call(connection: Connection, function: str) -> bool:
    answer = connection.execute(text(f"SELECT {function}(:number)"), {"number": _LEASE}).scalar_one()
    connection.commit()  # the lock is the connection's own, no transaction need stay open for it
    return bool(answer)


def bring_about(at: datetime) -> int:
    """Write the deemed outcomes, resumptions and reminders that are due; returns how many events."""
    with transaction():
        return len(cases.run_due(at))


def keep_calendar(at: datetime) -> int:
    """After a notice: record the amendment, once, and move the due dates of the clocks still running."""
    version = national(at.astimezone(ZONE).date()).version
    with reading():
        amendments = ledger.events("calendar/CN")
    if amendments and amendments[-1].text("calendar") == version:
        return 0
    with transaction():
        append("calendar/CN", "calendar-amended", {"calendar": version}, by=SYSTEM, at=at)
        return 1 + len(cases.recompute(at))


def examine(at: datetime) -> int:
    """Have every rule judge what changed, what fell due and, after midnight, whatever is open.

    The mark says up to which event and instant everything was judged, so time in which nothing ran is caught up.
    Returns how many events were written.
    """
    with reading():
        mark = register.mark()
        last_seq = ledger.last_seq()
        subjects = _to_judge(mark, last_seq, at)
    written = 0
    for start in range(0, len(subjects), AT_ONCE):
        with transaction():
            written += len(findings.examine(subjects[start : start + AT_ONCE], at=at))
    if subjects or mark is None or _day(mark.at) != _day(at):  # an idle look writes nothing
        with transaction():
            findings.set_mark(seq=last_seq, at=at)
    return written


def _to_judge(mark: Mark | None, last_seq: int, at: datetime) -> list[str]:
    after_seq = mark.seq if mark else 0
    changed = set(ledger.subjects_changed_after(after_seq, until_seq=last_seq))
    if mark is not None:
        changed.update(case_queries.subjects_to_judge(mark.at, at))
        changed.update(appeals.inquiry_subjects_to_judge(mark.at, at))
        if _day(mark.at) != _day(at):  # verdicts that compare dates change at midnight, for good or ill
            changed.update(case_queries.open_subjects())
            changed.update(appeals.inquiry_subjects_of_the_day(at))
            changed.update(register.subjects_open())
    return sorted(subject for subject in changed if subject.startswith(("case/", "inquiry/")))


def _day(at: datetime) -> date:
    return at.astimezone(ZONE).date()


def look_for_notice(at: datetime) -> str | None:
    """Ask from mid-October for next year's notice and raise the alarm in December; returns what it said."""
    today = _day(at)
    certain = national(today).certain_until
    if certain.year > today.year or (today.month, today.day) < _ASKING_FROM:
        return None
    words = (
        f"the holiday notice for {today.year + 1} is not loaded: limits that run past {certain} are provisional; "
        f"add {today.year + 1}.toml once the State Council has published it"
    )
    log.log(logging.ERROR if (today.month, today.day) >= _ALARM_FROM else logging.WARNING, words)
    return words


def tick(clock: Clock = now) -> int:
    """One look at everything, in the order in which one thing leads to the next; returns how many events came of it."""
    at = clock()
    return keep_calendar(at) + bring_about(at) + examine(at)


class Scheduler:
    """Ticks in one thread while it holds the lease; ``within`` opens the application's context around each job."""

    def __init__(self, within: Callable[[], AbstractContextManager[object]], *, clock: Clock = now) -> None:
        self._within = within
        self._clock = clock
        self._scheduler = BackgroundScheduler(
            timezone=ZONE,
            executors={"default": ThreadPoolExecutor(1)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        self._scheduler.add_job(self._tick, "interval", seconds=EVERY, next_run_time=datetime.now(ZONE))
        self._scheduler.add_job(self._look, "cron", hour=8, minute=30)

    def start(self) -> None:
        self._scheduler.start()

    def stop(self) -> None:
        """Wait for the job that runs; nothing is left half done."""
        self._scheduler.shutdown(wait=True)

    def _tick(self) -> None:
        with self._within():
            try:
                with lease(config.instance_folder()) as is_ours:
                    if is_ours:
                        tick(self._clock)
            finally:
                db.session.remove()

    def _look(self) -> None:
        with self._within():
            look_for_notice(self._clock())
