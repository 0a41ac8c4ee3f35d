"""What the source never does: run text as code, start a shell, unpack objects, use a broken hash, or go out unasked."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = [file for file in sorted((ROOT / "portal").rglob("*.py")) if "versions" not in file.parts]
FORBIDDEN = {
    "eval", "exec", "compile", "os.system", "os.popen", "hashlib.md5", "hashlib.sha1", "md5", "sha1",
    "render_template_string", "from_string", "ssl._create_unverified_context", "tempfile.mktemp",
}  # fmt: skip
UNPACKING = {"pickle", "marshal", "shelve", "dill", "yaml"}
GOING_OUT = {
    "urllib.request",
    "http.client",
    "requests",
    "httpx",
    "authlib.integrations.flask_client",
    "smtplib",
    "ftplib",
    "ldap3",
}


def calls(source: str) -> Iterator[ast.Call]:
    return (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))


def imported(source: str) -> set[str]:
    nodes = list(ast.walk(ast.parse(source)))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return plain | {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}


def dangerous(source: str) -> list[str]:
    found = []
    for call in calls(source):
        name = ast.unparse(call.func)
        is_method = isinstance(call.func, ast.Attribute) and name not in FORBIDDEN
        if name in FORBIDDEN or (is_method and name.rsplit(".", 1)[-1] == "from_string"):
            found.append(name)
        if any(word.arg == "shell" for word in call.keywords):
            found.append(f"{name} with a shell")
    return found + sorted(imported(source) & UNPACKING)


@pytest.mark.parametrize(
    "source", ["eval(x)", "os.system(x)", "run(x, shell=True)", "hashlib.md5(x)", "import pickle", "env.from_string(x)"]
)
def test_the_search_finds_what_it_looks_for(source: str) -> None:
    assert dangerous(source)


def test_nothing_runs_text_as_code_or_starts_a_shell_or_unpacks_objects() -> None:
    # A deployment's own rules are Python files that its operator lays down: compiled, and never a visitor's text.
    found = {str(file.relative_to(ROOT)): dangerous(file.read_text()) for file in FILES}
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


PATTERNS = {"compile", "match", "fullmatch", "search", "sub", "subn", "split", "findall", "finditer"}
NOT_TYPED = {
    "asked.pattern",  # by whoever keeps the catalogue, and tried at its check
    "field.pattern",
    "f'(?<!\\\\d)(\\\\d+)\\\\s*{units[limit.unit]}'",  # of two dicts that stand beside it
    "pattern",  # of the list of browsers that stands above it
}


def typed_patterns(source: str) -> list[str]:
    """Calls of ``re`` whose pattern is neither written there nor made of constants and what was escaped."""
    found = []
    for call in calls(source):
        name = ast.unparse(call.func)
        if name.startswith("re.") and name.removeprefix("re.") in PATTERNS and not _is_fixed(call.args[0]):
            found.append(ast.unparse(call.args[0]))
    return found


def _is_fixed(pattern: ast.expr) -> bool:
    if isinstance(pattern, ast.JoinedStr):
        return all(_is_fixed(part.value) for part in pattern.values if isinstance(part, ast.FormattedValue))
    if isinstance(pattern, ast.BinOp):
        return _is_fixed(pattern.left) and _is_fixed(pattern.right)
    text = ast.unparse(pattern)
    is_escaped = isinstance(pattern, ast.Call) and text.startswith(("re.escape(", "'|'.join(map(re.escape"))
    return isinstance(pattern, ast.Constant) or text.isupper() or is_escaped


@pytest.mark.parametrize("source", ["re.search(typed, x)", "re.compile(f'a{typed}')", "re.sub('a' + typed, '', x)"])
def test_the_search_finds_patterns_that_were_typed(source: str) -> None:
    assert typed_patterns(source)


def test_no_pattern_is_made_of_what_a_visitor_typed() -> None:
    found = {str(file.relative_to(ROOT)): typed_patterns(file.read_text()) for file in FILES}
    odd = {name: set(patterns) - NOT_TYPED for name, patterns in found.items()}
    assert {name: patterns for name, patterns in odd.items() if patterns} == {}


# Ciphers and signatures come from cryptography, argon2-cffi, pyotp, pyrage, webauthn, itsdangerous and gmalglib.
HASHES = {"sha256", "sha512", "file_digest"}
STRANGE = {"Crypto", "Cryptodome", "nacl", "ecdsa", "rsa", "simplecrypt", "tink", "M2Crypto", "bcrypt", "jose", "jwt"}


def own_ciphers(source: str) -> list[str]:
    steps = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.BinOp | ast.AugAssign)]
    mixed = [ast.unparse(node) for node in steps if isinstance(node.op, ast.BitXor)]
    taken = {name.split(".")[0] for name in imported(source)}
    functions = [ast.unparse(call.func) for call in calls(source)]
    weak = [name for name in functions if re.fullmatch(r"hashlib\.\w+", name) and name[8:] not in HASHES]
    return mixed + sorted(taken & STRANGE) + weak


@pytest.mark.parametrize("source", ["a ^ b", "a ^= b", "import rsa", "hashlib.sha224(x)", "hashlib.new(x)"])
def test_the_search_finds_ciphers_of_ones_own(source: str) -> None:
    assert own_ciphers(source)


def test_nobody_here_makes_ciphers() -> None:
    found = {str(file.relative_to(ROOT)): own_ciphers(file.read_text()) for file in FILES}
    assert {name: odd for name, odd in found.items() if odd} == {}


def test_only_the_witness_the_provider_and_our_own_channels_are_ever_called() -> None:
    going = [file.relative_to(ROOT).as_posix() for file in FILES if imported(file.read_text()) & GOING_OUT]
    assert going == ["portal/channels/probing.py", "portal/ledger/witness.py", "portal/web/sign_in/oidc.py"]


def test_chance_that_can_be_foreseen_is_for_what_is_played_alone() -> None:
    using = [file.relative_to(ROOT).as_posix() for file in FILES if "random" in imported(file.read_text())]
    assert [name for name in using if not name.startswith(("portal/demo/", "portal/hall/simulation/"))] == []


def test_our_own_script_keeps_nothing_in_the_browser_and_listens_to_nobody() -> None:
    text = (ROOT / "portal/static/portal.js").read_text()
    assert [
        word for word in ("Storage", "indexedDB", "postMessage", "innerHTML", "document.cookie") if word in text
    ] == []
