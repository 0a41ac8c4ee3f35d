"""Papers as honest people send them, made by code: PDF, pictures and documents that any reader opens."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from PIL import Image

CONTENTS = "[Content_Types].xml"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORDS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SHEETS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def pdf(*objects: bytes, catalogue: bytes = b"", trailer: bytes = b"", pages: int = 1) -> bytes:
    """A PDF of blank pages; further ``objects`` are numbered from 10, ``catalogue`` and ``trailer`` are entries."""
    kids = b" ".join(b"3 0 R" for _ in range(pages))
    parts = {
        1: b"<</Type/Catalog/Pages 2 0 R%b>>" % catalogue,
        2: b"<</Type/Pages/Kids[%b]/Count %d>>" % (kids, pages),
        3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
        **{10 + n: body for n, body in enumerate(objects)},
    }
    stream, places = io.BytesIO(), {}
    stream.write(b"%PDF-1.4\n")
    for number, body in parts.items():
        places[number] = stream.tell()
        stream.write(b"%d 0 obj\n%b\nendobj\n" % (number, body))
    start = stream.tell()
    stream.write(b"xref\n")
    for number, place in places.items():
        stream.write(b"%d 1\n%010d 00000 n \n" % (number, place))
    stream.write(b"trailer\n<</Size %d/Root 1 0 R%b>>\n" % (max(parts) + 1, trailer))
    stream.write(b"startxref\n%d\n%%%%EOF\n" % start)
    return stream.getvalue()


def picture(kind: str, size: tuple[int, int] = (40, 30), **how: object) -> bytes:
    image = Image.new("RGB", size, "white")
    image.paste("black", (5, 5, 15, 10))
    stream = io.BytesIO()
    image.save(stream, kind, **how)
    return stream.getvalue()


def archive(parts: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, inside in parts.items():
            packed.writestr(zipfile.ZipInfo(name), inside, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def links(*of: str) -> bytes:
    return (
        f'<?xml version="1.0"?><Relationships xmlns="{_PACKAGE}/relationships">{"".join(of)}</Relationships>'.encode()
    )


def link(kind: str, target: str, *, is_external: bool = False) -> str:
    mode = ' TargetMode="External"' if is_external else ""
    return f'<Relationship Id="r1" Type="{_OFFICE}/{kind}" Target="{target}"{mode}/>'


def docx_parts(body: str = "<w:p><w:r><w:t>方案</w:t></w:r></w:p>") -> dict[str, bytes]:
    return {
        CONTENTS: f'<?xml version="1.0"?><Types xmlns="{_PACKAGE}/content-types"/>'.encode(),
        "_rels/.rels": links(link("officeDocument", "word/document.xml")),
        "word/document.xml": f'<w:document xmlns:w="{_WORDS}"><w:body>{body}</w:body></w:document>'.encode(),
        "docProps/core.xml": f'<c xmlns="{_PACKAGE}/metadata/core-properties">张三的电脑</c>'.encode(),
    }


def xlsx_parts(formula: str = "SUM(A1:A2)") -> dict[str, bytes]:
    return {
        CONTENTS: f'<?xml version="1.0"?><Types xmlns="{_PACKAGE}/content-types"/>'.encode(),
        "_rels/.rels": links(link("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{_SHEETS}"/>'.encode(),
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_SHEETS}"><c><f>{formula}</f></c></worksheet>'.encode(),
    }


PDF = pdf()
PNG = picture("PNG")
JPEG = picture("JPEG")
DOCX = archive(docx_parts())
XLSX = archive(xlsx_parts())
