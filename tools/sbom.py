"""Writes build/sbom.json: what an installed portal is made of, as a CycloneDX bill of materials. Run by `make sbom`.

Versions and hashes are those of requirements.lock and package-lock.json, licences those that the packages state.
"""

from __future__ import annotations

import base64
import json
import re
import sys
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import DisjunctiveLicense
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from tools.licences import licence_of  # noqa: E402 -- the folder of the project is found by the line before

PINNED = re.compile(r"^([a-z0-9-]+)==(\S+?)(?: ; .*?)?((?: \\\n    --hash=sha256:[0-9a-f]{64})+)$", re.MULTILINE)


def main() -> None:
    target = ROOT / "build" / "sbom.json"
    target.parent.mkdir(exist_ok=True)
    bom = bill_of_materials()
    target.write_text(JsonV1Dot6(bom).output_as_string(indent=2), encoding="utf-8")
    print(f"{len(bom.components)} components are listed in {target.relative_to(ROOT)}.")


def bill_of_materials() -> Bom:
    setup = ConfigParser()
    setup.read(ROOT / "setup.cfg")
    about = setup["metadata"]
    portal = _component(about["name"], about["version"], about["license"], "pypi", ComponentType.APPLICATION)
    bom = Bom(components=[*python_packages(), *browser_packages()])
    bom.metadata.component = portal
    bom.register_dependency(portal, bom.components)
    return bom


def python_packages() -> Iterator[Component]:
    """A lock names the hashes of all files of a version, and which of them was installed depends on the machine."""
    for name, version, hashes in PINNED.findall((ROOT / "requirements.lock").read_text(encoding="utf-8")):
        component = _component(name, version, licence_of(name), "pypi")
        for digest in re.findall(r"sha256:([0-9a-f]{64})", hashes):
            component.hashes.add(HashType(alg=HashAlgorithm.SHA_256, content=digest))
        yield component


def browser_packages() -> Iterator[Component]:
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    for path, each in packages.items():
        if path:
            component = _component(path.removeprefix("node_modules/"), each["version"], each["license"], "npm")
            digest = base64.b64decode(each["integrity"].removeprefix("sha512-")).hex()
            component.hashes.add(HashType(alg=HashAlgorithm.SHA_512, content=digest))
            yield component


def _component(
    name: str, version: str, licence: str, kind: str, what: ComponentType = ComponentType.LIBRARY
) -> Component:
    purl = PackageURL(kind, None, name, version)
    component = Component(name=name, version=version, type=what, purl=purl, bom_ref=str(purl))
    if licence:
        try:
            component.licenses.add(LicenseFactory().make_from_string(licence))
        except ValueError:
            component.licenses.add(DisjunctiveLicense(name=licence))
    return component


if __name__ == "__main__":
    main()
