"""The kept balances: what moved in each calendar year, added up by shape and basis.

They repeat what the movements say so that nobody has to add up millions of rows for one answer:
made from the rows in the same transaction, and never believed blindly. ``recomputed`` finds them
again from nothing but the movements.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection, Select, delete, extract, func, insert, select, tuple_

from compliance.ledger.many_rows import ManyRows
from compliance.ledger.packed import BASIS_PLACE, packed, rows_of, shape_place, year_place
from compliance.ledger.tables import movement_row, movement_shape, turnover, withdrawal
from compliance.values.vocabulary import Basis, State

# So many rows are asked for in one statement.
_BATCH = 400

# What is added up is written when it is so much, so that it does not grow with the rows.
_MOST = 12_000

_COLUMNS = tuple(column.name for column in turnover.c)

# Names of the schema; both databases know them.
_TABLE = f"turnover ({', '.join(_COLUMNS)})"
_ADDED = " ON CONFLICT (year, shape_id, basis) DO UPDATE SET " + ", ".join(
    f"{name} = turnover.{name} + excluded.{name}"
    for name in ("movements", "quantity_low", "quantity_high", "open")
)

_T = TypeVar("_T")

Place = tuple[int, int]
"""A submission and a line."""

Key = tuple[int, int, str]
"""A year, a shape and a basis: what movements have in common that are kept as one sum."""


class Sum(NamedTuple):
    """What movements add up to.

    Attributes:
        movements: how many they are.
        quantity_low: whole items, at least.
        quantity_high: the sum of those that have an upper bound.
        open: how many have none.
    """

    movements: int
    quantity_low: int
    quantity_high: int
    open: int


def kept(connection: Connection, year: int | None = None) -> dict[Key, Sum]:
    """Return the sums as they are kept, of one year or of all."""
    query = select(turnover)
    return _by_key(connection, query if year is None else query.where(turnover.c.year == year))


def recomputed(connection: Connection, year: int | None = None) -> dict[Key, Sum]:
    """Return the sums as they should be, from all movements in force."""
    found = _by_key(connection, _added_up())
    return found if year is None else {key: some for key, some in found.items() if key[0] == year}


def renew(connection: Connection) -> None:
    """Make all sums anew from the movements in force, whatever is kept."""
    connection.execute(delete(turnover))
    connection.execute(insert(turnover).from_select(list(_COLUMNS), _added_up()))


def _by_key(connection: Connection, query: Select[Any]) -> dict[Key, Sum]:
    return {
        (row[0], row[1], row[2]): Sum(*map(int, row[3:]))
        for row in connection.execute(query, execution_options={"yield_per": 5000})
    }


def _added_up() -> Select[Any]:
    """Return the query that adds up all movements in force that are done within one year."""
    row = movement_row.c
    first, last = (extract("year", day) for day in (row.date_first, row.date_last))
    corrected = [
        select(1)
        .where(later.c.corrects_submission == row.submission_id, later.c.corrects_line == row.line)
        .exists()
        for later in (movement_row.alias(), withdrawal.alias())
    ]
    return (
        select(
            last.label("year"),
            row.shape_id,
            row.basis,
            func.count().label("movements"),
            func.sum(row.quantity_low).label("quantity_low"),
            func.coalesce(func.sum(row.quantity_high), 0).label("quantity_high"),
            (func.count() - func.count(row.quantity_high)).label("open"),
        )
        .join(movement_shape, movement_shape.c.id == row.shape_id)
        .where(
            movement_shape.c.state == State.DONE.value,
            first == last,
            *(~some for some in corrected),
        )
        .group_by(last, row.shape_id, row.basis)
    )


class Changes:
    """What a submission changes in the kept balances, added up before it is written.

    Attributes:
        added: sums of movements that come in, as ``packed`` has them, by their place.
    """

    def __init__(self, connection: Connection) -> None:
        self.added: defaultdict[int, int] = defaultdict(int)
        self._taken: defaultdict[int, int] = defaultdict(int)
        self._connection = connection

    @property
    def many(self) -> bool:
        """True where there are so many sums that they should be written."""
        return len(self.added) >= _MOST

    def take_back(self, places: Iterable[Place]) -> None:
        """Subtract the movements that stand at places: they were corrected or withdrawn.

        Where something else stands there, nothing is subtracted.
        """
        row = movement_row.c
        query = select(
            *(row.shape_id, row.basis, row.date_first, row.date_last),
            *(row.quantity_low, row.quantity_high),
        ).join(movement_shape, movement_shape.c.id == row.shape_id)
        done = movement_shape.c.state == State.DONE.value
        for some in _batches(places):
            at = tuple_(row.submission_id, row.line).in_(some)
            for shape, basis, first, last, low, high in self._connection.execute(
                query.where(done, at)
            ):
                if first.year == last.year:
                    place = year_place(last.year) + shape_place(shape) + BASIS_PLACE[Basis(basis)]
                    self._taken[place] += packed(low, high)

    def write(self) -> None:
        """Bring what was added up so far into the table."""
        for sums, sign in ((self.added, 1), (self._taken, -1)):
            if sums:
                # As the table is ordered: so less of it has to be in memory.
                places = sorted(sums)
                self._put(rows_of(places, map(sums.__getitem__, places), sign))
        if self._taken:
            self._connection.execute(delete(turnover).where(turnover.c.movements == 0))
        self.added.clear()
        self._taken.clear()

    def _put(self, rows: list[tuple[Any, ...]]) -> None:
        """Add rows to what is kept."""
        if self._connection.dialect.name == "sqlite":
            marks = f"({', '.join('?' * len(_COLUMNS))})"
            table = ManyRows(self._connection, _TABLE, marks, more=_ADDED)
            table.put_singly(table.put(rows))
            return
        marks = f"({', '.join(['%s'] * len(_COLUMNS))})"
        statement = f"INSERT INTO {_TABLE} VALUES {marks}{_ADDED}"  # noqa: S608
        self._connection.exec_driver_sql(statement, rows)


def _batches(items: Iterable[_T]) -> Iterator[list[_T]]:
    rest = iter(items)
    while some := list(islice(rest, _BATCH)):
        yield some
