"""All rows of the ledger in their order, nothing believed, many at once."""

from __future__ import annotations

import sqlite3
from bisect import bisect_left
from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, nullcontext
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, Table, select
from sqlalchemy.exc import DBAPIError, OperationalError

from compliance.ledger.raw import stored_columns
from compliance.ledger.tables import TABLES, WHOLE_ROWS
from compliance.values.frozen import frozen

BATCH = 500
"""So many rows are looked at together, at most."""

Raw = Sequence[Any]
"""The values of a row as the database gave them."""


@frozen
class Layout:
    """In what order a table's columns are read: first those in which every row is its own.

    After submission and line come dates, amount and what says that a row corrects something; then
    the texts that are a row's own, and its basis; then all that it shares with others, its shape:
    of a movement only the shape's number.

    Attributes:
        table: the table.
        whole: what its rows are read from with all that is said of them.
        names: its columns, in the order in which they are read.
        days: where the first and last day are.
        amount: where the quantity is, and whether it is withheld.
        bound: where it is said what a row corrects and which declaration it belongs to.
        own: where note, ``ref`` and source begin.
        basis: where the basis is, where there is one.
        shape: where the rest is.
    """

    table: Table
    whole: Table
    names: tuple[str, ...]
    days: slice
    amount: slice
    bound: slice
    own: int
    basis: int
    shape: slice


def _layout(table: Table, whole: Table) -> Layout:
    places = ("submission_id", "line")
    every = [column.name for column in table.c]
    days = tuple(name for name in every if name.endswith(("_first", "_last")))
    amount = tuple(n for n in ("quantity_low", "quantity_high", "withheld") if n in table.c)
    bound = tuple(
        n for n in ("corrects_submission", "corrects_line", "declaration_id") if n in table.c
    )
    own = tuple(name for name in ("note", "ref", "source") if name in table.c)
    basis = tuple(name for name in ("basis",) if name in table.c)
    ahead = (*places, *days, *amount, *bound, *own, *basis)
    ends = [len(places), 0, 0, 0]
    for number, some in enumerate((days, amount, bound), start=1):
        ends[number] = ends[number - 1] + len(some)
    return Layout(
        table,
        whole,
        (*ahead, *(name for name in every if name not in ahead)),
        slice(ends[0], ends[1]),
        slice(ends[1], ends[2]),
        slice(ends[2], ends[3]),
        ends[3],
        ends[3] + len(own),
        slice(len(ahead), None),
    )


LAYOUTS = tuple(map(_layout, TABLES, WHOLE_ROWS))
"""One for each table that holds rows."""


class Run(NamedTuple):
    """Rows of one submission that stand in one table and follow each other.

    Attributes:
        submission: the submission, or whatever stands in its place.
        layout: what their columns are.
        rows: the rows, as the database gave them.
        text: False where some text of the table is none.
    """

    submission: Any
    layout: Layout
    rows: Sequence[Raw]
    text: bool

    def stored(self, row: Raw) -> dict[str, Any]:
        """Return a row's columns by name."""
        return dict(zip(self.layout.names, row, strict=True))


def runs(connection: Connection) -> Generator[Run, None, None]:
    """Go through all rows of all submissions in their order."""
    with ExitStack() as open_:
        streams = [open_.enter_context(closing(_Stream(connection, part))) for part in LAYOUTS]
        while True:
            heads = [(stream.head, number) for number, stream in enumerate(streams) if stream.rows]
            if not heads:
                return
            _, first = min(heads)
            limit = min((head for head, number in heads if number != first), default=None)
            yield streams[first].take(limit)


@contextmanager
def any_bytes(connection: Connection) -> Iterator[None]:
    """Let SQLite give bytes that are no text as they are, to be found as an altered row."""
    if connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.driver_connection
    before, driver.text_factory = driver.text_factory, _decoded
    try:
        yield
    finally:
        driver.text_factory = before


def _decoded(stored: bytes) -> str:
    return stored.decode("utf-8", "surrogateescape")


Place = tuple[tuple[bool, Any], ...]


def _place(row: Raw) -> Place:
    """Sort as the database does: numbers first, then whatever else got into the columns."""
    return tuple(
        (not isinstance(value, int), value if isinstance(value, int) else str(value))
        for value in row[:2]
    )


class _Stream:
    """The rows of one table, as far as they are read and not taken yet.

    Attributes:
        rows: the rows read; empty at the end.
        head: the place of the first of them.
    """

    def __init__(self, connection: Connection, layout: Layout) -> None:
        self.rows: Sequence[Raw] = ()
        self.head: Place = ()
        self._layout = layout
        self._connection = connection
        self._text = True
        self._read = 0
        self._parts = self._partitions()
        self._next()

    def take(self, limit: Place | None) -> Run:
        """Return the first rows: of one submission, and up to a place where others go on."""
        rows, number = self.rows, self.rows[0][0]
        if limit is None and rows[-1][0] == number:
            end = len(rows)
        elif isinstance(number, int) and isinstance(rows[0][1], int):
            bound = ((False, number + 1),) if limit is None else min(limit, ((False, number + 1),))
            end = max(1, bisect_left(rows, bound, key=_place))
        else:
            end = 1
        self.rows = rows[end:]
        if self.rows:
            self.head = _place(self.rows[0])
        else:
            self._next()
        return Run(number, self._layout, rows[:end] if end < len(rows) else rows, self._text)

    def close(self) -> None:
        """End what the database has open for it."""
        self._parts.close()

    def _next(self) -> None:
        try:
            self.rows = next(self._parts, ())
        except OperationalError as error:
            if not self._text or not str(error.orig).startswith("Could not decode"):
                raise
            # What was read of this part is lost with it: read it again, more slowly.
            self._text = False
            self._parts = self._partitions()
            self.rows = next(self._parts, ())
        self._read += len(self.rows)
        if self.rows:
            self.head = _place(self.rows[0])

    def _partitions(self) -> Generator[Sequence[Raw], None, None]:
        reading = nullcontext if self._text else partial(any_bytes, self._connection)
        parts = self._of_file() if self._connection.dialect.name == "sqlite" else self._of_server()
        with closing(parts):
            while True:
                with reading():
                    part = next(parts, None)
                if part is None:
                    return
                yield part

    def _of_server(self) -> Generator[Sequence[Raw], None, None]:
        options = {"yield_per": BATCH}
        with self._connection.execute(self._query(), execution_options=options) as found:
            yield from found.partitions()

    def _of_file(self) -> Generator[Sequence[Raw], None, None]:
        """Read without anything between the driver and us: that is a fifth of the time."""
        driver: Any = self._connection.connection.driver_connection
        query = self._query().compile(
            self._connection.engine, compile_kwargs={"literal_binds": True}
        )
        cursor: sqlite3.Cursor = driver.cursor()
        try:
            cursor.execute(str(query))
            while part := cursor.fetchmany(BATCH):
                yield part
        except sqlite3.Error as error:
            raise DBAPIError.instance(str(query), (), error, sqlite3.Error) from error
        finally:
            cursor.close()

    def _query(self) -> Select[Any]:
        table = self._layout.table
        query = select(*stored_columns(table, self._layout.names))
        return query.order_by(table.c.submission_id, table.c.line).offset(self._read or None)
