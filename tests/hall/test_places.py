"""How a hall is laid out: each office's numbers are a series of their own."""

from __future__ import annotations

from portal.hall.places import APPOINTMENT_SERIES, CARRIED_SERIES, PAPER_SERIES, PRIORITY_SERIES, _letters


def test_no_office_however_many_there_are_gets_the_letter_of_another_series() -> None:
    letters = [letter for letter, _ in zip(_letters(), range(300), strict=False)]
    assert letters[:3] == ["A", "B", "C"]
    assert len(set(letters)) == 300
    assert not {PRIORITY_SERIES, APPOINTMENT_SERIES, CARRIED_SERIES, PAPER_SERIES} & set(letters)
    assert max(map(len, letters)) <= 4  # the column
