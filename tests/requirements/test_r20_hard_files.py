"""R20: files that are refused or long to check cost their sender something, and no file costs more than seconds."""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from portal.accounts.throttle.model import PACES, Kind
from portal.basis import By, Role
from portal.web import hard_files
from portal.web.papers import CLEANERS, PaperUnfit, office, patience, pdf
from portal.web.papers.verdicts import DAMAGED, SLOW
from portal.web.uploads import FileUnfit
from tests import papers
from tests.papers import DOCX, PDF

NOON = datetime(2026, 9, 21, 12, 0, tzinfo=UTC)
MOST = PACES[Kind.FILES].most
CLERK = By("clerk", Role.CLERK)


def check(
    app: Flask, files: int, *, fails: bool = True, at: datetime = NOON, address: str = "10.0.0.1", by: By | None = None
) -> None:
    with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
        try:
            with hard_files.counted(files, field="f", by=by, at=at):
                if fails:
                    raise FileUnfit("wrong", field="f")
        except FileUnfit as refusal:
            if refusal.message != "wrong":
                raise


def use_up(app: Flask, address: str = "10.0.0.1") -> None:
    for _ in range(MOST // 5):
        check(app, 5, address=address)


def test_after_so_many_refused_files_their_sender_waits_and_no_other(database: Flask) -> None:
    use_up(database)
    with pytest.raises(FileUnfit, match="no more are looked at"):
        check(database, 1, fails=False)
    check(database, 1, address="10.0.0.2")
    check(database, 1, by=CLERK)


def test_every_address_of_an_ipv6_network_is_one_sender(database: Flask) -> None:
    use_up(database, "2001:db8:0:1::1")
    with pytest.raises(FileUnfit):
        check(database, 1, address="2001:db8:0:1:ffff::2")
    check(database, 1, address="2001:db8:0:2::1")


def test_after_ten_minutes_they_are_looked_at_again_and_the_words_say_when(database: Flask) -> None:
    use_up(database)
    with pytest.raises(FileUnfit) as refused:
        check(database, 1, at=NOON + timedelta(minutes=7, seconds=30))
    assert refused.value.values == {"minutes": 3}
    check(database, 1, at=NOON + timedelta(minutes=10))


def test_files_that_are_taken_quickly_never_add_up(database: Flask) -> None:
    for _ in range(MOST // 5 + 1):
        check(database, 5, fails=False)
    check(database, 1, fails=False)


def test_files_that_are_taken_count_the_seconds_that_they_took(
    database: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter(float(20 * n) for n in range(100))
    monkeypatch.setattr(time, "thread_time", lambda: next(clock))
    for _ in range(MOST // 20):
        check(database, 1, fails=False)
    with pytest.raises(FileUnfit):
        check(database, 1, fails=False)


def test_a_failure_of_ours_counts_too_and_comes_through(database: Flask) -> None:
    def fail() -> None:
        with hard_files.counted(5, field="f", by=None, at=NOON):
            raise ZeroDivisionError

    for _ in range(MOST // 5):
        with database.test_request_context(environ_base={"REMOTE_ADDR": "10.0.0.1"}), pytest.raises(ZeroDivisionError):
            fail()
    with pytest.raises(FileUnfit):
        check(database, 1)


def revised(times: int) -> bytes:
    """A PDF that was saved so often on top of itself, each time without any change."""
    content = bytearray(PDF)
    before = int(PDF.rsplit(b"startxref\n", 1)[1].split(b"\n")[0])
    for _ in range(times):
        here = len(content)
        content += b"xref\n0 0\ntrailer\n<</Prev %d/Root 1 0 R/Size 4>>\n" % before
        before = here
    return bytes(content + b"startxref\n%d\n%%%%EOF\n" % before)


def verdict(content: bytes, kind: str = "application/pdf") -> str | None:
    try:
        CLEANERS[kind](content)
    except PaperUnfit as unfit:
        return unfit.message
    return None


def test_a_pdf_saved_some_hundred_times_is_taken_and_sixty_thousand_times_is_not_even_begun(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert verdict(revised(100)) is None
    monkeypatch.setattr(pdf, "_Reader", lambda *_: pytest.fail("it was read"))
    assert verdict(revised(60_000)) == DAMAGED


def packed(unpacked: bytes) -> bytes:
    """A PDF one object of which lies in a list that unpacks to so much."""
    rows, content, places = b"", bytearray(b"%PDF-1.5\n"), {}
    inside = zlib.compress(b"6 0 " + unpacked, 9)
    stream = b"<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n%b\nendstream" % (len(inside), inside)
    parts = (
        b"<</Type/Catalog/Pages 2 0 R/Z 6 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
        stream,
    )
    for number, part in enumerate(parts, 1):
        places[number] = len(content)
        content += b"%d 0 obj\n%b\nendobj\n" % (number, part)
    start = len(content)
    for number in range(6):
        rows += b"\x01" + places[number].to_bytes(4) + b"\0" if number in places else bytes(6)
    rows += b"\x02" + (4).to_bytes(4) + b"\0"
    head = b"<</Type/XRef/Size 7/W[1 4 1]/Root 1 0 R/Length %d>>" % len(rows)
    content += b"5 0 obj\n%bstream\n%b\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % (head, rows, start)
    return bytes(content)


def test_a_list_of_objects_unpacks_to_no_more_than_such_a_list_holds() -> None:
    assert verdict(packed(b"(" + b"a" * 1_000_000 + b")")) is None
    assert verdict(packed(b"(" + b"a" * 20_000_000 + b")")) == DAMAGED  # 20 KB that would be kept as 20 MB


def many_objects() -> bytes:
    names = b" ".join(b"%d 0 R" % (10 + n) for n in range(3_000))
    return papers.pdf(*[b"<</A 1>>"] * 3_000, catalogue=b"/Z[" + names + b"]")


@pytest.mark.parametrize(
    ("make", "kind"), [(many_objects, "application/pdf"), (lambda: DOCX, office.DOCX)], ids=["pdf", "docx"]
)
def test_a_paper_that_takes_longer_than_a_paper_may_is_refused_in_words(
    make: Callable[[], bytes], kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = make()
    assert verdict(content, kind) is None
    real = time.thread_time
    begun = iter([0.0])
    monkeypatch.setattr(time, "thread_time", lambda: next(begun, real() + patience.LONGEST))
    assert verdict(content, kind) == SLOW
