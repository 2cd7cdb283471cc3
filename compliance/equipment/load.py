"""Loads the catalogue in a folder, or what is kept of it.

What reads and checks the files is imported only where they are read.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from compliance.agreement.cache import Cache, Find, StrPath
from compliance.equipment.catalogue import Catalogue, places_of
from compliance.equipment.types import (
    AmbiguousToken,
    Difference,
    EquipmentType,
    Meaning,
    Operator,
    TypeReading,
    WatchedToken,
)
from compliance.values.plain import Plain

_FORM = Plain(
    AmbiguousToken,
    Difference,
    EquipmentType,
    Meaning,
    Operator,
    TypeReading,
    WatchedToken,
    later=EquipmentType,
)
"""How a catalogue is kept: everything it is made of."""


def load(folder: StrPath, *, cache: Cache | None = None) -> Catalogue:
    """Return the catalogue that a folder holds.

    Args:
        folder: the catalogue's folder.
        cache: keeps it, so that unchanged files need not be read and checked again.

    Raises:
        InvalidInput: the folder is no valid catalogue; every defect is in ``problems``.
    """

    def read(_find: Find | None) -> Mapping[str, Any]:
        from pathlib import Path

        from compliance.equipment.read import read as read_files

        found = read_files(Path(folder))
        return {**found, "places": places_of(found["types"])}

    return Catalogue(**(cache.through(folder, _FORM, read) if cache else read(None)))
