"""The example in docs/adding-a-service.md is an item that can be published as it stands."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from portal.catalogue.checks import check
from portal.catalogue.loading import Folders, load
from portal.catalogue.queries import SHIPPED, hours_names

GUIDE = Path(__file__).parents[2] / "docs" / "adding-a-service.md"


def test_the_example_of_the_guide_passes_every_check(tmp_path: Path) -> None:
    [example] = re.findall(r"```toml\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    file = tmp_path / "street-stall.toml"
    file.write_text(example, encoding="utf-8")
    folders = Folders((SHIPPED,), (file,))
    assert [str(defect) for defect in check(folders, hours_names(tmp_path))] == []
    version = load(folders).catalogue.in_force("street-stall", date(2026, 11, 23))
    asked = version.materials_for(version.situation_of({"food": "yes"}))
    assert [material.code for material in asked] == ["health-certificate"]
    assert version.materials_for(version.situation_of({"food": "no"})) == ()
