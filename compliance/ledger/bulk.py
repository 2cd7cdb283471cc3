"""Many rows put into a table at once, as fast as its database takes them."""

from __future__ import annotations

import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Sequence
from itertools import chain
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import DBAPIError

from compliance.ledger.tables import holding, movement_row, submission
from compliance.values.records import Holding, Movement

_TABLES = {Holding: holding, Movement: movement_row}

_DATES = {Holding: ("as_of_first", "as_of_last"), Movement: ("date_first", "date_last")}

# What every row has of its own after its line and dates.
_OWN = ("quantity_low", "quantity_high", "basis", "source", "note", "ref")

# Of an import that is longer than this, and than what the ledger held, each index is made anew at
# the end: sorted at once it costs less than row by row.
_LONG = 50_000

# So many rows of such an import are put in by one statement.
_TOGETHER = 200


def bulk(connection: Connection, number: int) -> dict[type, Bulk]:
    """Return for holdings and for movements what puts them into their table.

    Args:
        connection: a writing connection, in its transaction.
        number: the submission they belong to.
    """
    kind = _IntoFile if connection.dialect.name == "sqlite" else _IntoServer
    return {row: kind(connection, number, row) for row in (Holding, Movement)}


class Bulk(ABC):
    """Puts rows into one table.

    Attributes:
        shared: the columns that a row shares with others, in the order in which they are told.
    """

    def __init__(self, connection: Connection, number: int, kind: type) -> None:
        self._connection = connection
        self._number = number
        self._table = _TABLES[kind]
        own = ("line", *_DATES[kind], *_OWN)
        self.shared = tuple(
            column.name
            for column in self._table.c
            if column.name not in ("submission_id", *own)
            and not column.name.startswith("corrects_")
        )
        self._told = (*own, *self.shared)

    @abstractmethod
    def write(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """Put rows into the table.

        Args:
            rows: of each its line, first and last day as ISO 8601, quantity low and high, basis,
                source, note, ref, and then the shared ones.
        """

    @abstractmethod
    def finish(self) -> None:
        """Leave the table as it is to be."""


class _IntoFile(Bulk):
    """SQLite.

    The statement gives up the whole transaction where it fails, so that SQLite need not be able
    to take back each row by itself; that doubles the speed.
    """

    def __init__(self, connection: Connection, number: int, kind: type) -> None:
        super().__init__(connection, number, kind)
        # Names of the schema, and a number.
        self._statement = (
            f"INSERT OR ROLLBACK INTO {self._table.name}"  # noqa: S608
            f" ({', '.join((*self._told, 'submission_id'))}) VALUES "
        )
        self._row = f"({', '.join('?' * len(self._told))}, {number})"
        driver: Any = connection.connection.driver_connection
        marks = driver.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER)
        self._together = max(1, min(_TOGETHER, marks // len(self._told)))
        self._waiting: list[tuple[Any, ...]] = []
        self._written = 0
        self._before: int | None = None
        self._dropped: dict[str, list[str]] = {}

    def write(self, rows: Sequence[tuple[Any, ...]]) -> None:
        self._written += len(rows)
        if self._waiting:
            rows, self._waiting = [*self._waiting, *rows], []
        if not rows:
            return
        size = self._together
        # With the trigger there, SQLite would keep all rows of a statement aside first.
        whole = len(rows) // size * size if "trigger" in self._dropped else 0
        if whole:
            many = self._statement + ", ".join([self._row] * size)
            for start in range(0, whole, size):
                values = tuple(chain.from_iterable(rows[start : start + size]))
                self._connection.exec_driver_sql(many, values)
        if whole:
            # Too few for a statement of many: they wait for the next ones.
            self._waiting = list(rows[whole:])
        else:
            self._one_by_one(rows)
        if self._written >= _LONG:
            self._ease()

    def finish(self) -> None:
        self._one_by_one(self._waiting)
        for statements in self._dropped.values():
            for statement in statements:
                self._connection.exec_driver_sql(statement)

    def _one_by_one(self, rows: Sequence[tuple[Any, ...]]) -> None:
        if rows:
            self._connection.exec_driver_sql(self._statement + self._row, list(rows))

    def _ease(self) -> None:
        """Drop what is asked or kept row by row, to be made again at the end.

        Nobody sees the table without it: it is dropped in this transaction, and is there again
        when that ends, however it does. What the trigger asks of each row is so by the statement
        that puts it in; the indexes go where the table grows to many times its size.
        """
        if "trigger" not in self._dropped:
            self._drop("trigger", "name LIKE '%_with_its_submission'")
        if self._before is None:
            held = select(func.sum(submission.c.row_count))
            self._before = self._connection.execute(held).scalar() or 0
        if "index" not in self._dropped and self._written >= self._before:
            self._drop("index", "name NOT LIKE '%corrects%'")

    def _drop(self, kind: str, named: str) -> None:
        found = self._connection.exec_driver_sql(
            "SELECT name, sql FROM sqlite_master WHERE type = ? AND tbl_name = ?"  # noqa: S608
            f" AND sql IS NOT NULL AND {named}",
            (kind, self._table.name),
        ).all()
        for name, _ in found:
            self._connection.exec_driver_sql(f"DROP {kind} {name}")
        self._dropped[kind] = [statement for _, statement in found]


class _IntoServer(Bulk):
    """PostgreSQL's COPY, in its text form."""

    def finish(self) -> None:
        """Leave the table: nothing but its rows was changed."""

    def write(self, rows: Sequence[tuple[Any, ...]]) -> None:
        if not rows:
            return
        told = ("\t".join(map(_copied, row)) for row in rows)
        text = "".join(f"{self._number}\t{row}\n" for row in told)
        columns = ", ".join(("submission_id", *self._told))
        statement = f"COPY {self._table.name} ({columns}) FROM STDIN"
        dialect = self._connection.dialect
        driver: Any = self._connection.connection.driver_connection
        try:
            with driver.cursor() as cursor, cursor.copy(statement) as copy:
                copy.write(text)
        except dialect.loaded_dbapi.Error as error:
            gone = dialect.is_disconnect(error, driver, None)
            raised = DBAPIError.instance(
                statement,
                None,
                error,
                dialect.loaded_dbapi.Error,
                hide_parameters=True,
                connection_invalidated=gone,
                dialect=dialect,
            )
            if gone:
                self._connection.invalidate(raised)
            raise raised from error


_ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def _copied(value: object) -> str:
    """Return a value as COPY reads it."""
    if value is None:
        return "\\N"
    return str(value).translate(_ESCAPED) if isinstance(value, str) else str(value)
