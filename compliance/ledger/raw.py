"""Stored rows as they stand, nothing believed: could they have been recorded so?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Date,
    Integer,
    Select,
    String,
    Table,
    and_,
    exists,
    func,
    or_,
    select,
    type_coerce,
    union_all,
)

from compliance.ledger.stored import decoded, encoded, reference
from compliance.ledger.tables import TABLES, holding, movement, submission, withdrawal
from compliance.values.records import Account, Entry, Holding, Movement
from compliance.values.span import Span

_NOTHING = dict.fromkeys(
    (
        *("corrects_sha256", "holding_line", "holding_root"),
        *("movement_line", "withdrawal_line", "withdrawal_root"),
    )
)
"""What a row that corrects nothing refers to."""


class Line(NamedTuple):
    """A row with its place, whatever stands there.

    Attributes:
        stored: its columns by name, uninterpreted, and what its correction refers to.
    """

    submission: Any
    line: Any
    table: Table
    stored: Mapping[str, Any]


def alone(table: Table, stored: Mapping[str, Any]) -> Line:
    """Return a row that names nothing to correct."""
    return Line(stored["submission_id"], stored["line"], table, {**stored, **_NOTHING})


def corrections(
    connection: Connection, table: Table, number: int, first: int, last: int
) -> dict[int, Line]:
    """Return those of a submission's rows that correct something, by line.

    Args:
        connection: a reading connection.
        table: the table they stand in.
        number: the submission.
        first: the first line looked at.
        last: the last one.
    """
    query = _query(table).where(
        table.c.submission_id == number,
        table.c.line.between(first, last),
        or_(table.c.corrects_submission.is_not(None), table.c.corrects_line.is_not(None)),
    )
    return {
        row.line: Line(row.submission_id, row.line, table, row._asdict())
        for row in connection.execute(query)
    }


def stored_columns(table: Table, names: Iterable[str]) -> list[ColumnElement[Any]]:
    """Return columns of a table as the database keeps them, uninterpreted."""
    return [_stored(table.c[name]) for name in names]


def as_recorded(item: Line) -> Entry | None:
    """Return the row, or ``None`` where its columns are not what recording it would have stored."""
    stored = item.stored
    corrects = ""
    if stored["corrects_sha256"] is not None:
        corrects = reference(stored["corrects_sha256"], stored["corrects_line"])
    try:
        values = {column.name: _value(column, stored[column.name]) for column in item.table.c}
        entry = decoded(item.table.name, values, corrects)
        same = all(_same(value, stored[name]) for name, value in encoded(entry).items())
    except (TypeError, ValueError):
        return None
    return entry if same and _unmistakable(entry) else None


def wrong_correction(item: Line) -> bool:
    """True where a row corrects one that is not there, or that it could not have corrected."""
    row = item.stored
    target = row["corrects_submission"], row["corrects_line"]
    own = row.get("declaration_id")
    if target == (None, None) and item.table is not withdrawal:
        return bool(item.table is holding and own != item.submission)
    if None in target or row["corrects_sha256"] is None or target[0] >= item.submission:
        return True
    root: int | None
    if row["holding_line"] is not None:
        found, root = item.table is not movement, row["holding_root"]
    elif row["movement_line"] is not None:
        found, root = item.table is not holding, None
    else:
        found = row["withdrawal_line"] is not None and item.table is not withdrawal
        root = row["withdrawal_root"]
        found = found and (root is None) == (item.table is movement)
    return not found or own != root


def first_impossible_correction(connection: Connection) -> int | None:
    """Return the first submission that corrects what it could not name when it was recorded.

    That is a row corrected before it, or one of content recorded twice that is not the newest in
    force: the reference means that one.
    """
    corrections = union_all(
        *(
            select(table.c.submission_id, table.c.corrects_submission, table.c.corrects_line).where(
                table.c.corrects_submission.is_not(None)
            )
            for table in TABLES
        )
    ).cte("corrections")
    one, earlier = corrections.alias("one"), corrections.alias("earlier")
    named, newer = submission.alias("named"), submission.alias("newer")
    twice = select(func.min(one.c.submission_id)).where(
        exists().where(
            earlier.c.corrects_submission == one.c.corrects_submission,
            earlier.c.corrects_line == one.c.corrects_line,
            earlier.c.submission_id < one.c.submission_id,
        )
    )
    passed_over = (
        select(func.min(one.c.submission_id))
        .join(named, named.c.id == one.c.corrects_submission)
        .join(
            newer,
            and_(
                newer.c.content_sha256 == named.c.content_sha256,
                newer.c.id > named.c.id,
                newer.c.id < one.c.submission_id,
            ),
        )
        .where(
            ~exists().where(
                earlier.c.corrects_submission == newer.c.id,
                earlier.c.corrects_line == one.c.corrects_line,
                earlier.c.submission_id < one.c.submission_id,
            )
        )
    )
    found = [connection.execute(query).scalar() for query in (twice, passed_over)]
    return min((number for number in found if number is not None), default=None)


def _query(table: Table) -> Select[Any]:
    """Return a table's columns uninterpreted, and what its corrections refer to: ``_NOTHING``."""
    said = submission.alias("said")
    targets = [other.alias(f"target_{other.name}") for other in TABLES]
    declared, moved, taken_back = targets
    query = select(
        *(_stored(column) for column in table.c),
        said.c.content_sha256.label("corrects_sha256"),
        declared.c.line.label("holding_line"),
        declared.c.declaration_id.label("holding_root"),
        moved.c.line.label("movement_line"),
        taken_back.c.line.label("withdrawal_line"),
        taken_back.c.declaration_id.label("withdrawal_root"),
    ).outerjoin(said, said.c.id == table.c.corrects_submission)
    for target in targets:
        query = query.outerjoin(
            target,
            and_(
                target.c.submission_id == table.c.corrects_submission,
                target.c.line == table.c.corrects_line,
            ),
        )
    return query


def _stored(column: Column[Any]) -> ColumnElement[Any]:
    # SQLite keeps days as text and truth as a number; both are read as they are.
    if isinstance(column.type, Date):
        return type_coerce(column, String).label(column.name)
    if isinstance(column.type, Boolean):
        return type_coerce(column, Integer).label(column.name)
    return column


def _value(column: Column[Any], stored: Any) -> Any:
    if isinstance(column.type, Date) and isinstance(stored, str):
        return date.fromisoformat(stored)
    if isinstance(column.type, Boolean):
        return bool(stored)
    if isinstance(column.type, String) and not isinstance(stored, str):
        raise TypeError(f"{column.name} is no text")
    if isinstance(column.type, Integer) and type(stored) not in (int, type(None)):
        raise TypeError(f"{column.name} is no whole number")
    return stored


def _same(value: Any, stored: Any) -> bool:
    if isinstance(value, date) and isinstance(stored, str):
        return value.isoformat() == stored
    if isinstance(value, bool):
        return isinstance(stored, int) and stored == value
    return type(value) is type(stored) and bool(value == stored)


def _unmistakable(entry: Entry) -> bool:
    """True where no other row has the same content, which is all that the hash speaks of."""
    if isinstance(entry, Holding):
        return not entry.withheld or entry.quantity == Span.at_least(0)
    if isinstance(entry, Movement):
        return all(_plain(account) for account in (entry.origin, entry.destination))
    return True


def _plain(account: Account) -> bool:
    if account.place:
        return account.place.startswith("@")
    return ":" not in account.party and not account.party.startswith("@")
