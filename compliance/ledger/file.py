"""A ledger in a file: where it is, and how the standard library's driver is to treat it.

Nothing here needs SQLAlchemy, which takes longer to load than most questions to answer.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from compliance.resources import user_data
from compliance.values.errors import LedgerError

if TYPE_CHECKING:
    import sqlite3

FILE_NAME = "compliance.db"
ENVIRONMENT = "COMPLIANCE_DB"

WAIT_SECONDS = 60
"""How long a program waits for another to finish before it gives up."""

_URL = "sqlite:///"


def meant(given: str | None) -> Path | str:
    """Return the file that is meant, or the URL of what is not plainly a file.

    Args:
        given: a database URL or the path of an SQLite file; ``None`` takes the environment's
            ``COMPLIANCE_DB``, then ``compliance.db`` in the working directory if it is there,
            then the one in the user's data folder.
    """
    given = given or os.environ.get(ENVIRONMENT)
    if not given:
        here = Path.cwd() / FILE_NAME
        if here.exists():
            return here
        return user_data() / FILE_NAME
    if "://" not in given:
        return Path(given).absolute()
    path = given.removeprefix(_URL)
    if path in {given, "", ":memory:"} or "?" in path or "%" in path:
        return given  # not plainly: that is for who reads URLs whole
    return Path(path)


def refuse_absent(path: Path) -> None:
    """Refuse a file that is not there, which opening it would make.

    Raises:
        LedgerError: it is not there.
    """
    if not path.is_file():
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
    if not writing:
        connection.execute("PRAGMA query_only = ON")
