"""A ledger in a file: where it is, and how the standard library's driver is to treat it.

Nothing here needs SQLAlchemy, which takes longer to load than most questions to answer.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from compliance.resources import user_data
from compliance.values.errors import LedgerError

if TYPE_CHECKING:
    import sqlite3
    from os import PathLike

FILE_NAME = "compliance.db"
ENVIRONMENT = "COMPLIANCE_DB"

WAIT_SECONDS = 60
"""How long a program waits for another to finish before it gives up."""

_URL = "sqlite:///"


def meant(given: str | None) -> str:
    """Return the path of the file that is meant, or the URL of what is not plainly a file.

    Args:
        given: a database URL or the path of an SQLite file; ``None`` takes the environment's
            ``COMPLIANCE_DB``, then ``compliance.db`` in the working directory if it is there,
            then the one in the user's data folder.
    """
    given = given or os.environ.get(ENVIRONMENT)
    if not given:
        here = _absolute(FILE_NAME)
        return here if os.path.exists(here) else str(user_data() / FILE_NAME)
    if is_path(given):
        return _absolute(given)
    path = given.removeprefix(_URL)
    if path in {given, "", ":memory:"} or "?" in path or "%" in path or not is_path(path):
        return given  # not plainly: that is for who reads URLs whole
    return path


def is_path(found: str) -> bool:
    """True of the path of a file, false of a URL."""
    return "://" not in found


def _absolute(path: str) -> str:
    absolute = os.path.join(os.getcwd(), path)
    # Above a link is another folder than above its name: what says so stays as it is.
    return absolute if os.pardir in path else os.path.normpath(absolute)


def refuse_absent(path: str | PathLike[str]) -> None:
    """Refuse a file that is not there, which opening it would make.

    Raises:
        LedgerError: it is not there.
    """
    if not os.path.isfile(path):
        raise LedgerError(
            f"there is no database at {path}",
            todo="make one with the published figures: compliance db init",
        )


def prepare(connection: sqlite3.Connection, *, writing: bool) -> None:
    """Set up a connection that was just opened. Its transactions are begun by whoever uses it.

    A reading one cannot write, except to take back what another program left half written.
    """
    # The driver's own BEGIN comes too late and cannot take the write lock: do it ourselves.
    connection.isolation_level = None
    # That rows and their submission stand together is what the triggers see to; to look again
    # at each row would cost as much as to store it.
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("PRAGMA synchronous = FULL")
    if writing:
        # What an index of a long import is made of is sorted while more of it is read.
        connection.execute("PRAGMA threads = 2")
    else:
        connection.execute("PRAGMA query_only = ON")
