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

from compliance.ledger.ancestry import as_first_said
from compliance.ledger.conditions import in_force, named, rows_of
from compliance.ledger.groups import grouped
from compliance.ledger.reading import Reading, Row
from compliance.ledger.stored import date_of, decoded_holding, decoded_movement, reference
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

_Stored = Mapping[str, Any]

# So many declarations are asked for in one statement.
_CHUNK = 500


class _Head(NamedTuple):
    """What makes rows one declaration."""

    declaration_id: int
    party: str
    as_of_first: date
    as_of_last: date
    basis: str
    source: str

    @classmethod
    def of(cls, row: Row) -> _Head:
        """Return it of a statement's columns."""
        number, party, first, last, basis, source = row
        return cls(number, party, date_of(first), date_of(last), basis, source)


_IDENTITY = ", ".join(_Head._fields)

# Of each party, category and basis the newest, or newest few, and all after a day.
_HEADS = """
SELECT DISTINCT {identity}
FROM (
    SELECT said.*, ROW_NUMBER() OVER (
        PARTITION BY party, category, basis, CASE WHEN as_of_last > :since THEN 1 ELSE 0 END
        ORDER BY as_of_last DESC, declaration_id DESC, source, as_of_first
    ) AS place
    FROM (
        SELECT DISTINCT {identity}, category
        FROM holding JOIN submission ON submission.id = holding.submission_id
        WHERE {conditions}
    ) AS said
) AS ranked
WHERE place <= CASE WHEN basis = :observed THEN :observations ELSE 1 END OR as_of_last > :since
"""


