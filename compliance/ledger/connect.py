"""Opening the database: where it is, how it is opened, and what is said when it cannot be."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from platformdirs import user_data_path
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import NullPool

from compliance.values.errors import LedgerError

FILE_NAME = "compliance.db"
ENVIRONMENT = "COMPLIANCE_DB"

# How long a writer waits for another to finish before it gives up.
_WAIT_SECONDS = 60


def locate(given: str | None) -> URL:
    """Return the database to use: the one given, else the one here, else the user's own.

    Args:
        given: a database URL or the path of an SQLite file; ``None`` takes the environment's
            ``COMPLIANCE_DB``, then ``compliance.db`` in the working directory if it is there,
            then the one in the user's data folder.

    Raises:
        LedgerError: the text is neither a URL this program can open nor a path.
    """
    given = given or os.environ.get(ENVIRONMENT)
    if given:
        return _url(given)
    here = Path.cwd() / FILE_NAME
    if here.exists():
        return _sqlite_url(here)
    return _sqlite_url(user_data_path("compliance", appauthor=False) / FILE_NAME)


def _url(given: str) -> URL:
    if "://" not in given:
        return _sqlite_url(Path(given))
    try:
        url = make_url(given)
    except (ArgumentError, ValueError):
        raise LedgerError(
            "the database URL cannot be read", todo="write a file name, or sqlite:///FILE"
        ) from None
    if url.get_backend_name() != "sqlite":
        raise LedgerError(
            f"databases of the kind '{url.get_backend_name()}' are not supported yet",
            todo="use an SQLite file",
        )
    if not url.database or url.database == ":memory:":
        raise LedgerError("the database URL names no file", todo="write sqlite:///FILE")
    return url


def _sqlite_url(path: Path) -> URL:
    return URL.create("sqlite", database=str(path.absolute()))


def shown(url: URL) -> str:
    """Return the database's name for people, without any password."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    return url.render_as_string(hide_password=True)


def path_of(url: URL) -> Path:
    """Return the file of an SQLite database."""
    return Path(str(url.database))


def open_engine(url: URL, *, writing: bool, creating: bool = False) -> Engine:
    """Return an engine on the database.

    A reading engine cannot write. A writing one takes the write lock when its transaction begins,
    so that two writers follow one another and neither sees the other's half.

    Raises:
        LedgerError: the file is not there.
    """
    path = path_of(url)
    if not creating and not path.is_file():
        raise LedgerError(
            f"there is no database at {path}",
            todo="make one with the published figures: compliance db init",
        )
    engine = create_engine(url, poolclass=NullPool, connect_args={"timeout": _WAIT_SECONDS})

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        # The driver's own BEGIN comes too late and cannot take the write lock: do it ourselves.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA synchronous = FULL")
        if not writing:
            cursor.execute("PRAGMA query_only = ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine
