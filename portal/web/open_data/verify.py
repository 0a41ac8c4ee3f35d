"""Whether an entry is in the sealed ledger: for whoever scans a receipt, holds one, or watches the ledger itself.

Below this address lie the checkpoint and the tiles as monitors fetch them (C2SP tlog-tiles). Nothing personal is here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from flask import Blueprint, Response, abort, current_app, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import FileStorage

from portal.basis import Refusal
from portal.ledger.proofs import NotProven, Proven, checked, proof_text
from portal.ledger.tree import NotSealedYet, Tree
from portal.web.forms import FilesField, Form
from portal.web.page import page
from portal.web.refused import refused

verify = Blueprint("verify", __name__)
PUBLIC = ("verify.start", "verify.entry", "verify.proof", "verify.checkpoint", "verify.key", "verify.tile")
LONGEST_RECEIPT = 200_000  # bytes
_TILE = re.compile(r"[0-9]{1,2}/(x[0-9]{3}/)*[0-9]{3}(\.p/[0-9]{1,3})?")


class ReceiptForm(Form):
    receipt = FilesField(_l("Your file receipt.json"), description=_l("You downloaded it from your receipt page."))


def tree() -> Tree:
    return Tree(Path(current_app.instance_path))


@verify.route("/verify", methods=["GET", "POST"])
def start() -> ResponseReturnValue:
    form, proven, ours = ReceiptForm(), None, tree()
    if form.validate_on_submit():
        try:
            proven = _proven(ours, request.files.getlist("receipt"))
        except Refusal as refusal:
            form.refuse(refusal)
    return page(form=form, proven=proven, signed=_signed(ours), key=ours.verifier), form.status


def _proven(ours: Tree, files: Sequence[FileStorage]) -> Proven:
    """:raises Refusal: the receipt is none, or does not fit what we have sealed."""
    content = files[0].read(LONGEST_RECEIPT) if files else b""
    if ours.verifier is None:
        raise NotSealedYet
    proven = checked(content, ours.verifier)
    if not ours.is_beginning(proven.signed):  # signed by our key, but not our ledger
        raise NotProven(proven.seq - 1)
    return proven


def _signed(ours: Tree) -> object:
    try:
        return ours.checkpoint()
    except Refusal:
        return None


@verify.get("/verify/<int:seq>/<leaf>")
def entry(seq: int, leaf: str) -> ResponseReturnValue:
    """Anybody may ask; only who has the receipt knows the hash."""
    ours = tree()
    if not re.fullmatch(r"[0-9a-f]{64}", leaf) or not 0 < seq < 2**53:
        abort(404)
    context: dict[str, object] = {"seq": seq, "leaf": leaf, "key": ours.verifier}
    try:
        is_ours = ours.leaf(seq - 1).hex() == leaf
        proof = ours.inclusion(seq - 1) if is_ours else None
    except NotSealedYet:
        return page(state="waiting", **context)
    except Refusal as refusal:
        return page(state="broken", why=refused(refusal), **context), 503
    if proof is None:
        return page(state="other", **context), 404
    return page(state="in", proof=proof, signed=proof.signed, **context)


@verify.get("/verify/<int:seq>/<leaf>/proof")
def proof(seq: int, leaf: str) -> ResponseReturnValue:
    """The proof as C2SP tlog-proof, for other tools."""
    ours = tree()
    try:
        if ours.leaf(seq - 1).hex() != leaf:
            abort(404)
        return _text(proof_text(ours.inclusion(seq - 1)))
    except Refusal:
        abort(404)


@verify.get("/verify/checkpoint")
def checkpoint() -> ResponseReturnValue:
    file = tree().folder / "checkpoint"
    return _text(file.read_text()) if file.is_file() else abort(404)


@verify.get("/verify/key")
def key() -> ResponseReturnValue:
    found = tree().verifier
    return _text(f"{found.line()}\n") if found else abort(404)


@verify.get("/verify/tile/<path:name>")
def tile(name: str) -> ResponseReturnValue:
    if not _TILE.fullmatch(name):
        abort(404)
    try:
        content = (tree().folder / "tile" / name).read_bytes()
    except FileNotFoundError:
        abort(404)
    answer = Response(content, mimetype="application/octet-stream")
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return answer


def _text(content: str) -> Response:
    answer = Response(content, mimetype="text/plain")
    answer.headers["Cache-Control"] = "public, max-age=1"
    return answer
