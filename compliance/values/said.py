"""Sentences that can be said in another language: English text that still knows its parts.

Whoever writes a sentence for people writes it in English, with ``said``. What comes out is text
like any other: it can be printed, compared, sorted, put into JSON. Besides, it knows the template
and the parts it was made of, so that a renderer can say the same in another language, with that
language's numbers and dates. What is put together by ``+`` or in an f-string is plain text again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Any, overload

_NONE: Mapping[str, Any] = MappingProxyType({})
_text = str.__new__


class Said(str):
    """A sentence, or a piece of one, in English.

    Attributes:
        template: what a translator translates: the English, with ``{names}`` for the parts. Without
            parts it is the text itself, braces and all.
        plural: the template for more than one, or empty; the part ``count`` decides.
        parts: the parts by name: other sentences, whole numbers, decimals, days (also ``Brief``,
            ``Month``, ``BriefMonth``), and plain text, which is the same in every language: names,
            codes, figures.
    """

    __slots__ = ("parts", "plural", "template")

    template: str
    plural: str
    parts: Mapping[str, Any]

    def __new__(
        cls,
        text: str,
        template: str | None = None,
        parts: Mapping[str, Any] = _NONE,
        plural: str = "",
    ) -> Said:
        """Make one from its English text; use ``said`` and the functions beside it."""
        made = _text(cls, text)
        made.template = text if template is None else template
        made.plural = plural
        made.parts = parts
        return made


class Name(Said):
    """What has a name in some languages and keeps its own in the others: a Party, a category."""

    __slots__ = ()


class Sentences(Sequence[str]):
    """Sentences that are written when somebody asks for them; equal to a tuple of the same."""

    def __init__(self, write: Callable[[], tuple[str, ...]]) -> None:
        """Take what writes them."""
        self._write = write

    @cached_property
    def _written(self) -> tuple[str, ...]:
        return self._write()

    def __len__(self) -> int:
        return len(self._written)

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[str, ...]: ...
    def __getitem__(self, place: int | slice) -> str | tuple[str, ...]:
        return self._written[place]

    def __eq__(self, other: object) -> bool:
        return tuple(self) == other if isinstance(other, tuple | Sentences) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._written)

    def __repr__(self) -> str:
        return repr(self._written)


class Brief(date):
    """A day to be told in figures: ``2019-12-31``, or as the language writes it."""

    @classmethod
    def of(cls, day: date) -> Brief:
        """Return a day as one to be told in figures."""
        return cls(day.year, day.month, day.day)


class Month(date):
    """A month, told by any of its days: ``September 2019``."""

    @classmethod
    def of(cls, day: date) -> Month:
        """Return the month a day is in."""
        return cls(day.year, day.month, 1)


class BriefMonth(date):
    """A month to be told in figures: ``2019-09``, or as the language writes it."""

    @classmethod
    def of(cls, day: date) -> BriefMonth:
        """Return the month a day is in."""
        return cls(day.year, day.month, 1)


def said(template: str, /, **parts: Any) -> Said:
    """Return a sentence from its English template.

    The template stands there as it is, as a literal: the catalogues are made by looking for it.

    Args:
        template: English, with ``{name}`` where a part goes.
        **parts: see ``Said``. A year or a number of a row is given as text: it is not counted.
    """
    if not parts:
        return Said(template)
    return Said(template.format_map(_english(parts)), template, parts)


def said_many(one: str, many: str, count: int, /, **parts: Any) -> Said:
    """Return a sentence whose form depends on a number, ``{count}`` in the templates.

    Args:
        one: English for exactly one.
        many: English for any other number.
        count: the number.
        **parts: what else the templates name.
    """
    parts = {"count": count, **parts}
    chosen = one if count == 1 else many
    return Said(chosen.format_map(_english(parts)), one, parts, many)


def joined(separator: str, items: Iterable[str]) -> Said:
    """Return texts one after the other, with something between that is the same everywhere."""
    found = list(items)
    template, keys = _joining(separator, len(found))
    return Said(separator.join(found), template, dict(zip(keys, found, strict=True)))


@lru_cache(maxsize=256)
def _joining(separator: str, count: int) -> tuple[str, tuple[str, ...]]:
    """Return the template of so many texts and the names of its parts, shared by all alike."""
    keys = tuple(f"_{number}" for number in range(count))
    braced = separator.replace("{", "{{").replace("}", "}}")
    return braced.join(f"{{{key}}}" for key in keys), keys


def english(text: str) -> Said:
    """Return English prose that comes from data: of a rule pack, of the catalogue.

    It is shown translated where a catalogue happens to have it, and marked as English elsewhere.
    """
    return text if isinstance(text, Said) else Said(text)


def name(text: str) -> Name:
    """Return the name of a Party, a category, an instrument: translated where there is a word."""
    return text if isinstance(text, Name) else Name(text)


def plain(part: Any) -> str:
    """Return a part as it stands in an English sentence."""
    if isinstance(part, str):
        return part
    if isinstance(part, Brief):
        return part.isoformat()
    if isinstance(part, BriefMonth):
        return f"{part:%Y-%m}"
    if isinstance(part, Month):
        return f"{_MONTHS[part.month - 1]} {part.year}"
    if isinstance(part, date):
        return f"{part.day} {_MONTHS[part.month - 1]} {part.year}"
    if isinstance(part, int) and not isinstance(part, bool):
        return f"{part:,}"
    if isinstance(part, Decimal):
        return str(part)
    raise TypeError(f"{type(part).__name__} has no place in a sentence: give it as text")


def _english(parts: Mapping[str, Any]) -> Mapping[str, str]:
    """Return the parts of a sentence, each as English text."""
    # Most parts are text: a call for each would take as long as all the rest.
    for part in parts.values():
        if not isinstance(part, str):
            return {key: p if isinstance(p, str) else plain(p) for key, p in parts.items()}
    return parts


# Not calendar.month_name, which follows the locale of the process.
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
