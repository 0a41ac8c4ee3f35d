"""Where the real logs lie that nobody here wrote; tests that need them skip aloud when they are missing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MAPPINGS = ROOT / "examples" / "mappings"


def real_log(name: str) -> Path:
    """A file of the folder named by YINUO_SHARED_DATA, else of ../shared/data beside the checkout."""
    folder = Path(os.environ.get("YINUO_SHARED_DATA") or ROOT.parent / "shared" / "data")
    path = folder / name
    if not path.is_file():
        pytest.skip(f"the real log {name} is not in {folder}; set YINUO_SHARED_DATA to the folder that holds it")
    return path
