"""Hostile files, made by code: what stands in each, and why it must not be taken as it is."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image
from pypdf import PdfReader, PdfWriter

from portal.web.uploads import LARGEST
from tests.papers import DOCX, JPEG, PDF, PNG, archive, docx_parts, link, links, pdf, picture, xlsx_parts

SCRIPT = b"<script>alert(document.cookie)</script>"
DRAWING = b"<svg xmlns='http://www.w3.org/2000/svg'>" + SCRIPT + b"</svg>"
SECRET = b"GPS-in-the-yard-of-Zhang-San"


def locked_pdf() -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(PDF)))
    writer.encrypt("secret", algorithm="RC4-128")
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def png_of(width: int, height: int) -> bytes:
    """A few hundred bytes that claim so many pixels; the rows are there, all zero."""

    def chunk(kind: bytes, inside: bytes) -> bytes:
        return struct.pack(">I", len(inside)) + kind + inside + struct.pack(">I", zlib.crc32(kind + inside))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    row = bytes(1 + (width + 7) // 8)
    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(row) for _ in range(min(height, 2_000))) + packer.flush()
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def jpeg_with_place() -> bytes:
    exif = Image.Exif()
    exif[0x010E] = SECRET.decode()
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (30.0, 15.0, 5.0)
    return picture("JPEG", exif=exif, comment=SECRET)


def docx_with(**parts: bytes) -> bytes:
    """Keys with ``__`` for a slash and ``_dot_`` for a dot."""
    named = {name.replace("__", "/").replace("_dot_", "."): inside for name, inside in parts.items()}
    return archive({**docx_parts(), **named})


def duplicate_parts() -> bytes:
    parts = docx_parts()
    packed = archive({**parts, "word/documenu.xml": parts["word/document.xml"]})
    return packed.replace(b"word/documenu.xml", b"word/document.xml")


def action(body: bytes) -> bytes:
    return pdf(body, catalogue=b"/OpenAction 10 0 R")


def many_pictures() -> bytes:
    """A few kilobytes, and minutes of work for whoever draws each of them anew."""
    drawn = picture("PNG", (5000, 5000))
    return archive({**docx_parts(), **{f"word/media/image{n}.png": drawn for n in range(5)}})


def many_marks() -> bytes:
    """Each part is small enough for itself."""
    return archive({**docx_parts(), **{f"word/p{n}.xml": b"<r>" + b"<a/>" * 250_000 + b"</r>" for n in range(9)}})


def field_code(code: str) -> bytes:
    body = f"<w:p><w:r><w:instrText>{code[:2]}</w:instrText><w:instrText>{code[2:]}</w:instrText></w:r></w:p>"
    return archive(docx_parts(body))


BOMB = bytes(60 * 1024 * 1024)
XXE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'
XXE_16 = XXE.decode().encode("utf-16")
NESTED = archive({"b": bytes(2**20)})
MACRO = {"word/vbaProject.bin": b"\xd0\xcf\x11\xe0" + bytes(64)}
EMBEDDED = b"<</Type/EmbeddedFile/Length 2>>stream\nMZ\nendstream"

# By what it is: name of the file, its bytes, and words of the answer.
REFUSED: dict[str, tuple[str, bytes, str]] = {
    "empty": ("a.pdf", b"", "is empty"),
    "one byte too large": ("a.pdf", PDF + b" " * (LARGEST - len(PDF) + 1), "larger than 5 MB"),
    "page named as picture": ("a.jpg", b"<!doctype html>" + SCRIPT, "is no PDF"),
    "drawing with a script": ("a.svg", DRAWING, "is no PDF"),
    "drawing named as picture": ("a.png", DRAWING, "is no PDF"),
    "program": ("a.exe", b"MZ" + bytes(64), "is no PDF"),
    "program named as PDF": ("a.pdf", b"MZ" + bytes(64), "is no PDF"),
    "double ending": ("a.pdf.exe", PDF, "is no PDF"),
    "ending behind a zero byte": ("a.exe\x00.pdf\x00.html", PDF, "is no PDF"),
    "name that reads backwards": ("invoice\u202efdp.exe", PDF, "is no PDF"),
    "ending of another kind": ("a.png", PDF, "is no PDF"),
    "no ending": ("pdf", PDF, "is no PDF"),
    "server page": ("a.php", b"<?php system($_GET['c']);", "is no PDF"),
    "GIF": ("a.gif", picture("GIF"), "is no PDF"),
    "old Word file": ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "is no PDF"),
    "plain archive as document": ("a.docx", archive({"a.txt": b"x"}), "is no PDF"),
    "sheet named as document": ("a.docx", archive(xlsx_parts()), "is no PDF"),
    "both at once": ("a.docx", archive({**docx_parts(), **xlsx_parts()}), "is no PDF"),
    "PDF cut off": ("a.pdf", PDF[: len(PDF) // 2], "is damaged"),
    "PDF with nothing in it": ("a.pdf", b"%PDF-1.4\n%%EOF\n", "is damaged"),
    "PDF without pages": ("a.pdf", pdf(pages=0), "is damaged"),
    "PDF of too many pages": ("a.pdf", pdf(pages=201), "more than 200 pages"),
    "PDF that is its own page": ("a.pdf", PDF.replace(b"/Kids[3 0 R]", b"/Kids[2 0 R]"), "is damaged"),
    "PDF behind other bytes": ("a.pdf", SCRIPT + PDF, "is no PDF"),
    "PDF with a page and another end behind it": ("a.pdf", PDF + SCRIPT + b"\n%%EOF", "is damaged"),
    "PDF that is locked": ("a.pdf", locked_pdf(), "locked with a password"),
    "PDF with a script": ("a.pdf", action(b"<</S/JavaScript/JS(app.alert(1))>>"), "holds a program"),
    "PDF with a script spelt in hex": ("a.pdf", action(b"<</S/J#61vaScript/J#53(app.alert(1))>>"), "holds a program"),
    "PDF that starts a program": ("a.pdf", action(b"<</S/Launch/F(cmd.exe)>>"), "holds a program"),
    "PDF that sends a form": ("a.pdf", action(b"<</S/SubmitForm/F(http://x.example)>>"), "holds a program"),
    "PDF with a file inside": ("a.pdf", pdf(EMBEDDED, catalogue=b"/Names<</EmbeddedFiles 10 0 R>>"), "holds a program"),
    "PDF with events on a page": ("a.pdf", pdf(b"<</O 1 0 R>>", catalogue=b"/AA 10 0 R"), "holds a program"),
    "PNG cut off": ("a.png", PNG[:60], "is damaged"),
    "JPEG cut off": ("a.jpg", JPEG[: len(JPEG) // 2], "is damaged"),
    "JPEG that is a mark alone": ("a.jpg", b"\xff\xd8\xff\xe0" + bytes(64), "is damaged"),
    "PNG of many pixels": ("a.png", png_of(12_000, 12_000), "million pixels"),
    "PNG of a thousand million pixels": ("a.png", png_of(40_000, 40_000), "million pixels"),
    "document that unpacks to 60 MB": ("a.docx", docx_with(word__media__a_dot_xml=BOMB), "unpacks to far more"),
    "document of 1,500 parts": (
        "a.docx", archive({**docx_parts(), **{f"word/{n}.xml": b"<x/>" for n in range(1_500)}}), "unpacks to far more",
    ),
    "document of many pictures": ("a.docx", many_pictures(), "unpacks to far more"),
    "document of many marks": ("a.docx", many_marks(), "unpacks to far more"),
    "archive in a document": ("a.docx", docx_with(word__media__a_dot_emf=NESTED), "holds a program"),
    "document with a macro": ("a.docx", archive({**docx_parts(), **MACRO}), "holds a program"),
    "document with a part outside": ("a.docx", archive({**docx_parts(), "../../evil.xml": b"<x/>"}), "holds a program"),
    "document with a part at the root": ("a.docx", archive({**docx_parts(), "/etc/x.xml": b"<x/>"}), "holds a program"),
    "document with a program": ("a.docx", docx_with(word__a_dot_exe=b"MZ"), "holds a program"),
    "document with an object": ("a.docx", docx_with(word__embeddings__a_dot_xml=b"<x/>"), "holds a program"),
    "document with an entity": ("a.docx", docx_with(word__document_dot_xml=XXE), "holds a program"),
    "document in another encoding": ("a.docx", docx_with(word__document_dot_xml=XXE_16), "damaged"),
    "document with one part twice": ("a.docx", duplicate_parts(), "is damaged"),
    "document cut off": ("a.docx", DOCX[:-30], "is no PDF"),
    "document with a template elsewhere": (
        "a.docx",
        docx_with(word___rels__document_dot_xml_dot_rels=links(link("attachedTemplate", "http://x", is_external=True))),
        "fetches parts",
    ),
    "document with a link to a file": (
        "a.docx",
        docx_with(word___rels__document_dot_xml_dot_rels=links(link("hyperlink", "file:///c:/x", is_external=True))),
        "fetches parts",
    ),
    "document with a field that runs": ("a.docx", field_code("DDEAUTO c:\\cmd.exe"), "fetches parts"),
    "sheet with a formula that fetches": ("a.xlsx", archive(xlsx_parts('WEBSERVICE("http://x")')), "fetches parts"),
    "sheet with a formula that runs": ("a.xlsx", archive(xlsx_parts("cmd|'/C calc'!A0")), "fetches parts"),
    "sheet with another sheet": (
        "a.xlsx", archive({**xlsx_parts(), "xl/externalLinks/externalLink1.xml": b"<x/>"}), "holds a program",
    ),
}  # fmt: skip

# What is taken, and of which nothing may be left.
CLEANED: dict[str, tuple[str, bytes, bytes]] = {
    "photograph that tells where": ("a.jpg", jpeg_with_place(), SECRET),
    "picture with a page behind it": ("a.jpg", JPEG + SCRIPT, SCRIPT),
    "picture with an archive behind it": ("a.png", PNG + archive({"evil.exe": b"MZ"}), b"evil.exe"),
    "PDF that names its author": ("a.pdf", pdf(b"<</Author(" + SECRET + b")>>", trailer=b"/Info 10 0 R"), SECRET),
    "PDF with a page behind it": ("a.pdf", PDF + SCRIPT, SCRIPT),
    "PDF with an object nobody uses": ("a.pdf", pdf(b"(" + SECRET + b")"), SECRET),
    "PDF with metadata": (
        "a.pdf",
        pdf(b"<</Length %d>>stream\n%b\nendstream" % (len(SECRET), SECRET), catalogue=b"/Metadata 10 0 R"),
        SECRET,
    ),
    "document that names its author": ("a.docx", DOCX, "张三".encode()),
    "document with a page behind it": ("a.docx", DOCX + SCRIPT, SCRIPT),
}
