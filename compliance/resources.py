"""Finds the folders shipped beside the code, ``rules``, ``data``, ``migrations``, and the user's.

A wheel carries them inside the package (``compliance/_bundled``); a checkout has them at its
top level. Nothing else in the program builds a path from a module's own place.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

from compliance import __version__
from compliance.values.errors import ComplianceError
from compliance.values.fingerprint import blake2b

_NAME = "compliance"

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
    """Return the folder for what the user keeps; it need not be there.

    Raises:
        ComplianceError: it is not known where this user's folders are.
    """
    if sys.platform == "win32":
        return _of_user("LOCALAPPDATA", "~/AppData/Local") / _NAME
    if sys.platform == "darwin":
        return _of_user("XDG_DATA_HOME", "~/Library/Application Support") / _NAME
    return _of_user("XDG_DATA_HOME", "~/.local/share") / _NAME


def user_cache() -> Path | None:
    """Return the folder for what can be made again, or ``None`` where none is wanted.

    Raises:
        ComplianceError: it is not known where this user's folders are.
    """
    if os.environ.get(CACHE_ENVIRONMENT, "").strip().lower() == "off":
        return None
    if sys.platform == "win32":
        return _of_user("LOCALAPPDATA", "~/AppData/Local") / _NAME / "Cache"
    if sys.platform == "darwin":
        return _of_user("XDG_CACHE_HOME", "~/Library/Caches") / _NAME
    return _of_user("XDG_CACHE_HOME", "~/.cache") / _NAME


def _of_user(variable: str, otherwise: str) -> Path:
    """Return the folder that a variable names in full, or else one in the user's home."""
    named = Path(os.environ.get(variable, ""))
    if named.is_absolute():
        return named
    with suppress(RuntimeError):  # there is no home
        at_home = Path(otherwise).expanduser()
        if at_home.is_absolute():
            return at_home
    raise ComplianceError(
        "it is not known where this user's folders are",
        todo=f"set {variable} to a folder, by its whole path",
    )


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
