"""R20: what comes in as a file is checked by content and cleaned, whatever its name says."""

from __future__ import annotations

import io
import logging
import zipfile
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader
from werkzeug.datastructures import FileStorage

from portal.web.uploads import Checked, FileUnfit, checked
from tests.papers import docx_parts, pdf
from tests.web.hostile_files import CLEANED, REFUSED, SECRET, jpeg_with_place


def taken(name: str, content: bytes) -> Checked:
    (file,) = checked([FileStorage(io.BytesIO(content), filename=name)], field="f")
    return file


def test_the_corpus_is_large_enough() -> None:
    assert len(REFUSED) + len(CLEANED) >= 30


@pytest.mark.parametrize("which", REFUSED)
def test_a_hostile_file_is_refused_with_words_that_help(which: str) -> None:
    name, content, words = REFUSED[which]
    with pytest.raises(FileUnfit, match=words) as refusal:
        taken(name, content)
    assert refusal.value.field == "f"
    assert "\u202e" not in str(refusal.value)
    assert "\x00" not in str(refusal.value)


def test_a_pdf_that_is_damaged_a_hundred_thousand_times_is_given_up_soon_and_writes_no_line_of_the_log() -> None:
    """What a reader says about a file quotes the file, and would say it without end."""
    table = b"xref\n0 100000\n" + b"0000000000 00000 n \n" * 100_000
    end = b"trailer<</Size 100000/Root 1 0 R>>\nstartxref\n9\n%%EOF"
    written, log = io.StringIO(), logging.getLogger()
    log.addHandler(kept := logging.StreamHandler(written))
    try:
        with pytest.raises(FileUnfit):
            taken("a.pdf", b"%PDF-1.4\n" + table + end)
    finally:
        log.removeHandler(kept)
    assert written.getvalue() == ""


@pytest.mark.parametrize("which", CLEANED)
def test_what_a_file_tells_beside_its_content_is_left_out(which: str) -> None:
    name, content, secret = CLEANED[which]
    unpacked = b""
    if name.endswith("docx"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = b"".join(archive.read(part) for part in archive.namelist())
    assert secret in content + unpacked, "the corpus does not hold what is looked for"
    clean = taken(name, content).content
    assert secret not in clean
    if name.endswith("docx"):
        with zipfile.ZipFile(io.BytesIO(clean)) as archive:
            assert archive.testzip() is None
            assert secret not in b"".join(archive.read(part) for part in archive.namelist())
            assert archive.read("word/document.xml") == docx_parts()["word/document.xml"]


def test_a_photograph_keeps_its_size_and_loses_its_place() -> None:
    with Image.open(io.BytesIO(taken("a.jpg", jpeg_with_place()).content)) as picture:
        assert picture.size == (40, 30)
        assert not picture.getexif()
        assert "comment" not in picture.info


def test_a_signed_pdf_is_kept_byte_for_byte() -> None:
    signed = pdf(b"<</Type/Sig/ByteRange[0 1 2 3]/Contents<00>>>", catalogue=b"/AcroForm<</Fields[10 0 R]>>")
    assert taken("发票.pdf", signed).content == signed


def test_a_cleaned_pdf_keeps_its_pages_and_its_links() -> None:
    link = b"<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<</S/URI/URI(https://www.gov.cn)>>>>"
    clean = taken("a.pdf", pdf(link, catalogue=b"/Kept 10 0 R", pages=3)).content
    reader = PdfReader(io.BytesIO(clean))
    assert len(reader.pages) == 3
    kept: Any = reader.root_object["/Kept"]
    assert kept["/A"]["/URI"] == "https://www.gov.cn"


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\zhang\\方案.pdf", "方案.pdf"),
        ("a\r\nSet-Cookie: x=1.pdf", "aSet-Cookie: x=1.pdf"),
        ("a\u202efdp.pdf", "afdp.pdf"),
        ("a\u200b\ufeff.pdf", "a.pdf"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
def test_a_name_is_kept_without_folders_and_marks_that_nobody_sees(sent: str, kept: str) -> None:
    assert taken(sent, pdf()).name == kept


def test_nothing_that_was_planted_is_left_in_a_name() -> None:
    assert taken(f"{SECRET.decode()}/a.pdf", pdf()).name == "a.pdf"
