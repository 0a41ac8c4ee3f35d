"""What holds for the whole house: doors, routes, templates, texts, imports, tables, rules."""

from __future__ import annotations

import ast
import importlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

import grimp
import pytest
from flask import Flask
from jinja2 import meta
from werkzeug.routing import Rule

from portal import store
from portal.web.doors import Door
from tests.quick import LONGEST
from tools import messages

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "templates"
UNGUARDED = {"static"}  # files of the portal itself, the same for everybody


def rules_of(app: Flask) -> list[Rule]:
    return sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint))


def door_of(app: Flask, rule: Rule) -> Door | None:
    blueprint = app.blueprints.get(rule.endpoint.split(".")[0])
    return blueprint if isinstance(blueprint, Door) else None


def address_of(rule: Rule) -> str:
    """The rule's address with something plausible in each place."""
    return re.sub(
        r"<(?:(\w+)(?:\(.*?\))?:)?\w+>", lambda place: "1" if place[1] in ("int", "float") else "x", rule.rule
    )


# Doors and routes


def test_every_route_is_behind_a_door(app: Flask) -> None:
    outside = [rule.rule for rule in rules_of(app) if door_of(app, rule) is None]
    assert outside == [rule.rule for rule in rules_of(app) if rule.endpoint in UNGUARDED]


def test_a_stranger_is_refused_wherever_a_door_does_not_say_public(app: Flask) -> None:
    client = app.test_client()
    let_in = []
    for rule in rules_of(app):
        door = door_of(app, rule)
        if door is None or rule.endpoint.removeprefix(f"{door.name}.") in door.public:
            continue
        for method in (rule.methods or set()) - {"OPTIONS", "HEAD"}:
            status = client.open(address_of(rule), method=method).status_code
            if status != 401:
                let_in.append((method, rule.rule, status))
    assert let_in == []


def test_every_view_named_public_exists(app: Flask) -> None:
    doors = [door for door in app.blueprints.values() if isinstance(door, Door)]
    assert {f"{door.name}.{view}" for door in doors for view in door.public} <= set(app.view_functions)


def test_the_routes_are_the_ones_listed_in_routes_txt(app: Flask) -> None:
    """A new address is a decision: write its line into tests/routes.txt."""
    found = [
        f"{','.join(sorted((rule.methods or set()) - {'OPTIONS', 'HEAD'}))} {rule.rule} {rule.endpoint}"
        for rule in rules_of(app)
    ]
    assert found == (ROOT / "tests" / "routes.txt").read_text().splitlines()


# Templates and texts


def templates_named_by_views(app: Flask) -> set[str]:
    by_address = {f"{rule.endpoint.replace('.', '/')}.html" for rule in app.url_map.iter_rules()}
    by_name = {
        node.value
        for file in (ROOT / "portal").rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.endswith(".html")
    }
    return by_address | by_name


def test_every_template_is_reached_from_a_view(app: Flask) -> None:
    every = {str(file.relative_to(TEMPLATES)) for file in TEMPLATES.rglob("*.html")}
    reached: set[str] = set()
    ahead = templates_named_by_views(app) & every
    while ahead:
        name = ahead.pop()
        reached.add(name)
        tree = app.jinja_env.parse((TEMPLATES / name).read_text())
        ahead |= {other for other in meta.find_referenced_templates(tree) if other} & every - reached
    assert every - reached == set()


@pytest.mark.parametrize("name", sorted(str(file.relative_to(TEMPLATES)) for file in TEMPLATES.rglob("*.html")))
def test_no_template_carries_script_or_style_that_the_content_policy_forbids(name: str) -> None:
    text = (TEMPLATES / name).read_text()
    assert re.findall(r"<script(?![^>]*\bsrc=)|<style\b|\sstyle\s*=|\son[a-z]+\s*=|javascript:", text) == []


