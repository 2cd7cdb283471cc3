"""Finds the folders shipped beside the code: ``rules``, ``data`` and ``migrations``.

A wheel carries them inside the package (``compliance/_bundled``); a checkout has them at its
top level. Nothing else in the program builds a path from a module's own place.
"""

from __future__ import annotations

from pathlib import Path

from compliance.values.errors import ComplianceError

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
