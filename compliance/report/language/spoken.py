"""A language other than English: its catalogue, its numbers, its days."""

from __future__ import annotations

import gettext
import io
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from string import Formatter
from typing import Any

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from compliance.report.language import Piece
from compliance.values.said import Brief, BriefMonth, Month, Name, Said

# Where Unicode's locale data know a language under another name.
_LOCALES = {
    "bs": "bs_Latn_BA",
    "hr": "hr_HR",
    "cnr": "sr_Latn_ME",
    "sr-Latn": "sr_Latn_RS",
    "sr-Cyrl": "sr_Cyrl_RS",
}

_FIELD = re.compile(r"\{[^{}]*\}")


class _Day(Piece):
    """A day or a month, which may end in a full stop of its own."""

    __slots__ = ()


class Speaker:
    """Speaks one language.

    Attributes:
        tag: the language.
    """

    def __init__(self, tag: str, translations: gettext.NullTranslations) -> None:
        """Take a language and its catalogue."""
        self.tag = tag
        self._translations = translations
        self._locale = Locale.parse(_LOCALES[tag])

    def pieces(self, text: Said) -> list[Piece]:
        """Return a sentence in this language, and in English where it has no translation."""
        return list(_run_together(_with_one_stop(self._pieces(text))))

    def leaf(self, value: Any) -> str:
        """Return a number or a day as this language writes it."""
        if isinstance(value, Brief):
            return _unbroken(format_date(value, "short", self._locale))
        if isinstance(value, BriefMonth):
            return _unbroken(format_skeleton("yM", value, locale=self._locale))
        if isinstance(value, Month):
            return str(format_skeleton("yMMMM", value, locale=self._locale))
        if isinstance(value, date):
            return str(format_date(value, "long", self._locale))
        return str(format_decimal(value, locale=self._locale, decimal_quantization=False))

    def _pieces(self, text: Said) -> Iterator[Piece]:
        template = self._translated(text)
        if template is None:
            # A name is nobody's English.
            yield Piece(str(text), foreign=not isinstance(text, Name))
            return
        if not text.parts:
            yield Piece(template)
            return
        for literal, field, _, _ in Formatter().parse(template):
            if literal:
                yield Piece(literal)
            if field is not None:
                yield from self._part(text.parts[field])

    def _part(self, part: Any) -> Iterator[Piece]:
        if isinstance(part, Said):
            yield from self._pieces(part)
        elif isinstance(part, date):
            yield _Day(self.leaf(part))
        elif isinstance(part, (int, Decimal)):
            yield Piece(self.leaf(part))
        else:
            yield Piece(str(part))

    def _translated(self, text: Said) -> str | None:
        """Return the template in this language; its own where there is nothing to translate."""
        found: str
        if not self._has_words(text):
            # A language may still write a span, or a list, in its own way.
            return self._translations.gettext(text.template) if text.template else ""
        if text.plural:
            count = text.parts["count"]
            found = self._translations.ngettext(text.template, text.plural, count)
            return None if found in (text.template, text.plural) else found
        found = self._translations.gettext(text.template)
        # The same word may be right; then the catalogue says so, and knows the text.
        return found if found != text.template or self._knows(text.template) else None

    @staticmethod
    def _has_words(text: Said) -> bool:
        return any(map(str.isalpha, _FIELD.sub("", text.template) if text.parts else text))

    def _knows(self, template: str) -> bool:
        return template in getattr(self._translations, "_catalog", {})


@lru_cache
def speaker(tag: str) -> Speaker:
    """Return who speaks a language, by its tag."""
    written = files("compliance.report.language") / "catalogues" / f"{tag}.po"
    catalogue = read_po(io.BytesIO(written.read_bytes()))
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Speaker(tag, gettext.GNUTranslations(compiled))


def _unbroken(figures: str) -> str:
    """Return a date in figures, that no line ends within."""
    return figures.replace(" ", "\N{NO-BREAK SPACE}")


def _with_one_stop(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Leave out the full stop of a sentence after a day that ends in one: ``... 2019.``."""
    ended = False
    for piece in pieces:
        text = piece.text
        if ended and text.startswith(".") and not text.startswith(".."):
            text = text[1:]
        if text:
            ended = isinstance(piece, _Day) and text.endswith(".")
            yield Piece(text, piece.foreign)


def _run_together(pieces: Iterator[Piece]) -> Iterator[Piece]:
    last: Piece | None = None
    for piece in pieces:
        if last is None:
            last = piece
        elif last.foreign == piece.foreign:
            last = Piece(last.text + piece.text, last.foreign)
        else:
            yield last
            last = piece
    if last is not None:
        yield last
