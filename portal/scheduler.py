"""The portal's own clock: whoever holds the lease brings outcomes about and has the rules judge what changed.

APScheduler only keeps time. Every job reads the clock once, opens a transaction and calls operations that add nothing
when they are run again, so that a missed run is caught up and a doubled one does no harm.
"""

from __future__ import annotations

import fcntl
import logging
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from portal import config, sealing
from portal.appeals import queries as appeals
from portal.backup import operations as backups
from portal.backup.model import LATE_AFTER
from portal.basis import Refusal
from portal.basis.watch import ALLOWED, WATCH
from portal.cases import operations as cases
from portal.cases import queries as case_queries
from portal.catalogue.queries import catalogue
from portal.channels import operations as channels
from portal.channels import queries as channel_queries
from portal.channels.model import Probe
from portal.channels.probing import tried_from_everywhere
from portal.compliance.findings import operations as findings
from portal.compliance.findings import queries as register
from portal.compliance.findings.model import Mark
from portal.data_rights import operations as data_rights
from portal.hall import operations as halls
from portal.hall.queries import judging
from portal.ledger import doubts
from portal.ledger import queries as ledger
from portal.store import StoreUnavailable, db, named, reading, transaction
from portal.worktime import national

ZONE = ZoneInfo("Asia/Shanghai")
EVERY = 1  # seconds between two looks; five are promised from a commit to its findings
MIND_HALLS = 20  # seconds between two looks at windows, appointments and closing times
LOOK_FOR_BACKUP = 5  # minutes between two looks whether a backup is due
BACKUP_EVERY = timedelta(hours=1)  # parameter of ours
AT_ONCE = 500  # subjects judged in one transaction, so that clerks never wait long for their turn
# Any fixed numbers: PostgreSQL's advisory locks go by number.
_LEASE, _SEALING, _BACKING_UP, _CHECKING, _PROBING = range(7_310_118_202, 7_310_118_207)
PROBE_EVERY = 120  # seconds; parameter of ours: two failures in a row are seen within four minutes
PROBED_ITEM = "YINUO_PROBE_ITEM"  # whose form is tried; else the first item that can be handed in online
LIST_AFTER = timedelta(seconds=30)  # parameter of ours
_MOST_KEPT = 5_000  # results kept in memory while they cannot be written
_ASKING_FROM, _ALARM_FROM = (10, 15), (12, 1)  # month and day from which next year's notice is looked for, is missed

_JUDGED = ("case/", "inquiry/", "ledger/", "ticket/", "hall/", "appointment/", "channel/")
# By room: the subjects whose time ran out between two instants although nothing happened to them.
_SILENCES: tuple[Callable[[datetime, datetime], Iterable[str]], ...] = (
    case_queries.subjects_to_judge,
    appeals.inquiry_subjects_to_judge,
    judging.subjects_to_judge,
)

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]


def now() -> datetime:
    """Never earlier than before; says so, loudly, while the machine's clock is behind."""
    moment = WATCH.now()
    if WATCH.behind:
        log.critical("the clock of this machine went back by %s; set it right", WATCH.behind)
    return moment


