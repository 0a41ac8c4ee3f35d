"""Pages: a view's template stands at the view's own address, ``citizen.cases.new`` at citizen/cases/new.html."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from flask import Flask, render_template, request

from portal.web import large_type
from portal.web.language import LANGUAGES, language, other_language


def page(**context: object) -> str:
    """Render the template of the view that answers this request."""
    assert request.endpoint is not None, "page() belongs into a view"
    return render_template(f"{request.endpoint.replace('.', '/')}.html", **context)


def install(app: Flask) -> None:
    app.context_processor(words_of_every_page)


def words_of_every_page() -> dict[str, object]:
    other = other_language()
    return {
        "html_language": LANGUAGES[language()].tag,
        "other_language": LANGUAGES[other],
        "other_language_url": this_page(lang=LANGUAGES[other].code),
        "is_large": large_type.is_large(),
        "other_view_url": this_page(**{large_type.ARGUMENT: large_type.other_view()}),
    }


def this_page(**changed: str) -> str:
    """This page in another language or view; after a form that has no page of its own to read, the start page."""
    rule = request.url_rule
    if rule is None or "GET" not in (rule.methods or ()):
        return f"/?{urlencode(changed)}"
    kept = [(name, value) for name, value in request.args.items(multi=True) if name not in changed]
    return f"{quote(request.path)}?{urlencode([*kept, *changed.items()])}"
