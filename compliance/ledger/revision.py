"""The schema's revision that this program reads and writes."""

from __future__ import annotations

from compliance.values.errors import LedgerError

HEAD = "0003"
"""A test holds it equal to the newest migration."""

FIND = "SELECT version_num FROM alembic_version"
"""Asks a ledger for its revision; Alembic keeps it so."""


def check(found: str | None, name: str) -> None:
    """Refuse a database whose revision is not this program's.

    Args:
        found: its revision, or ``None`` where it is no ledger of ours.
        name: the database's, for people.

    Raises:
        LedgerError: not a ledger, older or newer than this program.
    """
    if found is None:
        raise LedgerError(
            f"{name} is a database, but not a ledger of this program",
            todo="name another file with --db, or make one: compliance db init",
        )
    if found != HEAD:
        older = found < HEAD
        raise LedgerError(
            f"{name} is at revision {found}, this program works with {HEAD}",
            todo="run: compliance db upgrade" if older else "install a newer version of compliance",
        )
