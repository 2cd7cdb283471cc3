"""Conditions that queries on the ledger share, as the indexes are made for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Date,
    FromClause,
    Integer,
    Select,
    String,
    column,
    literal_column,
    select,
    values,
)
from sqlalchemy import Table as SqlTable

from compliance.ledger.tables import movement, submission, withdrawal

# An index over some of the rows serves a query that says so itself, word by word.
NOT_AT_ONCE: ColumnElement[bool] = literal_column(
    f"({movement.name}.state <> 'done' OR {movement.name}.date_first <> {movement.name}.date_last)"
)
"""True of the few movements that may have happened on more than one day, or not at all."""


def holders(since: Mapping[str, date]) -> CTE:
    """Return holders as a table, with the day after which, and the year, their movements matter."""
    named = values(
        column("party", String), column("since", Date), column("year", Integer), name="holder"
    )
    rows = [(party, day, day.year if day > date.min else 0) for party, day in since.items()]
    return named.data(sorted(rows)).cte("holder")


def legs(
    holder: CTE,
    table: FromClause,
    query: Select[Any],
    bears: Callable[[FromClause], ColumnElement[bool]],
) -> Iterator[Select[Any]]:
    """Yield a query for what comes to the holders, and one for what leaves them to nobody of them.

    Args:
        holder: the holders.
        table: what is read.
        query: what is asked of it.
        bears: the condition under which a row of it bears on a holder.
    """
    other = holder.alias("other")
    reached = select(1).where(other.c.party == table.c.to_party, bears(other)).exists()
    for side, conditions in (("to_party", []), ("from_party", [~reached])):
        yield query.where(
            table.c[side] == holder.c.party,
            literal_column(f"{table.description}.{side} <> ''"),
            bears(holder),
            *conditions,
        )


def beside_submission(query: Select[Any], known_at: str | None) -> Select[Any]:
    """Return the query with the submissions beside it, where a moment asks for them."""
    if known_at is None:
        return query
    return query.where(submission.c.id == movement.c.submission_id)


def in_force(table: SqlTable, known_at: str | None) -> list[ColumnElement[bool]]:
    """Return the conditions: recorded by the moment, neither corrected nor withdrawn by then.

    The query they go into must join ``submission`` where a moment is given.
    """
    conditions: list[ColumnElement[bool]] = []
    if known_at is not None:
        conditions.append(submission.c.recorded_at <= known_at)
    for kind in (table, withdrawal):
        later = kind.alias()
        corrected = select(1).where(
            later.c.corrects_submission == table.c.submission_id,
            later.c.corrects_line == table.c.line,
        )
        if known_at is not None:
            said = submission.alias()
            corrected = corrected.join_from(later, said, said.c.id == later.c.submission_id).where(
                said.c.recorded_at <= known_at
            )
        conditions.append(~corrected.exists())
    return conditions
