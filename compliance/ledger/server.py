"""PostgreSQL: how it is opened, and how a whole ledger is made in one transaction."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from sqlalchemy import URL, Connection, Engine, Pool, create_engine, event, inspect, text
from sqlalchemy.pool import NullPool, StaticPool

from compliance.ledger.file import WAIT_SECONDS
from compliance.ledger.tables import metadata
from compliance.values.errors import LedgerError

SERVER = "postgresql+psycopg"
"""What the URL of a database on a server begins with."""

# Held by whoever writes, until the transaction ends. It needs no right to change any table, which
# a lock of one would need. The number is the ledger's own among the locks of its database.
_WRITE_LOCK = 0x666C6F72


def open_server(url: URL, *, writing: bool, pool: type[Pool] = NullPool) -> Engine:
    """Return an engine on a database on a server; see ``connect.open_engine``.

    A reading transaction sees one state of the ledger, however long it takes.

    Raises:
        LedgerError: the driver is not installed.
    """
    # Of a lost connection the driver would also tell on the screen what the error says already.
    logging.getLogger("psycopg").addHandler(logging.NullHandler())
    wait = {} if "connect_timeout" in url.query else {"connect_timeout": 10}
    try:
        engine = create_engine(
            url,
            poolclass=pool,
            pool_reset_on_return=None if pool is StaticPool else "rollback",
            connect_args={**wait, "client_encoding": "utf8"},
            hide_parameters=True,
        )
    except ImportError:
        raise LedgerError(
            "the driver for PostgreSQL is not installed",
            todo="install it: pip install 'compliance[postgresql]'",
        ) from None

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        if writing:
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{WAIT_SECONDS}s'")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITE_LOCK})")
        else:
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")

    return engine


@contextmanager
def in_one_transaction(url: URL) -> Iterator[Engine]:
    """Give out an engine all of whose transactions take effect together, at the end, or not at all.

    Raises:
        LedgerError: the driver is not installed, or the connection was lost at the end.
    """
    engine = open_server(url, writing=True, pool=StaticPool)
    try:
        # The first connection asks the server for its version and ends that transaction itself.
        engine.connect().close()
        connection: Any = engine.raw_connection().driver_connection
        engine.dialect.do_commit = _not_yet  # type: ignore[method-assign]
        try:
            yield engine
        except BaseException:
            # Where the connection is lost, the server takes everything back by itself.
            with suppress(engine.dialect.loaded_dbapi.Error):
                connection.rollback()
            raise
        try:
            connection.commit()
        except engine.dialect.loaded_dbapi.Error as error:
            raise LedgerError(
                f"the connection was lost at the end: {str(error).partition(chr(10))[0]}",
                todo="see whether the ledger was made: compliance db status",
            ) from error
    finally:
        engine.dispose()


def _not_yet(dbapi_connection: object) -> None:
    """Leave a commit to the end."""


def refuse_unless_free(connection: Connection, name: str) -> None:
    """Refuse a database in which no ledger can be made.

    Raises:
        LedgerError: there is one already, or something of the same name, or not every text could
            be kept in it.
    """
    there = set(inspect(connection).get_table_names()) & {"alembic_version", *metadata.tables}
    if there:
        raise LedgerError(
            f"{name} holds a ledger already, or tables named as a ledger's "
            f"({', '.join(sorted(there))}), and is left as it is",
            todo="name another database with --db, or look at it: compliance db status",
        )
    encoding = connection.execute(text("SHOW server_encoding")).scalar()
    if encoding != "UTF8":
        raise LedgerError(
            f"{name} keeps text as {encoding}, in which not every text can be kept",
            todo="create the database with ENCODING 'UTF8'",
        )
