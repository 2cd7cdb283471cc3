"""The language people are spoken to in: sentences translated, numbers and days in local form.

Machine formats never pass here. Whatever a renderer for people prints goes through ``speak`` (or
``pieces``, where it can mark a language): what is not translated is said in English, visibly.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from compliance.values.said import Said, plain, said

if TYPE_CHECKING:
    from compliance.report.language.spoken import Speaker

ENGLISH = "en"
MARK = "[en] "
"""Before what is said in English because nobody has translated it."""

LANGUAGES = {
    ENGLISH: "English",
    "bs": "bosanski",
    "hr": "hrvatski",
    "cnr": "crnogorski",
    "sr-Latn": "srpski",
    "sr-Cyrl": "српски",
}
"""The languages by their tags (BCP 47), each by its own name."""


class Piece(NamedTuple):
    """A stretch of text in one language.

    Attributes:
        text: as it is shown, without any mark.
        foreign: it is English because there is no translation, in a text of another language.
    """

    text: str
    foreign: bool = False


_speaker: ContextVar[Speaker | None] = ContextVar("speaker", default=None)


@contextmanager
def speaking(tag: str) -> Iterator[None]:
    """Speak a language, by one of ``LANGUAGES``, until the end of the block."""
    if tag == ENGLISH:
        token = _speaker.set(None)
    else:
        from compliance.report.language.spoken import speaker

        token = _speaker.set(speaker(tag))
    try:
        yield
    finally:
        _speaker.reset(token)


def current() -> str:
    """Return the tag of the language spoken now."""
    found = _speaker.get()
    return ENGLISH if found is None else found.tag


def pieces(text: str) -> list[Piece]:
    """Return a text in the language spoken now, told apart by language.

    Plain text is the same in every language.
    """
    found = _speaker.get()
    if found is None or not isinstance(text, Said):
        return [Piece(str(text))]
    return found.pieces(text)


def speak(text: str) -> str:
    """Return a text in the language spoken now; what is not translated is marked."""
    if _speaker.get() is None:
        return text
    return "".join(f"{MARK}{piece.text}" if piece.foreign else piece.text for piece in pieces(text))


def notice(tag: str) -> list[Said]:
    """Return what a reader must know of the language of a report; nothing to say in English."""
    if tag == ENGLISH:
        return []
    return [
        said(
            "Language: {language}. Sources, notes, designations and references stand as they were "
            "recorded; what is marked [en] has not been translated.",
            language=LANGUAGES[tag],
        )
    ]


def number(value: int) -> str:
    """Return a whole number with its thousands separated as the language does."""
    found = _speaker.get()
    return plain(value) if found is None else found.leaf(value)


def day(value: date) -> str:
    """Return a day, told as its class says (see ``said``), as the language does."""
    found = _speaker.get()
    return plain(value) if found is None else found.leaf(value)
