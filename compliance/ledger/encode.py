"""The canonical forms of many rows that follow each other: what they share is made once.

A row's form is put together from pieces and is, byte for byte, what ``canonical_json`` makes of
its ``content()``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, repeat
from json.encoder import encode_basestring as quoted
from sys import intern
from typing import NamedTuple

from compliance.values.canonical import canonical_json
from compliance.values.records import Holding, Movement

Kind = type[Holding] | type[Movement]
"""What a row is."""

# What each row has of its own, in the order of the canonical form, which is that of the alphabet.
_OWN: dict[Kind, tuple[str, ...]] = {
    Holding: ("as_of", "basis", "note", "quantity", "ref", "source"),
    Movement: ("basis", "date", "note", "quantity", "ref", "source"),
}


class Pieces(NamedTuple):
    """What a shape gives to the forms of its rows: a form, cut where a row's own values go.

    Attributes:
        start: a comma, and the form up to the first of its day and basis.
        between: from there to the second: of a movement it is the basis
            that comes first, of a holding the day.
        to_note: from there to where a note may be.
        to_quantity: from there to the quantity.
        to_source: from where a ``ref`` may be, next to the quantity, to the source.
        end: from there to the end.
    """

    start: str
    between: str
    to_note: str
    to_quantity: str
    to_source: str
    end: str


def pieces(shape: Holding | Movement) -> Pieces:
    """Return what a shape gives to the forms of its rows."""
    own = _OWN[type(shape)]
    rest = canonical_json({**shape.content(), **dict.fromkeys(own)})
    found = []
    for name in own:
        # Within a text a quotation mark is never alone: this is the key, whatever is said.
        part, _, rest = rest.partition(f'"{name}":null')
        found.append(part)
    first, second = own[:2]
    start, between, note, quantity, ref, source = found
    assert start == "{"
    assert ref == ","
    made = (
        f',{{"{first}":"',
        f'"{between}"{second}":"',
        '"' + note.removesuffix(","),
        quantity + '"quantity":"',
        source + '"source":',
        rest,
    )
    # Thousands of shapes have the same few of them.
    return Pieces(*map(intern, made))


class Texts(NamedTuple):
    """A column of texts.

    Attributes:
        empty: true where all of them are.
        plain: true where none is, and each stands between its quotation marks as it is.
    """

    column: Sequence[str]
    empty: bool
    plain: bool

    @classmethod
    def of(cls, column: Sequence[str]) -> Texts:
        """Look at a column.

        Raises:
            TypeError: something in it is no text.
        """
        whole = "".join(column)
        # What is written otherwise in JSON is written longer, whatever stands beside it.
        plain = len(quoted(whole)) == len(whole) + 2 and all(column)
        return cls(column, not whole, plain)

    def told(self, name: str = "") -> tuple[Iterable[str], ...]:
        """Return what they give to the forms; with a name, an empty one gives nothing."""
        if self.plain:
            return repeat(f'{name}"'), self.column, repeat('"')
        if name:
            return ([name + quoted(text) if text else "" for text in self.column],)
        return ([quoted(text) for text in self.column],)


class Told(NamedTuple):
    """What rows that follow each other have of their own, column by column.

    Attributes:
        kind: of which kind all of them are.
        days: the texts of their days.
        quantities: the texts of their quantities.
        bases: the words.
    """

    kind: Kind
    days: Sequence[str]
    bases: Sequence[str]
    quantities: Sequence[str]
    notes: Texts
    refs: Texts
    sources: Texts


def forms(shapes: Iterable[Pieces], own: Told) -> Iterator[tuple[str, ...]]:
    """Yield the form of each row, in parts that are to be joined; each begins with a comma."""
    start, between, to_note, to_quantity, to_source, end = zip(*shapes, strict=True)
    one, other = (own.days, own.bases) if own.kind is Holding else (own.bases, own.days)
    return zip(
        *(start, one, between, other, to_note),
        *(() if own.notes.empty else own.notes.told(',"note":')),
        *(to_quantity, own.quantities, repeat('"')),
        *(() if own.refs.empty else own.refs.told(',"ref":')),
        *(to_source, *own.sources.told(), end),
        strict=False,  # what is the same in all rows does not end
    )


def together(parts: Iterable[tuple[str, ...]]) -> str:
    """Return forms with commas between them."""
    return "".join(chain.from_iterable(parts))[1:]
