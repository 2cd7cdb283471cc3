"""A row of a large file, told by what it shares with others and what is its own.

A register of millions of movements says the same few things again and again: so many of that, from
here to there, by that source. What is shared is read, checked, encoded and hashed once.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from compliance.values.dates import DateSpan
from compliance.values.records import Entry, Holding, Movement
from compliance.values.span import Span


class Line(NamedTuple):
    """A sound row that corrects nothing.

    Whoever makes lines uses the same object for the same shape, dates and quantity wherever these
    occur again, as far as memory allows: then whoever takes them needs to look at each once.

    Attributes:
        shape: a row that is the same in everything but what follows. Its own dates, quantity,
            ``ref`` and ``note`` mean nothing.
        dates: the date of a movement, or what a holding is as of.
        quantity: as ``Holding`` and ``Movement`` have it; of a withheld holding "at least zero".
        ref: the row's number in its source, or empty.
        note: anything said of this row alone, or empty.
    """

    shape: Holding | Movement
    dates: DateSpan
    quantity: Span
    ref: str = ""
    note: str = ""

    def entry(self) -> Entry:
        """Return the row whole."""
        more = replace(self.shape.more, ref=self.ref, note=self.note)
        if isinstance(self.shape, Holding):
            return replace(self.shape, as_of=self.dates, quantity=self.quantity, more=more)
        return replace(self.shape, date=self.dates, quantity=self.quantity, more=more)
