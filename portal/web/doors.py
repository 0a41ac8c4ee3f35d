"""A door: the blueprint of one audience, shut for everybody who is not named.

Whoever signs in is put into ``g.by`` before a door is asked; nobody is there by default.
"""

from __future__ import annotations

from collections.abc import Iterable

from flask import Blueprint, abort, g, request

from portal.basis import By, Role


class Door(Blueprint):
    """Open to ``roles``, and to everybody for the views in ``public``; shut otherwise.

    ``public`` names views as seen from the door: ``home``, or ``cases.receipt`` of a nested blueprint.
    """

    def __init__(
        self,
        name: str,
        import_name: str,
        *,
        url_prefix: str | None = None,
        roles: Iterable[Role] = (),
        public: Iterable[str] = (),
    ) -> None:
        super().__init__(name, import_name, url_prefix=url_prefix)
        self.roles = frozenset(roles)
        self.public = frozenset(public)
        self.before_request(self.guard)

    def guard(self) -> None:
        """Runs before each view of the door and of every blueprint nested in it."""
        if request.endpoint is not None and request.endpoint.removeprefix(f"{self.name}.") in self.public:
            return
        by = whoever_asks()
        if by is None:
            abort(401)
        if by.role not in self.roles:
            abort(403)


def whoever_asks() -> By | None:
    by = g.get("by")
    assert by is None or isinstance(by, By), "g.by holds a portal.basis.By, or nothing"
    return by
