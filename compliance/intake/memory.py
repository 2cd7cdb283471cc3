"""What the validator has found sound, kept by pieces, so that it need not look twice.

A row is sound exactly where each of these pieces is: the party; type with category; both accounts
together; basis, state and status; the day; the quantity; each text of its own. The validator looks
at nothing across them (a test compares it, row by row, with what is remembered). So a row of which
every piece was found sound before, or is a text that any row may have, is sound. Everything else
goes to the validator.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from itertools import islice
from operator import attrgetter, itemgetter
from typing import Any, TypeVar

from compliance.intake.kinds import HOLDINGS, MOVEMENTS, OPTIONAL, Kind
from compliance.intake.result import Note
from compliance.intake.sheet import MAX_CELL
from compliance.values.dates import DateSpan
from compliance.values.lines import Line
from compliance.values.records import Entry, Holding, Movement, Particulars, Withdrawal
from compliance.values.span import Span

MOST_SHAPES = 16_000
"""Shapes that are kept: half a kilobyte each."""

MOST_STEMS = 32_000
"""Shapes that are kept without their source: a third of a kilobyte each."""

MOST_CELLS = 32_000
"""Days, quantities and other pieces that are kept, of each sort."""

OWN = ("as_of", "date", "quantity", "ref", "note")
"""The columns of what is no part of a row's shape."""

Key = tuple[str, ...]
_Kept = TypeVar("_Kept")
_Found = TypeVar("_Found", bound=Any)
_Notes = tuple[Note, ...]

# The columns that are judged together, in the order in which the validator tells of them, and what
# they become.
_PIECES: dict[str, dict[Key, Callable[[Any], Any]]] = {
    HOLDINGS.name: {
        ("party",): attrgetter("party"),
        ("basis",): attrgetter("basis"),
        ("category",): attrgetter("category"),
        ("status",): attrgetter("status"),
    },
    MOVEMENTS.name: {
        ("type", "category"): attrgetter("type", "category"),
        ("from", "to"): attrgetter("origin", "destination"),
        ("state",): attrgetter("state"),
        ("basis",): attrgetter("basis"),
    },
}
_PARTICULARS = tuple(column for column in OPTIONAL if column not in OWN)
_NO_MORE = Particulars()


def remember(kept: dict[_Found, _Kept], key: _Found, value: _Kept, most: int) -> None:
    """Keep a value; where there are too many, every second one is forgotten first.

    What comes again and again is soon back, and no order of rows makes all of it useless.
    """
    if len(kept) >= most:
        for old in list(islice(kept, 0, None, 2)):
            del kept[old]
    kept[key] = value


def ordinary(text: str) -> bool:
    """True where any row may have this text: it is short enough, and all of it shows.

    No character that the validator refuses is printable. A few that it accepts are not either;
    those are left to it.
    """
    return text.isprintable() and len(text) <= MAX_CELL