@pytest.mark.parametrize("file", messages.catalogue_files(), ids=lambda file: file.parent.parent.name)
def test_every_text_is_translated(file: Path) -> None:
    """`make messages` brings new texts into the catalogue; the translation is written by hand."""
    catalogue = messages.read(file)
    wanted = {(message.id, message.context) for message in messages.texts_in_the_sources() if message.id}
    missing = []
    for key, context in wanted:
        message = catalogue.get(key if isinstance(key, str) else key[0], context)
        if message is None or message.fuzzy or not message.string or not all(message.string):
            missing.append(key)
    assert missing == []


@pytest.mark.parametrize("file", messages.catalogue_files(), ids=lambda file: file.parent.parent.name)
def test_a_translation_keeps_the_places_of_its_text(file: Path) -> None:
    def places(text: str) -> set[str]:
        return set(re.findall(r"%\((\w+)\)", text))

    wrong = []
    for message in messages.read(file):
        if not message.id or not message.string:
            continue
        sources = [message.id] if isinstance(message.id, str) else list(message.id)
        strings = [message.string] if isinstance(message.string, str) else list(message.string)
        wanted = places(" ".join(sources))
        wrong += [message.id for string in strings if places(string) - wanted or wanted - places(string) - {"num"}]
    assert wrong == []


# Modules and what they import


def test_every_module_says_what_it_is_for() -> None:
    files = [file for folder in ("portal", "tests", "tools") for file in (ROOT / folder).rglob("*.py")]
    files = [file for file in files if "versions" not in file.parts and file.read_text().strip()]
    assert [str(file.relative_to(ROOT)) for file in files if not ast.get_docstring(ast.parse(file.read_text()))] == []


def judged(folder: Path) -> subprocess.CompletedProcess[str]:
    """In a process of its own: the linter silences every logger that exists when it sets up its own."""
    linter = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True))"
    return subprocess.run([sys.executable, "-c", linter], cwd=folder, capture_output=True, text=True, check=False)


def test_the_import_contracts_are_kept() -> None:
    outcome = judged(ROOT)
    assert outcome.returncode == 0, outcome.stdout


def test_a_package_that_has_no_floor_breaks_the_contracts(tmp_path: Path) -> None:
    ignored = shutil.ignore_patterns("__pycache__", "static", "*.toml", "*.csv")
    shutil.copytree(ROOT / "portal", tmp_path / "portal", ignore=ignored)
    shutil.copyfile(ROOT / "setup.cfg", tmp_path / "setup.cfg")
    (tmp_path / "portal" / "annex").mkdir()
    (tmp_path / "portal" / "annex" / "__init__.py").write_text('"""Not placed."""\n')
    outcome = judged(tmp_path)
    assert outcome.returncode == 1
    assert "annex" in outcome.stdout


def test_tables_are_opened_only_by_their_own_room() -> None:
    graph = grimp.build_graph("portal", cache_dir=None)
    opened = {
        (importer, tables)
        for tables in graph.modules
        if tables.endswith(".tables")
        for importer in graph.find_modules_that_directly_import(tables)
        if not importer.startswith(tables.removesuffix("tables"))
    }
    assert opened == set()


# Database and rules


def test_the_migrations_make_the_tables_of_the_code(app: Flask) -> None:
    store.upgrade(app)
    assert store.drift(app) == []


def test_every_rule_has_sources_and_a_test_of_its_name() -> None:
    files = [file for file in (ROOT / "portal" / "compliance" / "rules").glob("*.py") if file.name != "__init__.py"]
    if not files:
        pytest.skip("there are no rules yet")
    for file in files:
        module = importlib.import_module(f"portal.compliance.rules.{file.stem}")
        rules = [thing for thing in vars(module).values() if type(thing).__name__ == "Rule"]
        assert rules, f"{file.name} holds no Rule"
        assert all(rule.sources for rule in rules), f"a rule of {file.name} stands without a legal source"
        assert list((ROOT / "tests" / "compliance" / "rules").glob(f"test_{file.stem}*.py")), f"{file.name} has no test"


def test_the_files_that_go_first_are_there() -> None:
    assert [name for name in LONGEST if not (ROOT / "tests" / name).is_file()] == []
