"""The history: every submission, its rows, what each corrects and what corrects it.

Everything is handed out as it is read: a ledger of millions of rows need not fit into the memory.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from heapq import merge
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, and_, or_, select
from sqlalchemy import Row as SqlRow

from compliance.ledger.stored import decoded, reference
from compliance.ledger.tables import WHOLE_ROWS, submission
from compliance.values.errors import ComplianceError
from compliance.values.records import Entry

# So many rows are read, and their corrections looked up, at once.
_BATCH = 500
_SHORTEST_NAME = 8


@dataclass(frozen=True, slots=True)
class Submission:
    """One accepted act of recording.

    Attributes:
        recorded_at: UTC, ISO 8601.
        rows: how many it holds.
        content_sha256: of its rows; the first digits name them.
        sha256: of its rows, its particulars and the submission before it.
    """

    id: int
    recorded_at: str
    recorded_by: str
    command: str
    note: str
    rows: int
    content_sha256: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """A row with its name."""

    ref: str
    entry: Entry


@dataclass(frozen=True, slots=True)
class Change:
    """One row of a submission and its place among the corrections.

    Attributes:
        line: its number in the submission, from 1.
        corrects: the row it replaces or takes back, if any.
        corrected_by: the rows that replaced it or took it back since, oldest first.
    """

    ref: str
    line: int
    entry: Entry
    corrects: Recorded | None
    corrected_by: tuple[Recorded, ...]


def submissions(connection: Connection, *, newest_first: bool = False) -> Iterator[Submission]:
    """Go through all submissions, the oldest first unless asked otherwise."""
    order = submission.c.id.desc() if newest_first else submission.c.id
    for row in _streamed(connection, _SUBMISSION.order_by(order)):
        yield Submission(**row._asdict())


def find(connection: Connection, name: str) -> Submission:
    """Return the submission of a number, or of the first digits of either of its hashes.

    Of several with the same content, the newest.

    Raises:
        ComplianceError: there is none, or more than one that differ.
    """
    name = name.strip().lower()
    if name.isdecimal() and len(name) < _SHORTEST_NAME:
        condition = submission.c.id == int(name)
    elif len(name) >= _SHORTEST_NAME:
        end = name + "g"
        condition = or_(
            submission.c.sha256.between(name, end), submission.c.content_sha256.between(name, end)
        )
    else:
        raise ComplianceError(
            f"'{name}' names no submission",
            todo=f"write its number, or at least {_SHORTEST_NAME} digits of its hash",
        )
    found = [
        Submission(**row._asdict())
        for row in connection.execute(_SUBMISSION.where(condition).order_by(submission.c.id.desc()))
    ]
    if not found:
        raise ComplianceError(
            f"there is no submission '{name}'", todo="list them: compliance history"
        )
    if len({item.content_sha256 for item in found}) > 1:
        raise ComplianceError(
            f"'{name}' is the beginning of several submissions' hashes", todo="write more digits"
        )
    return found[0]


def changes(connection: Connection, number: int) -> Iterator[Change]:
    """Go through the rows of a submission, in their order.

    Raises:
        ComplianceError: there is no such submission.
    """
    content = connection.execute(
        select(submission.c.content_sha256).where(submission.c.id == number)
    ).scalar()
    if content is None:
        raise ComplianceError(
            f"there is no submission {number}", todo="list them: compliance history"
        )
    return _changes(connection, number, content)


_SUBMISSION = select(
    submission.c.id,
    submission.c.recorded_at,
    submission.c.recorded_by,
    submission.c.command,
    submission.c.note,
    submission.c.row_count.label("rows"),
    submission.c.content_sha256,
    submission.c.sha256,
)


def _changes(connection: Connection, number: int, content: str) -> Iterator[Change]:
    rows = merge(
        *(_lines(connection, table, number) for table in WHOLE_ROWS), key=lambda item: item[1].line
    )
    while some := list(islice(rows, _BATCH)):
        lines = some[0][1].line, some[-1][1].line
        later = _correcting(connection, number, *lines)
        for table, row in some:
            yield Change(
                ref=reference(content, row.line),
                line=row.line,
                entry=decoded(table, row._asdict(), _corrects(row)),
                corrects=_corrected(connection, row),
                corrected_by=tuple(later[row.line]),
            )


def _lines(
    connection: Connection, table: Table, number: int
) -> Iterator[tuple[Table, SqlRow[Any]]]:
    query = _rows(table).where(table.c.submission_id == number).order_by(table.c.line)
    for row in _streamed(connection, query):
        yield table, row


def _correcting(
    connection: Connection, number: int, first: int, last: int
) -> dict[int, list[Recorded]]:
    """Return what corrects the lines of a submission, by line."""
    found: dict[int, list[tuple[int, int, Recorded]]] = defaultdict(list)
    for table in WHOLE_ROWS:
        query = _rows(table).where(
            table.c.corrects_submission == number, table.c.corrects_line.between(first, last)
        )
        for row in connection.execute(query):
            found[row.corrects_line].append((row.submission_id, row.line, _recorded(table, row)))
    result: dict[int, list[Recorded]] = defaultdict(list)
    for line, some in found.items():
        result[line] = [item[2] for item in sorted(some, key=lambda item: item[:2])]
    return result


def _corrected(connection: Connection, row: SqlRow[Any]) -> Recorded | None:
    if row.corrects_submission is None:
        return None
    for table in WHOLE_ROWS:
        at: ColumnElement[bool] = and_(
            table.c.submission_id == row.corrects_submission, table.c.line == row.corrects_line
        )
        found = connection.execute(_rows(table).where(at)).first()
        if found is not None:
            return _recorded(table, found)
    return None


def _recorded(table: Table, row: SqlRow[Any]) -> Recorded:
    return Recorded(
        reference(row.content_sha256, row.line), decoded(table, row._asdict(), _corrects(row))
    )


def _rows(table: Table) -> Select[Any]:
    other = submission.alias("corrected")
    return (
        select(table, submission.c.content_sha256, other.c.content_sha256.label("corrects_sha256"))
        .join(submission, submission.c.id == table.c.submission_id)
        .outerjoin(other, other.c.id == table.c.corrects_submission)
    )


def _corrects(row: SqlRow[Any]) -> str:
    if row.corrects_sha256 is None:
        return ""
    return reference(row.corrects_sha256, row.corrects_line)


def _streamed(connection: Connection, query: Select[Any]) -> Iterator[SqlRow[Any]]:
    with connection.execute(query, execution_options={"yield_per": _BATCH}) as found:
        yield from found
