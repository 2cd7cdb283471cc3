"""One canonical form for everything that is hashed, so that hashes agree on every machine."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import hashlib


def canonical_json(value: Any) -> str:
    """Return JSON with sorted keys and no spaces; dates as ISO text."""
    return _ENCODER.encode(value)


def sha256(value: Any) -> str:
    """Return the SHA-256 of the canonical form, in hexadecimal."""
    return _sha256(canonical_json(value).encode()).hexdigest()


class ListHash:
    """The SHA-256 of a list, item by item: of a list too long for the memory, too."""

    def __init__(self) -> None:
        self._digest = _sha256(b"[")
        self._separator = b""

    def add(self, item: Any) -> None:
        """Append an item to the list."""
        self._digest.update(self._separator + canonical_json(item).encode())
        self._separator = b","

    def add_written(self, forms: bytes) -> None:
        """Append items of which the canonical forms are there already, with commas between."""
        if forms:
            self._digest.update(self._separator)
            self._digest.update(forms)
            self._separator = b","

    def hexdigest(self) -> str:
        """Return what ``sha256`` gives for the list of all items so far."""
        whole = self._digest.copy()
        whole.update(b"]")
        return whole.hexdigest()


def _sha256(text: bytes) -> hashlib._Hash:
    import hashlib  # and with it OpenSSL: not where values are only read

    return hashlib.sha256(text)


def _plain(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no canonical form")


# Made once: ``json.dumps`` would make it for each value.
_ENCODER = json.JSONEncoder(
    sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain
)
