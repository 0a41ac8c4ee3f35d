"""What is done at its time: each job reads the clock once, and says how much came of it."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from portal import config, sealing
from portal.backup import operations as backups
from portal.backup.model import LATE_AFTER
from portal.basis import Refusal
from portal.basis.watch import ALLOWED, WATCH
from portal.cases import operations as cases
from portal.catalogue.queries import catalogue
from portal.channels import operations as channels
from portal.channels.model.probes import Probe
from portal.channels.probing import tried_from_everywhere
from portal.data_rights import operations as data_rights
from portal.hall import operations as halls
from portal.ledger import doubts
from portal.ledger import queries as ledger
from portal.scheduler.clock import Clock, day_of, now
from portal.scheduler.judging import examine
from portal.scheduler.leases import lease
from portal.store import reading, transaction
from portal.worktime import national

BACKUP_EVERY = timedelta(hours=1)  # parameter of ours
PROBED_ITEM = "YINUO_PROBE_ITEM"  # whose form is tried; else the first item that can be handed in online
_MOST_KEPT = 5_000  # results kept in memory while they cannot be written
_ASKING_FROM, _ALARM_FROM = (10, 15), (12, 1)  # month and day from which next year's notice is looked for, is missed

log = logging.getLogger(__package__)


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
        listed = channels.list_channels(at, day_of(at), operator=config.operator())
        return len(listed) + len(channels.count_probes(at))


def probe(targets: Mapping[str, str], waiting: list[Probe], clock: Clock = now) -> int:
    """Try every function from every vantage point and write what it turned; returns how many events.

    The pages are tried outside of any transaction. ``waiting`` holds what could not be written before.
    """
    look(targets, waiting, clock)
    at = clock()
    with transaction():
        listed = channels.list_channels(at, day_of(at), operator=config.operator())
        written = channels.record_probes(waiting, at=at)
    waiting.clear()
    return len(listed) + len(written)


def look(targets: Mapping[str, str], waiting: list[Probe], clock: Clock = now) -> None:
    """Try every function from every vantage point; the results wait to be written."""
    item = os.environ.get(PROBED_ITEM) or _first_online(clock())
    waiting += tried_from_everywhere(targets, item, origin=os.environ.get("YINUO_ORIGIN", "").strip() or None)
    del waiting[:-_MOST_KEPT]


def _first_online(at: datetime) -> str:
    items = (catalogue().in_force(item.code, day_of(at)) for item in catalogue().items(on=day_of(at)))
    return next((version.code for version in items if "web" in version.channels), "none")


def look_for_notice(at: datetime) -> str | None:
    """Ask from mid-October for next year's notice and raise the alarm in December; returns what it said."""
    today = day_of(at)
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
            portion = data_rights.sweep(at, day_of(at))
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
    with lease(instance, "seal") as is_ours:
        return sealing.seal(clock(), instance) if is_ours else 0
