"""Errors as pages: what happened, and what to do next. Never a trace, never a hint at what is hidden."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, g, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from portal.basis import N_, NotAllowed, Refusal
from portal.store import StoreUnavailable, db, named
from portal.web import journal
from portal.web.refused import refused

Answer = tuple[str | Response, int, dict[str, str]]


@dataclass(frozen=True, slots=True)
class Explanation:
    title: str
    advice: str


EXPLANATIONS = {
    400: Explanation(
        N_("We could not read that"),
        N_("The page may have been open too long. Go back, load it again, and send it once more."),
    ),
    401: Explanation(N_("Sign in first"), N_("This page is for people who have signed in.")),
    403: Explanation(
        N_("This page is not open to you"),
        N_("Your post does not include this. If you think it should, ask the head of your office."),
    ),
    404: Explanation(
        N_("Page not found"),
        N_(
            "Check the address you typed, or start again from the first page. "
            "A form that you left for long may have been deleted; what was handed in is not."
        ),
    ),
    405: Explanation(N_("This address cannot do that"), N_("Start again from the first page.")),
    409: Explanation(N_("That is not possible now"), N_("Go back, load the page again, and see what has changed.")),
    413: Explanation(N_("That is too large"), N_("Send smaller files, or fewer at a time: 20 MB is the most.")),
    429: Explanation(N_("Too many tries"), N_("Wait a few minutes, then try again.")),
    500: Explanation(
        N_("Something went wrong on our side"),
        N_("Nothing that a page confirmed to you is lost. Try again in a few minutes."),
    ),
}
UNAVAILABLE = N_("The service cannot answer now")
LATER = {"Retry-After": "60"}  # seconds; parameter of ours
# When even that page cannot be made, the database being gone for example: no template, no look-up, both languages.
BARE = """<!doctype html>
<html lang="zh-Hans"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>我们这边出了问题 · Something went wrong on our side</title></head>
<body><main>
<h1>我们这边出了问题</h1>
<p>页面上已确认的内容不会丢失，请过几分钟再试。编码：<strong>%(code)s</strong>，反映问题时请提供。</p>
<p>政务服务热线：<a href="tel:12345">12345</a></p>
<div lang="en"><h1>Something went wrong on our side</h1>
<p>Nothing that a page confirmed to you is lost. Try again in a few minutes. If you tell us about it, give this code:
<strong>%(code)s</strong></p></div>
</main></body></html>
"""
OTHERS_FAULT, OUR_FAULT = EXPLANATIONS[400], EXPLANATIONS[500]


def install(app: Flask) -> None:
    app.register_error_handler(HTTPException, explain)
    app.register_error_handler(NotAllowed, refuse_access)
    app.register_error_handler(Refusal, refuse)
    app.register_error_handler(StoreUnavailable, ask_for_patience)
    app.register_error_handler(SQLAlchemyError, tell_what_failed)


def explain(error: HTTPException) -> ResponseReturnValue:
    response = error.get_response()
    if response.status_code < 400:
        return response  # a redirect is no error
    status = response.status_code
    if status < 500:
        journal.note_refusal(type(error).__name__)
    explanation = EXPLANATIONS.get(status, OUR_FAULT if status >= 500 else OTHERS_FAULT)
    return answer(status, gettext(explanation.title), gettext(explanation.advice), allow=response)


def refuse_access(refusal: NotAllowed) -> ResponseReturnValue:
    journal.note_refusal(refusal.message)
    explanation = EXPLANATIONS[403]
    return answer(403, gettext(explanation.title), gettext(explanation.advice))


def refuse(refusal: Refusal) -> ResponseReturnValue:
    """A refusal that no form took: the step does not fit the state of things."""
    journal.note_refusal(refusal.message)
    return answer(409, gettext(EXPLANATIONS[409].title), refused(refusal))


def ask_for_patience(refusal: StoreUnavailable) -> ResponseReturnValue:
    """The page is drawn without the database, which is what does not work."""
    journal.note_refusal(refusal.message)
    g.account = None
    body, status, headers = answer(503, gettext(UNAVAILABLE), gettext(refusal.message))
    return body, status, {**headers, **LATER}


def tell_what_failed(error: SQLAlchemyError) -> ResponseReturnValue:
    """A read has no unit that would name what the database said; a mistake of ours stays one."""
    if (refusal := named(error)) is None:
        raise error
    db.session.remove()
    return ask_for_patience(refusal)


def answer(status: int, title: str, advice: str, allow: Response | None = None) -> Answer:
    headers = {"Allow": allow.headers["Allow"]} if allow is not None and "Allow" in allow.headers else {}
    said: dict[str, object] = {"status": status, "title": title, "advice": advice}
    if status >= 500:
        said["incident"] = journal.incident()
    if request.path.startswith("/api/"):
        return jsonify(error=said), status, headers
    try:
        return render_template("errors/explanation.html", **said), status, headers
    except Exception:
        if status < 500:
            raise  # comes round again as a failure of ours
        journal.logger.exception("the page of an error could not be made")
        return BARE % {"code": journal.incident()}, status, headers
