"""Recording: the only way into the ledger. One submission, whole or not at all, in a chain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, and_, func, insert, select
from sqlalchemy.exc import DatabaseError

from compliance.ledger.tables import holding, movement, submission
from compliance.values.canonical import sha256
from compliance.values.errors import ComplianceError, LedgerError
from compliance.values.records import Account, Holding, Movement, Particulars, Row, content_sha256

REF_LENGTH = 12
"""How many digits of a submission's content hash name it in a row's reference."""


@dataclass(frozen=True, slots=True)
class Head:
    """The newest submission of a ledger, or the empty start."""

    id: int
    sha256: str
    recorded_at: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was recorded: keep ``sha256`` elsewhere to prove later that nothing was changed."""

    id: int
    sha256: str
    content_sha256: str
    recorded_at: str
    rows: int


def head(connection: Connection) -> Head:
    """Return the newest submission, or ``Head(0, "", "")`` of an empty ledger."""
    found = connection.execute(
        select(submission.c.id, submission.c.sha256, submission.c.recorded_at)
        .order_by(submission.c.id.desc())
        .limit(1)
    ).first()
    return Head(*found) if found else Head(0, "", "")


def instant(moment: datetime) -> str:
    """Return a moment as the ledger writes it: UTC, ISO 8601, microseconds, ``Z``."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def link_sha256(
    *,
    previous: str,
    number: int,
    recorded_at: str,
    recorded_by: str,
    command: str,
    note: str,
    content: str,
) -> str:
    """Return the hash that ties a submission to the one before it."""
    return sha256(
        {
            "previous": previous,
            "id": number,
            "recorded_at": recorded_at,
            "recorded_by": recorded_by,
            "command": command,
            "note": note,
            "content": content,
        }
    )


def record(
    engine: Engine,
    rows: Sequence[Row],
    *,
    recorded_by: str,
    command: str,
    note: str = "",
) -> Receipt:
    """Record rows as one submission, in one transaction.

    Args:
        engine: a writing engine (see ``connect.open_engine``).
        rows: holdings and movements, validated; their order is kept.
        recorded_by: who records, as they name themselves.
        command: what they did, for the history.
        note: anything they add.

    Raises:
        ComplianceError: there are no rows, or one corrects a row that is not there.
        LedgerError: the database refused; nothing was recorded.
    """
    if not rows:
        raise ComplianceError("there is nothing to record: no rows")
    try:
        with engine.begin() as connection:
            targets = [_corrected(connection, row) for row in rows]
            # Hashed as the ledger names its rows, so that the hash can be found again from it.
            content = content_sha256([_naming(r, t) for r, t in zip(rows, targets, strict=True)])
            last = head(connection)
            # Never earlier than the last one, whatever the clock of this machine says.
            recorded_at = max(instant(datetime.now(UTC)), last.recorded_at)
            number = last.id + 1
            link = link_sha256(
                previous=last.sha256,
                number=number,
                recorded_at=recorded_at,
                recorded_by=recorded_by,
                command=command,
                note=note,
                content=content,
            )
            connection.execute(
                insert(submission).values(
                    id=number,
                    recorded_at=recorded_at,
                    recorded_by=recorded_by,
                    command=command,
                    note=note,
                    row_count=len(rows),
                    content_sha256=content,
                    previous_sha256=last.sha256,
                    sha256=link,
                )
            )
            _insert(connection, number, rows, targets)
    except DatabaseError as error:
        raise LedgerError(f"nothing was recorded: {error.orig}") from error
    return Receipt(number, link, content, recorded_at, len(rows))


@dataclass(frozen=True, slots=True)
class _Target:
    """The row that another one corrects.

    Attributes:
        root: the submission that first made the declaration the row belongs to.
    """

    content_sha256: str
    submission: int
    line: int
    root: int


def _naming(row: Row, target: _Target | None) -> Row:
    """Return the row with what it corrects named in full, however briefly it was written."""
    if target is None:
        return row
    named = f"{target.content_sha256[:REF_LENGTH]}:{target.line}"
    return replace(row, more=replace(row.more, corrects=named))


def _insert(
    connection: Connection, number: int, rows: Sequence[Row], targets: Sequence[_Target | None]
) -> None:
    holdings: list[dict[str, object]] = []
    movements: list[dict[str, object]] = []
    for line, (row, target) in enumerate(zip(rows, targets, strict=True), start=1):
        place = {
            "submission_id": number,
            "line": line,
            "corrects_submission": target.submission if target else None,
            "corrects_line": target.line if target else None,
        }
        if isinstance(row, Holding):
            root = target.root if target else number
            holdings.append({**place, "declaration_id": root, **_holding(row)})
        else:
            movements.append({**place, **_movement(row)})
    if holdings:
        connection.execute(insert(holding), holdings)
    if movements:
        connection.execute(insert(movement), movements)


def _corrected(connection: Connection, row: Row) -> _Target | None:
    """Find the row that this one corrects.

    Where the same content was recorded twice, its rows have the same names: the newest that is
    not corrected yet is meant.
    """
    named = row.more.corrects
    if not named:
        return None
    prefix, _, line_text = named.partition(":")
    line = int(line_text) if line_text.isdecimal() and len(line_text) <= 9 else -1
    table = holding if isinstance(row, Holding) else movement
    root = table.c.declaration_id if isinstance(row, Holding) else table.c.submission_id
    later = table.alias("later")
    correction = and_(
        later.c.corrects_submission == table.c.submission_id, later.c.corrects_line == table.c.line
    )
    found = connection.execute(
        select(submission.c.content_sha256, table.c.submission_id, table.c.line, root)
        .add_columns(select(1).where(correction).exists())
        .join(submission, submission.c.id == table.c.submission_id)
        .where(
            func.substr(submission.c.content_sha256, 1, len(prefix)) == prefix,
            table.c.line == line,
        )
        .order_by(submission.c.id.desc())
    ).all()
    if len(prefix) < 8 or len({item[0] for item in found}) != 1:
        raise ComplianceError(
            f"'{named}' names no row that can be corrected",
            todo="write submission:line as the audit names its rows, such as 3fa4c1d2e5b6:12",
        )
    # Two corrections of one row would both be in force.
    standing = [_Target(*item[:4]) for item in found if not item[4]]
    if not standing:
        raise ComplianceError(
            f"'{named}' was corrected already",
            todo="name the row that corrected it; it is the one in force",
        )
    return standing[0]


def _particulars(more: Particulars) -> dict[str, object]:
    return {
        "note": more.note,
        "ref": more.ref,
        "stated_by": more.stated_by,
        "subcategory": more.subcategory,
        "unit": more.unit,
        "site": more.site,
        "marking": more.marking,
    }


def _holding(row: Holding) -> dict[str, object]:
    return {
        "party": row.party,
        "as_of_first": row.as_of.first,
        "as_of_last": row.as_of.last,
        "basis": row.basis.value,
        "category": row.category,
        "type": row.type,
        "status": row.status.value,
        "quantity_low": row.quantity.low,
        "quantity_high": row.quantity.high,
        "withheld": row.withheld,
        "source": row.source,
        **_particulars(row.more),
    }


def _movement(row: Movement) -> dict[str, object]:
    return {
        "date_first": row.date.first,
        "date_last": row.date.last,
        "type": row.type,
        "category": row.category,
        "quantity_low": row.quantity.low,
        "quantity_high": row.quantity.high,
        **_account("from", row.origin),
        **_account("to", row.destination),
        "state": row.state.value,
        "basis": row.basis.value,
        "source": row.source,
        **_particulars(row.more),
    }


def _account(side: str, account: Account) -> dict[str, object]:
    return {
        f"{side}_party": account.party,
        f"{side}_status": account.status.value if account.party else "",
        f"{side}_place": account.place,
    }
