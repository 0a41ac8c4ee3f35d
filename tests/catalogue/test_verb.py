"""`portal catalogue check`: what it prints, and how it exits."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from portal.catalogue.queries import SHIPPED
from portal.verbs.catalogue import command


def test_the_shipped_catalogue_passes() -> None:
    result = CliRunner().invoke(command, ["check", str(SHIPPED)])
    assert result.exit_code == 0, result.output
    assert "0 defects" in result.output


def test_a_draft_is_checked_in_the_place_of_the_item_it_replaces(tmp_path: Path) -> None:
    draft = tmp_path / "petition.toml"
    text = (SHIPPED / "items" / "petition.toml").read_text()
    draft.write_text(text)
    assert CliRunner().invoke(command, ["check", str(draft)]).exit_code == 0
    draft.write_text(text.replace("自受理之日起60日内办结", "自受理之日起66日内办结", 1))
    result = CliRunner().invoke(command, ["check", str(draft)])
    assert result.exit_code == 1
    assert f"{draft}:" in result.output
    assert "[number-differs-from-text]" in result.output
    assert "1 defect" in result.output


def test_a_folder_of_drafts_and_a_deployments_folder_are_checked(small: Path, tmp_path: Path) -> None:
    drafts = tmp_path / "drafts"
    drafts.mkdir()
    (drafts / "one.toml").write_text("code = ")
    result = CliRunner().invoke(command, ["check", str(drafts)])
    assert result.exit_code == 1
    assert "one.toml:1: file:" in result.output
    (small / "flows.toml").unlink()  # the shipped flows have these codes already
    result = CliRunner().invoke(command, ["check", str(small)])
    assert "[toml-syntax]" not in result.output
    assert result.exit_code == 0, result.output


def test_a_path_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert CliRunner().invoke(command, ["check", str(tmp_path / "nothing")]).exit_code == 2


def test_the_report_speaks_chinese_when_asked(tmp_path: Path) -> None:
    draft = tmp_path / "draft.toml"
    draft.write_text('code = "draft"\n')
    result = CliRunner().invoke(command, ["check", "--lang", "zh", str(draft)])
    assert result.exit_code == 1
    assert "；" in result.output
