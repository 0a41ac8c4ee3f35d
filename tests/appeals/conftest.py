"""Makers of inquiries, and the staff who answer them."""

from __future__ import annotations

import pytest
from flask import Flask

from portal.store import transaction
from tests.cases.city import Maker, Staff, employ, inquiry_maker


@pytest.fixture
def staff(database: Flask) -> Staff:  # noqa: ARG001 -- its context is what is needed
    with transaction():
        return employ()


@pytest.fixture
def make_inquiry(staff: Staff) -> Maker:
    return inquiry_maker(staff)
