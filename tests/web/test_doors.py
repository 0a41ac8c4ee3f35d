"""A door is shut for everybody who is not named."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Blueprint, Flask, g

from portal import create_app
from portal.basis import By, Role
from portal.web.doors import Door


def app_with_a_door(folder: Path, by: By | None) -> Flask:
    """One door with a public and a shut view, a nested blueprint with the same, and somebody who asks."""
    door = Door("gate", __name__, url_prefix="/gate", roles=(Role.CLERK,), public=("open", "annex.open"))
    annex = Blueprint("annex", __name__, url_prefix="/annex")
    for blueprint in (door, annex):
        blueprint.add_url_rule("/open", "open", lambda: "open")
        blueprint.add_url_rule("/shut", "shut", lambda: "shut", methods=["GET", "POST"])
    door.register_blueprint(annex)
    app = create_app({"TESTING": True, "WTF_CSRF_ENABLED": False}, instance=folder)

    def sign_in() -> None:
        g.by = by

    app.before_request(sign_in)
    app.register_blueprint(door)
    return app


@pytest.mark.parametrize(
    ("by", "public", "shut"),
    [
        (None, 200, 401),
        (By("a-citizen", Role.APPLICANT), 200, 403),
        (By("a-clerk", Role.CLERK), 200, 200),
    ],
    ids=["stranger", "wrong role", "right role"],
)
@pytest.mark.parametrize("prefix", ["/gate", "/gate/annex"])
def test_a_door_opens_for_its_roles_and_for_its_public_views_only(
    tmp_path: Path, prefix: str, by: By | None, public: int, shut: int
) -> None:
    client = app_with_a_door(tmp_path, by).test_client()
    assert client.get(f"{prefix}/open").status_code == public
    assert client.get(f"{prefix}/shut").status_code == shut
    assert client.post(f"{prefix}/shut").status_code == shut


def test_a_name_that_is_public_at_the_door_is_not_public_in_an_annex(tmp_path: Path) -> None:
    door = Door("gate", __name__, url_prefix="/gate", public=("open",))
    annex = Blueprint("annex", __name__, url_prefix="/annex")
    annex.add_url_rule("/open", "open", lambda: "open")
    door.register_blueprint(annex)
    app = create_app({"TESTING": True}, instance=tmp_path)
    app.register_blueprint(door)
    assert app.test_client().get("/gate/annex/open").status_code == 401
