"""The rows of one submission, however many: hashed, stored and added up as they come."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, insert

from compliance.ledger.bulk import bulk
from compliance.ledger.corrections import Place, Target, named, named_by, standing
from compliance.ledger.encode import Kind, Pieces, Texts, Told, forms, together
from compliance.ledger.packed import BASIS_PLACE, packed, parted, shape_place, year_of, year_place
from compliance.ledger.prepared import Block, Prepared, Rows, in_batches, prepared
from compliance.ledger.shapes import Shapes
from compliance.ledger.stored import SHAPE, encoded, shape_of
from compliance.ledger.tables import movement_row, table_of
from compliance.ledger.turnover import Changes
from compliance.values.canonical import ListHash, canonical_json
from compliance.values.errors import ComplianceError
from compliance.values.lines import Line
from compliance.values.records import Entry, Holding, Movement, Withdrawal
from compliance.values.vocabulary import State

Candidates = list[Target]
"""The rows that the name in a correction can mean."""


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


def write_rows(
    connection: Connection, number: int, rows: Iterable[Line | Entry] | Prepared
) -> Written:
    """Store the rows of a submission that is announced, and what they change in kept balances.

    Args:
        connection: a writing connection, in its transaction.
        number: the submission's number.
        rows: read once; what they raise goes through.

    Raises:
        ComplianceError: one corrects what could not be corrected.
    """
    stream = _Stream(connection, number)
    ready = rows if isinstance(rows, Prepared) else prepared(in_batches(rows))
    for block in ready.blocks:
        stream.take(block)
    return stream.finish()


class _Stream:
    def __init__(self, connection: Connection, number: int) -> None:
        self._connection = connection
        self._number = number
        self._rows = 0
        self._content = ListHash()
        self._changes = Changes(connection)
        self._bulk = bulk(connection, number)
        self._refused: ComplianceError | None = None
        self._taken: dict[Place, bool] = {}
        self._numbers = Shapes(connection)
        # By the number that the blocks give them: the ledger's number of a movement's shape, and
        # the columns of a holding's; and what each gives to the canonical form.
        self._moved: list[int] = []
        self._held: list[tuple[Any, ...]] = []
        self._pieces: dict[Kind, list[Pieces]] = {Movement: [], Holding: []}

    def take(self, block: Block) -> None:
        """Take the next rows."""
        self._add_up(block.sums)
        if block.anew:
            self._moved.clear()
            self._held.clear()
            for known in self._pieces.values():
                known.clear()
        self._learn(block)
        self._rows += block.rows
        candidates = named_by(self._connection, [entry for _, entry in block.entries])
        self._hash(block, candidates)
        if block.entries and self._refused is None:
            self._correct(block.entries, candidates)
        moved, held = block.movements, block.holdings
        numbers = map(self._moved.__getitem__, moved.shapes)
        self._bulk[Movement].write(list(zip(*_own(moved), numbers, strict=True)))
        columns = map(self._held.__getitem__, held.shapes)
        rows = zip(*_own(held), strict=True)
        self._bulk[Holding].write([a + b for a, b in zip(rows, columns, strict=True)])

    def finish(self) -> Written:
        """Write what is still to be written."""
        for some in self._bulk.values():
            some.finish()
        self._changes.write()
        return Written(self._rows, self._content.hexdigest(), self._refused)

    def _add_up(self, sums: dict[int, int]) -> None:
        added, moved = self._changes.added, self._moved
        for place, amount in sums.items():
            shape, year_and_basis = parted(place)
            added[shape_place(moved[shape]) + year_and_basis] += amount
        if self._changes.many:
            self._changes.write()

    def _learn(self, block: Block) -> None:
        """Keep what the block's new shapes give to their rows."""
        if block.moved:
            shapes = [shape for shape, _ in block.moved]
            numbers = self._numbers.numbers(shapes)
            self._moved += map(numbers.__getitem__, shapes)
            self._pieces[Movement] += [form for _, form in block.moved]
        for shared, form in block.held:
            told = {**shared, "declaration_id": self._number}
            self._held.append(tuple(told[name] for name in self._bulk[Holding].shared))
            self._pieces[Holding].append(form)

    def _hash(self, block: Block, candidates: Sequence[Candidates]) -> None:
        """Hash all rows of a block, in their order."""
        told: list[tuple[Kind, Rows]] = [(Movement, block.movements), (Holding, block.holdings)]
        written = {kind: self._forms(kind, rows) for kind, rows in told if rows.lines}
        if not block.entries and len(written) == 1:
            (parts,) = written.values()
            self._content.add_written(together(parts).encode())
            return
        by_line = {
            line: together([form])
            for kind, rows in told
            for line, form in zip(rows.lines, written.get(kind, ()), strict=True)
        }
        for (line, entry), some in zip(block.entries, candidates, strict=True):
            by_line[line] = canonical_json(named(entry, some).content())
        self._content.add_written(",".join(by_line[line] for line in sorted(by_line)).encode())

    def _forms(self, kind: Kind, rows: Rows) -> Iterator[tuple[str, ...]]:
        shapes = map(self._pieces[kind].__getitem__, rows.shapes)
        texts = (Texts.of(column) for column in (rows.notes, rows.refs, rows.sources))
        return forms(shapes, Told(kind, rows.days, rows.bases, rows.quantities, *texts))

    def _correct(
        self, placed: Sequence[tuple[int, Entry]], candidates: Sequence[Candidates]
    ) -> None:
        """Take rows that correct others."""
        entries = [entry for _, entry in placed]
        try:
            targets = standing(
                self._connection, entries, candidates, number=self._number, taken=self._taken
            )
        except ComplianceError as error:
            # The same rows may stand recorded; that is known when all were read.
            self._refused = error
            return
        waiting: dict[Table, list[dict[str, Any]]] = {}
        for (line, entry), target in zip(placed, targets, strict=True):
            waiting.setdefault(table_of(entry), []).append(self._row(line, entry, target))
        places = {target.place for target in targets if target}
        self._changes.take_back(places - self._taken.keys())
        if movement_row in waiting:
            waiting[movement_row] = self._parted(entries, waiting[movement_row])
        for table, rows in waiting.items():
            self._connection.execute(insert(table), rows)
        for entry, target in zip(entries, targets, strict=True):
            if target:
                self._taken[target.place] = isinstance(entry, Withdrawal)

    def _row(self, line: int, entry: Entry, target: Target | None) -> dict[str, Any]:
        row = {
            "submission_id": self._number,
            "line": line,
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
        found = []
        for entry, shape, row in zip(moved, shapes, rows, strict=True):
            number, year = numbers[shape], year_of(entry.date)
            if entry.state is State.DONE and year is not None:
                amount = packed(entry.quantity.low or 0, entry.quantity.high)
                place = year_place(year) + shape_place(number) + BASIS_PLACE[entry.basis]
                self._changes.added[place] += amount
            own = {name: value for name, value in row.items() if name not in SHAPE}
            found.append({**own, "shape_id": number})
        return found


def _own(rows: Rows) -> tuple[Sequence[Any], ...]:
    """Return the columns of what rows have of their own, as ``Bulk`` wants it."""
    return (
        *(rows.lines, rows.firsts, rows.lasts, rows.lows, rows.highs),
        *(rows.bases, rows.sources, rows.notes, rows.refs),
    )
