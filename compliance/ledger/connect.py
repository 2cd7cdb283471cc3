"""Opening the database: where it is, how it is opened, and what is said when it cannot be."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from compliance.ledger.file import WAIT_SECONDS, is_path, meant, prepare, refuse_absent
from compliance.ledger.server import SERVER, open_server
from compliance.values.errors import LedgerError

__all__ = ["WAIT_SECONDS", "is_file", "locate", "open_engine", "path_of", "shown"]

_FILE = "compliance.file"


def locate(given: str | None) -> URL:
    """Return the database to use: the one given, else the one here, else the user's own.

    Args:
        given: a database URL or the path of an SQLite file; see ``file.meant``.

    Raises:
        LedgerError: the text is neither a URL this program can open nor a path.
    """
    found = meant(given)
    if is_path(found):
        return URL.create("sqlite", database=found)
    return _url(found)


def _url(given: str) -> URL:
    try:
        url = make_url(given)
    except (ArgumentError, ValueError):
        raise LedgerError(
            "the database URL cannot be read", todo="write a file name, or sqlite:///FILE"
        ) from None
    if url.drivername == SERVER:
        if not url.database:
            raise LedgerError(
                "the database URL names no database", todo=f"write {SERVER}://USER@HOST/DATABASE"
            )
        return url
    if not is_file(url):
        raise LedgerError(
            f"databases of the kind '{url.drivername}' are not supported",
            todo=f"use an SQLite file, or {SERVER}://USER@HOST/DATABASE",
        )
    if not url.database or url.database == ":memory:":
        raise LedgerError("the database URL names no file", todo="write sqlite:///FILE")
    return url


def is_file(url: URL) -> bool:
    """True where the database is a file, not on a server."""
    return url.get_backend_name() == "sqlite"


def shown(url: URL) -> str:
    """Return the database's name for people, without any password."""
    if is_file(url):
        return str(url.database)
    # A password can stand among the options as well: of those only the place is shown.
    place = {name: value for name, value in url.query.items() if name in {"host", "port"}}
    return url.set(query=place).render_as_string(hide_password=True)


def path_of(url: URL) -> Path:
    """Return the file of an SQLite database."""
    return Path(str(url.database))


def open_engine(url: URL, *, writing: bool, creating: bool = False) -> Engine:
    """Return an engine on the database.

    A reading engine cannot write. A writing one takes the write lock when its transaction begins,
    so that two writers follow one another and neither sees the other's half.

    Raises:
        LedgerError: the file is not there, or the server's driver is not installed.
    """
    if not is_file(url):
        return open_server(url, writing=writing)
    path = path_of(url)
    if not creating:
        refuse_absent(path)
    engine = create_engine(url, poolclass=NullPool, connect_args={"timeout": WAIT_SECONDS})

    @event.listens_for(engine, "do_connect")
    def _note_file(
        _dialect: object, record: ConnectionPoolEntry, _args: object, _named: object
    ) -> None:
        record.info[_FILE] = _identity(path)

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        prepare(connection, writing=writing)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
        opened = connection.info.get(_FILE)
        if writing and opened is not None and opened != _identity(path):
            # Restored meanwhile: what is written now would go to a file without a name.
            raise LedgerError(
                f"{path} was replaced by another process meanwhile; nothing was recorded",
                todo="run the command again",
            )

    return engine


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
