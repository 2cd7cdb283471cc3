"""Parts of statements that queries on the ledger share, as the indexes are made for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from compliance.ledger.reading import Row
from compliance.ledger.stored import COLUMNS

HOLDERS = "holder(party, since, year) AS (VALUES :holders)"
"""Names a table of holders, with the day after which, and the year, their movements matter."""


def holders(since: Mapping[str, date]) -> list[tuple[str, date, int]]:
    """Return the rows of ``HOLDERS``."""
    return sorted((party, day, day.year if day > date.min else 0) for party, day in since.items())


STORED_IN = {"holding": "holding", "movement": "movement_row", "withdrawal": "withdrawal"}
"""By what whole rows are read from, the table that says where they stand and what they correct."""


def in_force(table: str, known_at: str | None) -> str:
    """Return the condition: recorded by ``:known_at``, neither corrected nor withdrawn by then.

    The statement must name ``submission`` beside the table where a moment is given.
    """
    conditions = [_RECORDED] if known_at is not None else []
    later = _LATER if known_at is None else _LATER_KNOWN
    kinds = (STORED_IN[table], "withdrawal")
    conditions += [later.format(kind=kind, table=table) for kind in kinds]
    return " AND ".join(conditions)


def standing(known_at: str | None) -> str:
    """Return the same of a movement, with its submission where the statement must name that."""
    joined = "" if known_at is None else "submission.id = movement.submission_id AND "
    return joined + in_force("movement", known_at)


_RECORDED = "submission.recorded_at <= :known_at"
_LATER = """NOT EXISTS (
    SELECT 1 FROM {kind} AS later
    WHERE later.corrects_submission = {table}.submission_id
        AND later.corrects_line = {table}.line
)"""
_LATER_KNOWN = """NOT EXISTS (
    SELECT 1 FROM {kind} AS later JOIN submission AS said ON said.id = later.submission_id
    WHERE later.corrects_submission = {table}.submission_id
        AND later.corrects_line = {table}.line
        AND said.recorded_at <= :known_at
)"""


def rows_of(table: str) -> str:
    """Return the beginning of a statement that reads whole rows, for ``named``.

    It names the table and its ``submission``; another table, or ``WHERE``, may follow.
    """
    columns = ", ".join(f"{table}.{name}" for name in COLUMNS[table])
    return (
        f"SELECT {columns}, submission.content_sha256, submission.recorded_at, "  # noqa: S608
        f"corrected.content_sha256 FROM {table} "
        f"JOIN submission ON submission.id = {table}.submission_id "
        f"LEFT JOIN submission AS corrected ON corrected.id = {table}.corrects_submission"
    )


def named(table: str, rows: Iterable[Row]) -> Iterator[dict[str, Any]]:
    """Yield the rows of such a statement by the names of their columns.

    Beside the table's own there are ``content_sha256`` and ``recorded_at`` of the submission, and
    ``corrects_sha256``: the content hash of the submission that is corrected, or ``None``.
    """
    names = (*COLUMNS[table], "content_sha256", "recorded_at", "corrects_sha256")
    return (dict(zip(names, row, strict=True)) for row in rows)
