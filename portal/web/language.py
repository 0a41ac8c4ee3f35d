"""Chinese by default, English for who asks: by ``?lang=en``, by the cookie that keeps it, or by the browser's wish."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, Response, current_app, g, has_request_context, request
from flask_babel import Babel

COOKIE = "lang"
DEFAULT = "zh_Hans"
A_YEAR = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Language:
    """``code`` stands in addresses and in the cookie, ``tag`` in HTML; the locale is the key of LANGUAGES."""

    code: str
    tag: str
    name: str


LANGUAGES = {"zh_Hans": Language("zh", "zh-Hans", "简体中文"), "en": Language("en", "en", "English")}
_LOCALES = {language.code: locale for locale, language in LANGUAGES.items()}


def install(app: Flask) -> None:
    Babel(app, locale_selector=language)
    app.after_request(keep_the_choice)


def language() -> str:
    """The locale of this request; Babel's own matching knows neither zh nor zh-CN, so it is done here by hand."""
    if not has_request_context():
        return DEFAULT
    if "language" not in g:
        g.language = _asked_for() or DEFAULT
    return str(g.language)


def other_language() -> str:
    return "en" if language() == DEFAULT else DEFAULT


def _asked_for() -> str | None:
    for given, name in ((request.args, "lang"), (request.cookies, COOKIE)):
        if name in given and given[name] in _LOCALES:
            return _LOCALES[given[name]]
    for wish in request.accept_languages.values():
        code = wish.replace("_", "-").split("-")[0].lower()
        if code in _LOCALES:
            return _LOCALES[code]
    return None


def keep_the_choice(response: Response) -> Response:
    if "lang" in (args := request.args) and args["lang"] in _LOCALES:
        response.set_cookie(
            COOKIE,
            args["lang"],
            max_age=A_YEAR,
            httponly=True,
            samesite="Lax",
            secure=request.is_secure or current_app.config["SESSION_COOKIE_SECURE"],
        )
    if response.mimetype == "text/html":
        response.vary.update(("Accept-Language", "Cookie"))
        response.content_language.add(LANGUAGES[language()].tag)
    return response
