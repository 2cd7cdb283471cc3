"""``tabulate``, loaded without its search for the number of its own version.

To know it, ``tabulate`` asks ``importlib.metadata``, and with that come the standard library's
readers of e-mail, archives and CSV: 15 of the 140 ms of an audit, and a table needs none of them.
It copes where no number is found, so that is what it is told. If a later version of it asks for
more than a number, it is loaded as it is.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

__all__ = ["tabulate"]

_METADATA = "importlib.metadata"


@contextmanager
def _no_version_known() -> Iterator[None]:
    """Let packages find no number of a version, unless that search is loaded anyhow."""
    if _METADATA in sys.modules:
        yield
        return

    class PackageNotFoundError(ModuleNotFoundError):
        pass

    def version(name: str) -> str:
        raise PackageNotFoundError(name)

    stands_in = ModuleType(_METADATA)
    stands_in.__dict__.update(PackageNotFoundError=PackageNotFoundError, version=version)
    sys.modules[_METADATA] = stands_in
    try:
        yield
    finally:
        del sys.modules[_METADATA]


try:
    with _no_version_known():
        from tabulate import tabulate
except ImportError:
    from tabulate import tabulate
