"""Where to complain and what to do against a decision stand beside the case, not on a page one has to find."""

from __future__ import annotations

import pytest

from portal.cases.model import CaseState
from tests.cases.city import way_to
from tests.web.citizen.visits import Visitor, texts, version_of


@pytest.mark.parametrize("state", [CaseState.RECEIVED, CaseState.PAUSED, CaseState.DECIDED, CaseState.REFUSED], ids=str)
def test_the_page_of_a_case_leads_to_complaint_and_review_in_every_state(visitor: Visitor, state: CaseState) -> None:
    version = version_of("food-licence")
    number = visitor.hand_in("food-licence")
    for step, by, facts in way_to(state, visitor.employ(), version.office):
        visitor.handle(number, step.value, by, **facts)
    page = visitor.get(f"/cases/{number}?lang=en")
    assert 'href="tel:12345"' in page.text
    assert f"Complain: {version.complaint_phone}" in " ".join(texts(page).split())
    assert "#remedies" in page.text
    assert "I asked and was sent away" in page.text
