"""A ledger copied while others write, and put back: verified each time before it is believed."""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from sqlalchemy import URL

from compliance.ledger.connect import WAIT_SECONDS, is_file, path_of, shown
from compliance.ledger.damage import Verification
from compliance.ledger.placing import keep_name, move_into_place, partial_of, remove
from compliance.ledger.refusals import advice
from compliance.ledger.schema import open_ledger
from compliance.ledger.verify import Progress, verify
from compliance.values.errors import LedgerError


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back.

    Attributes:
        verification: of what is in place now.
        kept: where the database that was replaced is kept, if it held what the backup lacks.
    """

    verification: Verification
    kept: Path | None


def backup(
    url: URL, file: Path, *, replace: bool = False, progress: Progress | None = None
) -> Verification:
    """Copy a ledger to a file, while others may read and write it.

    The copy is verified, and only then given its name: whole, or not there.

    Args:
        url: the ledger.
        file: where the copy is to be.
        replace: take the place of a file that is there.
        progress: of the verification.

    Returns:
        What was verified; its ``head`` is worth keeping elsewhere.

    Raises:
        LedgerError: the ledger cannot be read or is damaged, or the file is there already or
            cannot be written. Nothing was changed.
    """
    _files_only(url, "pg_dump --format=custom")
    target = file.absolute()
    if target.exists() and not replace:
        raise LedgerError(
            f"{target} is there already and is left as it is",
            todo="name another file, or say that it is to be replaced",
        )
    if target.exists() and target.samefile(path_of(url)):
        raise LedgerError(f"{target} is the ledger itself", todo="name another file")
    open_ledger(url, writing=False).dispose()
    with _partial(target) as partial:
        _copy(path_of(url), partial)
        result = _verified(partial, f"no backup was made: {shown(url)}", progress)
        if not _holds(path_of(url), result.submissions, result.head):
            raise LedgerError(f"no backup was made: {shown(url)} was replaced meanwhile")
        if replace:
            partial.replace(target)
            keep_name(target)
        else:
            move_into_place(partial, target)
    return result


def restore(
    file: Path, url: URL, *, discard: bool = False, progress: Progress | None = None
) -> Restored:
    """Put a backup in the place of a ledger.

    Args:
        file: the backup.
        url: the ledger, which need not be there.
        discard: replace it even where it holds submissions that the backup lacks, or cannot be
            read. It is then kept beside, under another name.
        progress: of the verification.

    Raises:
        LedgerError: the backup is damaged, or the ledger holds what would be lost, or is in use.
            Nothing was changed.
    """
    _files_only(url, "pg_restore")
    backup_url = URL.create("sqlite", database=str(file.absolute()))
    open_ledger(backup_url, writing=False).dispose()
    target = path_of(url)
    if target.exists() and target.samefile(file):
        raise LedgerError(f"{target} is the backup itself", todo="name another file")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LedgerError(f"the folder {target.parent} cannot be made: {error}") from None
    with _partial(target) as partial:
        _copy(file, partial)
        result = _verified(partial, f"nothing was restored: {file}", progress)
        if not target.exists():
            move_into_place(partial, target)
            return Restored(result, None)
        with _locked(target) as lock:
            lost = _lost(lock, partial)
            if lost and not discard:
                raise LedgerError(
                    f"nothing was restored: {target} {lost}",
                    todo="make a backup of it first, or say that this is to be discarded",
                )
            kept = _set_aside(target, lock) if lost else None
            _replace(partial, target, lock)
    return Restored(result, kept)


def _files_only(url: URL, instead: str) -> None:
    if not is_file(url):
        raise LedgerError(
            f"{shown(url)} is on a server, which has its own backups",
            todo=f"use {instead}, then: compliance history verify",
        )


@contextmanager
def _partial(target: Path) -> Iterator[Path]:
    try:
        partial = partial_of(target)
        try:
            yield partial
        finally:
            remove(partial)
    except OSError as error:
        raise LedgerError(f"{target} cannot be written: {error}") from None


def _copy(source: Path, partial: Path) -> None:
    """Copy a database as it is at one moment; writers wait for the copy, and it for them."""
    try:
        with (
            closing(sqlite3.connect(source, timeout=WAIT_SECONDS)) as theirs,
            closing(sqlite3.connect(partial)) as ours,
        ):
            theirs.backup(ours, progress=_patience(source))
    except sqlite3.Error as error:
        raise LedgerError(
            f"{source} cannot be copied to {partial.parent}: {error}", todo=advice(error)
        ) from None


def _patience(source: Path) -> Callable[[int, int, int], None]:
    """Return what ends the wait for a writer that does not finish; the copy itself never would."""
    until = time.monotonic() + WAIT_SECONDS

    def check(state: int, _remaining: int, _total: int) -> None:
        if state in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED} and time.monotonic() > until:
            raise LedgerError(f"{source} is in use", todo="run the command again")

    return check


def _verified(partial: Path, failed: str, progress: Progress | None) -> Verification:
    engine = open_ledger(URL.create("sqlite", database=str(partial)), writing=False)
    try:
        with engine.connect() as connection:
            result = verify(connection, progress=progress)
    finally:
        engine.dispose()
    if result.broken is not None:
        raise LedgerError(f"{failed} is damaged: {result.broken.message}")
    if result.unguarded:
        raise LedgerError(f"{failed} is not append-only: it lacks {', '.join(result.unguarded)}")
    if result.kept is not None:
        raise LedgerError(
            f"{failed} has wrong balances: {result.kept.message}",
            todo="make them anew, with --db FILE: compliance history verify --renew-balances",
        )
    return result


def _holds(path: Path, number: int, sha256: str) -> bool:
    """True where a ledger has that submission at that place: a copy of it is of its past."""
    with closing(sqlite3.connect(path, timeout=WAIT_SECONDS)) as connection:
        found = connection.execute("SELECT sha256 FROM submission WHERE id = ?", [number])
        return number == 0 or found.fetchone() == (sha256,)


@contextmanager
def _locked(target: Path) -> Iterator[sqlite3.Connection | None]:
    """Keep others from a database; ``None`` where it is not one that can be read."""
    with closing(sqlite3.connect(target, timeout=WAIT_SECONDS, isolation_level=None)) as connection:
        try:
            # No log or journal may be left behind, to be played into what takes its place.
            connection.execute("PRAGMA journal_mode = DELETE")
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("SELECT COUNT(*) FROM submission")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
                raise LedgerError(
                    f"nothing was restored: {target} is in use", todo="run the command again"
                ) from None
            yield None
        except sqlite3.DatabaseError:
            yield None
        else:
            yield connection


def _lost(lock: sqlite3.Connection | None, partial: Path) -> str:
    """Say what would be lost with the database in place, or nothing."""
    if lock is None:
        return "cannot be read as a ledger, so what it holds is not known"
    with closing(sqlite3.connect(partial)) as copied:
        chain = "SELECT id, sha256 FROM submission ORDER BY id"
        theirs = iter(copied.execute(chain))
        for mine in lock.execute(chain):
            if mine != next(theirs, None):
                (last,) = lock.execute("SELECT MAX(id) FROM submission").fetchone()
                which = f"submission {last}" if last == mine[0] else f"submissions {mine[0]}-{last}"
                return f"holds what the backup lacks: {which}"
    return ""


def _set_aside(target: Path, lock: sqlite3.Connection | None) -> Path:
    """Keep the database that is to be replaced, and whatever belongs to it, under another name."""
    kept = next(
        name
        for number in count(1)
        if not (name := target.with_name(f"{target.name}.replaced-{number}")).exists()
    )
    try:
        # What is replaced lives on under its second name.
        os.link(target, kept)
    except OSError:
        # File systems without links. To open and close the file here would end the lock.
        if lock is not None:
            kept.write_bytes(lock.serialize())
        else:
            shutil.copy2(target, kept)
    for ending in ("-journal", "-wal", "-shm"):
        beside = Path(f"{target}{ending}")
        if beside.exists():
            beside.replace(f"{kept}{ending}")
    return kept


def _replace(partial: Path, target: Path, lock: sqlite3.Connection | None) -> None:
    try:
        partial.replace(target)
    except PermissionError:
        # Some systems replace no file that is open, and the lock is one of those that have it so.
        if lock is None or os.name == "posix":
            raise
        lock.close()
        partial.replace(target)
    keep_name(target)
