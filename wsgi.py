"""The portal for any WSGI server, for instance ``granian --interface wsgi wsgi:app``."""

from __future__ import annotations

from portal import create_app

app = create_app()
