"""Movements in force: found by name, or because they are planned."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, Row, Select, or_, select

from compliance.ledger.corrections import corrected, named_by, standing
from compliance.ledger.history import find
from compliance.ledger.reading import over
from compliance.ledger.stored import decoded_movement, reference
from compliance.ledger.tables import movement, submission
from compliance.values.errors import ComplianceError
from compliance.values.evidence import RecordedMovement
from compliance.values.records import Withdrawal
from compliance.values.vocabulary import State


def planned(
    connection: Connection, parties: Collection[str] | None = None
) -> tuple[RecordedMovement, ...]:
    """Return the planned movements in force by date.

    Args:
        connection: a reading connection.
        parties: only those to or from these holders.
    """
    query = _QUERY.where(
        movement.c.state != State.DONE.value,  # by which there is an index
        movement.c.state == State.PLANNED.value,
        ~corrected(movement.c.submission_id, movement.c.line),
    ).order_by(
        movement.c.date_first, movement.c.date_last, movement.c.submission_id, movement.c.line
    )
    if parties is not None:
        wanted = sorted(parties)
        query = query.where(or_(movement.c.from_party.in_(wanted), movement.c.to_party.in_(wanted)))
    return tuple(map(_recorded, connection.execute(query)))


def movement_in_force(connection: Connection, name: str) -> RecordedMovement:
    """Return the movement of a name, ``submission:line``: the submission's hash or its number.

    Raises:
        ComplianceError: it names no movement, or one that was corrected or withdrawn since.
    """
    prefix, colon, line = name.strip().lower().partition(":")
    if not colon:
        raise ComplianceError(
            f"'{name}' names no row", todo="write submission:line, such as 3fa4c1d2e5b6:12"
        )
    if prefix.isdecimal() and len(prefix) < 8:
        prefix = find(over(connection), prefix).content_sha256[:12]
    probe = [Withdrawal(f"{prefix}:{line}")]
    (target,) = standing(connection, probe, named_by(connection, probe))
    assert target is not None
    found = connection.execute(
        _QUERY.where(movement.c.submission_id == target.submission, movement.c.line == target.line)
    ).first()
    if found is None:
        raise ComplianceError(f"'{name}' is a holding, no movement")
    return _recorded(found)


_QUERY: Select[Any] = select(movement, submission.c.content_sha256).join(
    submission, submission.c.id == movement.c.submission_id
)


def _recorded(row: Row[Any]) -> RecordedMovement:
    # What it corrects itself is of no concern to those who correct it.
    ref = reference(row.content_sha256, row.line)
    return RecordedMovement(ref, decoded_movement(row._asdict(), ""))