def evidence(
    reading: Reading,
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
        reading: the ledger.
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
        reading, as_of=as_of, known_at=known_at, parties=parties, bases=bases, since=start
    )
    tails = _tail_starts(found, categories, basis, start)
    starts = {
        party: date.min if party in wholes else tails.get(party, date.min) for party in parties
    }
    cuts = {start, *(days or ()), *cuts_of(found)}
    moved = movements(
        reading,
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
    reading: Reading,
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
        reading: the ledger.
        as_of: the last day; nothing dated later is returned.
        known_at: only submissions recorded by that moment.
        parties: only these holders.
        bases: only declarations of these; ``None`` for all.
        since: what is dated later than that is returned whole; of what is not, only the latest.
        latest: False leaves out what is not dated later than ``since``.
        limited: False adds those that only speak of items in no category.
    """
    heads = _heads(reading, as_of, known_at, parties, bases, since, limited=limited)
    if not latest:
        heads = {head for head in heads if head.as_of_last > since}
    return _declarations(reading, heads, known_at)


def _heads(
    reading: Reading,
    as_of: date,
    known_at: str | None,
    parties: Collection[str],
    bases: Collection[Basis] | None,
    since: date,
    *,
    limited: bool,
) -> set[_Head]:
    """Find each party's latest declaration of each category and basis, and all after ``since``."""
    conditions = ["as_of_last <= :as_of", "party IN (:parties)", in_force("holding", known_at)]
    if limited:
        conditions.append("category <> :unlimited")
    if bases is not None:
        conditions.append("basis IN (:bases)")
    found = reading.rows(
        _HEADS.format(identity=_IDENTITY, conditions=" AND ".join(conditions)),
        as_of=as_of,
        parties=sorted(parties),
        known_at=known_at or "",
        unlimited=NONE_CATEGORY,
        bases=sorted(basis.value for basis in bases or ()),
        since=since,
        observed=Basis.OBSERVED.value,
        observations=OBSERVATIONS,
    )
    return set(map(_Head.of, found))


def _declarations(
    reading: Reading, heads: set[_Head], known_at: str | None
) -> tuple[Declaration, ...]:
    """Read all rows of the declarations found, those of other categories included."""
    rows: dict[_Head, list[RecordedHolding]] = defaultdict(list)
    roots = sorted({head.declaration_id for head in heads})
    dates = [head.as_of_last for head in heads]
    # An archive may hold all years in one submission.
    query = (
        f"{rows_of('holding')} WHERE holding.declaration_id IN (:declarations) "
        f"AND holding.as_of_last BETWEEN :first AND :last AND {in_force('holding', known_at)}"
    )
    for some in _chunks(roots, _CHUNK):
        found = reading.rows(
            query, declarations=some, first=min(dates), last=max(dates), known_at=known_at or ""
        )
        for row in as_first_said(reading, "holding", list(named("holding", found))):
            head = _Head.of([row[column] for column in _Head._fields])
            if head in heads:
                rows[head].append(RecordedHolding(_ref(row), decoded_holding(row, _corrects(row))))
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
    reading: Reading,
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
        reading: the ledger.
        as_of: the day.
        known_at: only submissions recorded by that moment.
        starts: by holder, on either side, a day: what was over by then is left out.
        cuts: the days at whose end something is declared or asked.
        single_after: what was not over by this day is not told with others, since any later day
            may be asked about. ``None`` stands for ``as_of``.
    """
    few = list(islice(_rows(reading, as_of, known_at, starts), MANY + 1))
    if len(few) <= MANY:
        return tuple(_single(reading, few))
    singly = as_of if single_after is None else min(as_of, single_after)
    later = {party: max(start, singly) for party, start in starts.items()}
    alone = [
        *_planned(reading, singly, known_at, starts),
        *_rows(reading, as_of, known_at, later),
    ]
    found = [
        *grouped(reading, until=singly, known_at=known_at, starts=starts, cuts=cuts),
        *_single(reading, alone),
    ]
    return tuple(sorted(found, key=lambda item: (item.row.date.first, item.row.date.last)))


_HOLDERS = "holder(party, since) AS (VALUES :holders)"

# What comes to the holders, and what leaves them to nobody of them.
_LEGS = (
    "movement.to_party = holder.party AND movement.date_last > holder.since",
    """movement.from_party = holder.party AND movement.date_last > holder.since AND NOT EXISTS (
        SELECT 1 FROM holder AS other
        WHERE other.party = movement.to_party AND movement.date_last > other.since
    )""",
)
# No more rows than one may know sooner by their days whose they are than by their holders.
_NEAR = 5000
_HOW_MANY = """
SELECT COUNT(*) FROM (
    SELECT 1 FROM movement_row WHERE date_last > :since AND date_last <= :as_of LIMIT :most
) AS near
"""


def _rows(
    reading: Reading, as_of: date, known_at: str | None, starts: Mapping[str, date]
) -> Iterator[_Stored]:
    """Find the movements that were not over on their holder's day and may have begun by another."""
    standing = in_force("movement", known_at)
    waiting = {party: start for party, start in starts.items() if start < as_of}
    asked: dict[str, Any] = {"as_of": as_of, "known_at": known_at or ""}
    since = min(waiting.values(), default=as_of)
    ((near,),) = reading.rows(_HOW_MANY, since=since, as_of=as_of, most=_NEAR + 1)
    if 0 < near <= _NEAR:
        found = _read(
            reading,
            f"{rows_of('movement')} WHERE {standing} "
            "AND movement.date_last > :since AND movement.date_last <= :as_of",
            since=since,
            **asked,
        )
        yield from (row for row in found if _bears(row, waiting))
    elif near:
        for leg in _LEGS:
            yield from _read(
                reading,
                f"WITH {_HOLDERS} {rows_of('movement')}, holder "
                f"WHERE {standing} AND movement.date_last <= :as_of AND {leg}",
                holders=sorted(waiting.items()),
                **asked,
            )
    # What was not over by the day can have begun only where it is not of one day.
    begun = _read(
        reading,
        f"{rows_of('movement')} WHERE {standing} AND movement.date_first <> movement.date_last "
        "AND movement.date_last > :as_of AND movement.date_first <= :as_of",
        **asked,
    )
    yield from (row for row in begun if _bears(row, starts))


def _planned(
    reading: Reading, until: date, known_at: str | None, starts: Mapping[str, date]
) -> Iterator[_Stored]:
    """Find what was planned to be over after its holder's day and by another."""
    found = _read(
        reading,
        f"{rows_of('movement')} WHERE {in_force('movement', known_at)} "
        # By the first there is an index.
        "AND movement.state <> 'done' AND movement.state = :planned "
        "AND movement.date_last > :since AND movement.date_last <= :until",
        planned=State.PLANNED.value,
        since=min(starts.values()),
        until=until,
        known_at=known_at or "",
    )
    return (row for row in found if _bears(row, starts))


def _bears(row: _Stored, starts: Mapping[str, date]) -> bool:
    """True where a movement was not over on the day of a holder on either side."""
    over = date_of(row["date_last"])
    return any(
        side in starts and over > starts[side] for side in (row["from_party"], row["to_party"])
    )


def _read(reading: Reading, query: str, **values: Any) -> Iterator[_Stored]:
    return named("movement", reading.stream(query, **values))


def _single(reading: Reading, rows: Sequence[_Stored]) -> list[RecordedMovement]:
    """Return movements row by row, by date and in the order in which they were first said."""
    return [
        RecordedMovement(_ref(row), decoded_movement(row, _corrects(row)))
        for row in as_first_said(reading, "movement", rows)
    ]


def _ref(row: _Stored) -> str:
    return reference(row["content_sha256"], row["line"])


def _corrects(row: _Stored) -> str:
    if row["corrects_sha256"] is None:
        return ""
    return reference(row["corrects_sha256"], row["corrects_line"])


def _chunks(items: list[int], size: int) -> Iterable[list[int]]:
    return (items[start : start + size] for start in range(0, len(items), size))
