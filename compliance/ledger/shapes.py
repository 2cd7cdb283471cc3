"""What movements share, stored once: a shape is found where it is recorded, else recorded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Row, func, select

from compliance.ledger.stored import SHAPE, Shape
from compliance.ledger.tables import movement_shape
from compliance.values.canonical import sha256
from compliance.values.errors import LedgerError

# So many are asked for in one statement.
_BATCH = 400

# Names of the schema; both databases know it, each with its own mark for a value.
_FIND = f"SELECT id, sha256, {', '.join(SHAPE)} FROM movement_shape WHERE "  # noqa: S608
_BY_HASH = f"{_FIND}sha256 IN "
_BY_NUMBER = f"{_FIND}id IN "
_ADD = f"INSERT INTO movement_shape (id, sha256, {', '.join(SHAPE)}) VALUES "  # noqa: S608


class Shapes:
    """Gives shapes their numbers."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._next: int | None = None

    def numbers(self, wanted: Iterable[Shape]) -> dict[Shape, int]:
        """Return the number of each shape; those that are new are recorded.

        Raises:
            LedgerError: one stands recorded under another's hash.
        """
        found: dict[Shape, int] = {}
        rest = iter(dict.fromkeys(wanted))
        while some := list(islice(rest, _BATCH)):
            found.update(self._some(some))
        return found

    def _some(self, wanted: Sequence[Shape]) -> dict[Shape, int]:
        by_hash = {sha256(list(shape)): shape for shape in wanted}
        found: dict[Shape, int] = {}
        for number, digest, *columns in _asked(self._connection, _BY_HASH, list(by_hash)):
            if tuple(columns) != by_hash[digest]:
                raise LedgerError(
                    f"movement shape {number} was altered: it is not what its hash says",
                    todo="find out what else was altered: compliance history verify",
                )
            found[by_hash[digest]] = number
        new = [(digest, shape) for digest, shape in by_hash.items() if shape not in found]
        if new:
            first = self._after_last(len(new))
            found.update((shape, n) for n, (_, shape) in enumerate(new, first))
            rows: list[tuple[Any, ...]] = [(found[shape], digest, *shape) for digest, shape in new]
            self._connection.exec_driver_sql(_ADD + _marks(self._connection, len(rows[0])), rows)
        return found

    def _after_last(self, many: int) -> int:
        """Return the first of so many numbers that no shape has. Nobody else records meanwhile."""
        if self._next is None:
            last = self._connection.execute(select(func.max(movement_shape.c.id))).scalar()
            self._next = (last or 0) + 1
        self._next += many
        return self._next - many


def by_number(connection: Connection, numbers: Iterable[int]) -> Iterator[tuple[int, Shape]]:
    """Yield shapes by number; those not there, or not what their hash says, are left out."""
    rest = iter(numbers)
    while some := list(islice(rest, _BATCH)):
        for number, digest, *columns in _asked(connection, _BY_NUMBER, some):
            if _found_again(columns) == digest:
                yield number, tuple(columns)


def _found_again(columns: Sequence[Any]) -> str | None:
    """Return the hash of columns as they stand, or ``None`` of what is no text."""
    try:
        return sha256(list(columns))
    except (TypeError, ValueError):
        return None


def _asked(
    connection: Connection, query: str, values: Sequence[Any]
) -> Sequence[Row[*tuple[Any, ...]]]:
    marks = _marks(connection, len(values))
    return connection.exec_driver_sql(query + marks, tuple(values)).all()


def _marks(connection: Connection, many: int) -> str:
    mark = "?" if connection.dialect.paramstyle == "qmark" else "%s"
    return f"({', '.join([mark] * many)})"
