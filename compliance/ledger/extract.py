"""The whole ledger as it was known at a moment, row by row, for taking it elsewhere.

Everything is handed out as it is read: a ledger of millions of rows need not fit into the memory.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from heapq import merge
from typing import Any

from sqlalchemy import Connection, Row, Table, func, select

from compliance.ledger.stored import decoded, reference
from compliance.ledger.tables import TABLES, WHOLE_ROWS, submission
from compliance.values.frozen import frozen
from compliance.values.records import Entry, Withdrawal

# So many rows are read at once.
_BATCH = 500


@frozen
class Extracted:
    """A row with its place, and what became of it.

    Attributes:
        ref: its name, the same on any machine.
        submission: the number of the submission that recorded it.
        line: its number in the submission, from 1.
        recorded_at: when that was, UTC, ISO 8601.
        declaration: for a holding the submission that first made its declaration, else 0.
        corrected_by: the rows that had replaced it or taken it back by the moment.
    """

    ref: str
    submission: int
    line: int
    recorded_at: str
    declaration: int
    entry: Entry
    corrected_by: tuple[str, ...]

    @property
    def in_force(self) -> bool:
        """True for a holding or movement that nothing had replaced or taken back."""
        return not self.corrected_by and not isinstance(self.entry, Withdrawal)


def last_known(connection: Connection, known_at: str | None = None) -> int:
    """Return the number of the last submission recorded by a moment, 0 where there is none.

    Submissions are numbered in the order of their recording, and nothing recorded is changed: all
    up to that number are one state of the ledger, whatever is recorded meanwhile.
    """
    query = select(func.max(submission.c.id))
    if known_at is not None:
        query = query.where(submission.c.recorded_at <= known_at)
    return connection.scalar(query) or 0


def extract(connection: Connection, last: int) -> Iterator[Extracted]:
    """Go through all rows of the first ``last`` submissions, in the order of their recording."""
    later = _corrections(connection, last)
    tables = [_rows(connection, table, last) for table in WHOLE_ROWS]
    for table, row in merge(*tables, key=lambda item: (item[1].submission_id, item[1].line)):
        columns = row._asdict()
        named = ""
        if row.corrects_sha256 is not None:
            named = reference(row.corrects_sha256, row.corrects_line)
        yield Extracted(
            ref=reference(row.content_sha256, row.line),
            submission=row.submission_id,
            line=row.line,
            recorded_at=row.recorded_at,
            declaration=columns.get("declaration_id") or 0,
            entry=decoded(table.name, columns, named),
            corrected_by=tuple(later.get((row.submission_id, row.line), ())),
        )


def _corrections(connection: Connection, last: int) -> dict[tuple[int, int], list[str]]:
    """Return for each place that was corrected the names of the rows that did it."""
    found: dict[tuple[int, int], list[str]] = defaultdict(list)
    for table in TABLES:
        query = (
            select(
                table.c.corrects_submission,
                table.c.corrects_line,
                submission.c.content_sha256,
                table.c.line,
            )
            .join(submission, submission.c.id == table.c.submission_id)
            .where(table.c.submission_id <= last, table.c.corrects_submission.is_not(None))
            .order_by(table.c.submission_id, table.c.line)
        )
        for number, line, content, by in connection.execute(query):
            found[number, line].append(reference(content, by))
    return found


def _rows(connection: Connection, table: Table, last: int) -> Iterator[tuple[Table, Row[Any]]]:
    other = submission.alias("corrected")
    query = (
        select(
            table,
            submission.c.content_sha256,
            submission.c.recorded_at,
            other.c.content_sha256.label("corrects_sha256"),
        )
        .join(submission, submission.c.id == table.c.submission_id)
        .outerjoin(other, other.c.id == table.c.corrects_submission)
        .where(table.c.submission_id <= last)
        .order_by(table.c.submission_id, table.c.line)
    )
    with connection.execute(query, execution_options={"yield_per": _BATCH}) as found:
        for row in found:
            yield table, row
