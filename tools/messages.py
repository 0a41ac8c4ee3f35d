"""Bring the translation catalogues up to date with the sources: new texts come in empty, dead ones go out."""

from __future__ import annotations

import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
KEYWORDS = {**DEFAULT_KEYWORDS, "N_": None, "NP_": ((1, "c"), 2), "lazy_gettext": None, "_l": None}


def texts_in_the_sources() -> Catalog:
    catalogue = Catalog(project="yinuo")
    with (ROOT / "babel.cfg").open() as mapping:
        methods, options = parse_mapping_cfg(mapping)
    for file, line, message, comments, context in extract_from_dir(ROOT, methods, options, keywords=KEYWORDS):
        catalogue.add(message, None, [(file, line)], auto_comments=comments, context=context)
    return catalogue


def catalogue_files() -> list[Path]:
    return sorted((ROOT / "translations").glob("*/LC_MESSAGES/messages.po"))


def read(file: Path) -> Catalog:
    with file.open("rb") as stream:
        return read_po(stream, locale=file.parent.parent.name)


def main() -> int:
    texts = texts_in_the_sources()
    for file in catalogue_files():
        catalogue = read(file)
        written_on = catalogue.creation_date
        catalogue.update(texts, no_fuzzy_matching=True)
        catalogue.creation_date = written_on  # or every run would change the file
        with file.open("wb") as stream:
            write_po(stream, catalogue, sort_output=True, no_location=True, ignore_obsolete=True, width=120)
        empty = [str(message.id) for message in catalogue if message.id and not message.string]
        print(f"{file.relative_to(ROOT)}: {len(catalogue)} texts, {len(empty)} without translation", *empty, sep="\n  ")
    return 0


if __name__ == "__main__":
    sys.exit(main())
