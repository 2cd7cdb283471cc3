"""The schema's revision: made, upgraded and checked, always by Alembic's migrations."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, inspect, text
from sqlalchemy.exc import DatabaseError, OperationalError, ProgrammingError

from compliance.ledger.connect import is_file, open_engine, path_of, shown
from compliance.ledger.placing import move_into_place, partial_of, remove
from compliance.ledger.refusals import refused
from compliance.ledger.revision import FIND, HEAD, check
from compliance.ledger.server import in_one_transaction, refuse_unless_free
from compliance.values.errors import LedgerError

__all__ = ["HEAD", "create", "open_ledger", "revision_of", "upgrade"]

# From here on an upgrade may take longer than anybody waits without a word.
_MANY_ROWS = 200_000

# What a server says to a user who may not read the table.
_DENIED = "42501"


def revision_of(connection: Connection) -> str | None:
    """Return the database's revision, or ``None`` where it is no ledger of ours."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    try:
        return connection.execute(text(FIND)).scalar()
    except (OperationalError, ProgrammingError) as error:
        if getattr(error.orig, "sqlstate", None) == _DENIED:
            raise
        return None  # a table of that name, but not Alembic's


def _revision_at_once(engine: Engine) -> str | None:
    """Return a ledger's revision by one SELECT, or ``None`` where that does not tell."""
    with engine.connect() as connection, suppress(DatabaseError):
        found = connection.exec_driver_sql(FIND).scalar()
        return found if isinstance(found, str) else None
    return None


def open_ledger(url: URL, *, writing: bool) -> Engine:
    """Return an engine on a ledger of the right revision.

    Raises:
        LedgerError: absent, not a ledger, older or newer than this program.
    """
    engine = open_engine(url, writing=writing)
    try:
        found = _revision_at_once(engine)
        if found is None:
            with engine.connect() as connection:
                found = revision_of(connection)
    except DatabaseError as error:
        what = "cannot be read as a database" if is_file(url) else "cannot be opened"
        raise refused(f"{shown(url)} {what}", error) from None
    check(found, shown(url))
    return engine


def create(url: URL, migrations: Path, fill: Callable[[Engine], None]) -> None:
    """Make a new ledger and fill it, whole or not at all.

    A file is built under another name and moved into place at the end; on a server everything is
    one transaction: an interruption leaves no database that looks finished.

    Args:
        url: where it is to be.
        migrations: the folder of the migrations.
        fill: records the first submissions.

    Raises:
        LedgerError: something is there already.
    """
    if not is_file(url):
        _create_on_server(url, migrations, fill)
        return
    target = path_of(url)
    if target.exists():
        raise LedgerError(
            f"{target} is there already and is left as it is",
            todo="name another file with --db, or look at it: compliance db status",
        )
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LedgerError(f"the folder {target.parent} cannot be made: {error}") from None
    partial = partial_of(target)
    partial_url = url.set(database=str(partial))
    try:
        upgrade(partial_url, migrations, creating=True)
        engine = open_engine(partial_url, writing=True)
        fill(engine)
        engine.dispose()
        move_into_place(partial, target)
    except OperationalError as error:
        raise refused(f"{target} cannot be written", error) from None
    except OSError as error:
        raise LedgerError(f"{target} cannot be written: {error}") from None
    finally:
        remove(partial)


def upgrade(
    url: URL,
    migrations: Path,
    *,
    creating: bool = False,
    tell: Callable[[str], None] | None = None,
) -> tuple[str | None, str]:
    """Bring a ledger to this program's revision; return the revisions before and after.

    All steps run in one transaction: a failed upgrade leaves the old state.

    Args:
        url: where the ledger is.
        migrations: the folder of the migrations.
        creating: there is none yet.
        tell: called with a sentence where it will take long.

    Raises:
        LedgerError: the database is absent, not a ledger, newer than this program, or refused.
    """
    from alembic.util import CommandError

    engine = open_engine(url, writing=True, creating=creating)
    try:
        with engine.begin() as connection:
            before = revision_of(connection)
            if before is not None and before > HEAD:
                raise LedgerError(
                    f"{shown(url)} is at revision {before}, newer than this program's {HEAD}",
                    todo="install a newer version of compliance",
                )
            if before is None and not creating:
                raise LedgerError(
                    f"{shown(url)} is not a ledger of this program",
                    todo="make one: compliance db init",
                )
            if tell and before is not None and before < HEAD:
                rows = connection.execute(text("SELECT SUM(row_count) FROM submission")).scalar()
                if rows and rows >= _MANY_ROWS:
                    tell(
                        f"upgrading {rows:,} rows may take minutes; if it is interrupted, the "
                        "ledger stays as it was"
                    )
            _migrate(connection, migrations)
    except DatabaseError as error:
        raise refused(f"{shown(url)} cannot be upgraded", error) from error
    except CommandError as error:
        raise LedgerError(f"{shown(url)} cannot be upgraded: {error}") from error
    finally:
        engine.dispose()
    return before, HEAD


def _create_on_server(url: URL, migrations: Path, fill: Callable[[Engine], None]) -> None:
    try:
        with in_one_transaction(url) as engine:
            with engine.begin() as connection:
                refuse_unless_free(connection, shown(url))
                _migrate(connection, migrations)
            fill(engine)
    except DatabaseError as error:
        raise refused(f"{shown(url)} cannot be written", error) from None


def _migrate(connection: Connection, migrations: Path) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, HEAD)