class Memory:
    """Knows the sound holdings, or movements, of files that have the same columns.

    Attributes:
        shapes: by whatever text tells them apart; only those that are told with no note, and
            none that is withheld.
        dates: by the text of a day or a span of days.
        quantities: by their text; only numbers.
    """

    def __init__(self, columns: tuple[str, ...], kind: Kind) -> None:
        self.shapes: dict[Key, Holding | Movement] = {}
        self.dates: dict[str, DateSpan] = {}
        self.quantities: dict[str, Span] = {}
        self._kind = kind
        self._texts: dict[str, str] = {}
        self._stems: dict[Key, Holding | Movement] = {}
        self._odd: dict[tuple[bool, Key], tuple[Holding | Movement, _Notes]] = {}
        self._withheld: dict[str, tuple[Span, _Notes]] = {}
        self._pieces: dict[Key, dict[Key, tuple[Any, _Notes]]] = {
            columns: {} for columns in _PIECES[kind.name]
        }
        self._more: dict[Key, Particulars] = {}
        # Where the cells stand; a column that is not there is an empty cell behind the last.
        at = {column: index for index, column in enumerate(columns)}.get
        none = len(columns)
        self._own = itemgetter(
            at("as_of" if kind is HOLDINGS else "date", none),
            at("quantity", none),
            at("ref", none),
            at("note", none),
        )
        self._free = itemgetter(at("source", none), at("type", none))
        self._particulars = itemgetter(*[at(column, none) for column in _PARTICULARS])
        self._cells = {
            columns: itemgetter(*[at(column, none) for column in columns])
            if len(columns) > 1
            else itemgetter(at(columns[0], none))
            for columns in self._pieces
        }

    def line(self, values: Sequence[str], key: Key) -> tuple[Line, _Notes] | None:
        """Return a row of which every piece is known, with its notes; else nothing.

        Args:
            values: the cells under the columns, stripped of outer spaces.
            key: what tells its shape from others: any text that stands for the same cells.
        """
        cells = (*values, "")
        date, number, ref, note = self._own(cells)
        dates, quantity = self._day(date), self.quantities.get(number)
        if dates is None or not (ordinary(ref) and ordinary(note)):
            return None
        of_quantity: _Notes = ()
        withheld = quantity is None
        if quantity is None:
            if number not in self._withheld:
                return None
            quantity, of_quantity = self._withheld[number]
        shape = None if withheld else self.shapes.get(key)
        if shape is not None:
            return Line(shape, dates, quantity, ref, note), ()
        found = self._odd.get((withheld, key)) or self._shape(cells, dates, quantity, withheld)
        if found is None:
            return None
        shape, notes = found
        if withheld or notes:
            remember(self._odd, (withheld, key), found, MOST_SHAPES)
        else:
            remember(self.shapes, key, shape, MOST_SHAPES)
        return Line(shape, dates, quantity, ref, note), notes + of_quantity

    def learn(self, values: Sequence[str], row: Entry, notes: Iterable[Note]) -> None:
        """Remember the pieces of a row that the validator found sound, each with its notes."""
        if isinstance(row, Withdrawal) or row.more.corrects:
            return
        padded = (*values, "")
        text = self._own(padded)[1]
        if isinstance(row, Holding) and row.withheld:
            told = tuple(note for note in notes if note.column == "quantity")
            remember(self._withheld, text, (row.quantity, told), MOST_CELLS)
        else:
            remember(self.quantities, text, row.quantity, MOST_CELLS)
        for columns, known in self._pieces.items():
            told = tuple(note for note in notes if note.column in columns)
            value = _PIECES[self._kind.name][columns](row)
            remember(known, self._cells[columns](padded), (value, told), MOST_CELLS)

    def spell(self, dates: str, quantity: str) -> None:
        """Remember a day and a quantity as they stand in a file, outer spaces and all."""
        _spell(self.dates, dates)
        _spell(self.quantities, quantity)

    def plant(self, stem: Key, key: Key) -> None:
        """Remember a known shape by all that tells it from others but its source."""
        shape = self.shapes.get(key)
        if shape is not None and stem not in self._stems:
            # The same few texts, over and over: one object for each is enough.
            kept = tuple([self._texts.setdefault(text, text) for text in stem])
            remember(self._stems, kept, shape, MOST_STEMS)
            if len(self._texts) > MOST_CELLS:
                self._texts.clear()

    def grown(self, stem: Key, source: str, key: Key) -> Holding | Movement | None:
        """Return a shape that differs from a known one in its source; remember it."""
        shape, source = self._stems.get(stem), source.strip()
        if shape is None or not source or not ordinary(source):
            return None
        found = _with_source(shape, self._texts.setdefault(source, source))
        remember(self.shapes, key, found, MOST_SHAPES)
        return found

    def _day(self, text: str) -> DateSpan | None:
        found = self.dates.get(text)
        if found is None and ordinary(text):
            with suppress(ValueError):
                found = DateSpan.parse(text)  # all that the validator asks of a day
                remember(self.dates, text, found, MOST_CELLS)
        return found

    def _shape(
        self, cells: Sequence[str], dates: DateSpan, quantity: Span, withheld: bool
    ) -> tuple[Holding | Movement, _Notes] | None:
        """Put a shape together from known pieces."""
        source, designation = self._free(cells)
        more = self._rest(self._particulars(cells))
        if more is None or not source or not ordinary(source):
            return None
        found: list[Any] = []
        notes: _Notes = ()
        for columns, known in self._pieces.items():
            piece = known.get(self._cells[columns](cells))
            if piece is None:
                return None
            found.append(piece[0])
            notes += piece[1]
        if self._kind is MOVEMENTS:
            (designation, category), (origin, destination), state, basis = found
            return Movement(
                dates,
                designation,
                category,
                quantity,
                origin,
                destination,
                state,
                basis,
                source,
                more,
            ), notes
        party, basis, category, status = found
        if not ordinary(designation):
            return None
        return Holding(
            party, dates, basis, category, designation, status, quantity, source, withheld, more
        ), notes

    def _rest(self, cells: Key) -> Particulars | None:
        if not any(cells):
            return _NO_MORE
        found = self._more.get(cells)
        if found is None:
            given = dict(zip(_PARTICULARS, cells, strict=True))
            if given["corrects"] or not all(map(ordinary, cells)):
                return None
            found = Particulars(**given)
            remember(self._more, cells, found, MOST_CELLS)
        return found


def _spell(known: dict[str, _Kept], text: str) -> None:
    found = None if text in known else known.get(text.strip())
    if found is not None:
        remember(known, text, found, MOST_CELLS)


def _with_source(shape: Holding | Movement, source: str) -> Holding | Movement:
    """Return a shape with another source; ``dataclasses.replace`` takes several times as long."""
    if isinstance(shape, Holding):
        return Holding(
            shape.party,
            shape.as_of,
            shape.basis,
            shape.category,
            shape.type,
            shape.status,
            shape.quantity,
            source,
            shape.withheld,
            shape.more,
        )
    return Movement(
        shape.date,
        shape.type,
        shape.category,
        shape.quantity,
        shape.origin,
        shape.destination,
        shape.state,
        shape.basis,
        source,
        shape.more,
    )
