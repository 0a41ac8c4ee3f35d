"""A choice of two made by one link, which a cookie of the browser keeps for a year."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, current_app, request

A_YEAR = 365 * 24 * 3600  # seconds


@dataclass(frozen=True, slots=True)
class KeptChoice:
    """``argument`` of the address chooses ``values``, of which the first holds until somebody chooses."""

    argument: str
    cookie: str
    values: tuple[str, str]

    def now(self) -> str:
        chosen = self._chosen() or request.cookies.get(self.cookie)
        return chosen if chosen in self.values else self.values[0]

    def keep(self, response: Response) -> Response:
        """To be called after each request."""
        if (chosen := self._chosen()) is not None:
            response.set_cookie(
                self.cookie,
                chosen,
                max_age=A_YEAR,
                httponly=True,
                samesite="Lax",
                secure=request.is_secure or current_app.config["SESSION_COOKIE_SECURE"],
            )
        return response

    def _chosen(self) -> str | None:
        args = request.args
        return args[self.argument] if self.argument in args and args[self.argument] in self.values else None
