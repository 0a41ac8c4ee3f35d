"""The password once more: whoever finds an open screen does not know it (ASVS 5.0, 7.5)."""

from __future__ import annotations

from collections.abc import Callable

from flask import g
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.accounts import queries as accounts
from portal.accounts.throttle import operations as throttle
from portal.accounts.throttle.model import Kind, Lane
from portal.store import transaction
from portal.web.forms import Form, PasswordField
from portal.web.page import page
from portal.web.sign_in.ways import tell_to_wait


def disproven(
    form: Form, field: PasswordField, *, render: Callable[[], ResponseReturnValue] | None = None
) -> ResponseReturnValue | None:
    """The page that says that this is not the password, drawn by ``render``; nothing when it is."""
    lane = Lane(Kind.CODE, (g.account.id,))
    with transaction():
        wait = throttle.take_turn([lane], at=g.now)
    if wait:
        headers = tell_to_wait(form, wait)
        return render() if render else (page(form=form), 429, headers)
    if accounts.authenticate(g.account.name, str(field.data)) is None:
        form.complain(field.short_name, gettext("This is not your password"))
        return render() if render else (page(form=form), form.status)
    with transaction():
        throttle.succeed([lane], at=g.now)
    return None
