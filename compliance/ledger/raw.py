"""Stored rows as they stand, nothing believed: could they have been recorded so?"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from datetime import date
from heapq import merge
from typing import Any, NamedTuple

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Date,
    Integer,
    Row,
    Select,
    String,
    Table,
    and_,
    exists,
    func,
    select,
    type_coerce,
    union_all,
)

from compliance.ledger.stored import TABLES, decoded, encoded, reference
from compliance.ledger.tables import holding, movement, submission, withdrawal
from compliance.values.records import Account, Entry, Holding, Movement
from compliance.values.span import Span

_BATCH = 1000


class Line(NamedTuple):
    """A row with its place, whatever stands there."""

    submission: Any
    line: Any
    table: Table
    row: Row[Any]

    @property
    def order(self) -> tuple[tuple[bool, Any], ...]:
        """Sorts as the database does: numbers first, then whatever else got into the column."""
        return tuple(
            (not isinstance(value, int), value if isinstance(value, int) else str(value))
            for value in (self.submission, self.line)
        )


def lines(connection: Connection) -> Generator[Line, None, None]:
    """Go through all rows of all submissions in their order."""
    yield from merge(
        *(_of_table(connection, table) for table in TABLES), key=lambda item: item.order
    )


def as_recorded(item: Line) -> Entry | None:
    """Return the row, or ``None`` where its columns are not what recording it would have stored."""
    stored = item.row._asdict()
    corrects = ""
    if stored["corrects_sha256"] is not None:
        corrects = reference(stored["corrects_sha256"], stored["corrects_line"])
    try:
        values = {column.name: _value(column, stored[column.name]) for column in item.table.c}
        entry = decoded(item.table, values, corrects)
        same = all(_same(value, stored[name]) for name, value in encoded(entry).items())
    except (TypeError, ValueError):
        return None
    return entry if same and _unmistakable(entry) else None


def wrong_correction(item: Line) -> bool:
    """True where a row corrects one that is not there, or that it could not have corrected."""
    row = item.row
    target = row.corrects_submission, row.corrects_line
    own = row.declaration_id if "declaration_id" in item.table.c else None
    if target == (None, None) and item.table is not withdrawal:
        return bool(item.table is holding and own != item.submission)
    if None in target or row.corrects_sha256 is None or target[0] >= item.submission:
        return True
    root: int | None
    if row.holding_line is not None:
        found, root = item.table is not movement, row.holding_root
    elif row.movement_line is not None:
        found, root = item.table is not holding, None
    else:
        found = row.withdrawal_line is not None and item.table is not withdrawal
        root = row.withdrawal_root
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


def _of_table(connection: Connection, table: Table) -> Iterator[Line]:
    with connection.execute(_query(table), execution_options={"yield_per": _BATCH}) as found:
        for row in found:
            yield Line(row.submission_id, row.line, table, row)


def _query(table: Table) -> Select[Any]:
    """Return a table's columns uninterpreted, and what its corrections refer to."""
    said = submission.alias("said")
    targets = [other.alias(f"target_{other.name}") for other in (holding, movement, withdrawal)]
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
    return query.order_by(table.c.submission_id, table.c.line)


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
