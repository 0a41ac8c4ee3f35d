"""A page that is sent twice counts once: each form carries a key, and the answer to a key is given again.

    with sent_once(lambda: url_for(…)):
        operations.record(…)

The key is a hidden field of every form (or the header ``Idempotency-Key``); the same key with other content is refused.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256

from flask import Flask, flash, g, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from markupsafe import Markup
from werkzeug.datastructures import FileStorage

from portal.ledger.canonical import canonical
from portal.store import Wish, keep, once, reading, transaction
from portal.web.unproxied import notes, this_request

FIELD, HEADER = "once_key", "Idempotency-Key"
_NOT_CONTENT = (FIELD, "csrf_token")
VISITOR = "visitor"  # has no account; the key itself is the secret


class SentAlready(Exception):
    """Another request with this key was first; ``answer`` is where it led."""

    def __init__(self, answer: str) -> None:
        super().__init__(answer)
        self.answer = answer


def install(app: Flask) -> None:
    app.add_template_global(once_field)
    app.before_request(answer_again)
    app.register_error_handler(SentAlready, lead_there)


def once_field() -> Markup:
    """A key of its own for each page drawn; a page that comes back with mistakes keeps it."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, key() or secrets.token_urlsafe(24))


def key() -> str | None:
    """The key of this request, if it carries one."""
    return request.headers.get(HEADER) or request.form.get(FIELD) or None


@contextmanager
def sent_once(location: Callable[[], str]) -> Iterator[None]:
    """One transaction that keeps, with what was done, where the page leads afterwards.

    :raises SentAlready: it was done in the meantime.
    :raises SentOtherwise: the key came before with other content.
    """
    wish = _wish()
    with transaction():
        if wish is not None and (earlier := once(wish)) is not None:
            raise SentAlready(earlier)
        yield
        if wish is not None:
            keep(wish, location(), at=g.now)


def answer_again() -> ResponseReturnValue | None:
    """Before the view looks whether the step is possible: it was, and has been taken.

    It goes on in the read in which it was seen who asks: what is done meanwhile is found by ``sent_once``.
    """
    earlier = _earlier()
    return None if earlier is None else lead_there(SentAlready(earlier))


def require_new() -> None:
    """For a view that finds its step taken: it may be this very one, taken while the request was on its way.

    :raises SentAlready: it is.
    """
    with reading():
        earlier = _earlier()
    if earlier is not None:
        raise SentAlready(earlier)


def _earlier() -> str | None:
    wish = _wish() if request.method == "POST" else None
    return None if wish is None else once(wish)


def lead_there(already: SentAlready) -> ResponseReturnValue:
    flash(gettext("This was recorded already; it counts once."), "notice")
    return redirect(already.answer, 303)


def _wish() -> Wish | None:
    """Of this request, by whoever is asking at this moment; the form is gone through once."""
    noted = notes()
    account = noted.get("account")
    actor = str(account.id) if account is not None else VISITOR
    known: Wish | None = noted.get("wish")
    if known is not None and known.actor == actor:
        return known
    if (given := key()) is None or request.endpoint is None:
        return None
    made = noted.wish = _made(given, actor)
    return made


def _made(given: str, actor: str) -> Wish:
    asked = this_request()
    fields = sorted((name, value) for name, value in asked.form.items(multi=True) if _is_content(name))
    files = sorted((name, sent.filename or "", _digest(sent)) for name, sent in asked.files.items(multi=True))
    scope = sha256(f"{asked.endpoint} {asked.path}".encode()).hexdigest()
    return Wish(scope, given, actor, canonical({"fields": fields, "files": files}))


def _is_content(name: str) -> bool:
    """Where several forms stand on one page, their names begin with the form's own."""
    return not name.endswith(_NOT_CONTENT)


def _digest(sent: FileStorage) -> str:
    digest = sha256()
    sent.stream.seek(0)  # the view may have read it
    while portion := sent.stream.read(1 << 20):
        digest.update(portion)
    sent.stream.seek(0)
    return digest.hexdigest()
