"""Two requests at one draft in the same moment: what one has done, the other does not undo."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.cases.queries import case_page
from portal.store import reading
from portal.web.citizen import drafts
from portal.web.citizen.drafts import Draft
from tests.web.citizen.visits import Visitor, texts, version_of

FOOD = "food-licence"


class Meanwhile:
    """The next request sees the draft as it was before everything that ``happens`` in the meantime."""

    def __init__(self, visitor: Visitor, patch: pytest.MonkeyPatch) -> None:
        self.visitor, self.patch = visitor, patch
        self.check = visitor.fill_in(FOOD)
        self.token = visitor.draft_of(self.check)

    def read(self) -> Draft:
        with self.visitor.app.app_context(), reading():
            found = drafts.draft_of(self.token, version_of(FOOD))
        assert found is not None
        return found

    def stale(self, before: Draft) -> None:
        real, waiting = drafts.draft_of, [before]
        self.patch.setattr(drafts, "draft_of", lambda *given: waiting.pop() if waiting else real(*given))

    def files(self) -> list[Path]:
        return [file for file in (Path(self.visitor.app.instance_path) / "uploads").glob("*/*") if file.is_file()]


@pytest.fixture
def meanwhile(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> Meanwhile:
    return Meanwhile(visitor, monkeypatch)


def test_a_file_taken_away_while_the_draft_is_handed_in_stays_with_the_case(meanwhile: Meanwhile) -> None:
    visitor, before, files = meanwhile.visitor, meanwhile.read(), meanwhile.files()
    number = str(visitor.post(meanwhile.check, is_true="y").location).split("/")[2]
    (file, *_) = before.files["application"]
    meanwhile.stale(before)
    answer = visitor.post(f"/apply/{meanwhile.token}/materials", remove=file.stored_as)
    assert answer.location == f"/apply/{meanwhile.token}"
    assert meanwhile.read().number == number
    assert meanwhile.files() == files


def test_a_draft_thrown_away_while_it_is_handed_in_leaves_the_case_its_files_and_its_key(meanwhile: Meanwhile) -> None:
    visitor, before, files = meanwhile.visitor, meanwhile.read(), meanwhile.files()
    number = str(visitor.post(meanwhile.check, is_true="y").location).split("/")[2]
    meanwhile.stale(before)
    visitor.post(f"/apply/{meanwhile.token}/discard")
    assert meanwhile.files() == files
    with visitor.app.app_context(), reading():
        assert case_page(number, at=visitor.watch.now).personal


def test_nothing_is_handed_in_without_the_file_that_was_taken_away_meanwhile(meanwhile: Meanwhile) -> None:
    visitor, before = meanwhile.visitor, meanwhile.read()
    (file, *_) = before.files["application"]
    visitor.post(f"/apply/{meanwhile.token}/materials", remove=file.stored_as)
    meanwhile.stale(before)
    answer = visitor.post(meanwhile.check, is_true="y")
    assert answer.location == f"/apply/{meanwhile.token}"
    assert meanwhile.read().number is None


def test_two_answers_at_once_lead_on_and_the_first_counts(meanwhile: Meanwhile) -> None:
    visitor, before = meanwhile.visitor, meanwhile.read()
    page = f"/apply/{meanwhile.token}/question/action"
    visitor.post(page, answer="renewal")
    meanwhile.stale(before)
    answer = visitor.client.post(page, data={"answer": "change"}, follow_redirects=True)
    assert answer.status_code == 200, texts(answer)
    assert meanwhile.read().answers["action"] == "renewal"
