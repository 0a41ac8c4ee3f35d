"""Yinuo (一诺): a government-service portal in which every promise has a clock."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def create_app(
    settings: Mapping[str, object] | None = None, *, instance: Path | None = None, doors: bool = True
) -> Flask:
    """Return the portal with its database and its doors; ``settings`` stand above those of the environment.

    The console answers no requests: its verbs work without ``doors``, and start in a third of the time.
    """
    # Imported here, so that `portal worktime` and whoever imports one pure room start without Flask and SQLAlchemy.
    from flask import Flask

    from portal import config, store
    from portal.web import install, journal

    instance = instance or config.instance_folder()
    app = Flask(__name__, template_folder=str(config.TEMPLATES), instance_path=str(instance))
    app.debug = False  # whatever FLASK_DEBUG says: a failure is never told in a trace
    app.config.from_mapping(config.defaults())
    app.config.from_mapping(settings)
    app.config["SECRET_KEY"] = app.config["SECRET_KEY"] or config.secret(instance, "secret-key")
    store.install(app)
    if not app.testing:
        journal.write_lines()
    if doors:
        install(app)
    return app
