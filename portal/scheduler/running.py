"""Runs the jobs at their times, each under its lease and inside the application."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy.exc import SQLAlchemyError

from portal import config, sealing
from portal.basis import Refusal
from portal.channels.model.probes import Probe
from portal.scheduler.clock import ZONE, Clock, now
from portal.scheduler.jobs import (
    back_up,
    keep_channels,
    look,
    look_for_notice,
    mind_halls,
    probe,
    seal,
    sweep_data,
    tick,
)
from portal.scheduler.leases import lease
from portal.store import StoreUnavailable, db, named, transaction

EVERY = 1  # seconds between two looks; five are promised from a commit to its findings
MIND_HALLS = 20  # seconds between two looks at windows, appointments and closing times
LOOK_FOR_BACKUP = 5  # minutes between two looks whether a backup is due
PROBE_EVERY = 120  # seconds; parameter of ours: two failures in a row are seen within four minutes
LIST_AFTER = timedelta(seconds=30)  # parameter of ours

log = logging.getLogger(__package__)


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
        with self._working(), lease(instance, "check") as is_ours:
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
        with self._working(), lease(instance, "backup") as is_ours:
            if is_ours:
                back_up(self._clock(), instance)

    def _keep_channels(self) -> None:
        with self._working(), lease(config.instance_folder()) as is_ours:
            if is_ours:
                keep_channels(self._clock())

    def _probe(self) -> None:
        is_reached = False
        with self._working(), lease(config.instance_folder(), "probe") as is_ours:
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
