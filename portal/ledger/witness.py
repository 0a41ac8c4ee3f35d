"""A stranger who signs our checkpoints too, so that we cannot show different ledgers to different people.

The protocol is C2SP tlog-witness: the witness is sent a checkpoint with the proof that the one it saw last is its
beginning, and answers with its cosignature. Whoever has the key of the witness need not trust us.
"""

from __future__ import annotations

from base64 import b64encode
from http import HTTPStatus
from http.client import HTTPException, HTTPResponse
from time import monotonic
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from portal.basis import N_, Refusal
from portal.ledger.notes import NoteMisshapen, Signed, Verifier, opened
from portal.ledger.tree import NotSealedYet, Tree

PATIENCE = 5  # seconds; parameter of ours
_LONGEST = 10_000  # bytes of an answer


class _NoRedirects(HTTPRedirectHandler):
    """The witness is the one that was named; where it points to is nobody whom we asked."""

    def redirect_request(self, *_args: object, **_more: object) -> None:
        return None


class WitnessSilent(Refusal):
    def __init__(self, url: str, reason: str) -> None:
        super().__init__(
            N_("The witness %(url)s did not sign (%(reason)s); see whether it is reachable and knows our key."),
            values={"url": url, "reason": reason},
        )


def have_witnessed(tree: Tree, url: str, witness: Verifier) -> Signed:
    """Send the newest checkpoint to the witness and keep it with its signature.

    :raises WitnessSilent: it cannot be reached, says no, or signs with another key.
    """
    signed, key = tree.checkpoint(), tree.verifier
    if signed is None or key is None:
        raise NotSealedYet
    seen = tree.witnessed()
    status, answer = _sent(tree, signed, seen.size if seen else 0, url)
    if status == HTTPStatus.CONFLICT and answer.strip().isdigit() and int(answer) <= signed.size:
        status, answer = _sent(tree, signed, int(answer), url)  # it had seen another size than we remember
    if status != HTTPStatus.OK:
        raise WitnessSilent(url, f"{status} {answer.strip()[:200]}")
    try:
        cosigned = opened(signed.note + answer, key, [witness])
    except NoteMisshapen:
        raise WitnessSilent(url, "its answer is no signature") from None
    if witness.name not in cosigned.cosigned_by:
        raise WitnessSilent(url, "another key signed")
    tree.keep_witnessed(cosigned.note)
    return cosigned


def _read(answer: HTTPResponse | HTTPError, url: str) -> bytes:
    """:raises WitnessSilent: it sends drop by drop; each drop is in time, the whole is not."""
    until, content = monotonic() + PATIENCE, b""
    while len(content) < _LONGEST and (portion := answer.read1(_LONGEST)):
        content += portion
        if monotonic() > until:
            raise WitnessSilent(url, "it answers too slowly")
    return content


def _sent(tree: Tree, signed: Signed, old: int, url: str) -> tuple[int, str]:
    proof = [b64encode(step).decode() for step in tree.consistency(old, signed.size)] if old < signed.size else []
    body = "\n".join([f"old {old}", *proof, "", signed.note])
    if not url.startswith(("http://", "https://")):
        raise WitnessSilent(url, "an address begins with https://")
    request = Request(f"{url.rstrip('/')}/add-checkpoint", data=body.encode(), method="POST")  # noqa: S310 -- see above
    try:
        with build_opener(_NoRedirects).open(request, timeout=PATIENCE) as answer:
            return answer.status, _read(answer, url).decode()
    except HTTPError as refused:
        with refused:
            return refused.code, _read(refused, url).decode(errors="replace")
    except (URLError, OSError, HTTPException, UnicodeDecodeError) as error:
        raise WitnessSilent(url, str(error)) from None
