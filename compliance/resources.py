"""Finds the folders shipped beside the code, ``rules``, ``data``, ``migrations``, and the user's.

A wheel carries them inside the package (``compliance/_bundled``); a checkout has them at its
top level. Nothing else in the program builds a path from a module's own place.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from compliance import __version__
from compliance.values.errors import ComplianceError
from compliance.values.fingerprint import blake2b

if TYPE_CHECKING:
    from pathlib import Path

CACHE_ENVIRONMENT = "COMPLIANCE_CACHE"
"""``off`` keeps nothing between two runs; every answer is the same, and comes later."""

_PACKAGE = os.path.dirname(os.path.realpath(__file__))


def place(name: str) -> str:
    """Return the path of the shipped folder of that name.

    Args:
        name: ``rules``, ``data`` or ``migrations``.

    Raises:
        ComplianceError: neither the installed package nor a checkout holds it.
    """
    bundled = os.path.join(_PACKAGE, "_bundled", name)
    if os.path.isdir(bundled):
        return bundled
    top = os.path.dirname(_PACKAGE)
    checkout = os.path.join(top, name)
    if os.path.isdir(checkout) and os.path.isfile(os.path.join(top, "pyproject.toml")):
        return checkout
    raise ComplianceError(
        f"the shipped folder '{name}' is missing: looked in {bundled} and {checkout}",
        todo="reinstall the package; a wheel carries the folder inside it",
    )


def folder(name: str) -> Path:
    """Return the shipped folder of that name; see ``place``."""
    from pathlib import Path

    return Path(place(name))


def user_data() -> Path:
    """Return the folder for what the user keeps; it need not be there."""
    # Imported where a folder is wanted: it brings temporary files, archives and chance.
    from platformdirs import user_data_path

    return user_data_path("compliance", appauthor=False)


def user_cache() -> Path:
    """Return the folder for what can be made again; it need not be there."""
    from platformdirs import user_cache_path

    return user_cache_path("compliance", appauthor=False)


def compiled() -> str | None:
    """Return the folder where Python keeps this package compiled, or ``None`` if it keeps nothing.

    Python runs what lies there without asking who wrote it.
    """
    own = __spec__.cached if __spec__ is not None else None
    return os.path.dirname(own) if own and not sys.dont_write_bytecode else None


def keeping() -> bool:
    """True where what can be made again may be kept between two runs."""
    return os.environ.get(CACHE_ENVIRONMENT, "").strip().lower() != "off"


def code(*rooms: str) -> str | None:
    """Return what names the code of some rooms, to the byte, and what runs it.

    Returns:
        A hash, or ``None`` where the code cannot be read: installed without its source.
    """
    digest = blake2b(f"{__version__} {sys.version}\n".encode(), digest_size=32)
    try:
        for room in rooms:
            at = os.path.join(_PACKAGE, room)
            names = sorted(name for name in os.listdir(at) if name.endswith(".py"))
            if not names:
                return None
            for name in names:
                with open(os.path.join(at, name), "rb") as file:
                    text = file.read()
                digest.update(f"{room}/{name}: {len(text)}\n".encode() + text)
    except OSError:
        return None
    return digest.hexdigest()
