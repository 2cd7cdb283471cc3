"""Rows of a large file, made ready to be hashed and stored: what they share is made once.

A row's canonical form is put together from fragments and is, byte for byte, what
``canonical_json(row.content())`` gives.
"""

from __future__ import annotations

from json.encoder import encode_basestring as quoted
from sys import intern
from typing import NamedTuple

from compliance.values.canonical import canonical_json
from compliance.values.records import Holding, Movement

__all__ = ["Fragments", "fragments", "noted", "quoted"]

# What each row has of its own, in the order of the canonical form, which is that of the alphabet.
_OWN = {
    Holding: ("as_of", "basis", "note", "quantity", "ref", "source"),
    Movement: ("basis", "date", "note", "quantity", "ref", "source"),
}


class Fragments(NamedTuple):
    """The canonical form of a row of one shape, cut where its own values go.

    Attributes:
        start: up to the first of its day and basis.
        between: from there to the second: of a movement it is the basis
            that comes first, of a holding the day.
        to_note: from there to where a note may be.
        to_quantity: from there to the quantity.
        to_ref: from there to where a ``ref`` may be.
        to_source: from there to the source.
        end: from there to the end.
    """

    start: str
    between: str
    to_note: str
    to_quantity: str
    to_ref: str
    to_source: str
    end: str


def fragments(shape: Holding | Movement) -> Fragments:
    """Return the fragments of which the canonical forms of a shape's rows are put together."""
    content = shape.content()
    own = _OWN[type(shape)]
    shared = sorted(content.keys() - set(own))

    def between(after: str, before: str) -> str:
        names = (name for name in shared if after < name < before)
        return "".join(f',"{name}":{canonical_json(content[name])}' for name in names)

    first, second, note, quantity, ref, source = own
    assert first < min(shared)
    pieces = (
        f'{{"{first}":"',
        f'"{between(first, second)},"{second}":"',
        '"' + between(second, note),
        between(note, quantity) + f',"{quantity}":"',
        '"' + between(quantity, ref),
        between(ref, source) + f',"{source}":',
        between(source, "~") + "}",
    )
    # Thousands of shapes have the same few of them.
    return Fragments(*map(intern, pieces))


def noted(note: str) -> str:
    """Return what stands after ``to_note`` for a note."""
    return f',"note":{quoted(note)}'
