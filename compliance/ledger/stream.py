"""The rows of one submission, however many: hashed, stored and added up as they come."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from sys import intern
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection, Table, insert

from compliance.ledger.bulk import Bulk, bulk
from compliance.ledger.corrections import Place, Target, named, named_by, standing
from compliance.ledger.encode import Fragments, fragments, noted, quoted
from compliance.ledger.shapes import Shapes
from compliance.ledger.stored import SHAPE, encoded, shape_of
from compliance.ledger.tables import movement_row, table_of
from compliance.ledger.turnover import BASIS_PLACE, Changes, packed, place_of, year_of
from compliance.values.canonical import ListHash
from compliance.values.dates import DateSpan
from compliance.values.errors import ComplianceError
from compliance.values.lines import Line
from compliance.values.records import Entry, Holding, Movement, Withdrawal
from compliance.values.span import Span
from compliance.values.vocabulary import Basis, State

# So many rows are taken at once.
_BATCH = 1000

# Of each basis its word and its place in sums, by identity: an enumeration is slow to ask.
_WORD = {id(basis): (basis.value, BASIS_PLACE[basis]) for basis in Basis}

# So many shapes are remembered, and so many days and quantities; when there are more, all of them
# are made again.
_MOST = 12_000
_MOST_CELLS = 4_000


_Part = TypeVar("_Part")
_Made = TypeVar("_Made")


class _Shape(NamedTuple):
    """What a shape gives to its rows.

    Attributes:
        shape: held, so that nothing else gets its identity.
        text: the canonical form, in pieces.
        start: the first of them.
        to_quantity: what stands from the day and basis to the quantity where there is no note.
        to_source: what stands from the quantity to the source where there is no ``ref``.
        held: True for a holding.
        withheld: True where the canonical form tells no quantity.
        columns: the values of the columns it shares, as ``Bulk`` wants them.
        add: takes a row to be stored.
        place: where its rows are added up, as ``turnover.Changes`` has it; ``None`` where no kept
            balance speaks of them.
    """

    shape: Holding | Movement
    text: Fragments
    start: str
    to_quantity: str
    to_source: str
    held: bool
    withheld: bool
    columns: tuple[Any, ...]
    add: Callable[[tuple[Any, ...]], None]
    place: int | None


class Written(NamedTuple):
    """What was made of the rows.

    Attributes:
        rows: how many there are.
        content_sha256: their hash.
        refused: why they cannot stand although each could be read; then not all are stored.
    """

    rows: int
    content_sha256: str
    refused: ComplianceError | None


def write_rows(connection: Connection, number: int, rows: Iterable[Line | Entry]) -> Written:
    """Store the rows of a submission that is announced, and what they change in kept balances.

    Args:
        connection: a writing connection, in its transaction.
        number: the submission's number.
        rows: read once; what they raise goes through.

    Raises:
        ComplianceError: one corrects what could not be corrected.
    """
    stream = _Stream(connection, number)
    rest = iter(rows)
    while batch := list(islice(rest, _BATCH)):
        stream.take(batch)
    return stream.finish()


class _Stream:
    def __init__(self, connection: Connection, number: int) -> None:
        self._connection = connection
        self._number = number
        self._line = 0
        self._content = ListHash()
        self._changes = Changes(connection)
        self._bulk: dict[type, Bulk] = bulk(connection, number)
        self._refused: ComplianceError | None = None
        self._taken: dict[Place, bool] = {}
        self._numbers = Shapes(connection)
        self._shapes: dict[int, _Shape] = {}
        # With each the object itself, held as a shape is.
        self._dates: dict[int, tuple[DateSpan, str, str, str, int | None]] = {}
        self._quantities: dict[int, tuple[Span, str, int, int | None, int]] = {}

    def take(self, batch: Sequence[Line | Entry]) -> None:
        """Take the next rows."""
        self._forget()
        if set(map(type, batch)) == {Line}:
            self._quick(batch)  # type: ignore[arg-type]
        else:
            entries = {n: row for n, row in enumerate(batch) if not isinstance(row, Line)}
            self._carefully(batch, entries)
        for some in self._bulk.values():
            some.write()

    def finish(self) -> Written:
        """Write what is still to be written."""
        for some in self._bulk.values():
            some.finish()
        self._changes.write()
        return Written(self._line, self._content.hexdigest(), self._refused)

    def _quick(self, lines: Sequence[Line]) -> None:
        """Take rows that correct nothing: the way of millions."""
        if not lines:
            return
        shapes, days, quantities, bases, sources, refs, notes = zip(*lines, strict=True)
        number = self._line
        forms: list[str] = []
        added = self._changes.added
        self._learn(shapes)
        for known, day, some, word, source, ref, note in zip(
            map(self._shapes.__getitem__, map(id, shapes)),
            _each(self._dates, days, self._day),
            _each(self._quantities, quantities, self._quantity),
            map(_WORD.__getitem__, map(id, bases)),
            sources,
            refs,
            notes,
            strict=True,
        ):
            _, text, start, to_quantity, to_source, held, withheld, columns, add, place = known
            _, on, first, last, year = day
            _, many, low, high, amount = some
            basis, basis_place = word
            number += 1
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
            add((number, first, last, low, high, basis, source, note, ref) + columns)  # noqa: RUF005 - twice as fast
            if place is not None and year is not None:
                added[place + basis_place + year] += amount
        self._line = number
        self._content.add_written(forms)

    def _carefully(self, batch: Sequence[Line | Entry], entries: dict[int, Entry]) -> None:
        """Take rows of which some correct others."""
        candidates = named_by(self._connection, list(entries.values()))
        targets: Sequence[Target | None] = [None] * len(entries)
        if self._refused is None:
            try:
                targets = standing(
                    self._connection,
                    list(entries.values()),
                    candidates,
                    number=self._number,
                    taken=self._taken,
                )
            except ComplianceError as error:
                # The same rows may stand recorded; that is known when all were read.
                self._refused = error
        waiting: dict[Table, list[dict[str, Any]]] = {}
        found = dict(zip(entries, zip(candidates, targets, strict=True), strict=True))
        start = 0
        for place, entry in entries.items():
            self._quick(batch[start:place])  # type: ignore[arg-type]
            start = place + 1
            some, target = found[place]
            self._line += 1
            self._content.add(named(entry, some).content())
            if self._refused is None:
                waiting.setdefault(table_of(entry), []).append(self._row(entry, target))
        self._quick(batch[start:])  # type: ignore[arg-type]
        if self._refused is None:
            places = {target.place for target in targets if target}
            self._changes.take_back(places - self._taken.keys())
            if movement_row in waiting:
                waiting[movement_row] = self._parted(entries.values(), waiting[movement_row])
            for table, rows in waiting.items():
                self._connection.execute(insert(table), rows)
            for entry, target in zip(entries.values(), targets, strict=True):
                if target:
                    self._taken[target.place] = isinstance(entry, Withdrawal)

    def _row(self, entry: Entry, target: Target | None) -> dict[str, Any]:
        row = {
            "submission_id": self._number,
            "line": self._line,
            "corrects_submission": target.submission if target else None,
            "corrects_line": target.line if target else None,
            **encoded(entry),
        }
        if not isinstance(entry, Movement):
            row["declaration_id"] = target.declaration if target else self._number
        return row

    def _parted(
        self, entries: Iterable[Entry], rows: Sequence[dict[str, Any]]
    ) -> list[dict[str, Any]]:
        """Return movements as they are stored, each with the number of its shape; add them up."""
        moved = [entry for entry in entries if isinstance(entry, Movement)]
        shapes = [shape_of(entry) for entry in moved]
        numbers = self._numbers.numbers(shapes)
        parted = []
        for entry, shape, row in zip(moved, shapes, rows, strict=True):
            number, year = numbers[shape], year_of(entry.date)
            if entry.state is State.DONE and year is not None:
                amount = packed(entry.quantity.low or 0, entry.quantity.high)
                place = place_of(number) + BASIS_PLACE[entry.basis] + year
                self._changes.added[place] += amount
            own = {name: value for name, value in row.items() if name not in SHAPE}
            parted.append({**own, "shape_id": number})
        return parted

    def _forget(self) -> None:
        """Let go of what was made of parts where there are too many of them."""
        if len(self._shapes) >= _MOST:
            self._shapes.clear()
        if self._changes.many:
            self._changes.write()
        for made in (self._dates, self._quantities):
            if len(made) >= _MOST_CELLS:
                made.clear()

    def _learn(self, shapes: Sequence[Holding | Movement]) -> None:
        """Make what is made of shapes, of those that are new."""
        known = self._shapes
        if known.keys() >= set(map(id, shapes)):
            return
        new = {id(shape): shape for shape in shapes if id(shape) not in known}
        moved = {key: shape_of(shape) for key, shape in new.items() if isinstance(shape, Movement)}
        numbers = self._numbers.numbers(moved.values())
        for key, shape in new.items():
            known[key] = self._shape(shape, numbers[moved[key]] if key in moved else None)

    def _shape(self, shape: Holding | Movement, number: int | None) -> _Shape:
        into = self._bulk[type(shape)]
        text = fragments(shape)
        if number is None:
            shared = {**encoded(shape), "declaration_id": self._number}
            columns = tuple(shared[name] for name in into.shared)
        else:
            columns = (number,)
        summed = isinstance(shape, Movement) and shape.state is State.DONE
        return _Shape(
            shape,
            text,
            text.start,
            intern(text.to_note + text.to_quantity),
            intern(text.to_ref + text.to_source),
            isinstance(shape, Holding),
            isinstance(shape, Holding) and shape.withheld,
            columns,
            into.rows.append,
            place_of(number) if summed and number is not None else None,
        )

    @staticmethod
    def _day(dates: DateSpan) -> tuple[DateSpan, str, str, str, int | None]:
        return dates, str(dates), dates.first.isoformat(), dates.last.isoformat(), year_of(dates)

    @staticmethod
    def _quantity(quantity: Span) -> tuple[Span, str, int, int | None, int]:
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
    keys = list(map(id, parts))
    if not made.keys() >= set(keys):
        for key, part in zip(keys, parts, strict=True):
            if key not in made:
                made[key] = make(part)
    return list(map(made.__getitem__, keys))