@contextmanager
def lease(folder: Path, name: str = "scheduler", number: int = _LEASE) -> Iterator[bool]:
    """Whether this process is the one that acts; another takes over as soon as it ends, however it ends."""
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect() as connection:
            is_ours = _call(connection, "pg_try_advisory_lock", number)
            try:
                yield is_ours
            finally:  # the connection goes back to its pool and would keep the lock
                if is_ours:
                    _call(connection, "pg_advisory_unlock", number)
        return
    with (folder / f"{name}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def _call(connection: Connection, function: str, number: int) -> bool:
    answer = connection.execute(text(f"SELECT {function}(:number)"), {"number": number}).scalar_one()
    connection.commit()  # the lock is the connection's own, no transaction need stay open for it
    return bool(answer)


def note_clock(at: datetime, behind: timedelta = timedelta()) -> int:
    """Record that the machine's clock went back, while it runs or since it last ran; returns how many events."""
    with reading():
        newest = ledger.last_events(1)
    if not behind and (not newest or newest[0].recorded_at - at <= ALLOWED):
        return 0
    with transaction():
        return int(doubts.note_clock(at - behind, at=at) is not None)


def bring_about(at: datetime) -> int:
    """Write the deemed outcomes, resumptions and reminders that are due; returns how many events."""
    with transaction():
        return len(cases.run_due(at))


def keep_calendar(at: datetime) -> int:
    """After a notice for the nation, an area or an office: record it, once, and move the clocks still running."""
    with reading():
        if not cases.amended(at):
            return 0
    with transaction():
        return len(cases.keep_calendars(at))


def examine(at: datetime) -> int:
    """Have every rule judge what changed, what fell due and, after midnight, whatever is open.

    The mark says up to which event and instant everything was judged, so time in which nothing ran is caught up.
    Returns how many events were written.
    """
    with reading():
        mark = register.mark()
        if mark is not None and at < mark.at:
            return 0  # the clock went back; what was judged stays judged until time has caught up
        last_seq = ledger.last_seq()
        subjects = _to_judge(mark, last_seq, at)
    written = 0
    for start in range(0, len(subjects), AT_ONCE):
        written += _examine(subjects[start : start + AT_ONCE], at)
    if subjects or mark is None or _day(mark.at) != _day(at):  # an idle look writes nothing
        with transaction():
            findings.set_mark(seq=last_seq, at=at)
    return written


def _examine(subjects: Sequence[str], at: datetime) -> int:
    """Judged beside those who write; only what is new is judged again, in a transaction, and recorded."""
    with transaction():
        findings.tie_new(subjects, at=at)
    with reading():
        if not findings.has_news(subjects, at=at):
            return 0
    with transaction():
        return len(findings.examine(subjects, at=at))


def _to_judge(mark: Mark | None, last_seq: int, at: datetime) -> list[str]:
    after_seq = mark.seq if mark else 0
    changed = set(ledger.subjects_changed_after(after_seq, until_seq=last_seq))
    if mark is not None:
        for silent in _SILENCES:
            changed.update(silent(mark.at, at))
        changed.update(channel_queries.subjects_to_judge(changed, after_seq=after_seq, after=mark.at, until=at))
        if _day(mark.at) != _day(at):  # verdicts that compare dates change at midnight, for good or ill
            changed.update(case_queries.open_subjects())
            changed.update(appeals.inquiry_subjects_of_the_day(at))
            changed.update(register.subjects_open())
            changed.update(register.subjects_waiting())
    return sorted(subject for subject in changed if subject.startswith(_JUDGED))


def _day(at: datetime) -> date:
    return at.astimezone(ZONE).date()


def mind_halls(at: datetime) -> int:
    """Note empty windows, remind of appointments, and end the days of halls that have closed; returns the events."""
    written = 0
    for mind in (halls.note_empty_windows, halls.remind_and_miss, halls.close_days):
        with transaction():
            written += mind(at)
    return written


def keep_channels(at: datetime) -> int:
    """List what the catalogue offers and write the totals of yesterday's probes; returns how many events."""
    with transaction():
        listed = channels.list_channels(at, _day(at), operator=config.operator())
        return len(listed) + len(channels.count_probes(at))


def probe(targets: Mapping[str, str], waiting: list[Probe], clock: Clock = now) -> int:
    """Try every function from every vantage point and write what it turned; returns how many events.

    The pages are tried outside of any transaction. ``waiting`` holds what could not be written before.
    """
    look(targets, waiting, clock)
    at = clock()
    with transaction():
        listed = channels.list_channels(at, _day(at), operator=config.operator())
        written = channels.record_probes(waiting, at=at)
    waiting.clear()
    return len(listed) + len(written)


def look(targets: Mapping[str, str], waiting: list[Probe], clock: Clock = now) -> None:
    """Try every function from every vantage point; the results wait to be written."""
    item = os.environ.get(PROBED_ITEM) or _first_online(clock())
    waiting += tried_from_everywhere(targets, item, origin=os.environ.get("YINUO_ORIGIN", "").strip() or None)
    del waiting[:-_MOST_KEPT]


def _first_online(at: datetime) -> str:
    items = (catalogue().in_force(item.code, _day(at)) for item in catalogue().items(on=_day(at)))
    return next((version.code for version in items if "web" in version.channels), "none")


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


def sweep_data(at: datetime) -> int:
    """Erase the personal data that have been kept long enough, in portions; returns how many matters."""
    erased = 0
    while True:
        with transaction():
            portion = data_rights.sweep(at, _day(at))
        erased += portion
        if not portion:
            return erased


def back_up(at: datetime, instance: Path) -> Path | None:
    """Take the backup of this hour if there is none yet, and delete those that nothing needs any more."""
    folder = backups.folder_of(instance)
    newest = max((taken_at for taken_at, _ in backups.taken(folder)), default=None)
    if newest is not None and at - newest < BACKUP_EVERY:
        return None
    try:
        written = backups.take(instance, folder, at=at)
        backups.thin_out(folder)
    except Refusal as refusal:
        is_late = newest is None or at - newest >= LATE_AFTER
        log.log(logging.CRITICAL if is_late else logging.ERROR, "%s The newest backup is of %s.", refusal, newest)
        return None
    return written


def tick(clock: Clock = now) -> int:
    """One look at everything, in the order in which one thing leads to the next; returns how many events came of it."""
    at = clock()
    return note_clock(at, WATCH.behind) + keep_calendar(at) + bring_about(at) + examine(at)


def seal(clock: Clock = now) -> int:
    """Seal what is new, unless another is at it; returns how many events.

    :raises Refusal: what was signed before is no longer there as it was.
    """
    instance = config.instance_folder()
    with lease(instance, "seal", _SEALING) as is_ours:
        return sealing.seal(clock(), instance) if is_ours else 0


class Scheduler:
    """Ticks in one thread while it holds the lease; ``within`` opens the application's context around each job.

    Sealing, the witness and the probes have a thread each, so that neither a long judgement nor a silent witness nor a
    page that hangs delays the seal.
    """

    def __init__(
        self,
        within: Callable[[], AbstractContextManager[object]],
        *,
        clock: Clock = now,
        daily: Sequence[Callable[[datetime], object]] = (),
    ) -> None:
        """``daily``: operations of rooms above this floor, each in a transaction of its own once a night."""
        self._within = within
        self._clock = clock
        self._daily = daily
        self._told = ""
        self._unwritten: list[Probe] = []
        self._targets = config.probe_targets()
        self._is_store_away = False
        self._scheduler = BackgroundScheduler(
            timezone=ZONE,
            executors={name: ThreadPoolExecutor(1) for name in ("default", "seal", "witness", "backup", "probe")},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        self._scheduler.add_job(self._tick, "interval", seconds=EVERY, next_run_time=datetime.now(ZONE))
        self._scheduler.add_job(self._mind_halls, "interval", seconds=MIND_HALLS)
        self._scheduler.add_job(self._look, "cron", hour=8, minute=30)
        self._scheduler.add_job(self._sweep_data, "cron", hour=3, minute=10)
        self._scheduler.add_job(self.tidy, "cron", hour=3, minute=20)
        self._scheduler.add_job(
            self._seal, "interval", seconds=EVERY, next_run_time=datetime.now(ZONE), executor="seal"
        )
        self._scheduler.add_job(self._look_at_seal, "interval", minutes=1, executor="witness")
        self._scheduler.add_job(self._check_ledger, "cron", hour=4, minute=10, executor="witness")
        self._scheduler.add_job(self._back_up, "interval", minutes=LOOK_FOR_BACKUP, executor="backup")
        # Once soon after the start, when what judges and seals has found its pace, then every night.
        self._scheduler.add_job(self._keep_channels, "date", run_date=datetime.now(ZONE) + LIST_AFTER)
        self._scheduler.add_job(self._keep_channels, "cron", hour=0, minute=5)
        if self._targets:
            self._scheduler.add_job(self._probe, "interval", seconds=PROBE_EVERY, executor="probe")

    def start(self) -> None:
        self._scheduler.start()

    def stop(self) -> None:
        """Wait for the job that runs; nothing is left half done."""
        self._scheduler.shutdown(wait=True)

    @contextmanager
    def _working(self) -> Iterator[None]:
        """A job inside the application. A database that cannot be reached is told once, and once that it is back."""
        with self._within():
            try:
                yield
                self._tell_store(None)
            except StoreUnavailable as gone:
                self._tell_store(gone)
            except SQLAlchemyError as error:  # outside of a unit nobody has given it its name
                if (refusal := named(error, is_committing=False)) is None:
                    raise
                self._tell_store(refusal)
            finally:
                db.session.remove()

    def _tell_store(self, gone: Refusal | None) -> None:
        if gone is not None and not self._is_store_away:
            log.critical("the scheduler waits: %s", gone)
        elif gone is None and self._is_store_away:
            log.warning("the database answers again; the scheduler goes on")
        self._is_store_away = gone is not None

    def _tick(self) -> None:
        with self._working(), lease(config.instance_folder()) as is_ours:
            if is_ours:
                tick(self._clock)

    def _mind_halls(self) -> None:
        with self._working(), lease(config.instance_folder()) as is_ours:
            if is_ours:
                mind_halls(self._clock())

    def _seal(self) -> None:
        with self._working():
            try:
                seal(self._clock)
            except StoreUnavailable:
                raise
            except Refusal as refusal:
                if str(refusal) != self._told:  # once, not every second; the look at the seal goes on reminding
                    log.critical("%s", refusal)
                self._told = str(refusal)

    def _check_ledger(self) -> None:
        instance = config.instance_folder()
        with self._working(), lease(instance, "check", _CHECKING) as is_ours:
            try:
                if is_ours:
                    sealing.check(self._clock(), instance)
            except StoreUnavailable:
                raise
            except Refusal as refusal:
                log.critical("%s", refusal)

    def _look_at_seal(self) -> None:
        with self._working():
            sealing.look_at_seal(self._clock())
        with self._within():
            sealing.ask_witness(config.instance_folder())

    def _back_up(self) -> None:
        instance = config.instance_folder()
        with self._working(), lease(instance, "backup", _BACKING_UP) as is_ours:
            if is_ours:
                back_up(self._clock(), instance)

    def _keep_channels(self) -> None:
        with self._working(), lease(config.instance_folder()) as is_ours:
            if is_ours:
                keep_channels(self._clock())

    def _probe(self) -> None:
        is_reached = False
        with self._working(), lease(config.instance_folder(), "probe", _PROBING) as is_ours:
            is_reached = True
            if is_ours:
                probe(self._targets, self._unwritten, self._clock)
        if not is_reached:  # the database is away: what the pages say then is written when it is back
            look(self._targets, self._unwritten, self._clock)

    def _sweep_data(self) -> None:
        with self._working(), lease(config.instance_folder()) as is_ours:
            if is_ours:
                sweep_data(self._clock())

    def _look(self) -> None:
        with self._within():
            look_for_notice(self._clock())

    def tidy(self) -> None:
        """What is done once a day; doing it twice, or by two schedulers, does no harm."""
        with self._working():
            for chore in self._daily:
                with transaction():
                    chore(self._clock())
