"""Drafts and signing in: what this browser has begun goes along, and what an account has begun is found again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import g, session

from portal import vault
from portal.accounts.model import Account, AccountKind
from portal.store import transaction
from portal.web.citizen import acting
from portal.web.citizen.drafts import CONTENT, SESSION_KEY, as_json, holder_of, row_of
from portal.web.sign_in.asking import when_let_in
from portal.web.tables import DraftRow


def bring_along(account: Account) -> None:
    """What this browser began before signing in becomes the person's, and is no longer there without the sign-in.

    So nobody whose cookie names the same draft, be it planted here, reads what is typed from then on. Staff bring
    nothing along: they act for the office, at a desk where others sit.
    """
    begun = session.pop(SESSION_KEY, None)
    if begun and account.kind is not AccountKind.STAFF:
        with transaction():
            session[SESSION_KEY] = [token for token in begun if _is_given_to(account, token, at=g.now)]


when_let_in(bring_along)


def begun_here() -> list[tuple[str, str]]:
    """Token and item of what this browser has begun and not handed in, the newest first; for who is signed in."""
    account = acting.citizen()
    rows = [row_of(token) for token in reversed(session.get(SESSION_KEY, []))]
    return [(row.token, row.item) for row in rows if row and account and _words(row).get("account") == account.id]


def _is_given_to(account: Account, token: str, *, at: datetime) -> bool:
    """Whether the draft is that account's now; one that is another's, or has been handed in, stays what it was."""
    row = row_of(token)
    kept = _words(row)
    if row is not None and kept and not kept.get("account"):
        kept["account"] = account.id
        row.content, row.touched_at = vault.seal(holder_of(token), CONTENT, as_json(kept), at=at), at
    return bool(kept) and kept["account"] == account.id and not kept.get("authorisation")


def _words(row: DraftRow | None) -> dict[str, Any]:
    """What was typed; nothing of a draft that is gone or has become a case."""
    return dict(vault.words(row.content, CONTENT)) if row is not None and row.number is None else {}
