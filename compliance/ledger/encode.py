"""Rows of a large file, made ready to be hashed and stored: what they share is made once.

A row's canonical form is put together from fragments and is, byte for byte, what
``canonical_json(row.content())`` gives.
"""

from __future__ import annotations

from json.encoder import encode_basestring as quoted
from typing import NamedTuple

from compliance.values.canonical import canonical_json
from compliance.values.records import Holding, Movement

__all__ = ["Fragments", "fragments", "noted", "quoted"]

# What each row has of its own; in the canonical form in this order, which is that of the alphabet.
_OWN = ("as_of", "date", "note", "quantity", "ref")


class Fragments(NamedTuple):
    """The canonical form of a row of one shape, cut where its own values go.

    Attributes:
        start: up to the date.
        from_date: from there to where a note may be.
        to_quantity: from there to the quantity.
        from_quantity: from there to where a ``ref`` may be.
        end: from there to the end.
    """

    start: str
    from_date: str
    to_quantity: str
    from_quantity: str
    end: str


def fragments(shape: Holding | Movement) -> Fragments:
    """Return the fragments of which the canonical forms of a shape's rows are put together."""
    content = shape.content()
    shared = sorted(content.keys() - set(_OWN))

    def between(after: str, before: str) -> str:
        names = (name for name in shared if after < name < before)
        return "".join(f',"{name}":{canonical_json(content[name])}' for name in names)

    dates = "as_of" if isinstance(shape, Holding) else "date"
    first = between("", dates)[1:]
    return Fragments(
        "{" + first + ("," if first else "") + f'"{dates}":"',
        '"' + between(dates, "note"),
        between("note", "quantity") + ',"quantity":"',
        '"' + between("quantity", "ref"),
        between("ref", "~") + "}",
    )


def noted(note: str) -> str:
    """Return what stands after ``from_date`` for a note."""
    return f',"note":{quoted(note)}'
