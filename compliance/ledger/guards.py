"""The triggers that refuse every change of what is recorded: are they there?"""

from __future__ import annotations

from sqlalchemy import Connection, text

from compliance.ledger.stored import TABLES
from compliance.ledger.tables import submission

_SQLITE = """
SELECT tbl_name, name FROM sqlite_master
WHERE type = 'trigger' AND sql LIKE '%RAISE(ABORT,%'
"""
_POSTGRESQL = """
SELECT relname, tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
WHERE NOT tgisinternal AND tgenabled IN ('O', 'A') AND pg_table_is_visible(tgrelid)
"""


def missing_guards(connection: Connection) -> tuple[str, ...]:
    """Return the names of the triggers that a ledger has and this one has not, in order.

    What those that are there do is not read; whoever may replace a trigger may alter rows, and
    that is found in the rows.
    """
    sqlite = connection.dialect.name == "sqlite"
    third = "replace" if sqlite else "truncate"
    expected = {
        (table.name, f"{table.name}_no_{action}")
        for table in (submission, *TABLES)
        for action in ("update", "delete", third)
    }
    expected.add((submission.name, "submission_follows_head"))
    expected |= {(table.name, f"{table.name}_with_its_submission") for table in TABLES}
    found = {tuple(row) for row in connection.execute(text(_SQLITE if sqlite else _POSTGRESQL))}
    return tuple(sorted(name for _, name in expected - found))
