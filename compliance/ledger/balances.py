"""The balance as of a day and as known at a moment, chosen in SQL.

A balance is a declaration and the movements after it. Which declaration is in use and how its tail
counts is decided by the assessment; here the few rows that can matter are found, however long the
ledger is: for each party and category the latest declaration of each basis, and the movements that
may have begun by the day and are not surely contained in all of those.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, Select, case, func, or_, select
from sqlalchemy import Table as SqlTable

from compliance.ledger.ancestry import as_first_said
from compliance.ledger.conditions import NOT_AT_ONCE, holders, in_force, legs
from compliance.ledger.groups import grouped
from compliance.ledger.stored import decoded_holding, decoded_movement, reference
from compliance.ledger.tables import holding, movement, submission
from compliance.values.dates import DateSpan
from compliance.values.evidence import (
    OBSERVATIONS,
    Declaration,
    Evidence,
    RecordedHolding,
    RecordedMovement,
)
from compliance.values.vocabulary import NONE_CATEGORY, Basis, State

MANY = 1000
"""More movements than these are told in groups: those that are alike as one."""

# So many rows are read at once.
_BATCH = 500


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
    since: date | None = None,
    days: Collection[date] | None = None,
) -> Evidence:
    """Return what the ledger holds that bears on a day, or on every day of a stretch.

    Args:
        connection: a reading connection.
        as_of: the day; everything dated on it is included.
        known_at: only submissions recorded by that moment, as ``append.instant`` writes it.
        parties: only these holders.
        categories: those that will be counted; a holder that declared nothing in one of them needs
            its whole past.
        wholes: holders that may be counted as the sum of others: of these the whole past, too.
        basis: only declarations of that basis; movements are not restricted by it.
        since: the first day of the stretch that ends with ``as_of``: what bears on any day of it.
        days: those of the stretch that may be asked about, up to the latest of them, beside any
            day after that; ``None`` where any may be. Between them movements are told as one.
    """
    start = as_of if since is None else since
    # What inspectors saw stands beside every other figure.
    bases = None if basis is None else (basis, Basis.OBSERVED)
    found = declarations(
        connection, as_of=as_of, known_at=known_at, parties=parties, bases=bases, since=start
    )
    tails = _tail_starts(found, categories, basis, start)
    starts = {
        party: date.min if party in wholes else tails.get(party, date.min) for party in parties
    }
    cuts = {start, *(days or ()), *cuts_of(found)}
    moved = movements(
        connection,
        as_of,
        known_at,
        starts,
        cuts=cuts,
        single_after=max(days, default=start) if days is not None else start,
    )
    return Evidence(found, moved, starts=starts)


def cuts_of(declarations: Iterable[Declaration]) -> set[date]:
    """Return the days at whose end a movement may turn from contained in a figure to after it."""
    return {day for item in declarations for day in (item.as_of.first, item.as_of.last)}


def declarations(
    connection: Connection,
    *,
    as_of: date,
    known_at: str | None,
    parties: Collection[str],
    bases: Collection[Basis] | None = None,
    since: date,
    latest: bool = True,
    limited: bool = True,
) -> tuple[Declaration, ...]:
    """Return each party's latest declarations of each category and basis, and all after a day.

    Args:
        connection: a reading connection.
        as_of: the last day; nothing dated later is returned.
        known_at: only submissions recorded by that moment.
        parties: only these holders.
        bases: only declarations of these; ``None`` for all.
        since: what is dated later than that is returned whole; of what is not, only the latest.
        latest: False leaves out what is not dated later than ``since``.
        limited: False adds those that only speak of items in no category.
    """
    heads = _heads(connection, as_of, known_at, parties, bases, since, limited=limited)
    if not latest:
        heads = {head for head in heads if head.as_of_last > since}
    return _declarations(connection, heads, known_at)


def _heads(
    connection: Connection,
    as_of: date,
    known_at: str | None,
    parties: Collection[str],
    bases: Collection[Basis] | None,
    since: date,
    *,
    limited: bool,
) -> set[_Head]:
    """Find each party's latest declaration of each category and basis, and all after ``since``."""
    identity = _identity(holding)
    conditions = [
        holding.c.as_of_last <= as_of,
        holding.c.party.in_(sorted(parties)),
        *in_force(holding, known_at),
    ]
    if limited:
        conditions.append(holding.c.category != NONE_CATEGORY)
    if bases is not None:
        conditions.append(holding.c.basis.in_(sorted(basis.value for basis in bases)))
    said = (
        select(*identity, holding.c.category)
        .join(submission, submission.c.id == holding.c.submission_id)
        .where(*conditions)
        .distinct()
        .subquery()
    )
    later = case((said.c.as_of_last > since, 1), else_=0)
    newest = func.row_number().over(
        partition_by=(said.c.party, said.c.category, said.c.basis, later),
        order_by=(
            said.c.as_of_last.desc(),
            said.c.declaration_id.desc(),
            said.c.source,
            said.c.as_of_first,
        ),
    )
    ranked = select(said, newest.label("place")).subquery()
    kept = case((ranked.c.basis == Basis.OBSERVED.value, OBSERVATIONS), else_=1)
    columns = [ranked.c[column.name] for column in identity]
    needed = or_(ranked.c.place <= kept, ranked.c.as_of_last > since)
    found = connection.execute(select(*columns).where(needed).distinct())
    return {_Head(*row) for row in found}


