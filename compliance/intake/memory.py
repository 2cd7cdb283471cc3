"""What the validator has found sound, kept by pieces, so that it need not look twice.

A row is sound exactly where each of these pieces is: the party; type with category; both accounts
together; basis, state and status; the day; the quantity; each text of its own. The validator looks
at nothing across them (a test compares it, row by row, with what is remembered). So a row of which
every piece was found sound before, or is a text that any row may have, is sound. Everything else
goes to the validator.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from operator import attrgetter, itemgetter
from sys import intern
from typing import Any, TypeVar

from compliance.intake.kinds import HOLDINGS, MOVEMENTS, OPTIONAL, Kind
from compliance.intake.result import Note
from compliance.intake.sheet import MAX_CELL
from compliance.values.dates import DateSpan
from compliance.values.lines import Line
from compliance.values.records import Entry, Holding, Movement, Particulars, Withdrawal
from compliance.values.span import Span
from compliance.values.vocabulary import Basis

MOST_SHAPES = 16_000
"""Shapes that are kept: half a kilobyte each."""

MOST_CELLS = 8_000
"""Days, quantities and other pieces that are kept, of each sort."""

OWN = ("as_of", "date", "quantity", "basis", "source", "ref", "note")
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
_BASIS = ("basis",)
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


def all_ordinary(texts: Sequence[str]) -> bool:
    """True where all of some texts are ordinary."""
    return "".join(texts).isprintable() and max(map(len, texts), default=0) <= MAX_CELL


class _Days(dict[str, DateSpan | None]):
    """Days and spans of days by their text, outer spaces and all.

    A day is sound whatever the rest of its row, and is read when it is asked for first.
    """

    def __missing__(self, text: str) -> DateSpan | None:
        day = text.strip()
        if not ordinary(day):
            return None
        try:
            found = DateSpan.parse(day)
        except ValueError:
            return None
        remember(self, text, found, MOST_CELLS)
        return found


class Memory:
    """Knows the sound holdings, or movements, of files that have the same columns.

    Attributes:
        shapes: by whatever text tells them apart; only those that are told with no note, and
            none that is withheld.
        dates: by the text of a day or a span of days; ``None`` for what is neither.
        quantities: by their text; only numbers.
        bases: by their text; only those that are told with no note.
    """

    def __init__(self, columns: tuple[str, ...], kind: Kind) -> None:
        self.shapes: dict[Key, Holding | Movement] = {}
        self.dates = _Days()
        self.quantities: dict[str, Span] = {}
        self.bases: dict[str, Basis] = {}
        self._kind = kind
        self._odd: dict[tuple[bool, Key], tuple[Holding | Movement, _Notes]] = {}
        self._withheld: dict[str, tuple[Span, _Notes]] = {}
        self._pieces: dict[Key, dict[Key | str, tuple[Any, _Notes]]] = {
            columns: {} for columns in _PIECES[kind.name]
        }
        self._more: dict[Key, Particulars] = {}
        # Where the cells stand; a column that is not there is an empty cell behind the last.
        at = {column: index for index, column in enumerate(columns)}.get
        none = len(columns)
        self._own = itemgetter(
            at("as_of" if kind is HOLDINGS else "date", none),
            at("quantity", none),
            at("basis", none),
            at("source", none),
            at("ref", none),
            at("note", none),
        )
        self._type = at("type", none)
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
        date, number, known_as, source, ref, note = self._own(cells)
        dates, quantity, basis = (
            self.dates[date],
            self.quantities.get(number),
            self._basis(known_as),
        )
        if dates is None or basis is None or not (source and ordinary(source)):
            return None
        if not (ordinary(ref) and ordinary(note)):
            return None
        withheld = quantity is None
        of_quantity: _Notes = ()
        if quantity is None:
            if number not in self._withheld:
                return None
            quantity, of_quantity = self._withheld[number]
        if basis[1]:
            # Its notes stand among those of the shape.
            key = (*key, known_as)
        plain = not (withheld or basis[1])
        shape = self.shapes.get(key) if plain else None
        notes: _Notes = ()
        if shape is None:
            found = self._odd.get((withheld, key)) or self._shape(cells, dates, quantity, withheld)
            if found is None:
                return None
            shape, notes = found
            if plain and not notes:
                # The same few texts, over and over: one object for each is enough.
                remember(self.shapes, tuple(map(intern, key)), shape, MOST_SHAPES)
            else:
                remember(self._odd, (withheld, key), found, MOST_SHAPES)
        return Line(shape, dates, quantity, basis[0], source, ref, note), notes + of_quantity

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

    def spell(self, quantity: str, basis: str) -> None:
        """Remember a quantity and a basis as they stand in a file, outer spaces and all."""
        _spell(self.quantities, quantity)
        _spell(self.bases, basis)

    def _basis(self, text: str) -> tuple[Basis, _Notes] | None:
        basis = self.bases.get(text)
        if basis is not None:
            return basis, ()
        found = self._pieces[_BASIS].get(text)
        if found is not None and not found[1]:
            remember(self.bases, text, found[0], MOST_CELLS)
        return found

    def _shape(
        self, cells: Sequence[str], dates: DateSpan, quantity: Span, withheld: bool
    ) -> tuple[Holding | Movement, _Notes] | None:
        """Put a shape together from known pieces."""
        more = self._rest(self._particulars(cells))
        if more is None:
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
                "",
                more,
            ), notes
        party, basis, category, status = found
        designation = cells[self._type]
        if not ordinary(designation):
            return None
        return Holding(
            party, dates, basis, category, designation, status, quantity, "", withheld, more
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
