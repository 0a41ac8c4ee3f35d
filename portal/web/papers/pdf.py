"""PDF: nothing in it may act, lead to other files or hide them; who wrote it, and with what, is left out.

A signed PDF (an electronic invoice or licence) is checked and kept as it is: written anew, its signature would break.
"""

from __future__ import annotations

import io
import logging
import struct
import threading
import zlib
from collections.abc import Iterator

from pypdf import Configuration, PdfReader, PdfWriter, apply_configuration
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject, PdfObject

from portal.web.papers.patience import OutOfPatience, Patience, Watched
from portal.web.papers.verdicts import ACTIVE, BULKY, DAMAGED, LOCKED, MANY_PAGES, SLOW, PaperUnfit

MOST_PAGES = 200  # parameter of ours
MOST_COMPLAINTS = 50  # parameter of ours: a file with more damages than that is none that somebody saved
MOST_PARTS = 200_000  # parameter of ours: objects and values of one file
MOST_REVISIONS = 500  # parameter of ours: times that a file was saved on top of what it was before
LARGEST_LIST = 4 * 1024 * 1024  # bytes, unpacked, of a list of objects; parameter of ours, as the next
LONGEST_WORK = 16 * 1024 * 1024  # bytes of all steps of unpacking one list
_TRAILER = 1024  # bytes at the end among which the mark of the end must stand (ISO 32000-1, annex H)
_ACTING = frozenset(
    {"/JS", "/JavaScript", "/Launch", "/EmbeddedFile", "/EmbeddedFiles", "/EF", "/RichMedia", "/XFA", "/SubmitForm"}
    | {"/ImportData", "/GoToE", "/GoToR", "/Rendition", "/Movie", "/Sound", "/3D", "/AA"}
)
_TELLING = ("/Metadata", "/PieceInfo", "/LastModified", "/Info")
_BROKEN = (
    PyPdfError, OSError, ValueError, TypeError, AttributeError, LookupError, ArithmeticError, AssertionError,
    RecursionError, NotImplementedError, struct.error, zlib.error,
)  # fmt: skip


class _Complaints(logging.Handler):
    """Counts what the library complains of in one file, and writes nothing: it would quote what somebody sent.

    For each damage it searches the whole file; a file of two megabytes could keep the portal searching for hours.
    """

    here = threading.local()

    def emit(self, record: logging.LogRecord) -> None:  # noqa: ARG002 -- what it says does not matter
        self.here.left = getattr(self.here, "left", MOST_COMPLAINTS) - 1
        if self.here.left < 0:
            raise OutOfPatience


_FRUGAL = Configuration(  # only lists of objects are ever unpacked here: pages and pictures stay as they are
    maximum_declared_stream_length=LARGEST_LIST * 2,
    array_based_stream_maximum_output_length=LARGEST_LIST,
    lzw_maximum_output_length=LARGEST_LIST,
    run_length_maximum_output_length=LARGEST_LIST,
    zlib_maximum_output_length=LARGEST_LIST,
    brotli_maximum_output_length=LARGEST_LIST,
    stream_decoding_work_maximum_length=LONGEST_WORK,
)
_library = logging.getLogger("pypdf")
_library.propagate = False
_library.setLevel(logging.WARNING)
_library.addHandler(_Complaints())


def cleaned(content: bytes) -> bytes:
    """Return the document without its metadata.

    :raises PaperUnfit: it is locked, damaged, too long, or something in it can act.
    """
    if not content.startswith(b"%PDF-") or b"%%EOF" not in content[-_TRAILER:]:
        raise PaperUnfit(DAMAGED)
    if content.count(b"xref") > 2 * MOST_REVISIONS:  # each has its table, and a mark of where that begins
        raise PaperUnfit(DAMAGED)
    _Complaints.here.left, patience = MOST_COMPLAINTS, Patience()
    try:
        with apply_configuration(_FRUGAL):
            return _cleaned(content, patience)
    except _BROKEN:
        raise PaperUnfit(DAMAGED) from None
    except OutOfPatience:
        raise PaperUnfit(DAMAGED if _Complaints.here.left < 0 else SLOW) from None


def _cleaned(content: bytes, patience: Patience) -> bytes:
    reader = _Reader(content, patience)
    if reader.is_encrypted:
        raise PaperUnfit(LOCKED)
    if len(reader.pages) > MOST_PAGES:
        raise PaperUnfit(MANY_PAGES, most=MOST_PAGES)
    if not reader.pages:
        raise PaperUnfit(DAMAGED)
    is_signed = _looked_through(reader.trailer)
    return content if is_signed else _written_anew(reader)


class _Reader(PdfReader):
    """Stopped when it takes too long: where it reads the file, and where it fetches an object from a packed list."""

    def __init__(self, content: bytes, patience: Patience) -> None:
        self.patience = patience
        super().__init__(Watched(content, patience))

    def get_object(self, indirect_reference: int | IndirectObject) -> PdfObject | None:
        self.patience.step()
        return super().get_object(indirect_reference)


def _looked_through(root: PdfObject) -> bool:
    """Whether it is signed.

    :raises PaperUnfit: something reachable can act, or it has no end.
    """
    is_signed = False
    for count, part in enumerate(_parts(root)):
        if count > MOST_PARTS:
            raise PaperUnfit(BULKY)
        if isinstance(part, DictionaryObject):
            if not _ACTING.isdisjoint(part) or not _ACTING.isdisjoint(_names(part)):
                raise PaperUnfit(ACTIVE)
            is_signed = is_signed or "/ByteRange" in part
    return is_signed


def _names(part: DictionaryObject) -> Iterator[str]:
    """What a dictionary says it is: its kind, and the kind of its action."""
    for key in ("/Type", "/S", "/Subtype", "/FT"):
        value = part.get(key)
        if isinstance(value, NameObject):
            yield str(value)


def _parts(root: PdfObject) -> Iterator[PdfObject]:
    """Everything that can be reached, each object once."""
    seen: set[tuple[int, int]] = set()
    waiting: list[PdfObject] = [root]
    while waiting:
        part = waiting.pop()
        if isinstance(part, IndirectObject):
            if (part.idnum, part.generation) in seen:
                continue
            seen.add((part.idnum, part.generation))
            found = part.get_object()
            if found is None:
                continue
            part = found
        yield part
        if isinstance(part, DictionaryObject):
            waiting.extend(dict.values(part))
        elif isinstance(part, ArrayObject):
            waiting.extend(list.__iter__(part))


def _written_anew(reader: _Reader) -> bytes:
    for part in list(_parts(reader.trailer)):
        if isinstance(part, DictionaryObject):
            for name in _TELLING:
                part.pop(NameObject(name), None)
    writer = PdfWriter(clone_from=reader)  # takes along only what can be reached
    writer.metadata = None
    reader.patience.look()
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()
