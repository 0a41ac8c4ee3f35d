"""A small catalogue in a folder of its own: everything a rule looks at once, and nothing wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from portal.catalogue.checks import check
from portal.catalogue.defects import Defect
from portal.catalogue.loading import Folders
from portal.catalogue.model import Catalogue
from portal.catalogue.queries import catalogue

SMALL = Path(__file__).parent / "small"
Change = Callable[..., list[Defect]]


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    """What the portal ships, without any deployment's own files."""
    return catalogue(tmp_path_factory.mktemp("instance"))


@pytest.fixture
def small(tmp_path: Path) -> Path:
    for file in SMALL.rglob("*.toml"):
        copy = tmp_path / file.relative_to(SMALL)
        copy.parent.mkdir(exist_ok=True)
        copy.write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    return tmp_path


@pytest.fixture
def defects_after(small: Path) -> Change:
    """Change one passage of one file of the small catalogue and check it all."""

    def change(file: str = "", old: str = "", new: str = "") -> list[Defect]:
        if file:
            text = (small / file).read_text(encoding="utf-8")
            assert text.count(old) >= 1, f"{old!r} is not in {file}"
            (small / file).write_text(text.replace(old, new, 1), encoding="utf-8")
        return check(Folders((small,)), {"default"})

    return change
