"""The triggers that refuse every change of what is recorded: are they there?"""

from __future__ import annotations

from sqlalchemy import Connection, text

from compliance.ledger.tables import TABLES, movement_shape, recording, submission

_SQLITE = """
SELECT tbl_name, name FROM sqlite_master
WHERE type = 'trigger' AND (sql LIKE '%RAISE(%' OR sql LIKE '%DELETE FROM recording;%')
"""
_POSTGRESQL = """
SELECT relname, tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
WHERE NOT tgisinternal AND tgenabled IN ('O', 'A') AND pg_table_is_visible(tgrelid)
"""

_ALWAYS: dict[str, tuple[str, ...]] = {
    submission.name: (
        "submission_no_update",
        "submission_no_delete",
        "submission_follows_head",
        "submission_has_its_rows",
        "submission_ends_recording",
    ),
    recording.name: ("recording_is_next",),
    movement_shape.name: (
        "movement_shape_no_update",
        "movement_shape_no_delete",
        "movement_shape_are_announced",
        "movement_shape_is_next",
    ),
    **{
        table.name: (
            f"{table.name}_no_update",
            f"{table.name}_no_delete",
            f"{table.name}_with_its_submission",
        )
        for table in TABLES
    },
}
# What only the one of them needs, or does by a trigger of its own.
_MORE: dict[str, dict[str, tuple[str, ...]]] = {
    "sqlite": {
        submission.name: ("submission_no_replace",),
        recording.name: ("recording_no_update",),
        movement_shape.name: ("movement_shape_no_replace",),
    },
    "postgresql": {
        submission.name: ("submission_no_truncate",),
        movement_shape.name: ("movement_shape_no_truncate",),
        **{
            table.name: (f"{table.name}_no_truncate", f"{table.name}_are_announced")
            for table in TABLES
        },
    },
}


def missing_guards(connection: Connection) -> tuple[str, ...]:
    """Return the names of the triggers that a ledger has and this one has not, in order.

    What those that are there do is not read; whoever may replace a trigger may alter rows, and
    that is found in the rows.
    """
    dialect = connection.dialect.name
    expected = {
        (table, name)
        for guards in (_ALWAYS, _MORE[dialect])
        for table, names in guards.items()
        for name in names
    }
    query = text(_SQLITE if dialect == "sqlite" else _POSTGRESQL)
    found = {tuple(row) for row in connection.execute(query)}
    return tuple(sorted(name for _, name in expected - found))
