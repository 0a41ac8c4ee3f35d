"""The `portal` command finds its verbs by their files and turns refusals into one line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import click
import pytest
from click.testing import CliRunner

from portal import cli
from portal.basis import Refusal


def test_help_names_every_verb() -> None:
    outcome = CliRunner().invoke(cli.main, ["--help"])
    assert outcome.exit_code == 0
    assert "serve" in outcome.output


def test_an_unknown_verb_is_named() -> None:
    outcome = CliRunner().invoke(cli.main, ["srve"])
    assert outcome.exit_code == 2
    assert "srve" in outcome.output


def test_a_refusal_is_one_line_and_exit_code_2(monkeypatch: pytest.MonkeyPatch) -> None:
    @click.command()
    def command() -> None:
        raise Refusal("Give %(least)s or more.", values={"least": 3})

    monkeypatch.setattr(cli, "import_module", lambda _: SimpleNamespace(command=command))
    outcome = CliRunner().invoke(cli.main, ["serve"])
    assert outcome.exit_code == 2
    assert outcome.output == "Error: Give 3 or more.\n"


def test_a_failure_that_nobody_foresaw_tells_its_place_and_not_its_values(monkeypatch: pytest.MonkeyPatch) -> None:
    @click.command()
    def command() -> None:
        raise LookupError("330106199003070017 typed this")

    monkeypatch.setattr(cli, "import_module", lambda _: SimpleNamespace(command=command))
    outcome = CliRunner().invoke(cli.main, ["serve"])
    assert outcome.exit_code == 1
    assert outcome.output.startswith("Error: LookupError: this was not foreseen")
    assert f"{Path(__file__)}:" in outcome.output
    assert "typed this" not in outcome.output


def test_a_reader_that_closes_the_pipe_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    @click.command()
    def command() -> None:
        raise BrokenPipeError(32, "Broken pipe")

    monkeypatch.setattr(cli, "import_module", lambda _: SimpleNamespace(command=command))
    assert CliRunner().invoke(cli.main, ["serve"]).output == ""


def test_the_command_starts_without_the_frameworks() -> None:
    """`portal worktime` answers at once: nothing but the verb that was called is imported."""
    names = "{'flask', 'sqlalchemy', 'granian', 'polars'}"
    program = f"import sys, portal.cli; print(sorted({names} & set(sys.modules)))"
    outcome = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert outcome.stdout == "[]\n"


def test_verbs_on_the_database_start_without_the_doors_of_the_web() -> None:
    """A console that answers no requests need not wait for their forms, papers and dictionaries."""
    verbs = "account audit backup db demo hall ledger rebuild restore scheduler vault"
    program = (
        "import sys, importlib, portal\n"
        f"for verb in '{verbs}'.split(): importlib.import_module(f'portal.verbs.{{verb}}')\n"
        "portal.create_app(doors=False)\n"
        "print(sorted({'portal.web.citizen', 'portal.web.clerk', 'pypinyin'} & set(sys.modules)))"
    )
    outcome = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert outcome.stdout == "[]\n"


def test_without_a_database_the_last_line_says_what_to_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("YINUO_INSTANCE", str(tmp_path))
    outcome = CliRunner().invoke(cli.main, ["ledger", "count"])
    assert outcome.exit_code == 2
    *_, last = outcome.output.splitlines()  # before it the journal's, where nothing else has set it up
    assert last == "Error: the database has no tables yet, or old ones; run `portal db upgrade`"
