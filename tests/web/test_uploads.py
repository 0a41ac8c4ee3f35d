"""A file is what its bytes say; what is too large, empty, of another kind or too much is refused with its name."""

from __future__ import annotations

import io

import pytest
from werkzeug.datastructures import FileStorage

from portal.web.uploads import LARGEST, MOST, MOST_IN_A_CASE, FileUnfit, checked
from tests.papers import DOCX, JPEG, PDF, PNG, XLSX, pdf


def sent(name: str, content: bytes) -> FileStorage:
    return FileStorage(io.BytesIO(content), filename=name)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", PDF),
        ("B.PDF", PDF),
        ("c.jpg", JPEG),
        ("c.jpeg", JPEG),
        ("d.png", PNG),
        ("e.docx", DOCX),
        ("f.xlsx", XLSX),
    ],
)
def test_papers_are_taken_and_a_cleaned_paper_is_taken_again(name: str, content: bytes) -> None:
    (file,) = checked([sent(name, content)], field="f")
    assert file.name == name
    (again,) = checked([sent(name, file.content)], field="f")
    assert again.name == name


def test_the_same_scan_cleaned_twice_is_the_same_document() -> None:
    for name, content in (("a.pdf", PDF), ("c.jpg", JPEG), ("d.png", PNG), ("e.docx", DOCX)):
        first, second = checked([sent(name, content), sent(name, content)], field="f")
        assert first.content == second.content


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", b""),
        ("a.pdf", b"<script>alert(1)</script>"),
        ("a.exe", PDF),
        ("a.png", PDF),
        ("pdf", PDF),
        ("a.html", b"<!doctype html><p>"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    ],
)
def test_a_file_that_is_empty_or_not_what_its_name_says_is_refused_by_name(name: str, content: bytes) -> None:
    with pytest.raises(FileUnfit) as refusal:
        checked([sent(name, content)], field="f")
    assert refusal.value.field == "f"
    assert refusal.value.values == {"name": name}


def test_a_file_of_exactly_five_megabytes_is_taken_and_one_byte_more_is_not() -> None:
    length = (
        LARGEST - len(pdf(b"<</Length 1234567>>stream\n\nendstream")) - 4
    )  # the start of the table grows by as much
    whole = pdf(b"<</Length %d>>stream\n%b\nendstream" % (length, b"x" * length))
    assert len(whole) == LARGEST
    assert len(checked([sent("a.pdf", whole)], field="f")) == 1
    with pytest.raises(FileUnfit, match="larger than 5 MB"):
        checked([sent("a.pdf", whole + b"x")], field="f")


def test_files_kept_before_count_too() -> None:
    files = [sent(f"{n}.pdf", PDF) for n in range(2)]
    assert len(checked(files, field="f", already=MOST - 2)) == 2
    with pytest.raises(FileUnfit, match="At most 5 files"):
        checked(files, field="f", already=MOST - 1)


def test_a_request_as_a_whole_has_a_limit_too() -> None:
    files = [sent("1.pdf", PDF)]
    assert len(checked(files, field="f", in_case=MOST_IN_A_CASE - 1)) == 1
    with pytest.raises(FileUnfit, match="for one request"):
        checked(files, field="f", in_case=MOST_IN_A_CASE)


def test_a_field_left_empty_brings_no_file() -> None:
    assert checked([sent("", b"")], field="f") == []
