"""Signing in with a wrong password: a name that exists and one that does not must cost the same (R10).

The whole page is asked, with passwords hashed at full strength; processor time is compared in pairs made in turns, so
that whatever else the machine does falls on both.
"""

from __future__ import annotations

import logging
import statistics
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from time import process_time

from bench.figures import Figure
from portal import create_app
from portal.accounts import operations
from portal.accounts.model import AccountKind
from portal.basis import SYSTEM
from portal.store import db, transaction, upgrade

GROUP = "signing in with a wrong password, hashed at full strength"
NAMES, PAIRS = 5, 40
RIGHT, WRONG = "a long road to hall 3", "wrong"


def figures() -> Iterator[Figure]:
    logging.getLogger("portal.journal").setLevel(logging.CRITICAL)
    with tempfile.TemporaryDirectory() as folder:
        app = create_app({"WTF_CSRF_ENABLED": False, "REQUESTS_PER_MINUTE": 0}, instance=Path(folder))
        upgrade(app)
        with app.app_context():
            at = datetime.now(UTC)
            with transaction():
                for number in range(NAMES):
                    operations.create_account(
                        f"known-{number}", "", AccountKind.PERSON, by=SYSTEM, at=at, password=RIGHT
                    )
            db.session.remove()
        client = app.test_client()

        def seconds(name: str, address: str) -> float:
            """From an address of its own, so that nobody is told to wait."""
            begin = process_time()
            answer = client.post(
                "/sign-in", data={"name": name, "password": WRONG}, environ_overrides={"REMOTE_ADDR": address}
            )
            took = process_time() - begin
            assert answer.status_code == 422, f"the page answered {answer.status_code}"
            return took

        pairs = []
        for pair in range(-2, PAIRS):  # the first ones warm the page up
            known = (f"known-{pair % NAMES}", f"198.51.100.{pair + 10}")
            unknown = (f"nobody-{pair % NAMES}", f"203.0.113.{pair + 10}")
            if pair % 2:
                first, second = seconds(*known), seconds(*unknown)
            else:
                second, first = seconds(*unknown), seconds(*known)
            if pair >= 0:
                pairs.append((first, second))
        with app.app_context():
            db.engine.dispose()
    yield Figure(GROUP, "a known name, processor time", 1000 * statistics.median(a for a, _ in pairs), "ms")
    yield Figure(GROUP, "an unknown name, processor time", 1000 * statistics.median(b for _, b in pairs), "ms")
    apart = 100 * (statistics.median(a / b for a, b in pairs) - 1)
    yield Figure(GROUP, "known costs more than unknown by", apart, "%", at_most=10, at_least=-10)
