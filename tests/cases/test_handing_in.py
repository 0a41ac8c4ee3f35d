"""Handing in: numbers without gaps, codes that are not stored, repeats that count once, materials known by identity."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from hashlib import scrypt
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal import vault
from portal.basis import By, NotAllowed, Refusal, Role
from portal.cases import operations, queries, uploads
from portal.cases.model import (
    CaseNotFound,
    CaseState,
    FactUnfit,
    HandedIn,
    StoredFile,
    Submission,
    applicant_of,
    handin,
)
from portal.cases.model.handin import CODE_LETTERS, code_digest, materials_hash, query_code
from portal.cases.tables import AccessRow, CaseRow
from portal.ledger import queries as ledger
from portal.ledger.model import Event
from portal.store import db, reading, transaction
from tests.cases.city import MONDAY, Maker, applicant, at, hand_in, new_key, take
from tests.databases import in_own_context


def test_numbers_of_an_area_and_year_follow_each_other(database: Flask) -> None:  # noqa: ARG001
    with transaction():
        found = [hand_in(moment=MONDAY).number for _ in range(3)]
        assert hand_in(moment=at("Friday 2027-01-01 10:00")).number == "990100-2027-000001"
    assert found == [f"990100-2026-00000{n}" for n in (1, 2, 3)]


def interrupted() -> None:
    with transaction():
        hand_in(moment=MONDAY)
        raise InterruptedError


def test_a_number_taken_back_by_a_rollback_is_given_again(database: Flask) -> None:  # noqa: ARG001
    with pytest.raises(InterruptedError):
        interrupted()
    with transaction():
        assert hand_in(moment=MONDAY).number == "990100-2026-000001"


def test_hand_ins_at_the_same_moment_get_numbers_without_gaps_and_doubles(database: Flask) -> None:
    def one(person: int) -> str:
        with transaction():
            return hand_in(moment=MONDAY, by=applicant(person)).number

    with ThreadPoolExecutor(6) as pool:
        numbers = list(pool.map(in_own_context(database, one), range(24)))
    assert sorted(numbers) == [f"990100-2026-{n:06d}" for n in range(1, 25)]


def test_one_key_handed_in_twice_at_the_same_moment_is_one_case(database: Flask) -> None:
    key = new_key()

    def one(_turn: int) -> tuple[str, str]:
        with transaction():
            receipt = hand_in(moment=MONDAY, by=applicant(), idempotency_key=key)
            return receipt.number, receipt.query_code

    with ThreadPoolExecutor(4) as pool:
        receipts = set(pool.map(in_own_context(database, one), range(8)))
    assert len(receipts) == 1  # the repeated receipt shows the same code
    with reading():
        assert db.session.scalar(select(func.count()).select_from(CaseRow)) == 1


def test_the_same_key_of_somebody_else_is_another_case(database: Flask) -> None:  # noqa: ARG001
    key = new_key()
    with transaction():
        first = hand_in(moment=MONDAY, by=applicant(1), idempotency_key=key)
        second = hand_in(moment=MONDAY, by=applicant(2), idempotency_key=key)
    assert first.number != second.number
    assert not second.is_repeat


def test_a_key_that_could_be_guessed_is_refused(database: Flask) -> None:  # noqa: ARG001
    with pytest.raises(FactUnfit), transaction():
        hand_in(moment=MONDAY, by=applicant(), idempotency_key="1")


def test_the_query_code_has_eight_letters_that_cannot_be_mistaken_and_is_not_stored(database: Flask) -> None:  # noqa: ARG001
    with transaction():
        receipt = hand_in(moment=MONDAY)
    assert re.fullmatch(f"[{CODE_LETTERS}]{{8}}", receipt.query_code)
    assert not set("01OIL") & set(CODE_LETTERS)
    with reading():
        kept = db.session.scalars(select(AccessRow)).one()
        assert receipt.query_code.encode() not in kept.code_hash
        assert kept.code_hash == code_digest(receipt.number, receipt.query_code)
    for event in ledger.events(f"case/{receipt.number}"):
        assert receipt.query_code not in f"{dict(event.payload)}{event.sealed!r}"


@pytest.mark.usefixtures("as_shipped")
def test_a_guess_at_a_query_code_costs_four_megabytes_and_the_code_fits_all_the_same(database: Flask) -> None:  # noqa: ARG001
    assert 128 * 8 * handin.GUESS_COST >= 4 * 2**20  # bytes: RFC 7914, section 2, with r = 8
    with transaction():
        receipt = hand_in(moment=MONDAY)
    with reading():
        kept = db.session.scalars(select(AccessRow.code_hash)).one()
        assert kept == scrypt(receipt.query_code.encode(), salt=receipt.number.encode(), n=2**12, r=8, p=1, dklen=32)
        assert queries.follow(receipt.number, receipt.query_code, at=MONDAY).number == receipt.number


def test_a_case_is_followed_by_number_and_code_alone(database: Flask) -> None:  # noqa: ARG001
    with transaction():
        one, other = hand_in(moment=MONDAY), hand_in(moment=MONDAY)
    with reading():
        spoken = f" {one.query_code[:4].lower()}-{one.query_code[4:].lower()} "
        assert queries.follow(one.number, spoken, at=MONDAY).number == one.number
        wrong = [
            (one.number, other.query_code),
            (one.number, ""),
            (one.number, one.query_code + "A"),
            ("990100-2026-999999", one.query_code),
            ("", ""),
        ]
        for number, code in wrong:
            with pytest.raises(CaseNotFound):
                queries.follow(number, code, at=MONDAY)


def test_codes_of_different_numbers_and_keys_differ() -> None:
    codes = {query_code(key, f"990100-2026-{n:06d}") for key in ("a" * 16, "b" * 16) for n in range(500)}
    assert len(codes) == 1000


def test_the_version_in_force_that_day_is_pinned(database: Flask) -> None:  # noqa: ARG001
    with transaction():
        old = hand_in("insurance-change", moment=at("Thursday 2023-11-30 10:00"))
        new = hand_in("insurance-change", moment=at("Friday 2023-12-01 10:00"))
    with reading():
        now = at("Monday 2026-03-02 10:00")
        assert queries.case_page(old.number, at=now).version.version == "insurance-change@1"
        assert queries.case_page(new.number, at=now).version.version == "insurance-change@2"


def test_missing_materials_are_told_and_do_not_turn_the_applicant_away(database: Flask) -> None:  # noqa: ARG001
    with transaction():
        receipt = hand_in(moment=MONDAY, materials=(HandedIn("application"),))
    assert receipt.missing == ("layout", "process")


@pytest.mark.parametrize(
    "changes",
    [
        {"materials": (HandedIn("unheard-of"),)},
        {"materials": (HandedIn("layout", file=StoredFile("a.pdf", 0, "0" * 64, "aa/aa")),)},
        {"answers": {"action": "new"}},
        {"answers": {"action": "new", "food": "moon cheese"}},
        {"channel": "kiosk"},
    ],
)
def test_what_cannot_be_handed_in_is_refused_with_its_field(changes: dict[str, object], database: Flask) -> None:  # noqa: ARG001
    with pytest.raises(Refusal) as caught, transaction():
        hand_in(moment=MONDAY, **changes)  # type: ignore[arg-type]
    assert caught.value.field
    with reading():
        assert ledger.last_seq() == 0


def test_nobody_hands_in_for_another_without_authorisation(database: Flask) -> None:  # noqa: ARG001
    with pytest.raises(NotAllowed), transaction():
        operations.submit(Submission("hotline-appeal", "citizen-2"), by=applicant(1), at=MONDAY)


def test_a_rescan_of_the_same_document_does_not_change_the_digest() -> None:
    scan, rescan = (StoredFile(f"{n}.pdf", 9, n * 64, f"aa/{n}") for n in ("1", "2"))
    numbered = [HandedIn("layout", "No. 7", scan), HandedIn("layout", " no. 7 ", rescan)]
    assert numbered[0].identity == numbered[1].identity
    assert HandedIn("layout", file=scan).identity != HandedIn("layout", file=rescan).identity
    assert HandedIn("layout", "7").identity != HandedIn("process", "7").identity
    assert materials_hash({"a": ["x", "y"], "b": ["z"]}) == materials_hash({"b": ["z"], "a": ["y", "x", "x"]})


def test_a_correction_that_brings_the_same_document_leaves_the_digest_as_it_was(make_case: Maker) -> None:
    number = make_case(to=CaseState.CORRECTING, person="citizen-1")
    with reading():
        before = queries.case_page(number, at=MONDAY).case.materials_hash
    for document, is_same in (("citizen-1-layout", True), ("another", False)):
        event = corrected_with(number, document)
        assert (event.text("materials_hash") == before) is is_same
        with transaction():
            take(
                number,
                "notice_correction",
                by=By("u-market-supervision.clerk.1", Role.CLERK, "market-supervision"),
                at=at("Monday 2026-03-02 12:30"),
                demands=("layout",),
                approved_by="u-market-supervision.supervisor.1",
            )


def corrected_with(number: str, document: str) -> Event:
    with transaction():
        return operations.record(
            number,
            "submit_correction",
            by=applicant(),
            at=at("Monday 2026-03-02 12:00"),
            materials=(HandedIn("layout", document),),
        )


def test_a_pseudonym_is_the_same_for_the_same_person_and_tells_nothing_without_the_secret() -> None:
    one = applicant_of("11010519491231002x", b"secret")
    assert one == applicant_of(" 11010519491231002X ", b"secret")
    assert one != applicant_of("11010519491231002X", b"other")
    assert "1101" not in one


@pytest.fixture
def kept(tmp_path: Path, sqlite_database: Flask) -> StoredFile:  # noqa: ARG001 -- the keys lie in it
    holder = vault.Holder("p1", "case/1")
    with transaction():
        vault.prepare(holder, at=MONDAY)
    return uploads.keep_upload(b"%PDF-1.7", "../../etc/ 方案\n图.pdf", holder=holder, folder=tmp_path)


def test_an_upload_lies_under_a_random_name_readable_by_the_portal_alone(kept: StoredFile, tmp_path: Path) -> None:
    file = tmp_path / "uploads" / kept.stored_as
    assert uploads.read_upload(kept.stored_as, folder=tmp_path) == b"%PDF-1.7"
    assert b"PDF" not in file.read_bytes()
    assert file.stat().st_mode & 0o077 == 0
    assert kept.name == "方案图.pdf"
    assert (kept.size, len(kept.sha256)) == (8, 64)


def test_an_upload_thrown_away_is_gone(kept: StoredFile, tmp_path: Path) -> None:
    uploads.discard_upload(kept, folder=tmp_path)
    uploads.discard_upload(kept, folder=tmp_path)
    with pytest.raises(FileNotFoundError):
        uploads.read_upload(kept.stored_as, folder=tmp_path)


def test_no_path_leads_out_of_the_folder_of_uploads(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="outside"):
        uploads.read_upload("../../secret", folder=tmp_path)
