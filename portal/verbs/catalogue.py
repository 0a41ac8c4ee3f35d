"""`portal catalogue`: check the files of the catalogue before they are published."""

from __future__ import annotations

from pathlib import Path

import click
from babel.support import NullTranslations, Translations

from portal import config
from portal.catalogue import checks, queries
from portal.catalogue.defects import Defect
from portal.catalogue.loading import Folders


@click.group()
def command() -> None:
    """Items, norms, offices and halls as files."""


@command.command()
@click.argument("path", required=False, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Language of the report."
)
def check(path: Path | None, lang: str) -> None:
    """Check everything, or one item's FILE, or a FOLDER of items or of a deployment, against all rules."""
    found = [defect for defect in checks.check(_folders(path), queries.hours_names()) if _is_within(defect, path)]
    for defect in found:
        click.echo(_line(defect, lang))
    click.echo(f"{len(found)} defects" if len(found) != 1 else "1 defect", err=True)
    raise SystemExit(1 if found else 0)


def _folders(path: Path | None) -> Folders:
    """A single item is checked among all others, in the place of the one that has its code."""
    everything = queries.folders()
    if path is None:
        return everything
    place = path.resolve()
    if any(place.is_relative_to(root / part) for root in everything.roots for part in ("items", "norms", "trees")):
        return everything
    if place in everything.roots or place.parent in everything.roots:
        return everything
    if place.is_file():
        return Folders(everything.roots, (place,))
    if any(place.glob("*/*.toml")) or (place / "offices.toml").is_file():
        return Folders((*everything.roots, place))
    return Folders(everything.roots, tuple(sorted(place.glob("*.toml"))))


def _is_within(defect: Defect, path: Path | None) -> bool:
    return path is None or Path(defect.file).is_relative_to(path.resolve())


def _line(defect: Defect, lang: str) -> str:
    if lang == "en":
        return str(defect)
    words: NullTranslations = Translations.load(config.TRANSLATIONS, ["zh_Hans"])
    what, then = words.gettext(defect.message) % defect.values, words.gettext(defect.remedy) % defect.values
    return f"{defect.file}:{defect.line}: {defect.field}: {what}；{then} [{defect.rule}]"
