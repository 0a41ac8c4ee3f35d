"""From TOML files to the model: shapes and references here, meaning in `portal.catalogue.checks`."""

from portal.catalogue.loading.whole import Folders, Loaded, Origins, load

__all__ = ["Folders", "Loaded", "Origins", "load"]
