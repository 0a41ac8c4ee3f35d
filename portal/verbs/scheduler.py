"""`portal scheduler`: bring outcomes about and judge what changed, until it is told to stop."""

from __future__ import annotations

import signal
import threading
from datetime import datetime

import click

from portal import create_app
from portal.accounts.sign_ins import operations as sign_ins
from portal.basis import Refusal
from portal.scheduler.clock import now
from portal.scheduler.jobs import mind_halls, seal, tick
from portal.scheduler.running import Scheduler
from portal.store import db, forget_wishes


def forget_drafts(at: datetime) -> None:
    from portal.web.citizen.drafts import forget_old  # once a night; the web's doors need not be open before

    forget_old(at)


def forget_sign_ins(at: datetime) -> None:
    sign_ins.forget_old(at=at)


DAILY = (forget_drafts, forget_sign_ins, forget_wishes)


@click.command()
@click.option("--once", is_flag=True, help="Do everything that is due now, once, and end.")
def command(once: bool) -> None:
    """Run beside the server: deemed outcomes, reminders, and findings within seconds of what they judge."""
    app = create_app(doors=False)
    if once:
        with app.app_context():
            click.echo(f"{mind_halls(now()) + tick()} events written.")
            try:
                click.echo(f"{seal()} events sealed.")  # after the look, whose events are sealed with the others
            except Refusal as refusal:
                raise click.ClickException(str(refusal)) from None
            finally:
                db.session.remove()
                db.engine.dispose()
        return
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    scheduler = Scheduler(app.app_context, daily=DAILY)
    scheduler.start()
    stop.wait()
    scheduler.stop()
