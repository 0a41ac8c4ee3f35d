"""Pages that stand for themselves: halls and their hours, help, accessibility."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from portal.catalogue.queries import catalogue
from portal.web.citizen.halls import home_halls
from portal.web.page import page

pages = Blueprint("pages", __name__)


@pages.get("/halls")
def halls() -> ResponseReturnValue:
    return page(halls=home_halls())


@pages.get("/help")
def help() -> ResponseReturnValue:  # noqa: A001 -- the page is called so
    return page(offices=catalogue().main_offices, halls=home_halls())


@pages.get("/accessibility")
def accessibility() -> ResponseReturnValue:
    return page(offices=catalogue().main_offices)
