"""The history: every submission, its rows, what each corrects and what corrects it.

Everything is handed out as it is read: a ledger of millions of rows need not fit into the memory.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from heapq import merge
from itertools import islice
from typing import Any, NamedTuple

from compliance.ledger.reading import Reading
from compliance.ledger.reading import Row as Raw
from compliance.ledger.stored import COLUMNS, decoded, reference
from compliance.values.errors import ComplianceError
from compliance.values.frozen import frozen
from compliance.values.records import Entry

# So many rows are read, and their corrections looked up, at once.
_BATCH = 500
_SHORTEST_NAME = 8


@frozen
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


@frozen
class Recorded:
    """A row with its name."""

    ref: str
    entry: Entry


@frozen
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


def submissions(reading: Reading, *, newest_first: bool = False) -> Iterator[Submission]:
    """Go through all submissions, the oldest first unless asked otherwise."""
    order = "DESC" if newest_first else "ASC"
    for row in reading.stream(f"{_SUBMISSION} ORDER BY id {order}"):
        yield Submission(*row)


def find(reading: Reading, name: str) -> Submission:
    """Return the submission of a number, or of the first digits of either of its hashes.

    Of several with the same content, the newest.

    Raises:
        ComplianceError: there is none, or more than one that differ.
    """
    name = name.strip().lower()
    if name.isdecimal() and len(name) < _SHORTEST_NAME:
        rows = reading.rows(f"{_SUBMISSION} WHERE id = :number", number=int(name))
    elif len(name) >= _SHORTEST_NAME:
        rows = reading.rows(_OF_HASH, name=name, end=name + "g")
    else:
        raise ComplianceError(
            f"'{name}' names no submission",
            todo=f"write its number, or at least {_SHORTEST_NAME} digits of its hash",
        )
    found = [Submission(*row) for row in rows]
    if not found:
        raise ComplianceError(
            f"there is no submission '{name}'", todo="list them: compliance history"
        )
    if len({item.content_sha256 for item in found}) > 1:
        raise ComplianceError(
            f"'{name}' is the beginning of several submissions' hashes", todo="write more digits"
        )
    return found[0]


def changes(reading: Reading, number: int) -> Iterator[Change]:
    """Go through the rows of a submission, in their order.

    Raises:
        ComplianceError: there is no such submission.
    """
    if not reading.rows("SELECT id FROM submission WHERE id = :number", number=number):
        raise ComplianceError(
            f"there is no submission {number}", todo="list them: compliance history"
        )
    return _changes(reading, number)


# Names of the schema; both databases know it.
_SUBMISSION = (
    "SELECT id, recorded_at, recorded_by, command, note, row_count, content_sha256, sha256"
    " FROM submission"
)
_OF_HASH = (
    f"{_SUBMISSION} WHERE sha256 BETWEEN :name AND :end OR content_sha256 BETWEEN :name AND :end"
    " ORDER BY id DESC"
)
_ROWS = {
    name: f"SELECT {', '.join(f'said.{column}' for column in columns)},"  # noqa: S608
    " submission.content_sha256, corrected.content_sha256"
    f" FROM {name} AS said JOIN submission ON submission.id = said.submission_id"
    " LEFT JOIN submission AS corrected ON corrected.id = said.corrects_submission WHERE "
    for name, columns in COLUMNS.items()
}
_LINES = "said.submission_id = :number ORDER BY said.line"
_CORRECTING = "said.corrects_submission = :number AND said.corrects_line BETWEEN :first AND :last"
_AT = "said.submission_id = :number AND said.line = :line"


class _Row(NamedTuple):
    """A row as it stands.

    Attributes:
        table: what it was read from.
        columns: its columns by name.
        ref: its name.
        corrects: the name of what it corrects, or empty.
    """

    table: str
    columns: dict[str, Any]
    ref: str
    corrects: str

    @classmethod
    def read(cls, table: str, row: Raw) -> _Row:
        """Return a row found by one of ``_ROWS``."""
        *values, content, corrected = row
        columns = dict(zip(COLUMNS[table], values, strict=True))
        corrects = reference(corrected, columns["corrects_line"]) if corrected else ""
        return cls(table, columns, reference(content, columns["line"]), corrects)

    @property
    def line(self) -> int:
        """Its number in its submission."""
        return int(self.columns["line"])

    def entry(self) -> Entry:
        """Return what it says."""
        return decoded(self.table, self.columns, self.corrects)


def _changes(reading: Reading, number: int) -> Iterator[Change]:
    rows = merge(*(_lines(reading, table, number) for table in _ROWS), key=lambda row: row.line)
    while some := list(islice(rows, _BATCH)):
        later = _correcting(reading, number, some[0].line, some[-1].line)
        for row in some:
            yield Change(
                ref=row.ref,
                line=row.line,
                entry=row.entry(),
                corrects=_corrected(reading, row),
                corrected_by=tuple(later[row.line]),
            )


def _lines(reading: Reading, table: str, number: int) -> Iterator[_Row]:
    for row in reading.stream(_ROWS[table] + _LINES, number=number):
        yield _Row.read(table, row)


def _correcting(reading: Reading, number: int, first: int, last: int) -> dict[int, list[Recorded]]:
    """Return what corrects the lines of a submission, by line."""
    found = [
        _Row.read(table, row)
        for table, query in _ROWS.items()
        for row in reading.rows(query + _CORRECTING, number=number, first=first, last=last)
    ]
    result: dict[int, list[Recorded]] = defaultdict(list)
    for row in sorted(found, key=lambda row: (row.columns["submission_id"], row.line)):
        result[row.columns["corrects_line"]].append(Recorded(row.ref, row.entry()))
    return result


def _corrected(reading: Reading, row: _Row) -> Recorded | None:
    number, line = row.columns["corrects_submission"], row.columns["corrects_line"]
    if number is None:
        return None
    for table, query in _ROWS.items():
        for found in reading.rows(query + _AT, number=number, line=line):
            other = _Row.read(table, found)
            return Recorded(other.ref, other.entry())
    return None
