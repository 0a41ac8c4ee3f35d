"""What is inside a file that somebody sent: read to its end, freed of what tells on its author, refused if it can act.

Each module takes the bytes of one kind and gives back bytes that were written anew, so that nothing hidden before,
behind or between the parts of the format comes along. Knows no request and no database.
"""

from __future__ import annotations

from collections.abc import Callable

from portal.web.papers import office, pdf, pictures
from portal.web.papers.verdicts import PaperUnfit

__all__ = ["CLEANERS", "PaperUnfit"]

CLEANERS: dict[str, Callable[[bytes], bytes]] = {
    "application/pdf": pdf.cleaned,
    "image/jpeg": pictures.cleaned,
    "image/png": pictures.cleaned,
    office.DOCX: office.cleaned,
    office.XLSX: office.cleaned,
}
