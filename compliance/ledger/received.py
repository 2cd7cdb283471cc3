"""What was received when: rows in force, with the submission that first said them.

A correction stands in the place of what it corrects, so what was handed over in time and corrected
later was handed over in time. Only as long as it is the same speaker who speaks: a press report
that was replaced by a declaration was no declaration yet.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from compliance.ledger.conditions import in_force, named, rows_of
from compliance.ledger.reading import Reading
from compliance.ledger.stored import REF_LENGTH, decoded_holding, decoded_movement, referred
from compliance.values.evidence import RecordedHolding, RecordedMovement
from compliance.values.received import Received, ReceivedHolding, ReceivedMovement
from compliance.values.vocabulary import Basis

Place = tuple[int, int]
"""A submission and a line."""

_Stored = Mapping[str, Any]

# So many rows are asked for in one statement.
_BATCH = 400

_SPEAKER = {
    "holding": ("party", "basis"),
    "movement": ("from_party", "to_party", "basis", "state"),
}
"""What a row and the one it corrects must share, to be one statement of one speaker."""


class _Said(NamedTuple):
    """Where and when a row was first said."""

    content_sha256: str
    recorded_at: str


def holdings_received(
    reading: Reading,
    *,
    first: date,
    last: date,
    parties: Collection[str],
    bases: Collection[Basis],
    known_at: str | None = None,
) -> tuple[ReceivedHolding, ...]:
    """Return declared rows by date, with when they were first recorded.

    Args:
        reading: the ledger.
        first: what was dated earlier is left out.
        last: what is dated later is left out.
        parties: only these holders.
        bases: only these.
        known_at: only submissions recorded by that moment.
    """
    query = (
        f"{rows_of('holding')} WHERE holding.as_of_last >= :first AND holding.as_of_first <= :last "
        "AND holding.party IN (:parties) AND holding.basis IN (:bases) "
        f"AND {in_force('holding', known_at)} "
        "ORDER BY holding.as_of_last, holding.submission_id, holding.line"
    )
    rows = reading.rows(
        query,
        first=first,
        last=last,
        parties=sorted(parties),
        bases=sorted(basis.value for basis in bases),
        known_at=known_at or "",
    )
    found = list(named("holding", rows))
    said = _first_said(reading, "holding", found)
    return tuple(
        Received(
            RecordedHolding(referred(row), decoded_holding(row, "")),
            *_when(said[_place(row)]),
            order=row["declaration_id"],
        )
        for row in found
    )


def movements_received(
    reading: Reading,
    *,
    first: date,
    last: date,
    parties: Collection[str],
    known_at: str | None = None,
) -> tuple[ReceivedMovement, ...]:
    """Return movements from or to parties by date, with when they were first recorded.

    Args:
        reading: the ledger.
        first: what was over earlier is left out.
        last: what cannot have begun by then is left out.
        parties: the holders on either side.
        known_at: only submissions recorded by that moment.
    """
    query = (
        f"{rows_of('movement')} "
        "WHERE movement.date_last >= :first AND movement.date_first <= :last "
        "AND (movement.from_party IN (:parties) OR movement.to_party IN (:parties)) "
        f"AND {in_force('movement', known_at)} "
        "ORDER BY movement.date_last, movement.date_first, movement.submission_id, movement.line"
    )
    rows = reading.rows(
        query, first=first, last=last, parties=sorted(parties), known_at=known_at or ""
    )
    found = list(named("movement", rows))
    said = _first_said(reading, "movement", found)
    return tuple(
        Received(
            RecordedMovement(referred(row), decoded_movement(row, "")),
            *_when(said[_place(row)]),
        )
        for row in found
    )


def _first_said(reading: Reading, table: str, rows: Iterable[_Stored]) -> dict[Place, _Said]:
    """Return for each row where its speaker first said it, or what it corrects."""
    said: dict[Place, _Said] = {}
    rising: dict[Place, Place] = {}
    speakers: dict[Place, tuple[Any, ...]] = {}
    for found in rows:
        place = _place(found)
        said[place] = _said(found)
        speakers[place] = _speaker(table, found)
        if found["corrects_submission"] is not None:
            rising[place] = _above(found)
    while rising:
        above = {_place(up): up for up in _at(reading, table, rising)}
        taken_back = {_place(up): up for up in _at(reading, "withdrawal", rising)}
        higher: dict[Place, Place] = {}
        for place, at in rising.items():
            row = above.get(at)
            if row is not None and _speaker(table, row) == speakers[place]:
                said[place] = _said(row)
            else:
                row = taken_back.get(at)
            if row is not None and row["corrects_submission"] is not None:
                higher[place] = _above(row)
        rising = higher
    return said


def _at(reading: Reading, table: str, rising: dict[Place, Place]) -> Iterator[_Stored]:
    """Read the rows of a table at places, in pieces that one statement can name."""
    places = sorted(set(rising.values()))
    query = f"{rows_of(table)} WHERE ({table}.submission_id, {table}.line) IN (VALUES :places)"
    for start in range(0, len(places), _BATCH):
        yield from named(table, reading.rows(query, places=places[start : start + _BATCH]))


def _place(row: _Stored) -> Place:
    return row["submission_id"], row["line"]


def _above(row: _Stored) -> Place:
    """Return the place of what a row corrects."""
    return row["corrects_submission"], row["corrects_line"]


def _speaker(table: str, row: _Stored) -> tuple[Any, ...]:
    return tuple(row[name] for name in _SPEAKER[table])


def _said(row: _Stored) -> _Said:
    return _Said(row["content_sha256"], row["recorded_at"])


def _when(said: _Said) -> tuple[str, date]:
    return said.content_sha256[:REF_LENGTH], date.fromisoformat(said.recorded_at[:10])
