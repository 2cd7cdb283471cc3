"""What was received when: rows in force, with the submission that first said them.

A correction stands in the place of what it corrects, so what was handed over in time and corrected
later was handed over in time. Only as long as it is the same speaker who speaks: a press report
that was replaced by a declaration was no declaration yet.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, Table, select, tuple_

from compliance.ledger.conditions import in_force
from compliance.ledger.stored import REF_LENGTH, decoded_holding, decoded_movement, reference
from compliance.ledger.tables import holding, movement, submission, withdrawal
from compliance.values.evidence import RecordedHolding, RecordedMovement
from compliance.values.received import Received, ReceivedHolding, ReceivedMovement
from compliance.values.vocabulary import Basis

Place = tuple[int, int]
"""A submission and a line."""

# So many rows are asked for in one statement.
_BATCH = 400

_SPEAKER = {
    holding: ("party", "basis"),
    movement: ("from_party", "to_party", "basis", "state"),
}
"""What a row and the one it corrects must share, to be one statement of one speaker."""


class _Said(NamedTuple):
    """Where and when a row was first said."""

    content_sha256: str
    recorded_at: str


def holdings_received(
    connection: Connection,
    *,
    first: date,
    last: date,
    parties: Collection[str],
    bases: Collection[Basis],
    known_at: str | None = None,
) -> tuple[ReceivedHolding, ...]:
    """Return declared rows by date, with when they were first recorded.

    Args:
        connection: a reading connection.
        first: what was dated earlier is left out.
        last: what is dated later is left out.
        parties: only these holders.
        bases: only these.
        known_at: only submissions recorded by that moment.
    """
    found = connection.execute(
        _with_submission(holding)
        .where(
            holding.c.as_of_last >= first,
            holding.c.as_of_first <= last,
            holding.c.party.in_(sorted(parties)),
            holding.c.basis.in_(sorted(basis.value for basis in bases)),
            *in_force(holding, known_at),
        )
        .order_by(holding.c.as_of_last, holding.c.submission_id, holding.c.line)
    ).all()
    said = _first_said(connection, holding, found)
    return tuple(
        Received(
            RecordedHolding(_ref(row), decoded_holding(row._asdict(), "")),
            *_when(said[row.submission_id, row.line]),
            order=row.declaration_id,
        )
        for row in found
    )


def movements_received(
    connection: Connection,
    *,
    first: date,
    last: date,
    parties: Collection[str],
    known_at: str | None = None,
) -> tuple[ReceivedMovement, ...]:
    """Return movements from or to parties by date, with when they were first recorded.

    Args:
        connection: a reading connection.
        first: what was over earlier is left out.
        last: what cannot have begun by then is left out.
        parties: the holders on either side.
        known_at: only submissions recorded by that moment.
    """
    wanted = sorted(parties)
    found = connection.execute(
        _with_submission(movement)
        .where(
            movement.c.date_last >= first,
            movement.c.date_first <= last,
            movement.c.from_party.in_(wanted) | movement.c.to_party.in_(wanted),
            *in_force(movement, known_at),
        )
        .order_by(
            movement.c.date_last, movement.c.date_first, movement.c.submission_id, movement.c.line
        )
    ).all()
    said = _first_said(connection, movement, found)
    return tuple(
        Received(
            RecordedMovement(_ref(row), decoded_movement(row._asdict(), "")),
            *_when(said[row.submission_id, row.line]),
        )
        for row in found
    )


def _with_submission(table: Table) -> Any:
    return select(table, submission.c.content_sha256, submission.c.recorded_at).join(
        submission, submission.c.id == table.c.submission_id
    )


def _first_said(
    connection: Connection, table: Table, rows: Iterable[Row[Any]]
) -> dict[Place, _Said]:
    """Return for each row where its speaker first said it, or what it corrects."""
    said: dict[Place, _Said] = {}
    rising: dict[Place, Place] = {}
    speakers: dict[Place, tuple[Any, ...]] = {}
    for found in rows:
        place = (found.submission_id, found.line)
        said[place] = _Said(found.content_sha256, found.recorded_at)
        speakers[place] = _speaker(table, found)
        if found.corrects_submission is not None:
            rising[place] = (found.corrects_submission, found.corrects_line)
    while rising:
        above = {(up.submission_id, up.line): up for up in _at(connection, table, rising)}
        taken_back = {(up.submission_id, up.line): up for up in _at(connection, withdrawal, rising)}
        higher: dict[Place, Place] = {}
        for place, at in rising.items():
            row: Row[Any] | None = above.get(at)
            if row is not None and _speaker(table, row) == speakers[place]:
                said[place] = _Said(row.content_sha256, row.recorded_at)
            else:
                row = taken_back.get(at)
            if row is not None and row.corrects_submission is not None:
                higher[place] = (row.corrects_submission, row.corrects_line)
        rising = higher
    return said


def _at(connection: Connection, table: Table, rising: dict[Place, Place]) -> Iterator[Row[Any]]:
    """Read the rows of a table at places, in pieces that one statement can name."""
    places = sorted(set(rising.values()))
    for start in range(0, len(places), _BATCH):
        at = tuple_(table.c.submission_id, table.c.line)
        yield from connection.execute(
            _with_submission(table).where(at.in_(places[start : start + _BATCH]))
        )


def _speaker(table: Table, row: Row[Any]) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in _SPEAKER[table])


def _when(said: _Said) -> tuple[str, date]:
    return said.content_sha256[:REF_LENGTH], date.fromisoformat(said.recorded_at[:10])


def _ref(row: Row[Any]) -> str:
    return reference(row.content_sha256, row.line)
