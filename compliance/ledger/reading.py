"""Reading a ledger: plain SQL that a file's and a server's database understand alike.

SQLAlchemy defines the schema, migrates, writes, and speaks to servers. To load it takes longer
than to answer most questions about a ledger in a file, so what those need is asked in SQL of their
own, of the standard library's driver. Values never become part of a statement; what a statement is
put together from are constants of this program.
"""

from __future__ import annotations

import re
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any

from compliance.ledger import file, revision
from compliance.values.errors import LedgerError

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection
    from sqlalchemy.exc import DBAPIError

Value = str | int | date
Row = Sequence[Any]

_NAME = re.compile(r"(?<![:\w]):([a-z_]+)\b")

# So many rows are read at once where they are handed out as they are read.
_BATCH = 500


class Reading(ABC):
    """One state of a ledger, to be asked about.

    A statement names what it is about as ``:name``. The name of a list of values stands for the
    values, ``IN (:names)``, and matches nothing where there are none; that of a list of rows for
    the rows, ``VALUES :names``. Dates come as the database gives them: ``stored.date_of`` reads
    both.
    """

    @abstractmethod
    def rows(self, sql: str, /, **values: Value | Sequence[Any]) -> Sequence[Row]:
        """Return the rows that a statement finds."""

    @abstractmethod
    def stream(self, sql: str, /, **values: Value | Sequence[Any]) -> Iterator[Row]:
        """Yield the rows that a statement finds as they are read: they may be very many."""

    @property
    @abstractmethod
    def connection(self) -> Connection:
        """The same state for what asks through SQLAlchemy, which is loaded for it."""


class _OfConnection(Reading):
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def rows(self, sql: str, /, **values: Value | Sequence[Any]) -> Sequence[Row]:
        from sqlalchemy import text

        written, single = _spread(sql, values)
        return self._connection.execute(text(written), single).all()

    def stream(self, sql: str, /, **values: Value | Sequence[Any]) -> Iterator[Row]:
        from sqlalchemy import text

        written, single = _spread(sql, values)
        options = {"yield_per": _BATCH}
        with self._connection.execute(text(written), single, execution_options=options) as found:
            yield from found

    @property
    def connection(self) -> Connection:
        return self._connection


class _OfFile(Reading):
    def __init__(self, opened: sqlite3.Connection) -> None:
        self._opened = opened
        self._connection: Connection | None = None

    def rows(self, sql: str, /, **values: Value | Sequence[Any]) -> Sequence[Row]:
        return self._execute(sql, values).fetchall()

    def stream(self, sql: str, /, **values: Value | Sequence[Any]) -> Iterator[Row]:
        return self._execute(sql, values)

    def _execute(self, sql: str, values: Mapping[str, Any]) -> sqlite3.Cursor:
        written, single = _spread(sql, values)
        return self._opened.execute(
            written,
            {
                name: value.isoformat() if isinstance(value, date) else value
                for name, value in single.items()
            },
        )

    @property
    def connection(self) -> Connection:
        if self._connection is None:
            from sqlalchemy import StaticPool, create_engine

            engine = create_engine("sqlite://", creator=lambda: self._opened, poolclass=StaticPool)
            # The transaction is this reading's, begun before and ended by it.
            engine.dialect.do_rollback = _leave  # type: ignore[method-assign]
            self._connection = engine.connect()
        return self._connection

    def refusals(self) -> tuple[type[sqlite3.Error | DBAPIError], ...]:
        """Return what a database that cannot be read raises."""
        if self._connection is None:
            return (sqlite3.DatabaseError,)
        from sqlalchemy.exc import DatabaseError

        return sqlite3.DatabaseError, DatabaseError


def over(connection: Connection) -> Reading:
    """Return what reads in the transaction of a connection."""
    return _OfConnection(connection)


@contextmanager
def reading(given: str | None) -> Iterator[Reading]:
    """Open a ledger for reading.

    Args:
        given: where it is; see ``file.meant``.

    Raises:
        LedgerError: it is absent, at another revision, or cannot be read.
    """
    found = file.meant(given)
    if file.is_path(found):
        with _file(found) as opened:
            yield opened
        return
    from compliance.ledger.connect import is_file, locate, path_of

    url = locate(given)
    with _file(str(path_of(url))) if is_file(url) else _server(url) as opened:
        yield opened


@contextmanager
def _file(path: str) -> Iterator[Reading]:
    file.refuse_absent(path)
    try:
        opened = sqlite3.connect(path, timeout=file.WAIT_SECONDS)
    except sqlite3.Error as error:
        raise _no_database(path, error) from None
    with closing(opened):
        _begin(path, opened)
        found = _OfFile(opened)
        try:
            yield found
        except found.refusals() as error:
            raise _refused(f"{path} cannot be read", error) from error


def _begin(path: str, opened: sqlite3.Connection) -> None:
    try:
        file.prepare(opened, writing=False)
        opened.execute("BEGIN")
        found = opened.execute(revision.FIND).fetchone()
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_ERROR:
            raise _no_database(path, error) from None
        found = None  # there is no such table, or none like Alembic's
    revision.check(found[0] if found and isinstance(found[0], str) else None, path)


def _no_database(path: str, error: sqlite3.Error) -> LedgerError:
    return _refused(f"{path} cannot be read as a database", error)


def _refused(what: str, error: sqlite3.Error | DBAPIError) -> LedgerError:
    from compliance.ledger.refusals import refused  # which knows much, and is seldom asked

    return refused(what, error)


@contextmanager
def _server(url: URL) -> Iterator[Reading]:
    from sqlalchemy.exc import DatabaseError

    from compliance.ledger.connect import shown
    from compliance.ledger.schema import open_ledger

    engine = open_ledger(url, writing=False)
    try:
        with engine.connect() as connection:
            yield over(connection)
    except DatabaseError as error:
        raise _refused(f"{shown(url)} cannot be read", error) from error
    finally:
        engine.dispose()


def _leave(dbapi_connection: object) -> None:
    """Leave the transaction as it is."""


def _spread(sql: str, values: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return a statement with a name for each single value, and the values by name."""
    single: dict[str, Any] = {}

    def written(found: re.Match[str]) -> str:
        name = found[1]
        value = values[name]
        if isinstance(value, list | tuple):
            return _list(name, value, single) or "NULL"
        single[name] = value
        return f":{name}"

    return _NAME.sub(written, sql), single


def _list(name: str, items: Sequence[Any], single: dict[str, Any]) -> str:
    names = []
    for number, item in enumerate(items):
        one = f"{name}_{number}"
        if isinstance(item, tuple):
            names.append(f"({_list(one, item, single)})")
        else:
            single[one] = item
            names.append(f":{one}")
    return ", ".join(names)
