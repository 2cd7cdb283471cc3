"""Recording: the only way into the ledger. One submission, whole or not at all, in a chain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, insert, select
from sqlalchemy.exc import DatabaseError

from compliance.ledger.chain import Head, head, instant, link_sha256
from compliance.ledger.corrections import still_said
from compliance.ledger.prepared import Prepared
from compliance.ledger.reading import over
from compliance.ledger.refusals import lost, reason, refused
from compliance.ledger.stream import write_rows
from compliance.ledger.tables import recording, submission
from compliance.values.errors import ComplianceError, LedgerError
from compliance.values.frozen import frozen
from compliance.values.lines import Line
from compliance.values.names import printable
from compliance.values.records import Entry


@frozen
class Receipt:
    """What was recorded: keep ``sha256`` elsewhere to prove later that nothing was changed."""

    id: int
    sha256: str
    content_sha256: str
    recorded_at: str
    rows: int


class AlreadyRecorded(ComplianceError):  # noqa: N818 - an outcome to tell, not a failure
    """The same rows stand recorded; they were not recorded once more.

    Attributes:
        earlier: the submission that recorded them.
    """

    def __init__(self, earlier: Receipt) -> None:
        super().__init__(
            f"the same {earlier.rows} row{'s' if earlier.rows != 1 else ''} were recorded already, "
            f"by submission {earlier.id} at {earlier.recorded_at}; nothing was recorded",
            todo="to change one of them, correct it",
        )
        self.earlier = earlier


def record(
    engine: Engine,
    rows: Iterable[Line | Entry] | Prepared,
    *,
    recorded_by: str,
    command: str,
    note: str = "",
    recorded_at: datetime | None = None,
    once: bool = False,
    follows: int | None = None,
) -> Receipt:
    """Record rows as one submission, in one transaction.

    Args:
        engine: a writing engine (see ``connect.open_engine``).
        rows: holdings, movements and withdrawals, validated; their order is kept. They are read
            once, while the transaction is open, and what they raise goes through.
        recorded_by: who records, as they name themselves.
        command: what they did, for the history.
        note: anything they add.
        recorded_at: when an archive's submission was recorded first, with its time zone; now,
            if not given.
        once: refuse content that was recorded before and not withdrawn since.
        follows: the newest submission that the caller judged on; refuse if there is a newer one.

    Raises:
        AlreadyRecorded: the same rows stand recorded, and ``once`` was asked for.
        ComplianceError: there are no rows, another submission came in between, one corrects a row
            that is not there or no longer in force, or ``recorded_at`` is before the last
            submission or in the future.
        LedgerError: the database refused. Whatever is raised, nothing was recorded; only where
            the connection was lost at the very end and the server does not answer any more, it
            is not known, and the error says so.
    """
    receipt: Receipt | None = None
    try:
        with _in_valid_text(), engine.begin() as connection:
            receipt = _append(
                connection,
                rows,
                recorded_by=recorded_by,
                command=command,
                note=note,
                recorded_at=recorded_at,
                once=once,
                follows=follows,
            )
    except DatabaseError as error:
        if receipt is None or not lost(error) or not _is_recorded(engine, receipt):
            raise refused("nothing was recorded", error) from error
    return receipt


def _is_recorded(engine: Engine, receipt: Receipt) -> bool:
    """Find out what became of a commit of which the server's answer was lost.

    Raises:
        LedgerError: it cannot be found out now.
    """
    try:
        # A writer waits until the lost transaction has ended, whichever way.
        with engine.begin() as connection:
            found = select(submission.c.id).where(submission.c.sha256 == receipt.sha256)
            return connection.execute(found).first() is not None
    except DatabaseError as error:
        raise LedgerError(
            "the connection was lost at the last step: whether submission "
            f"{receipt.id} was recorded is not known ({reason(error)})",
            todo="when the server answers again, look: compliance history; or run the same "
            "command again: what was recorded is recognised",
        ) from error


@contextmanager
def _in_valid_text() -> Iterator[None]:
    """Refuse bytes that came in as a text and are none: nobody could read them again."""
    try:
        yield
    except UnicodeEncodeError as error:
        near = error.object[max(0, error.start - 20) : error.end + 20]
        raise ComplianceError(
            f"nothing was recorded: a text holds bytes that are no valid UTF-8, near "
            f"'{printable(near)}'",
            todo="write the text anew, in UTF-8",
        ) from None


@contextmanager
def rehearsed(
    engine: Engine, rows: Iterable[Line | Entry] | Prepared, *, once: bool = False
) -> Iterator[Connection]:
    """Open the ledger as it would be with these rows recorded, and take everything back after.

    Other writers wait meanwhile.

    Raises:
        ComplianceError: as ``record`` does.
        LedgerError: the database refused.
    """
    try:
        with (
            _in_valid_text(),
            engine.connect() as connection,
            connection.begin() as transaction,
        ):
            _append(connection, rows, recorded_by="", command="", note="", once=once)
            yield connection
            transaction.rollback()
    except DatabaseError as error:
        raise refused("the database refused", error) from error


def _append(
    connection: Connection,
    rows: Iterable[Line | Entry] | Prepared,
    *,
    recorded_by: str,
    command: str,
    note: str,
    recorded_at: datetime | None = None,
    once: bool = False,
    follows: int | None = None,
) -> Receipt:
    last = head(over(connection))
    number = last.id + 1
    connection.execute(insert(recording).values(submission_id=number))
    written = write_rows(connection, number, rows)
    if not written.rows:
        raise ComplianceError("there is nothing to record: no rows")
    content = written.content_sha256
    if once:
        _refuse_repetition(connection, content)
    if written.refused is not None:
        raise written.refused
    if follows is not None and last.id != follows:
        raise ComplianceError(
            f"nothing was recorded: submission {last.id} was recorded meanwhile, and what was "
            "judged is no longer the last word",
            todo="run the same command again, to judge on all that is recorded",
        )
    moment = _moment(recorded_at, last)
    link = link_sha256(
        previous=last.sha256,
        number=number,
        recorded_at=moment,
        recorded_by=recorded_by,
        command=command,
        note=note,
        content=content,
    )
    # Last, for it says what its rows are; with it, what was announced is recorded.
    connection.execute(
        insert(submission).values(
            id=number,
            recorded_at=moment,
            recorded_by=recorded_by,
            command=command,
            note=note,
            row_count=written.rows,
            content_sha256=content,
            previous_sha256=last.sha256,
            sha256=link,
        )
    )
    return Receipt(number, link, content, moment, written.rows)


def _moment(given: datetime | None, last: Head) -> str:
    """Return when the submission is recorded: never before the last one."""
    if given is None:
        # Whatever the clock of this machine says.
        return max(instant(datetime.now(UTC)), last.recorded_at)
    if given.tzinfo is None:
        raise ComplianceError(f"'{given}' is no moment: the time zone is missing")
    moment = instant(given)
    if moment < last.recorded_at:
        raise ComplianceError(
            f"a submission of {moment} cannot follow the last one, recorded at {last.recorded_at}",
            todo="load an archive into a new ledger, the oldest submission first",
        )
    if given > datetime.now(UTC):
        raise ComplianceError(f"nothing was recorded yet at {moment}: that is in the future")
    return moment


def _refuse_repetition(connection: Connection, content: str) -> None:
    earlier = connection.execute(
        select(
            submission.c.id,
            submission.c.sha256,
            submission.c.content_sha256,
            submission.c.recorded_at,
            submission.c.row_count,
        )
        .where(submission.c.content_sha256 == content)
        .order_by(submission.c.id.desc())
    ).all()
    for found in earlier:
        if still_said(connection, found.id):
            raise AlreadyRecorded(Receipt(*found))
