"""Who may take which step: the policy, told who has a part in what the step judges."""

from __future__ import annotations

from portal.accounts import queries as accounts
from portal.accounts.policy import Target, may
from portal.basis import By
from portal.compliance.procedure.model import Step, possible
from portal.compliance.procedure.seeing import Seen


def possible_steps(seen: Seen, by: By) -> tuple[Step, ...]:
    """What this person may do now."""
    steps = possible(seen.procedure, seen.on)
    return tuple(step for step in steps if may(by, step.value, target_of(seen, step, by)))


def is_partial(seen: Seen, by: By) -> bool:
    """Whether something waits that this person's role does, and he may not because he has a part in it."""
    nobodys = Target(office=None)
    steps = [step for step in possible(seen.procedure, seen.on) if may(by, step.value, nobodys)]
    return any(not may(by, step.value, target_of(seen, step, by)) for step in steps)


def target_of(seen: Seen, step: Step, by: By) -> Target:
    """Whose procedure it is, and who has a part in what the step judges."""
    procedure = seen.procedure
    handlers = implicated(seen)
    if any(post.office == procedure.office for post in accounts.posts_held(by.actor, seen.on)):
        handlers |= {by.actor}  # who has a second post in the accused office does not judge it in the first
    own = {
        Step.DECIDE_APPEAL: procedure.confirmed_by,
        Step.DISMISS: procedure.proposed_by,
        Step.REFUSE_DISMISSAL: procedure.proposed_by,
        Step.RECHECK: procedure.ordered_by,
    }
    return Target(
        office=procedure.office, accused=procedure.accused, handlers=frozenset(handlers), proposed_by=own.get(step)
    )


def implicated(seen: Seen) -> set[str]:
    """Whom the finding names, who held the accused post when the conduct began or holds it now, who spoke for them."""
    procedure = seen.procedure
    days = {seen.on, procedure.began_on or seen.on}
    holders = {accounts.holder(procedure.post, day) for day in days} if procedure.post else set()
    named = {procedure.accused, procedure.explained_by, procedure.appealed_by, procedure.reported_by}
    return {person for person in named if person} | {holder.id for holder in holders if holder}
