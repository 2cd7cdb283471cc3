"""A ledger with its guards off: what somebody could do who has the database in his hands."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL, Connection, event, text

from compliance.ledger.connect import open_engine


@contextmanager
def unguarded(url: URL, *, keep: bool = False) -> Iterator[Connection]:
    """Open a ledger with its guards off, for as long as this lasts."""
    engine = open_engine(url, writing=True)
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def _alone(client: sqlite3.Connection, _record: object) -> None:
            client.execute("PRAGMA foreign_keys = OFF")

    with engine.connect() as connection:
        again: list[str] = []
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
            query = text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            for name, sql in connection.execute(query).all():
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
                again.append(sql)
        else:
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        yield connection
        if keep:
            for sql in again:
                connection.exec_driver_sql(sql)
            connection.commit()
        else:
            connection.rollback()
    engine.dispose()
