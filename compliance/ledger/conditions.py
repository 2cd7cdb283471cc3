"""Parts of statements that queries on the ledger share, as the indexes are made for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from compliance.ledger.reading import Row
from compliance.ledger.stored import COLUMNS

# An index over some of the rows serves a query that says so itself, word by word.
NOT_AT_ONCE = "(movement.state <> 'done' OR movement.date_first <> movement.date_last)"
"""True of the few movements that may have happened on more than one day, or not at all."""

HOLDERS = "holder(party, since, year) AS (VALUES :holders)"
"""Names a table of holders, with the day after which, and the year, their movements matter."""


def holders(since: Mapping[str, date]) -> list[tuple[str, date, int]]:
    """Return the rows of ``HOLDERS``."""
    return sorted((party, day, day.year if day > date.min else 0) for party, day in since.items())


def legs(table: str, bears: str) -> tuple[str, str]:
    """Return conditions: for what comes to the holders, and what leaves them to nobody of them.

    Args:
        table: ``movement`` or ``turnover``; the statement must name it and ``holder``.
        bears: the condition under which a row of it bears on ``holder``.
    """
    comes, leaves = (
        f"{table}.{side} = holder.party AND {table}.{side} <> '' AND {bears}"
        for side in ("to_party", "from_party")
    )
    among = f"other.party = {table}.to_party AND {bears.replace('holder.', 'other.')}"
    return comes, f"{leaves} AND {_TO_NOBODY.format(among=among)}"


_TO_NOBODY = "NOT EXISTS (SELECT 1 FROM holder AS other WHERE {among})"


def in_force(table: str, known_at: str | None) -> str:
    """Return the condition: recorded by ``:known_at``, neither corrected nor withdrawn by then.

    The statement must name ``submission`` beside the table where a moment is given.
    """
    conditions = [_RECORDED] if known_at is not None else []
    later = _LATER if known_at is None else _LATER_KNOWN
    conditions += [later.format(kind=kind, table=table) for kind in (table, "withdrawal")]
    return " AND ".join(conditions)


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
