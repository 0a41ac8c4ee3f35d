"""The one declarative base, and the database that a Flask application is given."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from flask import Flask, current_app
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Engine, MetaData, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase

from portal.store.engines import arm
from portal.store.faults import named

URL_VARIABLE = "YINUO_DATABASE_URL"
POOL = 32  # as many as `portal serve` has threads: writers that wait for their turn must not keep readers out


class Base(DeclarativeBase):
    """Constraint names follow one pattern, because a migration can only change what it can name."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Store(SQLAlchemy):
    """Flask-SQLAlchemy whose engines begin transactions our way, however the application was made."""

    def _make_engine(self, bind_key: str | None, options: dict[str, Any], app: Flask) -> Engine:
        options.setdefault("hide_parameters", True)  # the words of an error hold no value of anybody
        if "poolclass" not in options:  # a database in memory has one connection
            options.setdefault("pool_size", POOL)
        engine = super()._make_engine(bind_key, options, app)
        arm(engine)
        return engine


db = Store(model_class=Base)


def install(app: Flask) -> None:
    """Give the application its database: YINUO_DATABASE_URL if set, else SQLite in the instance folder."""
    url = app.config.get("SQLALCHEMY_DATABASE_URI") or os.environ.get(URL_VARIABLE) or "sqlite:///portal.sqlite"
    app.config["SQLALCHEMY_DATABASE_URI"] = _with_our_driver(url)
    db.init_app(app)
    app.teardown_appcontext(_let_go)  # before Flask-SQLAlchemy's own, which then has nothing to do


def _let_go(_error: BaseException | None) -> None:
    """An answer that is made goes out even if its read cannot be ended any more, the database having gone meanwhile."""
    try:
        db.session.remove()
    except DBAPIError as error:
        if named(error) is None:
            raise
        db.session.registry.clear()


def instance_folder() -> Path:
    """Of the application whose database this is: its keys lie there."""
    return Path(current_app.instance_path)


def _with_our_driver(url: str) -> str:
    """PostgreSQL is spoken through psycopg 3, whichever of its usual addresses was given."""
    parsed = make_url(url.replace("postgres://", "postgresql://", 1) if url.startswith("postgres://") else url)
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    return parsed.render_as_string(hide_password=False)
