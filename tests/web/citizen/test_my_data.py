"""What a citizen may wish to be read otherwise in the own data."""

from __future__ import annotations

from portal.data_rights import queries
from portal.store import reading
from tests.web.citizen.visits import Visitor


def test_a_wish_to_read_a_field_as_nonsense_is_refused_so_that_the_case_can_still_be_opened(visitor: Visitor) -> None:
    """An office that cannot open a case any more would be late, and would be blamed for it."""
    number = visitor.hand_in("unemployment-benefit")
    typed = {"wish": "correct", "text": "it is wrong", "field": "stopped-work-on"}
    path = f"/my-data/{number}/request"
    assert visitor.client.post(path, data={**typed, "value": "some day"}).status_code == 422
    assert visitor.client.post(path, data={**typed, "value": "2026-9-1"}).status_code == 303
    with visitor.app.app_context(), reading():
        (wished,) = queries.asked_about(f"case/{number}")
        assert queries.words_of(wished.event)["corrected"] == {"stopped-work-on": "2026-09-01"}
