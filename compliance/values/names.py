"""Comparing names the way people write them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

# Letters that Unicode does not decompose, so that "Đ" finds "D" and "Miloš" finds "Milos".
_LETTERS = str.maketrans({"đ": "d", "ł": "l", "ø": "o", "ß": "ss", "æ": "ae", "œ": "oe"})

_NO_LETTER = dict.fromkeys(code for code in range(128) if not chr(code).isalnum())


def fold(text: str) -> str:
    """Return a name without case, accents, spaces and punctuation, for comparison only."""
    if text.isascii():  # as nearly every name is
        return text.lower().translate(_NO_LETTER)
    decomposed = unicodedata.normalize("NFKD", text).casefold().translate(_LETTERS)
    return re.sub(r"[\W_]+", "", decomposed)


# The names to choose from are few, and every misspelling is compared with all of them.
_folded = lru_cache(4096)(fold)


def near(text: str, names: Iterable[str], *, most: int = 5) -> list[str]:
    """Return the names most like the text, best first."""
    import difflib  # only who mistypes a name waits for it

    by_fold: dict[str, str] = {}
    for name in names:
        by_fold.setdefault(_folded(name), name)
    found = difflib.get_close_matches(fold(text), by_fold, n=most, cutoff=0.6)
    return [by_fold[key] for key in found]


def did_you_mean(text: str, names: Iterable[str], *, most: int = 3) -> str:
    """Return ``did you mean 'x' or 'y'?``, or nothing where no name is near."""
    found = near(text, names, most=most)
    if not found:
        return ""
    return "did you mean " + " or ".join(f"'{name}'" for name in found) + "?"


_UNSAFE = r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200e\u200f\ud800-\udfff]"


def printable(text: str) -> str:
    """Return text without control characters, direction overrides and bytes of no text."""
    if text.isprintable():  # as nearly every text is
        return text
    return re.sub(_UNSAFE, "\N{REPLACEMENT CHARACTER}", text)
