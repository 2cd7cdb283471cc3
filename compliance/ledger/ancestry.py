"""Where a row was first said: a correction stands in the place of what it corrects.

So the rows of a declaration keep their order whatever is corrected, and what is corrected back
reads as it did before.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Table, select, tuple_

from compliance.ledger.tables import movement, withdrawal

Place = tuple[int, int]
"""A submission and a line."""

# So many rows are asked for in one statement.
_BATCH = 400


def as_first_said(connection: Connection, table: Table, rows: Sequence[Row[Any]]) -> list[Row[Any]]:
    """Return rows by date, where they have one, and then as they, or what they correct, were said.

    Args:
        connection: a reading connection.
        table: holdings or movements.
        rows: with all columns, as they stand there.
    """
    places = _ancestries(connection, table, rows)
    return sorted(
        rows,
        key=lambda row: (
            *((row.date_first, row.date_last) if table is movement else ()),
            places[row.submission_id, row.line],
        ),
    )


def _ancestries(
    connection: Connection, table: Table, rows: Iterable[Row[Any]]
) -> dict[Place, tuple[Place, ...]]:
    """Return for each row the places of what it came from: first said first, itself last.

    So ordered, rows keep their places through corrections, also where one was split into several.

    Args:
        connection: a reading connection.
        table: the table the rows stand in; what they correct stands there or was withdrawn.
        rows: with ``submission_id``, ``line``, ``corrects_submission`` and ``corrects_line``.
    """
    found: dict[Place, tuple[Place, ...]] = {}
    rising: dict[Place, Place] = {}
    for row in rows:
        place = (row.submission_id, row.line)
        found[place] = (place,)
        if row.corrects_submission is not None:
            rising[place] = (row.corrects_submission, row.corrects_line)
    while rising:
        for place, at in rising.items():
            found[place] = (at, *found[place])
        above = _corrected_by(connection, table, sorted(set(rising.values())))
        rising = {place: above[at] for place, at in rising.items() if at in above}
    return found


def _corrected_by(connection: Connection, table: Table, places: list[Place]) -> dict[Place, Place]:
    """Return what the rows at places correct, where they correct anything."""
    found: dict[Place, Place] = {}
    for start in range(0, len(places), _BATCH):
        for kind in (table, withdrawal):
            at = kind.c.submission_id, kind.c.line
            to = kind.c.corrects_submission, kind.c.corrects_line
            query = select(*at, *to).where(
                tuple_(*at).in_(places[start : start + _BATCH]), to[0].is_not(None)
            )
            for number, line, *target in connection.execute(query):
                found[number, line] = (target[0], target[1])
    return found
