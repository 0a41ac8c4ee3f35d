"""Where a deployment keeps its things, and what may be set from outside."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

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
        return Path(named).resolve()
    checkout = PACKAGE.parent
    return (checkout if (checkout / "wsgi.py").is_file() else Path.cwd()) / "instance"


def defaults(environment: Mapping[str, str] = os.environ) -> dict[str, object]:
    return {
        "SECRET_KEY": environment.get("YINUO_SECRET_KEY"),
        "DEMONSTRATION": environment.get("YINUO_DEMO") == "1",  # an invented city: every page says so
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        # A portal behind TLS sets this; the demonstration speaks plain HTTP on the loopback address only.
        "SESSION_COOKIE_SECURE": environment.get("YINUO_HTTPS") == "1",
        "MAX_CONTENT_LENGTH": 20 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
        "BABEL_DEFAULT_LOCALE": "zh_Hans",
        "BABEL_DEFAULT_TIMEZONE": "Asia/Shanghai",
        "BABEL_TRANSLATION_DIRECTORIES": str(TRANSLATIONS),
    }


def secret(instance: Path, name: str) -> str:
    """Return the secret of that name in the instance folder; the first to ask makes it, readable by its owner alone.

    It is written aside and linked into place, so that a second process never reads half of it.
    """
    file = instance / name
    if not file.exists():
        instance.mkdir(parents=True, exist_ok=True)
        aside = instance / f".{name}.{os.getpid()}.{secrets.token_hex(4)}"
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
            stream.write(secrets.token_urlsafe(48))
        try:
            os.link(aside, file)
        except FileExistsError:
            pass  # another process was first, and its secret holds
        finally:
            aside.unlink()
    return file.read_text().strip()
