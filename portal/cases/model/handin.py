"""What is handed in: the materials, their identity (a re-scan is the same document), and what is missing. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import scrypt, sha256
from hmac import new as hmac
from typing import Final

from portal.basis import N_
from portal.cases.model.refusals import FactUnfit
from portal.catalogue.model import ItemVersion, MaterialNeed, Situation

CODE_LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that is read as another: no 0 O, 1 I L
CODE_LENGTH: Final = 8
GUESS_COST = 2**12  # of scrypt with r = 8: 4 MB and some 10 ms a guess; a parameter of ours


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file already laid down outside of the public folders; ``stored_as`` is its path below ``instance/uploads``."""

    name: str
    size: int
    sha256: str
    stored_as: str


@dataclass(frozen=True, slots=True)
class HandedIn:
    """One material: a paper shown at a window (its document number, if it has one) or a file."""

    code: str
    document_no: str | None = None
    file: StoredFile | None = None

    @property
    def identity(self) -> str:
        """Digest of which document this is: its own number, else its content, else that the material was there."""
        if self.document_no:
            said = f"number:{self.document_no.strip().upper()}"
        elif self.file:
            said = f"content:{self.file.sha256}"
        else:
            said = "shown"
        return sha256(f"{self.code}\0{said}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Submission:
    """What an applicant hands in. ``personal`` (names, numbers, form fields) is sealed and never read by a rule.

    ``target_at`` is an explicit promise for this case, such as the expiry of the licence to be renewed; ``office``
    is where it is handed in, when that is an outlet of the item's own office.
    """

    item: str
    applicant: str
    answers: Mapping[str, str] = field(default_factory=dict)
    materials: tuple[HandedIn, ...] = ()
    personal: Mapping[str, str] = field(default_factory=dict)
    channel: str = "web"
    authorisation: str | None = None
    area: str | None = None
    office: str | None = None
    target_at: datetime | None = None
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """``query_code`` is shown this once and is not kept; ``missing`` are the required materials not handed in."""

    number: str
    query_code: str
    receipt_no: str | None
    missing: tuple[str, ...] = ()
    is_repeat: bool = False


def materials_hash(identities: Mapping[str, Iterable[str]]) -> str:
    """Digest over (material code, identity), independent of order, scan and file name."""
    lines = sorted(f"{code}\0{identity}" for code, found in identities.items() for identity in set(found))
    return sha256("\n".join(lines).encode()).hexdigest()


def checked_materials(materials: Sequence[HandedIn], version: ItemVersion, situation: Situation) -> tuple[str, ...]:
    """Return the required materials that were not handed in.

    :raises FactUnfit: a material that this situation does not ask for, or an empty file.
    """
    asked = {material.code: material for material in version.materials_for(situation)}
    for handed_in in materials:
        if handed_in.code not in asked:
            raise FactUnfit(
                N_("%(code)s is not asked for in this situation; leave it out."),
                field=handed_in.code,
                values={"code": handed_in.code},
            )
        if handed_in.file is not None and handed_in.file.size == 0:
            raise FactUnfit(
                N_("The file %(name)s is empty; choose another one."),
                field=handed_in.code,
                values={"name": handed_in.file.name},
            )
    present = {handed_in.code for handed_in in materials}
    return tuple(
        code for code, material in asked.items() if material.need is MaterialNeed.REQUIRED and code not in present
    )


def query_code(idempotency_key: str, number: str) -> str:
    """Eight letters that follow from the applicant's own key, so that a repeated hand-in shows the same receipt."""
    digest = int.from_bytes(sha256(f"query code\0{idempotency_key}\0{number}".encode()).digest())
    letters = []
    for _ in range(CODE_LENGTH):
        digest, place = divmod(digest, len(CODE_LETTERS))
        letters.append(CODE_LETTERS[place])
    return "".join(letters)


def code_digest(number: str, code: str) -> bytes:
    """What is kept of a query code: a guess costs 4 MB and some 10 ms, so that forty bits hold for centuries."""
    plain = code.strip().upper().replace(" ", "").replace("-", "")[: CODE_LENGTH + 1]
    return scrypt(plain.encode(), salt=number.encode(), n=GUESS_COST, r=8, p=1, dklen=32)


def applicant_of(identity_number: str, secret: bytes) -> str:
    """A pseudonym for who has no account: the same person gets the same one, nobody without the secret can tell who."""
    normal = "".join(identity_number.split()).upper()
    return f"p{hmac(secret, normal.encode(), sha256).hexdigest()[:24]}"
