"""Rows made ready to be recorded: all of it that needs no database, some thousand rows at a time.

What many rows share is made once. What comes out is plain, so that another process may make it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import compress, islice
from operator import add
from typing import Any, NamedTuple, TypeVar

from compliance.ledger.encode import Pieces, pieces
from compliance.ledger.packed import BASIS_PLACE, packed, shape_place, year_at, year_of, year_place
from compliance.ledger.stored import Shape, encoded, shape_of
from compliance.values.dates import DateSpan
from compliance.values.frozen import frozen
from compliance.values.lines import Batch, Line, Lines
from compliance.values.records import Entry, Holding, Movement
from compliance.values.span import Span
from compliance.values.vocabulary import Basis, State

# So many rows are taken at once where they come one by one.
_BATCH = 1000

# Of each basis its word and its place in sums, by identity: an enumeration is slow to ask.
_WORD = {id(basis): (basis.value, BASIS_PLACE[basis]) for basis in Basis}

# So many shapes are remembered, and so many days and quantities; when there are more, all of them
# are made again.
_MOST = 12_000
_MOST_CELLS = 4_000

# What is added up is handed on when it is so much, so that it does not grow with the rows.
_MOST_SUMS = 12_000

# The place of what is not added up: less than any other, whatever is added to it.
_NOWHERE = -(1 << 60)


class Rows(NamedTuple):
    """Rows that correct nothing, all movements or all holdings, column by column.

    Attributes:
        lines: their numbers in the submission.
        days: as the canonical form tells them.
        firsts: first days, as ISO 8601.
        lasts: last days.
        quantities: as the canonical form tells them.
        lows: low bounds of the quantities.
        highs: high ones.
        bases: the words.
        shapes: the numbers of their shapes.
    """

    lines: Sequence[int]
    days: Sequence[str]
    firsts: Sequence[str]
    lasts: Sequence[str]
    quantities: Sequence[str]
    lows: Sequence[int]
    highs: Sequence[int | None]
    bases: Sequence[str]
    sources: Sequence[str]
    notes: Sequence[str]
    refs: Sequence[str]
    shapes: Sequence[int]

    def chosen(self, wanted: Sequence[bool]) -> Rows:
        """Return some of them."""
        columns: Iterable[Any] = self
        return Rows._make(list(compress(column, wanted)) for column in columns)


_NONE = Rows(*[()] * len(Rows._fields))

_Part = TypeVar("_Part")
_Made = TypeVar("_Made")


class Block(NamedTuple):
    """Some rows, ready to be recorded.

    Shapes of movements, and of holdings, are numbered from 0 as they are first met.

    Attributes:
        rows: how many there are.
        entries: by their line the rows that correct others: these need the database.
        sums: of movements of earlier blocks, as ``packed`` has them, by the place of their shape
            and what year and basis add to it.
        anew: whether shapes are numbered from 0 again from this block on, but for its ``sums``.
        moved: the shapes of movements that are new, in the order of their numbers.
        held: the same of holdings: the columns that they share.
        movements: the rows that are movements.
        holdings: the rows that are holdings.
    """

    rows: int
    entries: list[tuple[int, Entry]]
    sums: dict[int, int]
    anew: bool
    moved: list[tuple[Shape, Pieces]]
    held: list[tuple[dict[str, Any], Pieces]]
    movements: Rows = _NONE
    holdings: Rows = _NONE


@frozen
class Prepared:
    """Rows of which all is ready; whatever is wrong with them is raised while they are taken."""

    blocks: Iterable[Block]


def prepared(batches: Iterable[Batch]) -> Prepared:
    """Return rows as they are recorded; they are read once, and what they raise goes through."""

    def blocks() -> Iterator[Block]:
        preparing = _Preparing()
        for batch in batches:
            yield preparing.block(batch)
        yield preparing.block((), last=True)

    return Prepared(blocks())


def in_batches(rows: Iterable[Line | Entry]) -> Iterator[Batch]:
    """Yield rows some at a time."""
    rest = iter(rows)
    while batch := list(islice(rest, _BATCH)):
        yield batch


class _Known(NamedTuple):
    """What a shape gives to its rows.

    Attributes:
        shape: held, so that nothing else gets its identity.
        number: what it is called.
        place: where its rows are added up.
    """

    shape: Holding | Movement
    number: int
    place: int


class _Day(NamedTuple):
    dates: DateSpan
    text: str
    first: str
    last: str
    place: int


class _Quantity(NamedTuple):
    quantity: Span
    text: str
    low: int
    high: int | None
    packed: int


class _Preparing:
    def __init__(self) -> None:
        self._line = 0
        self._shapes: dict[int, _Known] = {}
        # With each the object itself, held as a shape is.
        self._dates: dict[int, _Day] = {}
        self._quantities: dict[int, _Quantity] = {}
        self._sums: defaultdict[int, int] = defaultdict(int)
        self._counts = {Holding: 0, Movement: 0}
        self._block = self._new_block()

    def block(self, batch: Batch, *, last: bool = False) -> Block:
        """Make the next rows ready; of the last ones, all that was added up is told."""
        block = self._block = self._new_block(last=last)
        first = self._line + 1
        self._line += len(batch)
        numbers: Sequence[int] = range(first, first + len(batch))
        if isinstance(batch, Lines):
            lines = batch
        else:
            if set(map(type, batch)) != {Line}:
                told = [isinstance(row, Line) for row in batch]
                placed = zip(numbers, batch, strict=True)
                block.entries.extend((n, row) for n, row in placed if not isinstance(row, Line))
                numbers = list(compress(numbers, told))
            lines = _by_column([row for row in batch if isinstance(row, Line)])
        if not len(lines):
            return block._replace(rows=len(batch))
        rows = self._rows(numbers, lines)
        if set(map(type, lines.shapes)) == {Movement}:
            return block._replace(rows=len(batch), movements=rows)
        moved = [isinstance(shape, Movement) for shape in lines.shapes]
        pairs = zip(rows.quantities, lines.shapes, strict=True)
        texts = ["withheld" if _withheld(shape) else text for text, shape in pairs]
        holdings = rows._replace(quantities=texts).chosen([not some for some in moved])
        return block._replace(rows=len(batch), movements=rows.chosen(moved), holdings=holdings)

    def _new_block(self, *, last: bool = False) -> Block:
        """Return an empty block, and let go of what there is too much of."""
        anew = len(self._shapes) >= _MOST
        sums = self._handed_on(all_of_them=anew or last)
        if anew:
            self._shapes.clear()
            self._counts = dict.fromkeys(self._counts, 0)
        for made in (self._dates, self._quantities):
            if len(made) >= _MOST_CELLS:
                made.clear()
        return Block(0, [], sums, anew, [], [])

    def _handed_on(self, *, all_of_them: bool) -> dict[int, int]:
        """Return what was added up, where it is to be handed on, and let go of it.

        What is of the last year is kept if that is not much: as most files tell one year after the
        other, there will be more of it, and each sum is then handed on once.
        """
        if not (all_of_them or len(self._sums) >= _MOST_SUMS):
            return {}
        sums = {place: amount for place, amount in self._sums.items() if place >= 0}
        self._sums.clear()
        if not all_of_them and sums:
            first = year_place(year_at(max(sums)))  # of the last year
            newest = [place for place in sums if place >= first]
            if len(newest) < _MOST_SUMS // 2:
                self._sums.update((place, sums.pop(place)) for place in newest)
        return sums

    def _rows(self, numbers: Sequence[int], lines: Lines) -> Rows:
        """Return lines by their columns, and add them up."""
        _, numbered, of_shapes = _columns(_each(self._shapes, lines.shapes, self._known))
        _, days, firsts, lasts, of_days = _columns(_each(self._dates, lines.dates, _day))
        _, quantities, lows, highs, amounts = _columns(
            _each(self._quantities, lines.quantities, _quantity)
        )
        words, of_bases = _columns(list(map(_WORD.__getitem__, map(id, lines.bases))))
        sums = self._sums
        places = map(add, map(add, of_shapes, of_bases), of_days)
        for place, amount in zip(places, amounts, strict=True):
            sums[place] += amount
        return Rows(
            lines=numbers,
            days=days,
            firsts=firsts,
            lasts=lasts,
            quantities=quantities,
            lows=lows,
            highs=highs,
            bases=words,
            sources=lines.sources,
            notes=lines.notes,
            refs=lines.refs,
            shapes=numbered,
        )

    def _known(self, shape: Holding | Movement) -> _Known:
        kind = type(shape)
        number = self._counts[kind]
        self._counts[kind] += 1
        if isinstance(shape, Holding):
            self._block.held.append((encoded(shape), pieces(shape)))
            return _Known(shape, number, _NOWHERE)
        self._block.moved.append((shape_of(shape), pieces(shape)))
        return _Known(shape, number, shape_place(number) if shape.state is State.DONE else _NOWHERE)


def _columns(rows: Iterable[Any]) -> tuple[Sequence[Any], ...]:
    """Return tuples, of which there are some, column by column."""
    return tuple(zip(*rows, strict=True))


def _by_column(lines: Sequence[Line]) -> Lines:
    """Return lines column by column."""
    return Lines(*zip(*lines, strict=True)) if lines else Lines(*[()] * len(Line._fields))


def _withheld(shape: Holding | Movement) -> bool:
    return isinstance(shape, Holding) and shape.withheld


def _day(dates: DateSpan) -> _Day:
    year = year_of(dates)
    first, last = dates.first.isoformat(), dates.last.isoformat()
    place = _NOWHERE if year is None else year_place(year)
    return _Day(dates, str(dates), first, last, place)


def _quantity(quantity: Span) -> _Quantity:
    assert quantity.low is not None
    low, high = quantity.low, quantity.high
    return _Quantity(quantity, str(quantity), low, high, packed(low, high))


def _each(
    made: dict[int, _Made], parts: Sequence[_Part], make: Callable[[_Part], _Made]
) -> list[_Made]:
    """Return what is made of each of some parts; each is made once.

    Args:
        made: what was made, by the identity of the part, which it has to hold.
        parts: of some rows, in their order.
        make: makes it of one.
    """
    try:
        return list(map(made.__getitem__, map(id, parts)))
    except KeyError:
        made.update((id(part), make(part)) for part in parts if id(part) not in made)
        return list(map(made.__getitem__, map(id, parts)))
