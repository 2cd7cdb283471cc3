"""What a database says when it refuses, and what its user can do about it."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from compliance.values.errors import LedgerError

if TYPE_CHECKING:
    from sqlalchemy.exc import DBAPIError

_AGAIN = "then run the command again"

# By the primary code of SQLite's error.
_FILE = {
    sqlite3.SQLITE_FULL: f"make room on the disk that keeps the database, {_AGAIN}",
    sqlite3.SQLITE_READONLY: "see that you may write the database's file and its folder, or name "
    "another with --db",
    sqlite3.SQLITE_BUSY: f"another program is using the database: wait for it to end, {_AGAIN}",
    sqlite3.SQLITE_LOCKED: f"another program is using the database: wait for it to end, {_AGAIN}",
    sqlite3.SQLITE_IOERR: "the disk took or gave no more: make room and see that it is sound, "
    "then run: compliance history verify",
    sqlite3.SQLITE_CANTOPEN: "see that the database's folder is there and that you may write both",
    sqlite3.SQLITE_CORRUPT: "the file is damaged: put a backup back with compliance db restore",
    sqlite3.SQLITE_NOTADB: "name the ledger's file with --db; if this is it, it is damaged: put a "
    "backup back with compliance db restore",
}

_LOST = f"the connection to the server was lost: see that the server runs, {_AGAIN}"
_RIGHTS = "ask the ledger's owner for the right: compliance db grant reader|recorder|owner USER"

# By the code of PostgreSQL's error, or its first two characters, which are the error's class.
_SERVER = {
    "08": _LOST,
    "25006": "this server only reads, as a replica does: name the one that takes writes with --db",
    "28": "see that user and password are right; the password can stand in PGPASSWORD or ~/.pgpass",
    "40": f"others were at work on the same rows: {_AGAIN.removeprefix('then ')}",
    "42501": _RIGHTS,
    "53100": f"make room on the server's disk, {_AGAIN}",
    "53300": f"the server has no connection left: wait for others to end, {_AGAIN}",
    "55P03": f"somebody else is recording: wait for them to end, {_AGAIN}",
    "57P": _LOST,
    "58": "the server's disk or system failed: see to it, then run: compliance history verify",
}
_NO_SERVER = (
    "see that the server runs and that host, port, database, user and password are right; the "
    "password can stand in PGPASSWORD or ~/.pgpass"
)


def reason(error: DBAPIError | sqlite3.Error) -> str:
    """Return what the database said, in one line."""
    return str(_said(error)).partition("\n")[0]


def _said(error: DBAPIError | sqlite3.Error) -> BaseException | None:
    """Return the driver's own error."""
    return error if isinstance(error, sqlite3.Error) else error.orig


def advice(error: BaseException | None) -> str:
    """Return what to do about a driver's error, or nothing where there is nothing to say."""
    if isinstance(error, sqlite3.Error):
        return _FILE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF, "")
    state = getattr(error, "sqlstate", None)
    if state is None:
        return ""
    return next((_SERVER[key] for n in (5, 3, 2) if (key := state[:n]) in _SERVER), "")


def lost(error: DBAPIError) -> bool:
    """True where the connection to a server ended under what was being done."""
    return error.connection_invalidated


def refused(what: str, error: DBAPIError | sqlite3.Error) -> LedgerError:
    """Return the error to raise: what became of the work, why, and what to do about it.

    Args:
        what: what did not happen, as "nothing was recorded".
        error: what the database said.
    """
    said = _said(error)
    todo = advice(said)
    if not todo and not isinstance(error, sqlite3.Error):
        if lost(error):
            todo = _LOST
        elif error.statement is None and not isinstance(said, sqlite3.Error):
            todo = _NO_SERVER
    return LedgerError(f"{what}: {reason(error)}", todo=todo)
