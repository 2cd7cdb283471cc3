"""Many rows put into a table at once, as fast as its database takes them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import DBAPIError

from compliance.ledger.many_rows import ManyRows
from compliance.ledger.tables import holding, movement_row, submission
from compliance.values.records import Holding, Movement

_TABLES = {Holding: holding, Movement: movement_row}

_DATES = {Holding: ("as_of_first", "as_of_last"), Movement: ("date_first", "date_last")}

# What every row has of its own after its line and dates.
_OWN = ("quantity_low", "quantity_high", "basis", "source", "note", "ref")

# Of an import that is longer than this, and than what the ledger held, each index is made anew at
# the end: sorted at once it costs less than row by row.
_LONG = 2_000


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
    """SQLite."""

    def __init__(self, connection: Connection, number: int, kind: type) -> None:
        super().__init__(connection, number, kind)
        columns = ", ".join((*self._told, "submission_id"))
        row = f"({', '.join('?' * len(self._told))}, {number})"
        self._rows = ManyRows(connection, f"{self._table.name} ({columns})", row)
        self._waiting: list[tuple[Any, ...]] = []
        self._written = 0
        self._before: int | None = None
        self._dropped: dict[str, list[str]] = {}

    def write(self, rows: Sequence[tuple[Any, ...]]) -> None:
        self._written += len(rows)
        if "trigger" not in self._dropped:
            # With the trigger there, SQLite would keep all rows of a statement aside first.
            self._rows.put_singly(rows)
        elif rows:
            # Too few for a statement of many wait for the next ones.
            self._waiting = self._rows.put([*self._waiting, *rows])
        if self._written >= _LONG:
            self._ease()

    def finish(self) -> None:
        self._rows.put_singly(self._waiting)
        for statements in self._dropped.values():
            for statement in statements:
                self._connection.exec_driver_sql(statement)

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
            # What keeps only a few of the rows costs less than to look for these in all rows.
            self._drop("index", "sql NOT LIKE '% WHERE %'")

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
