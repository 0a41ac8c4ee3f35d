"""What the rules judge at a look: what changed, what fell silent, and at midnight whatever is open."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from portal.appeals import queries as appeals
from portal.cases import queries as cases
from portal.channels import queries as channels
from portal.compliance.findings import operations as findings
from portal.compliance.findings import queries as register
from portal.compliance.findings.model import Mark
from portal.hall.queries import judging as halls
from portal.ledger import queries as ledger
from portal.scheduler.clock import day_of
from portal.store import reading, transaction

AT_ONCE = 500  # subjects judged in one transaction, so that clerks never wait long for their turn
_JUDGED = ("case/", "inquiry/", "ledger/", "ticket/", "hall/", "appointment/", "channel/")
# By room: the subjects whose time ran out between two instants although nothing happened to them.
_SILENCES: tuple[Callable[[datetime, datetime], Iterable[str]], ...] = (
    cases.subjects_to_judge,
    appeals.inquiry_subjects_to_judge,
    halls.subjects_to_judge,
)


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
    if subjects or mark is None or day_of(mark.at) != day_of(at):  # an idle look writes nothing
        with transaction():
            findings.set_mark(seq=last_seq, at=at)
    return written


def _examine(subjects: Sequence[str], at: datetime) -> int:
    """Judged beside those who write: only what ties subjects, and what is new of them, needs a turn of its own."""
    with transaction():
        findings.tie_new(subjects, at=at)
    with reading():
        known_seq = ledger.last_seq()
        found = findings.news(subjects, at=at)
    if not found:
        return 0
    with transaction():
        return len(findings.record(found, at=at, known_seq=known_seq))


def _to_judge(mark: Mark | None, last_seq: int, at: datetime) -> list[str]:
    after_seq = mark.seq if mark else 0
    changed = set(ledger.subjects_changed_after(after_seq, until_seq=last_seq))
    if mark is not None:
        for silent in _SILENCES:
            changed.update(silent(mark.at, at))
        changed.update(channels.subjects_to_judge(changed, after_seq=after_seq, after=mark.at, until=at))
        if day_of(mark.at) != day_of(at):  # verdicts that compare dates change at midnight, for good or ill
            changed.update(cases.open_subjects())
            changed.update(appeals.inquiry_subjects_of_the_day(at))
            changed.update(register.subjects_open())
            changed.update(register.subjects_waiting())
    return sorted(subject for subject in changed if subject.startswith(_JUDGED))
