"""DOCX and XLSX: only the parts that such a document has, no macro, no other file, no part fetched from elsewhere."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from pathlib import PurePosixPath
from xml.etree import ElementTree

from portal.web.papers import pictures
from portal.web.papers.patience import OutOfPatience, Patience
from portal.web.papers.verdicts import ACTIVE, BULKY, DAMAGED, LINKED, LOCKED, SLOW, PaperUnfit

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAIN_PARTS = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX}
CONTENTS = "[Content_Types].xml"

MOST_PARTS = 1_000  # parameter of ours, as the next three
LARGEST_UNPACKED = 50 * 1024 * 1024  # bytes of all parts together
HIGHEST_RATIO = 200  # of one part, once it is larger than what follows
SMALL = 1024 * 1024
MOST_PIXELS = 100_000_000  # parameter of ours: of all pictures together, as each is drawn anew
MOST_MARKS = 2_000_000  # parameter of ours: a table of half a million cells; each is looked at
_PICTURES = {".png", ".jpg", ".jpeg"}
_KNOWN = {".xml", ".rels", ".vml", ".gif", ".emf", ".wmf", ".odttf"} | _PICTURES
_SETTINGS = re.compile(r"(word|xl)/printerSettings/printerSettings\d+\.bin")
_PROPERTIES = {
    "docProps/core.xml": b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><cp:coreProperties '
    b'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>',
    "docProps/app.xml": b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Properties '
    b'xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>',
    "docProps/custom.xml": b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Properties '
    b'xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"/>',
}
_FORBIDDEN = re.compile(
    r"vbaProject|vbaData|activeX|/embeddings/|oleObject|externalLinks|macrosheets|dialogsheets", re.IGNORECASE
)
_MACROS = re.compile(rb"macroEnabled|vbaProject|ms-office\.activeX|oleObject", re.IGNORECASE)
_FIELDS = re.compile(r"\b(DDEAUTO|DDE|INCLUDETEXT|INCLUDEPICTURE|IMPORT|DATABASE)\b", re.IGNORECASE)
_FETCHING = re.compile(r"\b(WEBSERVICE|FILTERXML|IMPORTDATA|RTD|CALL|REGISTER\.ID)\s*\(|\|\s*'", re.IGNORECASE)
_BROKEN = (
    zipfile.BadZipFile, OSError, EOFError, ValueError, LookupError, NotImplementedError, RuntimeError, ArithmeticError,
    ElementTree.ParseError, struct.error, zlib.error,
)  # fmt: skip


def kind_of(content: bytes) -> str | None:
    """DOCX or XLSX by the main part inside, or None for any other archive."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
    except _BROKEN:
        return None
    found = [kind for part, kind in MAIN_PARTS.items() if part in names]
    return found[0] if len(found) == 1 and CONTENTS in names else None


def cleaned(content: bytes) -> bytes:
    """Return the document packed anew, without author, editing time and the metadata of its pictures.

    :raises PaperUnfit: it is locked, damaged, or holds what a paper does not hold.
    """
    stream, patience = io.BytesIO(), Patience()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
            for part in _checked_work(archive):
                patience.look()
                inside = _cleaned_part(part.filename, archive.read(part))
                new.writestr(zipfile.ZipInfo(part.filename), inside, zipfile.ZIP_DEFLATED)
    except _BROKEN:
        raise PaperUnfit(DAMAGED) from None
    except OutOfPatience:
        raise PaperUnfit(SLOW) from None
    return stream.getvalue()


def _checked_parts(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """:raises PaperUnfit: judged by the list of parts alone, before anything is unpacked."""
    parts = [part for part in archive.infolist() if not part.is_dir()]
    names = [part.filename.lower() for part in parts]
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise PaperUnfit(BULKY)
    for part in parts:
        if part.file_size > SMALL and part.file_size > HIGHEST_RATIO * max(part.compress_size, 1):
            raise PaperUnfit(BULKY)
        if part.flag_bits & 0x1:
            raise PaperUnfit(LOCKED)
        path = PurePosixPath(part.filename)
        if path.is_absolute() or ".." in path.parts or "\\" in part.filename or ":" in part.filename:
            raise PaperUnfit(ACTIVE)
    if len(set(names)) < len(names):
        raise PaperUnfit(DAMAGED)  # two parts of one name: each reader would see another document
    return parts


def _checked_work(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """:raises PaperUnfit: judged by what the parts would make us do, before any of them is looked at."""
    parts, pixels, marks = _checked_parts(archive), 0, 0
    for part in parts:
        inside = archive.read(part)
        pixels, marks = pixels + _pixels(part.filename, inside), marks + inside.count(b"<")
        if pixels > MOST_PIXELS or marks > MOST_MARKS:
            raise PaperUnfit(BULKY)
    return parts


def _pixels(name: str, inside: bytes) -> int:
    return pictures.pixels_of(inside) if PurePosixPath(name).suffix.lower() in _PICTURES else 0


def _cleaned_part(name: str, inside: bytes) -> bytes:
    ending = "." + name.rsplit(".", 1)[-1].lower()  # `_rels/.rels` is all ending
    if _FORBIDDEN.search(name) or (ending not in _KNOWN and not _SETTINGS.fullmatch(name)):
        raise PaperUnfit(ACTIVE)
    if ending in _PICTURES:
        return pictures.cleaned(inside)
    if _SETTINGS.fullmatch(name):
        return b""  # the name of a printer, and of who owns it
    if ending in {".xml", ".rels", ".vml"}:
        _check_text(name, inside)
        return _PROPERTIES.get(name, inside)
    if inside[:2] in (b"PK", b"MZ") or inside[:4] == b"\xd0\xcf\x11\xe0":
        raise PaperUnfit(ACTIVE)
    return inside


def _check_text(name: str, inside: bytes) -> None:
    text = inside.decode("utf-8-sig")  # another encoding would hide what is looked for; Office writes no other
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise PaperUnfit(ACTIVE)
    if name == CONTENTS and _MACROS.search(inside):
        raise PaperUnfit(ACTIVE)
    if name.endswith(".vml"):
        return  # old drawings, which need not be well-formed
    root = ElementTree.fromstring(text)  # noqa: S314 -- no document type, so no entity that could be expanded
    if name.endswith(".rels"):
        _check_links(root)
        return
    instructions = "".join(part.text or "" for part in root.iter() if part.tag.endswith("}instrText"))
    simple = " ".join(value for part in root.iter() for key, value in part.items() if key.endswith("}instr"))
    if _FIELDS.search(instructions) or _FIELDS.search(simple):
        raise PaperUnfit(LINKED)
    if any(_FETCHING.search(part.text or "") for part in root.iter() if part.tag.endswith("}f")):
        raise PaperUnfit(LINKED)


def _check_links(root: ElementTree.Element) -> None:
    """A link to click on is words; a template, picture or object from elsewhere is fetched by whoever opens it."""
    for link in root:
        if link.get("TargetMode") == "External" and not (link.get("Type") or "").endswith("/hyperlink"):
            raise PaperUnfit(LINKED)
        target = (link.get("Target") or "").lower()
        if link.get("TargetMode") == "External" and not target.startswith(("http:", "https:", "mailto:", "#")):
            raise PaperUnfit(LINKED)
