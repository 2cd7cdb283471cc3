"""Who may do what with a ledger on a server: read it, record in it, or own it."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DatabaseError

from compliance.ledger.refusals import refused
from compliance.ledger.tables import TABLES, movement_shape, recording, submission, turnover
from compliance.values.errors import ComplianceError, LedgerError

_RECORDS = (submission.name, movement_shape.name, *(table.name for table in TABLES))
# What changes with every submission and is no record of anything.
_WITH_THEM = {recording.name: "INSERT, DELETE", turnover.name: "INSERT, UPDATE, DELETE"}
_ALL = (*_RECORDS, *_WITH_THEM, "movement", "posting", "alembic_version")
_FUNCTIONS = (
    "ledger_refuse_change",
    "submission_follows_head",
    "submission_has_its_rows",
    "submission_ends_recording",
    "recording_is_next",
    "movement_shape_is_next",
    "rows_are_announced",
    "row_with_its_submission",
)


class Role(StrEnum):
    """What a user of the database may do with the ledger."""

    READER = "reader"
    """Reads everything, changes nothing."""
    RECORDER = "recorder"
    """Reads, and records further submissions. Cannot take a guard away."""
    OWNER = "owner"
    """Upgrades the schema, and could take the guards away: nobody's everyday account."""


def grant(engine: Engine, role: Role, user: str) -> None:
    """Let a user of the database do what a role may, and no more than that.

    Args:
        engine: a writing engine, as the ledger's owner.
        role: reader, recorder or owner.
        user: an existing role of the database server.

    Raises:
        ComplianceError: there is no such user, or the role would not bind it.
        LedgerError: the ledger is a file, or the server refused. Nothing was changed.
    """
    if engine.dialect.name != "postgresql":
        raise LedgerError(
            "an SQLite file knows no users", todo="use the file system's rights on the file"
        )
    try:
        with engine.begin() as connection:
            _check(connection, role, user)
            for statement in _statements(connection, role, user):
                connection.execute(text(statement))
    except DatabaseError as error:
        raise refused("nothing was granted", error) from None


def _check(connection: Connection, role: Role, user: str) -> None:
    found = connection.execute(
        text("SELECT rolsuper, oid FROM pg_roles WHERE rolname = :user"), {"user": user}
    ).first()
    if found is None:
        raise ComplianceError(
            f"the database server knows no user '{user}'",
            todo="create it first, as the server's administrator: CREATE ROLE ... LOGIN",
        )
    if role is Role.OWNER:
        return
    owned = connection.execute(
        text(
            "SELECT COUNT(*) FROM pg_class WHERE relname = 'submission'"
            " AND pg_table_is_visible(oid) AND pg_has_role(:user, relowner, 'USAGE')"
        ),
        {"user": user},
    ).scalar()
    if found.rolsuper or owned:
        what = "is a superuser" if found.rolsuper else "owns the ledger"
        raise ComplianceError(
            f"'{user}' {what}, so the role {role} would not bind it",
            todo="name another user of the database server",
        )


def _statements(connection: Connection, role: Role, user: str) -> list[str]:
    quote = connection.dialect.identifier_preparer.quote
    schema = inspect(connection).default_schema_name or "public"
    place, whom = quote(schema), quote(user)
    tables = ", ".join(f"{place}.{quote(name)}" for name in _ALL)
    if role is Role.OWNER:
        return [
            f"GRANT USAGE, CREATE ON SCHEMA {place} TO {whom}",
            *(f"ALTER TABLE {place}.{quote(name)} OWNER TO {whom}" for name in _ALL),
            *(f"ALTER FUNCTION {place}.{quote(name)}() OWNER TO {whom}" for name in _FUNCTIONS),
        ]
    # First take away: a recorder who is made a reader records no longer.
    statements = [
        f"REVOKE ALL ON {tables} FROM {whom}",
        f"GRANT USAGE ON SCHEMA {place} TO {whom}",
        f"GRANT SELECT ON {tables} TO {whom}",
    ]
    if role is Role.RECORDER:
        records = ", ".join(f"{place}.{quote(name)}" for name in _RECORDS)
        statements.append(f"GRANT INSERT ON {records} TO {whom}")
        statements += [
            f"GRANT {rights} ON {place}.{quote(name)} TO {whom}"
            for name, rights in _WITH_THEM.items()
        ]
    return statements
