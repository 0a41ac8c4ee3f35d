"""Whatever people try in whatever order, no procedure reaches what its table forbids, and the rows say what it says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from portal.basis import Refusal
from portal.compliance.procedure.model import TRANSITIONS, Procedure, Stage, Step, possible
from portal.compliance.procedure.rows import follow, rebuild_procedures
from portal.compliance.procedure.seeing import seen_at
from portal.compliance.procedure.tables import ProcedureRow
from portal.ledger import queries as ledger
from portal.ledger.model import Event
from portal.store import db, reading, transaction
from tests.compliance.procedure.finding import RAISED, People, acts_of, judged

STEPS = [step for step in Step if step is not Step.WITHDRAW]
_numbers = count(1)
MOVES = st.lists(
    st.tuples(
        st.integers(0, 99),
        st.sampled_from(["of-the-step", "of-the-step", "head", "first", "second"]),
        st.sampled_from([timedelta(minutes=1), timedelta(days=1), timedelta(days=6)]),
        st.sampled_from(["upheld", "overturned", "passed", "failed"]),
    ),
    max_size=25,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=MOVES)
def test_random_walks_keep_to_the_table(people: People, moves: list[tuple[int, str, timedelta, str]]) -> None:
    number, moment = f"{next(_numbers):06d}", RAISED.replace(year=2025)
    with transaction():
        judged(number, at=moment)
    before = _now(number, moment)
    for choice, who, later, conclusion in moves:
        moment += later
        move = _move(before, choice, moment)
        if isinstance(move, Step):
            by = people.of(move) if who == "of-the-step" else getattr(people, who)
            refused = _tried(lambda m=move, b=by, c=conclusion, t=moment: acts_of(number, b, t, conclusion=c)[m]())
        else:
            refused = _tried(lambda m=move, t=moment: follow([_judgement(number, m, t)]))
        after = _now(number, moment)
        if refused:
            assert after == before, "what was refused has changed nothing"
        elif isinstance(move, Step):
            assert after.stage in TRANSITIONS[before.stage][move]
        elif before.stage not in (Stage.SUSPECTED, Stage.NOTIFIED, Stage.EXPLAINED):
            assert after.stage is before.stage, "what was confirmed no judgement undoes"
        _holds(after)
        _row_says(number, after)
        before = after
    with transaction():
        rebuild_procedures()
    _row_says(number, before)


def _move(procedure: Procedure, choice: int, moment: datetime) -> Step | str:
    """Two of three times a step that may be taken, so that walks come far; else anything at all."""
    offered: tuple[Step | str, ...] = possible(procedure, moment.date()) if choice < 66 else ()
    anything = offered or (*STEPS, "judged", "cleared", "elsewhere")
    return anything[choice % len(anything)]


def _tried(act: object) -> bool:
    """Whether it was refused."""
    try:
        with transaction():
            act()  # type: ignore[operator]
    except Refusal:
        return True
    return False


def _judgement(number: str, move: str, moment: datetime) -> Event:
    kind = "finding-cleared" if move == "cleared" else "finding-changed"
    office = "social-insurance" if move == "elsewhere" else "market-supervision"
    return judged(number, kind=kind, at=moment, office=office)


def _now(number: str, moment: datetime) -> Procedure:
    with reading():
        return seen_at(number, moment).procedure


def _holds(procedure: Procedure) -> None:
    """What due process promises of every procedure, however it came about."""
    kinds = [event.kind for event in ledger.events(f"finding/{procedure.number}")]
    if procedure.confirmed_by is not None:
        assert procedure.notified_by is not None, "nobody is confirmed against who was not asked"
    if procedure.stage is Stage.CURED:
        assert procedure.ordered_by is not None
        checked = ledger.events(f"order/{procedure.number}")[-1]
        assert checked.actor != procedure.ordered_by
    if procedure.appeal_decided_by is not None:
        assert procedure.appeal_decided_by != procedure.confirmed_by
    if procedure.stage is Stage.DISMISSED and kinds[-1] == "finding-dismissed":
        proposed = [e for e in ledger.events(f"finding/{procedure.number}") if e.kind == "finding-dismissal-proposed"]
        assert proposed[-1].actor != ledger.events(f"finding/{procedure.number}")[-1].actor
    assert kinds.count("finding-appealed") <= kinds.count("finding-confirmed") <= 1


def _row_says(number: str, procedure: Procedure) -> None:
    with reading():
        row = db.session.scalar(select(ProcedureRow).where(ProcedureRow.number == number))
        assert (row is not None) is procedure.has_begun
        if row is not None:
            due = procedure.due
            said = (row.stage, row.office, row.due_what, row.due_on, row.last_seq, row.is_published, row.cured_at)
            named = (procedure.stage, procedure.office, due[0] if due else None, due[1] if due else None)
            assert said == (*named, procedure.last_seq, procedure.is_published, procedure.cured_at)
            assert row.last_at == procedure.last_at
            assert row.last_at is None or row.last_at.tzinfo is UTC
