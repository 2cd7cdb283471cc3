"""The balance as of a day and as known at a moment, chosen in SQL.

A balance is a declaration and the movements after it. Which declaration is in use and how its tail
counts is decided by the assessment; here the few rows that can matter are found, however long the
ledger is: for each party and category the latest declaration of each basis, and the movements that
may have begun by the day and are not surely contained in all of those.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, case, func, or_, select
from sqlalchemy import Table as SqlTable

from compliance.ledger.stored import decoded_holding, decoded_movement, reference
from compliance.ledger.tables import holding, movement, submission, withdrawal
from compliance.values.dates import DateSpan
from compliance.values.evidence import Declaration, Evidence, RecordedHolding, RecordedMovement
from compliance.values.vocabulary import NONE_CATEGORY, Basis

# Inspections see one site each, so older ones stay of interest; this many are kept in view.
_OBSERVATIONS = 100


class _Head(NamedTuple):
    """What makes rows one declaration."""

    declaration_id: int
    party: str
    as_of_first: date
    as_of_last: date
    basis: str
    source: str


def evidence(
    connection: Connection,
    *,
    as_of: date,
    known_at: str | None = None,
    parties: Collection[str],
    categories: Collection[str],
    wholes: Collection[str] = (),
    basis: Basis | None = None,
) -> Evidence:
    """Return what the ledger holds that bears on a day.

    Args:
        connection: a reading connection.
        as_of: the day; everything dated on it is included.
        known_at: only submissions recorded by that moment, as ``append.instant`` writes it.
        parties: only these holders.
        categories: those that will be counted; a holder that declared nothing in one of them needs
            its whole past.
        wholes: holders that may be counted as the sum of others: of these the whole past, too.
        basis: only declarations of that basis; movements are not restricted by it.
    """
    heads = _heads(connection, as_of, known_at, parties, basis)
    declarations = _declarations(connection, heads, known_at)
    starts = _tail_starts(declarations, categories, basis)
    starts = {party: start for party, start in starts.items() if party not in wholes}
    movements = _movements(connection, as_of, known_at, parties, starts)
    return Evidence(declarations, movements)


def _known(table: SqlTable, known_at: str | None) -> list[ColumnElement[bool]]:
    """Rows recorded by the moment and neither corrected nor withdrawn by then."""
    conditions: list[ColumnElement[bool]] = []
    if known_at is not None:
        conditions.append(submission.c.recorded_at <= known_at)
    for kind in (table, withdrawal):
        later = kind.alias()
        corrected = select(1).where(
            later.c.corrects_submission == table.c.submission_id,
            later.c.corrects_line == table.c.line,
        )
        if known_at is not None:
            said = submission.alias()
            corrected = corrected.join_from(later, said, said.c.id == later.c.submission_id).where(
                said.c.recorded_at <= known_at
            )
        conditions.append(~corrected.exists())
    return conditions


def _heads(
    connection: Connection,
    as_of: date,
    known_at: str | None,
    parties: Collection[str],
    basis: Basis | None,
) -> set[_Head]:
    """Find the latest declaration of each party, category and basis."""
    identity = _identity(holding)
    conditions = [
        holding.c.as_of_last <= as_of,
        holding.c.category != NONE_CATEGORY,
        holding.c.party.in_(sorted(parties)),
        *_known(holding, known_at),
    ]
    if basis is not None:
        # What inspectors saw stands beside every other figure.
        conditions.append(holding.c.basis.in_([basis.value, Basis.OBSERVED.value]))
    said = (
        select(*identity, holding.c.category)
        .join(submission, submission.c.id == holding.c.submission_id)
        .where(*conditions)
        .distinct()
        .subquery()
    )
    newest = func.row_number().over(
        partition_by=(said.c.party, said.c.category, said.c.basis),
        order_by=(
            said.c.as_of_last.desc(),
            said.c.declaration_id.desc(),
            said.c.source,
            said.c.as_of_first,
        ),
    )
    ranked = select(said, newest.label("place")).subquery()
    kept = case((ranked.c.basis == Basis.OBSERVED.value, _OBSERVATIONS), else_=1)
    columns = [ranked.c[column.name] for column in identity]
    found = connection.execute(select(*columns).where(ranked.c.place <= kept).distinct())
    return {_Head(*row) for row in found}


def _identity(table: SqlTable) -> list[ColumnElement[Any]]:
    return [table.c[name] for name in _Head._fields]


def _declarations(
    connection: Connection, heads: set[_Head], known_at: str | None
) -> tuple[Declaration, ...]:
    """Read all rows of the declarations found, those of other categories included."""
    rows: dict[_Head, list[RecordedHolding]] = defaultdict(list)
    roots = sorted({head.declaration_id for head in heads})
    for some in _chunks(roots, 500):
        query = _with_submission(holding).where(
            holding.c.declaration_id.in_(some), *_known(holding, known_at)
        )
        for row in connection.execute(query):
            head = _Head(*(row._mapping[column] for column in _identity(holding)))
            if head in heads:
                rows[head].append(
                    RecordedHolding(_ref(row), decoded_holding(row._asdict(), _corrects(row)))
                )
    return tuple(
        Declaration(
            party=head.party,
            as_of=DateSpan(head.as_of_first, head.as_of_last),
            basis=Basis(head.basis),
            source=head.source,
            order=head.declaration_id,
            rows=tuple(rows[head]),
        )
        for head in sorted(
            heads,
            key=lambda item: (
                item.party,
                item.as_of_last,
                item.declaration_id,
                item.basis,
                item.source,
                item.as_of_first,
            ),
        )
    )


def _tail_starts(
    declarations: Iterable[Declaration], categories: Collection[str], basis: Basis | None
) -> dict[str, date]:
    """For each party the day from which its movements matter, where that is not its whole past."""
    in_use: dict[tuple[str, str], Declaration] = {}
    usable = [item for item in declarations if basis is None or item.basis is basis]
    for item in usable:
        for category in categories:
            key = (item.party, category)
            if item.covers(category) and (
                key not in in_use or item.preference > in_use[key].preference
            ):
                in_use[key] = item
    return {
        party: min(in_use[party, category].as_of.first for category in categories)
        for party in {item.party for item in usable}
        if all((party, category) in in_use for category in categories)
    }


def _movements(
    connection: Connection,
    as_of: date,
    known_at: str | None,
    parties: Collection[str],
    starts: dict[str, date],
) -> tuple[RecordedMovement, ...]:
    sides = [
        and_(side == party, movement.c.date_last > starts.get(party, date.min))
        for party in sorted(parties)
        for side in (movement.c.from_party, movement.c.to_party)
    ]
    conditions = [movement.c.date_first <= as_of, or_(*sides), *_known(movement, known_at)]
    query = (
        _with_submission(movement)
        .where(*conditions)
        .order_by(
            movement.c.date_first, movement.c.date_last, movement.c.submission_id, movement.c.line
        )
    )
    return tuple(
        RecordedMovement(_ref(row), decoded_movement(row._asdict(), _corrects(row)))
        for row in connection.execute(query)
    )


def _with_submission(table: SqlTable) -> Select[Any]:
    corrected = submission.alias("corrected")
    return (
        select(
            table,
            submission.c.content_sha256,
            corrected.c.content_sha256.label("corrects_sha256"),
        )
        .join(submission, submission.c.id == table.c.submission_id)
        .outerjoin(corrected, corrected.c.id == table.c.corrects_submission)
    )


def _ref(row: Row[Any]) -> str:
    return reference(row.content_sha256, row.line)


def _corrects(row: Row[Any]) -> str:
    if row.corrects_sha256 is None:
        return ""
    return reference(row.corrects_sha256, row.corrects_line)


def _chunks(items: list[int], size: int) -> Iterable[list[int]]:
    return (items[start : start + size] for start in range(0, len(items), size))
