"""Where a row was first said: a correction stands in the place of what it corrects.

So the rows of a declaration keep their order whatever is corrected, and what is corrected back
reads as it did before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from compliance.ledger.conditions import STORED_IN
from compliance.ledger.reading import Reading

Place = tuple[int, int]
"""A submission and a line."""

# So many rows are asked for in one statement.
_BATCH = 400

_CORRECTED_BY = {
    table: (
        "SELECT submission_id, line, corrects_submission, corrects_line "  # noqa: S608
        f"FROM {stored} WHERE (submission_id, line) IN (VALUES :places) "
        "AND corrects_submission IS NOT NULL"
    )
    for table, stored in STORED_IN.items()
}


def as_first_said(
    reading: Reading, table: str, rows: Sequence[Mapping[str, Any]]
) -> list[Mapping[str, Any]]:
    """Return rows by date, where they have one, and then as they, or what they correct, were said.

    Args:
        reading: the ledger.
        table: ``holding`` or ``movement``.
        rows: with all columns, as they stand there.
    """
    places = _ancestries(reading, table, rows)
    return sorted(
        rows,
        key=lambda row: (
            *((row["date_first"], row["date_last"]) if table == "movement" else ()),
            places[_place(row)],
        ),
    )


def _place(row: Mapping[str, Any]) -> Place:
    return row["submission_id"], row["line"]


def _ancestries(
    reading: Reading, table: str, rows: Iterable[Mapping[str, Any]]
) -> dict[Place, tuple[Place, ...]]:
    """Return for each row the places of what it came from: first said first, itself last.

    So ordered, rows keep their places through corrections, also where one was split into several.

    Args:
        reading: the ledger.
        table: the table the rows stand in; what they correct stands there or was withdrawn.
        rows: with ``submission_id``, ``line``, ``corrects_submission`` and ``corrects_line``.
    """
    found: dict[Place, tuple[Place, ...]] = {}
    rising: dict[Place, Place] = {}
    for row in rows:
        place = _place(row)
        found[place] = (place,)
        if row["corrects_submission"] is not None:
            rising[place] = (row["corrects_submission"], row["corrects_line"])
    while rising:
        for place, at in rising.items():
            found[place] = (at, *found[place])
        above = _corrected_by(reading, table, sorted(set(rising.values())))
        rising = {place: above[at] for place, at in rising.items() if at in above}
    return found


def _corrected_by(reading: Reading, table: str, places: list[Place]) -> dict[Place, Place]:
    """Return what the rows at places correct, where they correct anything."""
    found: dict[Place, Place] = {}
    for start in range(0, len(places), _BATCH):
        some = places[start : start + _BATCH]
        for kind in (table, "withdrawal"):
            for number, line, *target in reading.rows(_CORRECTED_BY[kind], places=some):
                found[number, line] = (target[0], target[1])
    return found
