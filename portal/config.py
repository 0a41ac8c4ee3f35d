"""Where a deployment keeps its things, and what may be set from outside."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from portal.basis import Refusal

SHORTEST, VARIED = 32, 10  # characters of a secret, and how many different ones: parameters of ours
PACKAGE = Path(__file__).resolve().parent


def _folder(name: str) -> Path:
    """An installed wheel holds the folder inside the package, a checkout beside it."""
    inside = PACKAGE / name
    return inside if inside.is_dir() else PACKAGE.parent / name


TEMPLATES = _folder("templates")
TRANSLATIONS = _folder("translations")


def instance_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """YINUO_INSTANCE, else ``instance`` of the checkout, else ``instance`` of the working folder."""
    if named := environment.get("YINUO_INSTANCE"):
        return _resolved(named)
    checkout = PACKAGE.parent
    return (checkout if (checkout / "wsgi.py").is_file() else Path.cwd()) / "instance"


@cache
def _resolved(folder: str) -> Path:
    return Path(folder).resolve()


class SecretTooWeak(Refusal):
    """A secret that was given from outside could be guessed."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} is short or well known: give at least {SHORTEST} random characters, for example from "
            "`python3 -c 'import secrets; print(secrets.token_urlsafe(48))'`, or leave it out and one is made"
        )


def given_secrets(environment: Mapping[str, str]) -> list[str]:
    """What YINUO_SECRET_KEY holds: the secret of today, then, after spaces, older ones whose cookies still hold.

    :raises SecretTooWeak: one of them could be guessed.
    """
    given = environment.get("YINUO_SECRET_KEY", "").split()
    if any(len(each) < SHORTEST or len(set(each)) < VARIED for each in given):
        raise SecretTooWeak("YINUO_SECRET_KEY")
    return given


def password_words(environment: Mapping[str, str] = os.environ) -> list[str]:
    """What YINUO_PASSWORD_WORDS holds, between spaces: names of the place, which no password may hold."""
    return environment.get("YINUO_PASSWORD_WORDS", "").casefold().split()


class OidcUnfit(Refusal):
    """Signing in by another provider is set by halves, or over a line that anybody can listen to."""

    def __init__(self) -> None:
        super().__init__(
            "Signing in elsewhere needs YINUO_OIDC_ISSUER (an address that begins with https://), YINUO_OIDC_CLIENT_ID "
            "and YINUO_OIDC_CLIENT_SECRET together; set all three, or none"
        )


@dataclass(frozen=True, slots=True)
class Oidc:
    """The provider that also signs people in: its address, and how it knows this portal."""

    issuer: str
    client: str
    secret: str = field(repr=False)


def oidc(environment: Mapping[str, str] = os.environ) -> Oidc | None:
    """:raises OidcUnfit: one of the three is missing, or the line is open."""
    given = [environment.get(f"YINUO_OIDC_{name}", "").strip() for name in ("ISSUER", "CLIENT_ID", "CLIENT_SECRET")]
    if not any(given):
        return None
    is_safe = given[0].startswith(("https://", "http://127.0.0.1:"))
    if not all(given) or not is_safe:
        raise OidcUnfit
    return Oidc(given[0].rstrip("/"), given[1], given[2])


class ProbeTargetsUnfit(Refusal):
    """The places from which the portal is probed are not written as names and addresses."""

    def __init__(self, given: str) -> None:
        super().__init__(
            f"YINUO_PROBE_TARGETS holds {given!r}: write name=address for each place, with blanks between them, for "
            "example `inside=http://10.0.0.5:8000 outside=https://portal.example.gov.cn`"
        )


def probe_targets(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Each vantage point by its name: the address under which the portal is reached from there.

    Where none is named it is the one at which `portal serve` listens; a scheduler that runs alone probes nothing.

    :raises ProbeTargetsUnfit: one is not name=address.
    """
    named = environment.get("YINUO_PROBE_TARGETS", "").split()
    if not named and (own := environment.get("YINUO_OWN_ADDRESS")):
        return {"here": own}
    found: dict[str, str] = {}
    for each in named:
        name, _, address = each.partition("=")
        if not name or name in found or not address.startswith(("http://", "https://")):
            raise ProbeTargetsUnfit(each)
        found[name[:40]] = address.rstrip("/")
    return found


def operator(environment: Mapping[str, str] = os.environ) -> str | None:
    """The office that answers for the portal itself (YINUO_OPERATOR); else the one that first puts it live does."""
    return environment.get("YINUO_OPERATOR", "").strip() or None


class NotACount(Refusal):
    """A setting that counts something holds another word."""

    def __init__(self, name: str, given: str) -> None:
        super().__init__(f"{name} is {given!r}: give a whole number, 0 or more, or leave it out")


def _count(environment: Mapping[str, str], name: str, ours: int) -> int:
    given = environment.get(name, "").strip()
    if given and not (given.isascii() and given.isdigit()):
        raise NotACount(name, given)
    return int(given) if given else ours


def defaults(environment: Mapping[str, str] = os.environ) -> dict[str, object]:
    """:raises SecretTooWeak: a secret given from outside could be guessed.
    :raises NotACount: a setting that counts holds another word.
    """
    given = given_secrets(environment)
    is_secure = environment.get("YINUO_HTTPS") == "1"
    return {
        "SECRET_KEY": given[0] if given else None,
        "SECRET_KEY_FALLBACKS": given[1:],
        "DEMONSTRATION": environment.get("YINUO_DEMO") == "1",  # an invented city: every page says so
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        # A portal behind TLS sets this; the demonstration speaks plain HTTP on the loopback address only.
        "SESSION_COOKIE_SECURE": is_secure,
        "SESSION_COOKIE_NAME": "__Host-yinuo" if is_secure else "yinuo",
        # Of citizens and firms too; staff have one in any case (R11).
        "SECOND_FACTOR_FOR_ALL": environment.get("YINUO_SECOND_FACTOR_FOR_ALL") == "1",
        # Passkeys are bound to it: https://portal.example.gov.cn; without it, the address that the browser asks for.
        "ORIGIN": environment.get("YINUO_ORIGIN", "").strip().rstrip("/") or None,
        "OIDC": oidc(environment),
        # So many proxies before the portal tell the visitor's address in X-Forwarded-For; told by nobody else.
        "PROXIES": _count(environment, "YINUO_PROXIES", 0),
        # Of one anonymous address, or of one account; parameter of ours (R32). 0 counts nothing.
        "REQUESTS_PER_MINUTE": _count(environment, "YINUO_REQUESTS_PER_MINUTE", 1000),
        "MAX_CONTENT_LENGTH": 20 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 500_000,  # bytes of a form beside its files; parameter of ours
        "BABEL_DEFAULT_LOCALE": "zh_Hans",
        "BABEL_DEFAULT_TIMEZONE": "Asia/Shanghai",
        "BABEL_TRANSLATION_DIRECTORIES": str(TRANSLATIONS),
    }


def secret(instance: Path, name: str, make: Callable[[], str] = lambda: secrets.token_urlsafe(48)) -> str:
    """Return the secret of that name in the instance folder; the first to ask makes it, readable by its owner alone.

    It is written aside and linked into place, so that a second process never reads half of it.
    """
    file = instance / name
    if not file.exists():
        instance.mkdir(parents=True, exist_ok=True)
        aside = instance / f".{name}.{os.getpid()}.{secrets.token_hex(4)}"
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
            stream.write(make())
        try:
            os.link(aside, file)
        except FileExistsError:
            pass  # another process was first, and its secret holds
        finally:
            aside.unlink()
    return file.read_text().strip()
