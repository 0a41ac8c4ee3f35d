"""Finds the rules: every module of portal/compliance/rules, and of a deployment's own folder."""

from __future__ import annotations

import pkgutil
import sys
from functools import cache
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from itertools import pairwise
from pathlib import Path
from types import ModuleType

from portal.basis import N_, Refusal
from portal.compliance import rules
from portal.compliance.rule import Rule


class RuleUnusable(Refusal):
    """A rule module without what a rule must have."""


def all_rules(folder: Path | None = None) -> tuple[Rule, ...]:
    """All versions of all rules by code and version; ``folder`` holds a deployment's own rule modules."""
    own = _own(folder.resolve()) if folder and folder.is_dir() else ()
    found = sorted((*_shipped(), *own), key=lambda rule: (rule.code, rule.version))
    for one, other in pairwise(found):
        if one.name == other.name:
            raise RuleUnusable(
                N_("Rule %(rule)s is defined twice. Give the newer one the next version number."),
                values={"rule": one.name},
            )
    return tuple(found)


@cache
def _shipped() -> tuple[Rule, ...]:
    names = sorted(module.name for module in pkgutil.iter_modules(rules.__path__))
    return tuple(rule for name in names for rule in _rules_of(import_module(f"{rules.__name__}.{name}")))


@cache
def _own(folder: Path) -> tuple[Rule, ...]:
    found: list[Rule] = []
    for path in sorted(folder.glob("*.py")):
        name = f"yinuo_own_rules.{path.stem}"
        spec = spec_from_file_location(name, path)
        assert spec is not None
        assert spec.loader is not None
        module = module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
        found.extend(_rules_of(module))
    return tuple(found)


def _rules_of(module: ModuleType) -> list[Rule]:
    found = [value for value in vars(module).values() if isinstance(value, Rule)]
    for rule in found:
        if rule.asks is None or not rule.sources:
            raise RuleUnusable(
                N_(
                    "Rule %(rule)s in %(file)s has no check or no source. Add @RULE.check and at least one LegalSource."
                ),
                values={"rule": rule.name, "file": Path(str(module.__file__)).name},
            )
    if not found:
        raise RuleUnusable(
            N_("%(file)s defines no rule. Define RULE = Rule(…) in it, or move the file elsewhere."),
            values={"file": Path(str(module.__file__)).name},
        )
    return found
