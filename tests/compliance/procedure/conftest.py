"""The people of the procedure, on each database."""

from __future__ import annotations

import pytest
from flask import Flask

from portal.store import transaction
from tests.cases.city import employ
from tests.compliance.procedure.finding import People


@pytest.fixture
def people(database: Flask) -> People:  # noqa: ARG001 -- its context is what is needed
    with transaction():
        return People(employ())
