"""What every answer tells the browser to refuse: foreign code, frames, guessing at types, leaking addresses."""

from __future__ import annotations

from flask import Flask, Response, current_app, request

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# A file that somebody sent is saved and never shown; should a browser show it all the same, it can do nothing there.
FILE_POLICY = "default-src 'none'; sandbox; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",  # for browsers that do not know frame-ancestors
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
}


def install(app: Flask) -> None:
    app.after_request(add_headers)


def add_headers(response: Response) -> Response:
    headers = response.headers
    known = {name.lower() for name, _ in headers}  # asking for each of them that is not there takes ten times as long
    if "content-disposition" in known and headers["Content-Disposition"].startswith("attachment"):
        headers["Content-Security-Policy"] = FILE_POLICY
        known.add("content-security-policy")
    headers.extend([(name, value) for name, value in HEADERS.items() if name.lower() not in known])
    is_to_be_kept = "cache-control" in known and headers["Cache-Control"] != "no-cache"
    if request.endpoint != "static" and not is_to_be_kept:
        # Answers hold what one person typed or was told: no shared cache and no back button after signing out.
        headers["Cache-Control"] = "no-store"
    if request.is_secure or current_app.config["SESSION_COOKIE_SECURE"]:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    return response
