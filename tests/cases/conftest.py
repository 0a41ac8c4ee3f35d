"""Makers of cases and inquiries, and the staff who handle them."""

from __future__ import annotations

import pytest
from flask import Flask

from portal.store import transaction
from tests.cases.city import Maker, Staff, case_maker, employ, inquiry_maker


@pytest.fixture
def staff(database: Flask) -> Staff:  # noqa: ARG001 -- its context is what is needed
    with transaction():
        return employ()


@pytest.fixture
def make_case(staff: Staff) -> Maker:
    return case_maker(staff)


@pytest.fixture
def make_inquiry(staff: Staff) -> Maker:
    return inquiry_maker(staff)
