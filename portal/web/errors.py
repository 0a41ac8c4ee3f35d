"""Errors as pages: what happened, and what to do next. Never a trace, never a hint at what is hidden."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from portal.basis import N_, NotAllowed, Refusal


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
        N_("Check the address you typed, or start again from the first page."),
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
OTHERS_FAULT, OUR_FAULT = EXPLANATIONS[400], EXPLANATIONS[500]


def install(app: Flask) -> None:
    app.register_error_handler(HTTPException, explain)
    app.register_error_handler(NotAllowed, refuse_access)
    app.register_error_handler(Refusal, refuse)


def explain(error: HTTPException) -> ResponseReturnValue:
    response = error.get_response()
    if response.status_code < 400:
        return response  # a redirect is no error
    status = response.status_code
    explanation = EXPLANATIONS.get(status, OUR_FAULT if status >= 500 else OTHERS_FAULT)
    return answer(status, gettext(explanation.title), gettext(explanation.advice), allow=response)


def refuse_access(_: NotAllowed) -> ResponseReturnValue:
    explanation = EXPLANATIONS[403]
    return answer(403, gettext(explanation.title), gettext(explanation.advice))


def refuse(refusal: Refusal) -> ResponseReturnValue:
    """A refusal that no form took: the step does not fit the state of things."""
    return answer(409, gettext(EXPLANATIONS[409].title), gettext(refusal.message, **refusal.values))


def answer(status: int, title: str, advice: str, allow: Response | None = None) -> ResponseReturnValue:
    headers = {"Allow": allow.headers["Allow"]} if allow is not None and "Allow" in allow.headers else {}
    if request.path.startswith("/api/"):
        return jsonify(error={"status": status, "title": title, "advice": advice}), status, headers
    return render_template("errors/explanation.html", status=status, title=title, advice=advice), status, headers