def _identity(table: SqlTable) -> list[ColumnElement[Any]]:
    return [table.c[name] for name in _Head._fields]


def _declarations(
    connection: Connection, heads: set[_Head], known_at: str | None
) -> tuple[Declaration, ...]:
    """Read all rows of the declarations found, those of other categories included."""
    rows: dict[_Head, list[RecordedHolding]] = defaultdict(list)
    roots = sorted({head.declaration_id for head in heads})
    dates = [head.as_of_last for head in heads]
    for some in _chunks(roots, 500):
        query = _with_submission(holding).where(
            holding.c.declaration_id.in_(some),
            # An archive may hold all years in one submission.
            holding.c.as_of_last.between(min(dates), max(dates)),
            *in_force(holding, known_at),
        )
        for row in as_first_said(connection, holding, connection.execute(query).all()):
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
    declarations: Iterable[Declaration],
    categories: Collection[str],
    basis: Basis | None,
    since: date,
) -> dict[str, date]:
    """For each party the day from which its movements matter, where that is not its whole past."""
    in_use: dict[tuple[str, str], Declaration] = {}
    # One that comes into use later may reach back further than the one before it.
    later: dict[str, date] = {}
    usable = [item for item in declarations if basis is None or item.basis is basis]
    for item in usable:
        if item.as_of.last > since:
            later[item.party] = min(later.get(item.party, date.max), item.as_of.first)
            continue
        for category in categories:
            key = (item.party, category)
            if item.covers(category) and (
                key not in in_use or item.preference > in_use[key].preference
            ):
                in_use[key] = item
    return {
        party: min(
            *(in_use[party, category].as_of.first for category in categories),
            later.get(party, date.max),
            date.max,
        )
        for party in {item.party for item in usable}
        if all((party, category) in in_use for category in categories)
    }


def movements(
    connection: Connection,
    as_of: date,
    known_at: str | None,
    starts: Mapping[str, date],
    *,
    cuts: Collection[date] = (),
    single_after: date | None = None,
) -> tuple[RecordedMovement, ...]:
    """Return the holders' movements that may have begun by a day.

    Where they are many, those that are alike are told as one; see ``groups``.

    Args:
        connection: a reading connection.
        as_of: the day.
        known_at: only submissions recorded by that moment.
        starts: by holder, on either side, a day: what was over by then is left out.
        cuts: the days at whose end something is declared or asked.
        single_after: what was not over by this day is not told with others, since any later day
            may be asked about. ``None`` stands for ``as_of``.
    """
    few = list(islice(_rows(connection, as_of, known_at, starts), MANY + 1))
    if len(few) <= MANY:
        return tuple(_single(connection, few))
    singly = as_of if single_after is None else min(as_of, single_after)
    later = {party: max(start, singly) for party, start in starts.items()}
    alone = [
        *_planned(connection, singly, known_at, starts),
        *_rows(connection, as_of, known_at, later),
    ]
    found = [
        *grouped(connection, until=singly, known_at=known_at, starts=starts, cuts=cuts),
        *_single(connection, alone),
    ]
    return tuple(sorted(found, key=lambda item: (item.row.date.first, item.row.date.last)))


def _rows(
    connection: Connection, as_of: date, known_at: str | None, starts: Mapping[str, date]
) -> Iterator[Row[Any]]:
    """Find the movements that were not over on their holder's day and may have begun by another."""
    row = movement.c
    query = _with_submission(movement).where(*in_force(movement, known_at))
    waiting = {party: start for party, start in starts.items() if start < as_of}
    if waiting:
        some = holders(waiting)
        for leg in legs(
            some,
            movement,
            query.where(row.date_last <= as_of),
            lambda holder: row.date_last > holder.c.since,
        ):
            yield from _read(connection, leg)
    # What was not over by the day can have begun only where it is not of one day.
    begun = query.where(
        NOT_AT_ONCE,
        row.state.in_([state.value for state in State]),
        row.date_last > as_of,
        row.date_first <= as_of,
    )
    yield from (found for found in _read(connection, begun) if _bears(found, starts))


def _planned(
    connection: Connection, until: date, known_at: str | None, starts: Mapping[str, date]
) -> Iterator[Row[Any]]:
    """Find what was planned to be over after its holder's day and by another."""
    row = movement.c
    query = _with_submission(movement).where(
        NOT_AT_ONCE,
        row.state == State.PLANNED.value,
        row.date_last > min(starts.values()),
        row.date_last <= until,
        *in_force(movement, known_at),
    )
    return (found for found in _read(connection, query) if _bears(found, starts))


def _bears(row: Row[Any], starts: Mapping[str, date]) -> bool:
    """True where a movement was not over on the day of a holder on either side."""
    sides = (row.from_party, row.to_party)
    return any(side in starts and row.date_last > starts[side] for side in sides)


def _read(connection: Connection, query: Select[Any]) -> Iterator[Row[Any]]:
    with connection.execute(query, execution_options={"yield_per": _BATCH}) as found:
        yield from found


def _single(connection: Connection, rows: Sequence[Row[Any]]) -> list[RecordedMovement]:
    """Return movements row by row, by date and in the order in which they were first said."""
    return [
        RecordedMovement(_ref(row), decoded_movement(row._asdict(), _corrects(row)))
        for row in as_first_said(connection, movement, rows)
    ]


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
