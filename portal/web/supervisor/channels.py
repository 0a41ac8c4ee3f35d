"""Every way to every item as it stands now, its history, and what may be declared of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from flask import abort, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.accounts.policy import Act, may
from portal.basis import N_, By, NotAllowed, Refusal
from portal.channels import operations, queries
from portal.channels.model.channel import AWAY, PLATFORM, TRANSITIONS, Channel, ChannelNotFound, State
from portal.ledger.kinds import KINDS
from portal.ledger.model import Event
from portal.store import reading, transaction
from portal.web.page import page
from portal.web.refused import refused
from portal.web.staff import history, people
from portal.web.supervisor.channel_forms import FORMS
from portal.web.supervisor.overview import own_offices
from portal.web.ways import item_said, midnight, words

STEP_TITLES: Final[Mapping[str, str]] = {
    "maintenance": N_("Announce a maintenance"),
    "down": N_("Say that it is down"),
    "stop": N_("Stop it"),
    "back": N_("Bring it back"),
    "sign": N_("Sign the list before going live"),
    "live": N_("Put it live"),
    "refused": N_("Note that somebody was sent to one way only"),
    "shown": N_("Note what is shown or asked there"),
}
STEP_DONE: Final[Mapping[str, str]] = {
    "maintenance": N_("The maintenance is announced."),
    "down": N_("It is noted that this way is down."),
    "stop": N_("It is noted that this way is stopped."),
    "back": N_("It is noted that this way works again."),
    "sign": N_("Your signature stands in the ledger."),
    "live": N_("It is live."),
    "refused": N_("It is noted."),
    "shown": N_("It is noted."),
}
_UNTOLD: Final = frozenset({"item", "way", "halls", "shown", "in_force", "switched_at"})


def listing() -> ResponseReturnValue:
    offices = own_offices(g.by, Act.SEE_CHANNELS)
    only_away = request.args.get("show") == "away"
    with reading():
        rows = [
            (ways, channel)
            for ways in queries.item_ways()
            for channel in ways.channels
            if (offices is None or channel.office in offices) and (not only_away or ways.state(channel, g.now) in AWAY)
        ]
        platform = queries.platform_channel()
        counts = queries.summed(queries.probe_counts(platform.number, since=midnight())) if platform else {}
        rows.sort(key=lambda row: (people.office_name(row[1].office), item_said(row[1].item), row[1].way))
        return page(
            rows=rows,
            platform=platform if platform and (offices is None or platform.office in offices) else None,
            counts=counts,
            only_away=only_away,
            **words(),
        )


def channel(number: str) -> ResponseReturnValue:
    with reading():
        found = _seen(number)
        shown = queries.channel_page(number, since=midnight())
        ways = next((one for one in queries.item_ways([found.item]) if one.item == found.item), None)
        return page(
            channel=found,
            ways=ways,
            history=[(event, gettext(KINDS[event.kind].title), told(event)) for event in shown.history],
            counts=shown.probes,
            steps=[(step, gettext(STEP_TITLES[step])) for step in steps_of(found, g.by, g.now)],
            **words(),
        )


def channel_step(number: str, step: str) -> ResponseReturnValue:
    if step not in FORMS:
        abort(404)
    with reading():
        found = _seen(number)
        is_possible = step in steps_of(found, g.by, g.now)
    if not is_possible:
        abort(403)
    form: Any = FORMS[step]()
    if form.validate_on_submit():
        try:
            with transaction():
                form.carry_out(found, g.by, g.now)
        except NotAllowed:
            raise
        except Refusal as refusal:
            field = getattr(form, "FIELD_OF", {}).get(refusal.field, refusal.field)
            form.complain(field, refused(refusal))
        else:
            flash(gettext(STEP_DONE[step]), "success")
            return redirect(url_for("supervisor.channel", number=number), 303)
    return page(form=form, channel=found, step=step, title=gettext(STEP_TITLES[step]), **words()), form.status


def _seen(number: str) -> Channel:
    """What somebody may not see is not there."""
    offices = own_offices(g.by, Act.SEE_CHANNELS)
    try:
        found = operations.channel_now(number)
    except ChannelNotFound:
        abort(404)
    if offices is not None and found.office not in offices:
        abort(404)
    return found


def steps_of(channel: Channel, by: By, at: datetime) -> list[str]:
    """What this person may declare of the channel as it stands."""
    target, state = operations.channel_target(channel, by), channel.state_at(at)
    may_change = may(by, Act.CHANGE_CHANNEL, target)
    may_stop = may_change if channel.is_online else may(by, Act.STOP_COUNTER, target)
    is_on_trial = channel.is_online and state is State.PILOT
    is_planned = channel.maintenance is not None and channel.maintenance.until_at > at
    possible = {
        "maintenance": may_change and State.MAINTENANCE in TRANSITIONS[state],
        "down": may_change and State.DOWN in TRANSITIONS[state],
        "stop": may_stop and State.STOPPED in TRANSITIONS[state],
        "back": may_change and (channel.state in AWAY or is_planned),
        "sign": is_on_trial and may(by, Act.SIGN_GOLIVE, target) and by.actor not in channel.signers,
        "live": is_on_trial and may_change,
        "refused": channel.item != PLATFORM and may(by, Act.REFUSE_CHANNEL, target),
        "shown": channel.item != PLATFORM and may(by, Act.NOTE_ELEMENT, target),
    }
    return [step for step in FORMS if possible[step]]


def told(event: Event) -> list[tuple[str, str]]:
    """The facts of an event of a channel in words."""
    keys = {name: key for name, key in KINDS[event.kind].keys.items() if name not in _UNTOLD}
    return history.facts_in_words(keys, event.payload)
