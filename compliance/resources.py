"""Finds the folders shipped beside the code, ``rules``, ``data``, ``migrations``, and the user's.

A wheel carries them inside the package (``compliance/_bundled``); a checkout has them at its
top level. Nothing else in the program builds a path from a module's own place.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from platformdirs import user_cache_path, user_data_path

from compliance import __version__
from compliance.values.errors import ComplianceError
from compliance.values.fingerprint import blake2b

CACHE_ENVIRONMENT = "COMPLIANCE_CACHE"
"""``off`` keeps nothing between two runs; every answer is the same, and comes later."""

_PACKAGE = Path(__file__).resolve().parent


def folder(name: str) -> Path:
    """Return the shipped folder of that name.

    Args:
        name: ``rules``, ``data`` or ``migrations``.

    Raises:
        ComplianceError: neither the installed package nor a checkout holds it.
    """
    bundled = _PACKAGE / "_bundled" / name
    if bundled.is_dir():
        return bundled
    checkout = _PACKAGE.parent / name
    if checkout.is_dir() and (_PACKAGE.parent / "pyproject.toml").is_file():
        return checkout
    raise ComplianceError(
        f"the shipped folder '{name}' is missing: looked in {bundled} and {checkout}",
        todo="reinstall the package; a wheel carries the folder inside it",
    )


def user_data() -> Path:
    """Return the folder for what the user keeps; it need not be there."""
    return user_data_path("compliance", appauthor=False)


def user_cache() -> Path | None:
    """Return the folder for what can be made again, or ``None`` where none is wanted."""
    if os.environ.get(CACHE_ENVIRONMENT, "").strip().lower() == "off":
        return None
    return user_cache_path("compliance", appauthor=False)


def code(*rooms: str) -> str | None:
    """Return what names the code of some rooms, to the byte, and what runs it.

    Returns:
        A hash, or ``None`` where the code cannot be read: installed without its source.
    """
    digest = blake2b(f"{__version__} {sys.version}\n".encode(), digest_size=32)
    try:
        for room in rooms:
            files = sorted(path for path in (_PACKAGE / room).iterdir() if path.suffix == ".py")
            if not files:
                return None
            for path in files:
                text = path.read_bytes()
                digest.update(f"{room}/{path.name}: {len(text)}\n".encode() + text)
    except OSError:
        return None
    return digest.hexdigest()
