"""The proof that nothing was changed: every hash found again from what is stored.

A chain proves itself only up to its end: whoever can rewrite a whole database can rewrite the
chain with it, and what was cut off at the end leaves no trace. Against that there is the head,
the hash of the newest submission, kept elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

from sqlalchemy import Connection, Row, func, select
from sqlalchemy.exc import DatabaseError

from compliance.ledger.chain import link_sha256
from compliance.ledger.damage import Break, Damage, Verification
from compliance.ledger.guards import missing_guards
from compliance.ledger.raw import (
    Line,
    as_recorded,
    first_impossible_correction,
    lines,
    wrong_correction,
)
from compliance.ledger.refusals import lost, reason
from compliance.ledger.tables import submission
from compliance.values.canonical import ListHash

_BATCH = 1000

Progress = Callable[[int, int], None]
"""Called now and then with the rows checked so far and the rows there are."""


def verify(
    connection: Connection,
    *,
    expected_head: str | None = None,
    expected_number: int | None = None,
    progress: Progress | None = None,
) -> Verification:
    """Find every hash again from the stored rows, and name the first thing that is wrong.

    Args:
        connection: a reading connection.
        expected_head: the hash of a submission, kept elsewhere; all 64 digits.
        expected_number: the number of that submission, if known: it tells a ledger that was cut
            off from one that was rewritten.
        progress: called now and then.

    Raises:
        DatabaseError: the connection to the server was lost.
    """
    walk = _Walk(connection, expected_head, progress)
    broken: Break | None
    try:
        unguarded = missing_guards(connection)
    except DatabaseError as error:
        if lost(error):
            raise
        unguarded = ()
        broken = Break(Damage.UNREADABLE, None, f"the database cannot be read: {reason(error)}")
    else:
        broken = walk.first_break()
    if broken is None and expected_head is not None and walk.head_at is None:
        broken = _without_head(expected_number, walk.submissions)
    return Verification(
        submissions=walk.submissions,
        rows=walk.rows,
        head=walk.head,
        broken=broken,
        unguarded=unguarded,
        after_head=None if walk.head_at is None else walk.submissions - walk.head_at,
    )


def _without_head(number: int | None, last: int) -> Break:
    if number is None:
        return Break(
            Damage.CUT_OFF,
            None,
            "the head kept elsewhere is not in this ledger: submissions were cut off at its end, "
            "or it was rewritten, or it is another ledger",
        )
    if number > last:
        return Break(
            Damage.CUT_OFF,
            last + 1,
            f"the ledger ends with submission {last}, and the head kept elsewhere is that of "
            f"submission {number}: what came after {last} was cut off",
        )
    return Break(
        Damage.FORKED,
        number,
        f"submission {number} is not the one whose hash was kept elsewhere: from it on or before "
        "it the ledger was rewritten, or it is another ledger",
    )


class _Walk:
    """One way through the whole ledger."""

    def __init__(
        self, connection: Connection, expected_head: str | None, progress: Progress | None
    ) -> None:
        self.submissions = 0
        self.rows = 0
        self.head = ""
        self.head_at: int | None = None
        self._connection = connection
        self._expected_head = expected_head.strip().lower() if expected_head else None
        self._progress = progress
        self._total = 0
        self._seen = 0
        self._recorded_at = ""
        self._waiting: Line | None = None

    def first_break(self) -> Break | None:
        connection = self._connection
        sqlite = connection.dialect.name == "sqlite"
        driver: Any = connection.connection.driver_connection
        if sqlite:
            # Bytes that are no text are found as an altered row, and not as a failure to read.
            driver.text_factory = lambda stored: stored.decode("utf-8", "surrogateescape")
        try:
            if sqlite:
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
        finally:
            if sqlite:
                driver.text_factory = str

    def _through(self) -> Break | None:
        connection = self._connection
        total = connection.execute(select(func.sum(submission.c.row_count))).scalar()
        self._total = int(total or 0)
        impossible = first_impossible_correction(connection)
        by_number = select(submission).order_by(submission.c.id)
        with (
            closing(lines(connection)) as rows,
            connection.execute(by_number, execution_options={"yield_per": _BATCH}) as said,
        ):
            self._waiting = next(rows, None)
            for entry in said:
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
        return None

    def _one(self, entry: Row[Any], rows: Iterator[Line]) -> Break | None:
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
            found += 1
            wrong = self._row(self._waiting, found, content)
            if wrong:
                return wrong
            self._tell()
            self._waiting = next(rows, None)
        return self._submission(entry, found, content.hexdigest())

    def _tell(self) -> None:
        self._seen += 1
        if self._progress and self._seen % _BATCH == 0:
            self._progress(self._seen, self._total)

    def _row(self, item: Line, expected_line: int, content: ListHash) -> Break | None:
        number = item.submission
        if item.line != expected_line:
            what = "is there twice" if item.line == expected_line - 1 else "is missing"
            line = item.line if item.line == expected_line - 1 else expected_line
            return Break(
                Damage.ROWS,
                number,
                f"the rows of submission {number} were altered: line {line} {what}",
            )
        if wrong_correction(item):
            return Break(
                Damage.CORRECTION,
                number,
                f"the rows of submission {number} were altered: what line {expected_line} "
                "corrects is not a row it could have corrected",
            )
        entry = as_recorded(item)
        if entry is not None:
            try:
                content.add(entry.content())
            except (TypeError, ValueError):
                entry = None
        if entry is None:
            return Break(
                Damage.ROWS,
                number,
                f"the rows of submission {number} were altered: line {item.line} holds what "
                "nobody could have recorded",
            )
        return None

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


def _before(item: Line, number: int) -> bool:
    return isinstance(item.submission, int) and item.submission < number


def _stray(item: Line) -> Break:
    return Break(
        Damage.STRAY_ROWS,
        item.submission if isinstance(item.submission, int) else None,
        f"there are rows of submission {item.submission}, and no such submission: it was removed, "
        "or they were added",
    )
