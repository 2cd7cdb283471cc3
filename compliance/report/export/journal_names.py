"""Names as a plain-text journal can hold them: two that differ stay different.

A character with a meaning of its own in a journal is written as in a URL: ``%`` and the two digits
of each of its bytes.
"""

from __future__ import annotations

import unicodedata
from urllib.parse import quote

NO_TYPE = '"(type not stated)"'
"""The commodity of a total, and of a movement, that names no type."""


def account(*parts: str) -> str:
    """Return the name of an account: its parts, from the widest to the narrowest."""
    return ":".join(map(_component, parts))


def place(text: str) -> str:
    """Return the account of an outside place: ``@import:France``."""
    kind, colon, name = text.partition(":")
    return kind + colon + _component(name)


def commodity(designation: str) -> str:
    """Return a type as a quoted commodity."""
    if not designation:
        return NO_TYPE
    # No type is taken for the missing one.
    first = quote(designation[0], safe="") if designation[0] == "(" else _encoded(designation[0])
    return f'"{first}{_encoded(designation[1:])}"'


def one_line(text: str) -> str:
    """Return text for a description: one line, and no comment begins in it."""
    safe = "".join(" " if _unsafe(character) else character for character in text)
    return " ".join(safe.replace(";", ",").split())


def _component(text: str) -> str:
    # Two spaces end an account's name.
    safe = "".join(
        quote(c, safe="") if c == ":" or (c.isspace() and c != " ") else _encoded(c) for c in text
    )
    while "  " in safe:
        safe = safe.replace("  ", " %20")
    return safe


def _encoded(text: str) -> str:
    return "".join(quote(c, safe="") if c in '%";' or _unsafe(c) else c for c in text)


def _unsafe(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp")
