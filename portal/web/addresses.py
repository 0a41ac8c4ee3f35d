"""Numbers in addresses: none is larger than a database can hold, so that an absurd one is simply not there."""

from __future__ import annotations

from typing import Any

from flask import Flask
from werkzeug.routing import IntegerConverter

LARGEST = 2**53  # JSON's largest exact integer; SQLite and PostgreSQL hold more


class Number(IntegerConverter):
    def __init__(self, *args: Any, **bounds: Any) -> None:
        super().__init__(*args, **{"max": LARGEST, **bounds})


def install(app: Flask) -> None:
    """To be called before the doors are registered, whose addresses use it."""
    app.url_map.converters["int"] = Number
