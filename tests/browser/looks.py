"""Language and width in which a round through many pages is looked at: each once always, every pair in `make soak`."""

from __future__ import annotations

import pytest

LOOKS = pytest.mark.parametrize(
    ("language", "width"),
    [
        pytest.param("zh", 375, id="zh-phone"),
        pytest.param("en", 1280, id="en-desk"),
        pytest.param("zh", 1280, id="zh-desk", marks=pytest.mark.soak),
        pytest.param("en", 375, id="en-phone", marks=pytest.mark.soak),
    ],
)
