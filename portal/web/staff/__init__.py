"""What the pages of all staff share: names of people and offices, navigation, histories, what may be seen of whom."""

from __future__ import annotations

from flask import Flask

from portal.web.staff import navigation


def install(app: Flask) -> None:
    app.add_template_global(navigation.staff_navigation)
