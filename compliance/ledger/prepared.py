"""Rows made ready to be recorded: all of it that needs no database, some thousand rows at a time.

What many rows share is made once. What comes out is plain, so that another process may make it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import compress, islice
from operator import itemgetter
from sys import intern
from typing import Any, NamedTuple, TypeVar

from compliance.ledger.encode import Fragments, fragments, noted, quoted
from compliance.ledger.packed import BASIS_PLACE, packed, place_of, year_of
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

COLUMNS = ("line", "first", "last", "low", "high", "basis", "source", "note", "ref", "shape")
"""What is told of each row of a table, in this order; days as ISO 8601."""

Columns = tuple[list[Any], ...]
"""Rows of one table, column by column, as ``COLUMNS``."""

_Part = TypeVar("_Part")
_Made = TypeVar("_Made")


class Block(NamedTuple):
    """Some rows, ready to be recorded.

    Shapes of movements, and of holdings, are numbered from 0 as they are first met.

    Attributes:
        rows: how many there are.
        written: canonical forms, each with commas between: up to the first of ``entries``, up to
            the second, and so on, and after the last.
        entries: by their line the rows that correct others: these need the database.
        sums: of movements of earlier blocks, as ``packed`` has them, by the place of their shape
            and what basis and year add to it.
        anew: whether shapes are numbered from 0 again from this block on, but for its ``sums``.
        moved: the shapes of movements that are new, in the order of their numbers.
        held: the shared columns of holdings that are new, in the order of their numbers.
        movements: the rows that are movements.
        holdings: the rows that are holdings.
    """

    rows: int
    written: list[bytes]
    entries: list[tuple[int, Entry]]
    sums: dict[int, int]
    anew: bool
    moved: list[Shape]
    held: list[dict[str, Any]]
    movements: Columns
    holdings: Columns


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
        text: the canonical form, in pieces.
        start: the first of them.
        to_quantity: what stands from the day and basis to the quantity where there is no note.
        to_source: what stands from the quantity to the source where there is no ``ref``.
        held: True for a holding.
        withheld: True where the canonical form tells no quantity.
        place: where its rows are added up; ``None`` where no kept balance speaks of them.
    """

    shape: Holding | Movement
    number: int
    text: Fragments
    start: str
    to_quantity: str
    to_source: str
    held: bool
    withheld: bool
    place: int | None


_NUMBER = itemgetter(_Known._fields.index("number"))
_HELD = itemgetter(_Known._fields.index("held"))

_Day = tuple[DateSpan, str, str, str, int | None]
_Quantity = tuple[Span, str, int, int | None, int]
_FIRST, _SECOND, _THIRD, _FOURTH = map(itemgetter, range(4))


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
        if isinstance(batch, Lines):
            return block._replace(rows=len(batch), written=[self._written(batch)])
        written: list[bytes] = []
        lines: list[Line] = []
        for row in batch:
            if isinstance(row, Line):
                lines.append(row)
                continue
            written.append(self._written(_told(lines)))
            lines.clear()
            self._line += 1
            block.entries.append((self._line, row))
        written.append(self._written(_told(lines)))
        return block._replace(rows=len(batch), written=written)

    def _new_block(self, *, last: bool = False) -> Block:
        """Return an empty block, and let go of what there is too much of."""
        anew = len(self._shapes) >= _MOST
        sums: dict[int, int] = {}
        if anew or last or len(self._sums) >= _MOST_SUMS:
            sums, self._sums = dict(self._sums), defaultdict(int)
        if anew:
            self._shapes.clear()
            self._counts = dict.fromkeys(self._counts, 0)
        for made in (self._dates, self._quantities):
            if len(made) >= _MOST_CELLS:
                made.clear()
        return Block(0, [], [], sums, anew, [], [], _no_rows(), _no_rows())

    def _written(self, lines: Lines) -> bytes:
        """Take rows that correct nothing into the block; return their canonical forms."""
        if not lines:
            return b""
        sources, refs, notes = lines.sources, lines.refs, lines.notes
        known = _each(self._shapes, lines.shapes, self._known)
        days = _each(self._dates, lines.dates, _day)
        numbers = _each(self._quantities, lines.quantities, _quantity)
        words = list(map(_WORD.__getitem__, map(id, lines.bases)))
        forms: list[str] = []
        sums = self._sums
        for shape, day, some, word, source, ref, note in zip(
            known, days, numbers, words, sources, refs, notes, strict=True
        ):
            _, _, text, start, to_quantity, to_source, held, withheld, place = shape
            _, on, _, _, year = day
            _, many, _, _, amount = some
            basis, basis_place = word
            if note:
                to_quantity = f"{text.to_note}{noted(note)}{text.to_quantity}"
            if ref:
                to_source = f'{text.to_ref},"ref":{quoted(ref)}{text.to_source}'
            if withheld:
                many = "withheld"
            one, other = (on, basis) if held else (basis, on)
            forms.append(
                f"{start}{one}{text.between}{other}{to_quantity}{many}{to_source}"
                f"{quoted(source)}{text.end}"
            )
            if place is not None and year is not None:
                sums[place + basis_place + year] += amount
        columns: list[Iterable[Any]] = [
            range(self._line + 1, self._line + len(lines) + 1),
            *(map(_THIRD, days), map(_FOURTH, days)),
            *(map(_THIRD, numbers), map(_FOURTH, numbers)),
            *(map(_FIRST, words), sources, notes, refs, map(_NUMBER, known)),
        ]
        self._line += len(lines)
        self._add(list(map(_HELD, known)), columns)
        return ",".join(forms).encode()

    def _add(self, held: Sequence[bool], columns: Sequence[Iterable[Any]]) -> None:
        """Put rows into the tables where they belong."""
        into = [(self._block.holdings, True), (self._block.movements, False)]
        if len(set(held)) == 1:
            table = into[not held[0]][0]
            for cells, more in zip(table, columns, strict=True):
                cells.extend(more)
            return
        listed = list(map(list, columns))
        for table, wanted in into:
            chosen = [is_held is wanted for is_held in held]
            for cells, column in zip(table, listed, strict=True):
                cells.extend(compress(column, chosen))

    def _known(self, shape: Holding | Movement) -> _Known:
        kind = type(shape)
        number = self._counts[kind]
        self._counts[kind] += 1
        place = None
        if isinstance(shape, Movement):
            self._block.moved.append(shape_of(shape))
            if shape.state is State.DONE:
                place = place_of(number)
        else:
            self._block.held.append(encoded(shape))
        text = fragments(shape)
        return _Known(
            shape,
            number,
            text,
            text.start,
            intern(text.to_note + text.to_quantity),
            intern(text.to_ref + text.to_source),
            isinstance(shape, Holding),
            isinstance(shape, Holding) and shape.withheld,
            place,
        )


def _told(lines: Sequence[Line]) -> Lines:
    """Return lines column by column."""
    return Lines(*zip(*lines, strict=True)) if lines else Lines(*[()] * len(Line._fields))


def _no_rows() -> Columns:
    return tuple([] for _ in COLUMNS)


def _day(dates: DateSpan) -> _Day:
    return dates, str(dates), dates.first.isoformat(), dates.last.isoformat(), year_of(dates)


def _quantity(quantity: Span) -> _Quantity:
    assert quantity.low is not None
    low, high = quantity.low, quantity.high
    return quantity, str(quantity), low, high, packed(low, high)


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
