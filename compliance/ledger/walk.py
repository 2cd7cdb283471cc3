"""One way through the whole ledger: each hash found again from the rows it speaks of."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import closing
from typing import Any

from sqlalchemy import Column, Connection, Row, Select, func, select
from sqlalchemy.exc import DatabaseError

from compliance.ledger.chain import link_sha256
from compliance.ledger.damage import Break, Damage
from compliance.ledger.kept import Tally
from compliance.ledger.quick import Quick
from compliance.ledger.raw import (
    Line,
    alone,
    as_recorded,
    corrections,
    first_impossible_correction,
    wrong_correction,
)
from compliance.ledger.refusals import lost, reason
from compliance.ledger.runs import LAYOUTS, Raw, Run, any_bytes, runs
from compliance.ledger.shapes import by_number
from compliance.ledger.stored import SHAPE, Shape
from compliance.ledger.tables import movement_shape, submission, withdrawal
from compliance.values.canonical import ListHash, canonical_json, sha256
from compliance.values.records import Movement
from compliance.values.vocabulary import State

_BATCH = 1000

# Of so few rows each is looked at by itself, if not all of them are as usual.
_FEW = 4

# So much of a file is kept in memory: with less its indexes take half as long again to prove.
_KILOBYTES = 16_000

Progress = Callable[[int, int], None]
"""Called now and then with the rows checked so far and the rows there are."""


class Walk:
    """One way through the whole ledger.

    Attributes:
        submissions: how many were found to be as recorded, from the first on.
        rows: how many rows those hold.
        head: the hash of the last of them.
        head_at: the number of the submission whose hash was expected, once it is found.
        tally: the movements found on the way.
    """

    def __init__(
        self,
        connection: Connection,
        expected_head: str | None,
        progress: Progress | None,
        quickly: bool,
    ) -> None:
        self.submissions = 0
        self.rows = 0
        self.head = ""
        self.head_at: int | None = None
        self.tally = Tally()
        self._connection = connection
        self._expected_head = expected_head.strip().lower() if expected_head else None
        self._progress = progress
        self._quick = {
            part.table: Quick(part, self.tally, self._shapes_of)
            for part in LAYOUTS
            if quickly and part.table is not withdrawal
        }
        self._total = 0
        self._seen = 0
        self._told = 0
        self._recorded_at = ""
        self._waiting: Run | None = None
        self._corrections: Mapping[Any, Line] = {}
        self._corrections_of: Run | None = None

    def first_break(self) -> Break | None:
        """Go all the way, or up to the first thing that is wrong, and return that."""
        connection = self._connection
        try:
            if connection.dialect.name == "sqlite":
                # It finds each row in each index, and reads many pages again where few are kept.
                connection.exec_driver_sql(f"PRAGMA cache_size = -{_KILOBYTES}")
                state = connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar()
                if state != "ok":
                    return Break(Damage.UNREADABLE, None, f"the database is damaged: {state}")
            return self._through()
        except DatabaseError as error:
            if lost(error):
                raise  # what was not read is not damaged
            number = self.submissions + 1
            return Break(
                Damage.UNREADABLE,
                number,
                f"the database cannot be read at submission {number} or after: {reason(error)}",
            )

    def _through(self) -> Break | None:
        connection = self._connection
        total = connection.execute(select(func.sum(submission.c.row_count))).scalar()
        self._total = int(total or 0)
        impossible = first_impossible_correction(connection)
        with closing(runs(connection)) as rows:
            self._waiting = next(rows, None)
            for entry in self._entries():
                wrong = self._one(entry, rows)
                if wrong is None and entry.id == impossible:
                    wrong = Break(
                        Damage.CORRECTION,
                        entry.id,
                        f"submission {entry.id} corrects a row that was no longer in force: what "
                        "it or an earlier one corrects was altered",
                    )
                if wrong:
                    return wrong
                self.submissions = entry.id
                self.rows += entry.row_count
                self.head = entry.sha256
                self._recorded_at = entry.recorded_at
                if entry.sha256 == self._expected_head:
                    self.head_at = entry.id
        if self._waiting:
            return _stray(self._waiting)
        if self._progress:
            self._progress(self._seen, self._total)
        return self._altered_shape()

    def _altered_shape(self) -> Break | None:
        """Return the first shape whose hash is another than that of its columns.

        That of some row's shape is found with the row; by it what is recorded next finds a shape.
        """
        table = movement_shape.c
        query = select(table.id, table.sha256, *(table[name] for name in SHAPE))
        for number, digest, *columns in map(tuple, self._in_order(query, table.id)):
            try:
                same = digest == sha256(columns)
            except (TypeError, ValueError):
                same = False
            if not same:
                return Break(
                    Damage.ROWS,
                    None,
                    f"movement shape {number} was altered: its hash is not that of what it says",
                )
        return None

    def _entries(self) -> Iterator[Row[Any]]:
        """Read what is said of each submission, in order."""
        return self._in_order(select(submission), submission.c.id)

    def _in_order(self, query: Select[Any], by: Column[int]) -> Iterator[Row[Any]]:
        """Go through the rows of a table by number, some at a time."""
        some, last = query.order_by(by).limit(_BATCH), None
        while True:
            further = some if last is None else some.where(by > last)
            with any_bytes(self._connection):
                found = self._connection.execute(further).all()
            if not found:
                return
            yield from found
            last = found[-1].id

    def _one(self, entry: Row[Any], rows: Iterator[Run]) -> Break | None:
        """Check a submission and its rows, which come next."""
        number = entry.id
        if number != self.submissions + 1:
            missing = self.submissions + 1
            return Break(
                Damage.REMOVED,
                missing,
                f"submission {missing} was removed: after {self.submissions} comes {number}",
            )
        if self._waiting and _before(self._waiting, number):
            return _stray(self._waiting)
        content = ListHash()
        found = 0
        while self._waiting and self._waiting.submission == number:
            wrong = self._run(self._waiting, found, content)
            if wrong:
                return wrong
            found += len(self._waiting.rows)
            self._seen += len(self._waiting.rows)
            self._tell()
            self._waiting = next(rows, None)
        return self._submission(entry, found, content.hexdigest())

    def _tell(self) -> None:
        if self._progress and self._seen - self._told >= _BATCH:
            self._told = self._seen
            self._progress(self._seen, self._total)

    def _run(self, run: Run, found: int, content: ListHash) -> Break | None:
        """Check rows that follow each other, of which so many others were found before."""
        quick = self._quick.get(run.layout.table)
        parts = [(0, len(run.rows))]
        while parts:
            start, end = parts.pop()
            rows = run.rows[start:end]
            written = quick.written(run, rows, found + start + 1) if quick else None
            if written is not None:
                content.add_written(written.encode())
            elif quick and end - start > _FEW:
                # Most of them may be as usual as ever.
                middle = (start + end) // 2
                parts += [(middle, end), (start, middle)]
            else:
                for place in range(start, end):
                    form = self._carefully(run, place, found + place + 1)
                    if isinstance(form, Break):
                        return form
                    content.add_written(form.encode())
        return None

    def _carefully(self, run: Run, place: int, expected: int) -> Break | str:
        """Check a row by itself; return its canonical form, or what is wrong with it."""
        row = run.rows[place]
        if row[1] != expected:
            return _misplaced(run, row[1], expected)
        item = self._line(run, row)
        number, line = item.submission, item.line
        if wrong_correction(item):
            return Break(
                Damage.CORRECTION,
                number,
                f"the rows of submission {number} were altered: what line {line} "
                "corrects is not a row it could have corrected",
            )
        entry = as_recorded(item)
        if entry is not None:
            try:
                form = canonical_json(entry.content())
                form.encode()
            except (TypeError, ValueError):
                entry = None
        if entry is None:
            return Break(
                Damage.ROWS,
                number,
                f"the rows of submission {number} were altered: line {line} holds what "
                "nobody could have recorded",
            )
        if isinstance(entry, Movement) and entry.state is State.DONE:
            shape = run.stored(row)["shape_id"]
            self.tally.add(shape, entry.basis.value, entry.date, entry.quantity)
        return form

    def _line(self, run: Run, row: Raw) -> Line:
        """Return a row with what it corrects."""
        table, stored = run.layout.whole, run.stored(row)
        if "shape_id" in stored:
            number = stored["shape_id"]
            found = self._shapes_of([number]) if type(number) is int else {}
            # A shape that is not there says nothing that could have been recorded.
            stored.update(zip(SHAPE, found.get(number, (None,) * len(SHAPE)), strict=True))
        item = alone(table, stored)
        if item.stored["corrects_submission"] is None and item.stored["corrects_line"] is None:
            return item
        if self._corrections_of is not run:
            self._corrections_of = run
            with any_bytes(self._connection):
                self._corrections = corrections(
                    self._connection, table, run.submission, row[1], run.rows[-1][1]
                )
        return self._corrections.get(row[1], item)

    def _shapes_of(self, numbers: Collection[int]) -> dict[int, Shape]:
        """Return the columns of movements' shapes, as they stand."""
        with any_bytes(self._connection):
            return dict(by_number(self._connection, numbers))

    def _submission(self, entry: Row[Any], found: int, content: str) -> Break | None:
        number = entry.id
        try:
            link = link_sha256(
                previous=entry.previous_sha256,
                number=number,
                recorded_at=entry.recorded_at,
                recorded_by=entry.recorded_by,
                command=entry.command,
                note=entry.note,
                content=entry.content_sha256,
            )
        except (TypeError, ValueError):
            link = ""
        if link != entry.sha256 or not isinstance(entry.recorded_at, str):
            return Break(
                Damage.SUBMISSION,
                number,
                f"submission {number} was altered: its hash is not that of when, by whom and how "
                "it was recorded",
            )
        if entry.previous_sha256 != self.head:
            return Break(
                Damage.INSERTED,
                number,
                f"submission {number} does not follow the one before it: it was inserted or "
                "exchanged, or the one before it was",
            )
        if content != entry.content_sha256:
            return Break(
                Damage.ROWS,
                number,
                f"the rows of submission {number} were altered, added or removed: their hash is "
                "not the one recorded",
            )
        if found != entry.row_count:
            return Break(
                Damage.SUBMISSION,
                number,
                f"submission {number} was altered: it says {entry.row_count} rows and has {found}",
            )
        if entry.recorded_at < self._recorded_at:
            return Break(
                Damage.TIME,
                number,
                f"submission {number} is dated {entry.recorded_at}, before the one it follows, "
                f"{self._recorded_at}",
            )
        return None


def _misplaced(run: Run, line: Any, expected: int) -> Break:
    what, named = "is missing", expected
    if line == expected - 1:
        what, named = "is there twice", line
    return Break(
        Damage.ROWS,
        run.submission,
        f"the rows of submission {run.submission} were altered: line {named} {what}",
    )


def _before(run: Run, number: int) -> bool:
    return isinstance(run.submission, int) and run.submission < number


def _stray(run: Run) -> Break:
    return Break(
        Damage.STRAY_ROWS,
        run.submission if isinstance(run.submission, int) else None,
        f"there are rows of submission {run.submission}, and no such submission: it was removed, "
        "or they were added",
    )
