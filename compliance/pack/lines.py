"""Where two texts part, and short checks of single lines for texts of which one is lost."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from itertools import zip_longest

_DIGITS = 8


def first_difference(packed: bytes, now: bytes) -> tuple[int, bytes | None, bytes | None] | None:
    """Return the number of the first line that differs, from 1, and it on both sides.

    ``None`` stands for a line that one side does not have, and for no difference at all.
    """
    sides = zip_longest(packed.splitlines(keepends=True), now.splitlines(keepends=True))
    for number, (one, other) in enumerate(sides, start=1):
        if one != other:
            return number, one, other
    return None


def index(files: Iterable[tuple[str, bytes]]) -> str:
    """Return for each file a line with its name and eight digits of the hash of each line.

    A file is known to have changed by its hash; this says in which line, when only what it has
    become is there to look at.
    """
    return "".join(f"{name} {_checks(content)}\n" for name, content in files)


def changed_line(text: str, name: str, content: bytes) -> int | None:
    """Return the first line of a file that does not fit an index, or ``None`` if it has none.

    Args:
        text: the index.
        name: the file.
        content: what the file has become.
    """
    for line in text.splitlines():
        named, _, then = line.partition(" ")
        if named == name:
            now = _checks(content)
            for at in range(0, max(len(then), len(now)), _DIGITS):
                if then[at : at + _DIGITS] != now[at : at + _DIGITS]:
                    return at // _DIGITS + 1
    return None


def _checks(content: bytes) -> str:
    lines = content.splitlines(keepends=True)
    return "".join(hashlib.sha256(line).hexdigest()[:_DIGITS] for line in lines)
