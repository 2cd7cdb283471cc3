"""The rows of one submission, however many: hashed, stored and added up as they come."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, insert

from compliance.ledger.bulk import Bulk, bulk
from compliance.ledger.corrections import Place, Target, named, named_by, standing
from compliance.ledger.encode import Fragments, fragments, noted, quoted
from compliance.ledger.stored import encoded, table_of
from compliance.ledger.turnover import Changes, alike_of, year_of
from compliance.values.canonical import ListHash
from compliance.values.dates import DateSpan
from compliance.values.errors import ComplianceError
from compliance.values.lines import Line
from compliance.values.records import Entry, Holding, Movement, Withdrawal
from compliance.values.span import Span

# So many rows are taken at once.
_BATCH = 2000

# So much is remembered of each kind; when it is more, all of it is made again.
_MOST = 8192


class _Shape(NamedTuple):
    """What a shape gives to its rows.

    Attributes:
        shape: held, so that nothing else gets its identity.
        text: the canonical form, in pieces.
        start: the first of them.
        to_quantity: what stands from the date to the quantity where there is no note.
        to_end: what stands from the quantity to the end where there is no ``ref``.
        withheld: True where the canonical form tells no quantity.
        columns: the values of its columns, as ``Bulk.shape`` gives them.
        add: takes a row to be stored.
        sums: by year what its rows add up to, as ``turnover.Sum`` has it; ``None`` where no kept
            balance speaks of them.
    """

    shape: Holding | Movement
    text: Fragments
    start: str
    to_quantity: str
    to_end: str
    withheld: bool
    columns: tuple[Any, ...]
    add: Callable[[tuple[Any, ...]], None]
    sums: dict[int, list[int]] | None


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
        self._shapes: dict[int, _Shape] = {}
        # With each the object itself, held as a shape is.
        self._dates: dict[int, tuple[DateSpan, str, str, str, int | None]] = {}
        self._quantities: dict[int, tuple[Span, str, int, int | None]] = {}

    def take(self, batch: Sequence[Line | Entry]) -> None:
        """Take the next rows."""
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

    def _quick(self, lines: Iterable[Line]) -> None:
        """Take rows that correct nothing: the way of millions."""
        shapes, days, quantities = self._shapes, self._dates, self._quantities
        number = self._line
        forms: list[str] = []
        for shape, dates, quantity, ref, note in lines:
            known = shapes.get(id(shape)) or self._shape(shape)
            _, text, start, to_quantity, to_end, withheld, columns, add, sums = known
            _, on, first, last, year = days.get(id(dates)) or self._day(dates)
            _, many, low, high = quantities.get(id(quantity)) or self._quantity(quantity)
            number += 1
            if note:
                to_quantity = f"{text.from_date}{noted(note)}{text.to_quantity}"
            if ref:
                to_end = f'{text.from_quantity},"ref":{quoted(ref)}{text.end}'
            if withheld:
                many = "withheld"
            forms.append(f"{start}{on}{to_quantity}{many}{to_end}")
            add((number, first, last, low, high, note, ref) + columns)  # noqa: RUF005 - twice as fast
            if sums is not None and year is not None:
                total = sums.get(year) or self._changes.start(sums, year)
                total[0] += 1
                total[1] += low
                if high is None:
                    total[3] += 1
                else:
                    total[2] += high
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
            for table, rows in waiting.items():
                self._connection.execute(insert(table), rows)
            places = {target.place for target in targets if target}
            self._changes.take_back(places - self._taken.keys())
            self._changes.add(entry for entry in entries.values() if isinstance(entry, Movement))
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

    def _shape(self, shape: Holding | Movement) -> _Shape:
        if len(self._shapes) >= _MOST:
            self._shapes.clear()
            self._changes.forget()
        into = self._bulk[type(shape)]
        stored = encoded(shape)
        if into.admit(stored):
            # Rows are told by other columns from here on.
            for key, known in self._shapes.items():
                if type(known.shape) is type(shape):
                    columns = into.shape(encoded(known.shape))
                    self._shapes[key] = known._replace(columns=columns)
        text = fragments(shape)
        alike = alike_of(shape) if isinstance(shape, Movement) else None
        known = self._shapes[id(shape)] = _Shape(
            shape,
            text,
            text.start,
            text.from_date + text.to_quantity,
            text.from_quantity + text.end,
            isinstance(shape, Holding) and shape.withheld,
            into.shape(stored),
            into.rows.append,
            None if alike is None else self._changes.years(alike),
        )
        return known

    def _day(self, dates: DateSpan) -> tuple[DateSpan, str, str, str, int | None]:
        if len(self._dates) >= _MOST:
            self._dates.clear()
        first, last = dates.first.isoformat(), dates.last.isoformat()
        known = self._dates[id(dates)] = (dates, str(dates), first, last, year_of(dates))
        return known

    def _quantity(self, quantity: Span) -> tuple[Span, str, int, int | None]:
        if len(self._quantities) >= _MOST:
            self._quantities.clear()
        assert quantity.low is not None
        known = quantity, str(quantity), quantity.low, quantity.high
        self._quantities[id(quantity)] = known
        return known
