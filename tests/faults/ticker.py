"""A scheduler that may be killed: ``python -m tests.faults.ticker URL FOLDER MOMENT [no-lease]``.

Its clock stands still, so that whatever it brings about is the same whenever it is brought about.
"""

from __future__ import annotations

import sys
import time
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path

from portal.scheduler.jobs import tick
from portal.scheduler.leases import lease
from portal.store import db
from tests.databases import make_app


def main(url: str, folder: str, moment: str, *, has_lease: bool) -> None:
    app, at = make_app(url), datetime.fromisoformat(moment)
    with app.app_context():
        print("ready", flush=True)
        while True:
            with lease(Path(folder)) if has_lease else nullcontext(True) as is_ours:
                written = tick(lambda: at) if is_ours else None
            db.session.remove()
            if written == 0:
                return
            time.sleep(0.01)


if __name__ == "__main__":
    main(*sys.argv[1:4], has_lease=sys.argv[4:] != ["no-lease"])
