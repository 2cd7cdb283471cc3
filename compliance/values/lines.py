"""A row of a large file, told by what it shares with others and what is its own.

A register of millions of movements says the same few things again and again: so many of that, from
here to there, by that source. What is shared is read, checked, encoded and hashed once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from compliance.values.dates import DateSpan
from compliance.values.frozen import frozen
from compliance.values.records import Entry, Holding, Movement
from compliance.values.span import Span
from compliance.values.vocabulary import Basis


class Line(NamedTuple):
    """A sound row that corrects nothing.

    Whoever makes lines uses the same object for the same shape, dates and quantity wherever these
    occur again, as far as memory allows: then whoever takes them needs to look at each once.

    What registers vary freely is no part of the shape: each file may have a source of its own, and
    each of thousands of routes may be told on every basis.

    Attributes:
        shape: a row that is the same in everything but what follows. Its own dates, quantity,
            basis, source, ``ref`` and ``note`` mean nothing.
        dates: the date of a movement, or what a holding is as of.
        quantity: as ``Holding`` and ``Movement`` have it; of a withheld holding "at least zero".
        basis: how the row is known.
        source: where it is from.
        ref: the row's number in its source, or empty.
        note: anything said of this row alone, or empty.
    """

    shape: Holding | Movement
    dates: DateSpan
    quantity: Span
    basis: Basis
    source: str
    ref: str = ""
    note: str = ""

    def entry(self) -> Entry:
        """Return the row whole."""
        shape, dates, quantity, basis, source, ref, note = self
        more = replace(shape.more, ref=ref, note=note)
        if isinstance(shape, Holding):
            return replace(
                shape, as_of=dates, quantity=quantity, basis=basis, source=source, more=more
            )
        return replace(shape, date=dates, quantity=quantity, basis=basis, source=source, more=more)


@frozen
class Lines:
    """Lines that follow each other, told column by column; each column as ``Line`` has it."""

    shapes: Sequence[Holding | Movement]
    dates: Sequence[DateSpan]
    quantities: Sequence[Span]
    bases: Sequence[Basis]
    sources: Sequence[str]
    refs: Sequence[str]
    notes: Sequence[str]

    def __len__(self) -> int:
        return len(self.shapes)

    def __iter__(self) -> Iterator[Line]:
        columns = (self.dates, self.quantities, self.bases, self.sources, self.refs, self.notes)
        return map(Line, self.shapes, *columns)

    def with_lines(self, others: Mapping[int, Line]) -> Lines:
        """Return these lines with others at some places."""
        columns: list[list[Any]] = [
            *(list(self.shapes), list(self.dates), list(self.quantities), list(self.bases)),
            *(list(self.sources), list(self.refs), list(self.notes)),
        ]
        for place, line in others.items():
            for column, value in zip(columns, line, strict=True):
                column[place] = value
        return Lines(*columns)


Batch = Sequence[Line | Entry] | Lines
"""Rows that follow each other."""
