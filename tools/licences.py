"""Under what licence a Python package stands, as its own metadata or its licence file say."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, metadata

# Read in the licence file that the package carries, because its metadata name none or give the whole text.
READ = {"colorama": "BSD-3-Clause", "pyrage": "MIT"}
_SPDX = {
    "Apache Software License": "Apache-2.0",
    "GNU Lesser General Public License v2 or later (LGPLv2+)": "LGPL-2.1-or-later",
    "GNU Lesser General Public License v3 (LGPLv3)": "LGPL-3.0-only",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "SIL Open Font License 1.1 (OFL-1.1)": "OFL-1.1",
}


def licence_of(name: str) -> str:
    """An SPDX expression, or "BSD License" where the package does not say which; empty when nothing is known."""
    if name in READ:
        return READ[name]
    try:
        said = metadata(name)
    except PackageNotFoundError:
        return ""
    if "License-Expression" in said:
        return said["License-Expression"]
    classifiers = [line.split(" :: ")[-1] for line in said.get_all("Classifier", []) if line.startswith("License :: ")]
    named = [_SPDX.get(one, one) for one in classifiers if one != "OSI Approved"]
    return " AND ".join(named) or said.get_all("License", [""])[0]
