"""Many rows by one statement, which an SQLite file takes faster than row by row."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from itertools import chain
from typing import Any

from sqlalchemy import Connection

# So many rows are put in by one statement.
_TOGETHER = 500


class ManyRows:
    """Puts rows into a table of an SQLite file.

    The statement gives up the whole transaction where it fails, so that SQLite need not be able
    to take back each row by itself; that doubles the speed.
    """

    def __init__(self, connection: Connection, table: str, row: str, *, more: str = "") -> None:
        """Make the statements.

        Args:
            connection: a writing connection, in its transaction.
            table: the table and its columns, in brackets.
            row: a row of values, in brackets: each one told is a question mark.
            more: what follows after the values.
        """
        self._connection = connection
        self._begin = f"INSERT OR ROLLBACK INTO {table} VALUES "  # noqa: S608 - names of the schema
        self._row, self._more = row, more
        driver: Any = connection.connection.driver_connection
        marks = driver.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER)
        self._size = max(1, min(_TOGETHER, marks // row.count("?")))
        self._many = self._begin + ", ".join([row] * self._size) + more

    def put(self, rows: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        """Put in as many rows as whole statements take, and return those that are left."""
        whole = len(rows) // self._size * self._size
        for start in range(0, whole, self._size):
            values = tuple(chain.from_iterable(rows[start : start + self._size]))
            self._connection.exec_driver_sql(self._many, values)
        return list(rows[whole:])

    def put_singly(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """Put rows in one by one."""
        if rows:
            statement = self._begin + self._row + self._more
            self._connection.exec_driver_sql(statement, list(rows))
