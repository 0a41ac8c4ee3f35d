"""The sheet with the demo accounts: kept in the instance folder for its owner alone, and read out at each start."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

FILE: Final = "demo-accounts.txt"
_SAID: Final = "Password of every account: "
_CONSONANTS, _VOWELS = "bdfgkmnprtvz", "aeiou"


def new_password() -> str:
    """Easy to read aloud, and some forty bits at random: ``rako-miva-teno-482``."""
    words = ["".join(secrets.choice(_CONSONANTS) + secrets.choice(_VOWELS) for _ in range(2)) for _ in range(3)]
    return "-".join([*words, f"{secrets.randbelow(900) + 100}"])


def password_in(folder: Path) -> str | None:
    try:
        lines = (folder / FILE).read_text().splitlines()
    except FileNotFoundError:
        return None
    return next((line.removeprefix(_SAID) for line in lines if line.startswith(_SAID)), None)


def introduction(folder: Path) -> list[str]:
    """The part of the sheet that is read out: everything before the first empty line."""
    return (folder / FILE).read_text().split("\n\n", 1)[0].splitlines()


def write(folder: Path, password: str, accounts: Sequence[tuple[str, str, str]], more: Iterable[str]) -> None:
    """``accounts`` are (sign-in name, shown name, who that is). Written aside and put in place at once."""
    lines = [
        "Demo city Lizhou (例州市): an invented place, nobody in it is real.",
        f"{_SAID}{password}",
        *(f"  {name:<14} {shown:<14} {note}" for name, shown, note in accounts),
        f"  The other accounts and the cases to follow are in {FILE} of the instance folder.",
        "",
        *more,
    ]
    aside = folder / f".{FILE}.{os.getpid()}"
    aside.unlink(missing_ok=True)
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
        stream.write("\n".join(lines) + "\n")
    aside.replace(folder / FILE)
