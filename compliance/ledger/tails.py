"""What moved: one by one where it is little, and what is alike together where it is much."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any

from compliance.ledger.ancestry import as_first_said
from compliance.ledger.conditions import in_force, named, rows_of, standing
from compliance.ledger.reading import Reading
from compliance.ledger.stored import corrected_by, date_of, decoded_movement, referred
from compliance.values.evidence import Folding, RecordedMovement
from compliance.values.vocabulary import State

MANY = 1000
"""More movements than these are told in groups: those that are alike as one."""

_Stored = Mapping[str, Any]


def movements(
    reading: Reading,
    as_of: date,
    known_at: str | None,
    starts: Mapping[str, date],
    *,
    cuts: Collection[date] = (),
    single_after: date | None = None,
    folding: Folding | None = None,
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
        folding: what more may be told as one than is alike.
    """
    if not _surely_many(reading, as_of, known_at, starts):
        few = list(islice(_rows(reading, as_of, known_at, starts), MANY + 1))
        if len(few) <= MANY:
            return tuple(_single(reading, few))
    from compliance.ledger.groups import grouped  # few ledgers are so large

    singly = as_of if single_after is None else min(as_of, single_after)
    later = {party: max(start, singly) for party, start in starts.items()}
    alone = [
        *_planned(reading, singly, known_at, starts),
        *_rows(reading, as_of, known_at, later),
    ]
    groups = grouped(
        reading, until=singly, known_at=known_at, starts=starts, cuts=cuts, folding=folding
    )
    found = [*groups, *_single(reading, alone)]
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


# To be counted they need not be read whole.
_COMES = """
SELECT COUNT(*) FROM (
    WITH {holders} SELECT 1 FROM movement{beside}, holder
    WHERE {standing} AND movement.date_last <= :as_of AND {leg} LIMIT :most
) AS come
"""


def _surely_many(
    reading: Reading, as_of: date, known_at: str | None, starts: Mapping[str, date]
) -> bool:
    """Return whether more than ``MANY`` movements come to the holders alone."""
    waiting = {party: start for party, start in starts.items() if start < as_of}
    since = min(waiting.values(), default=as_of)
    ((near,),) = reading.rows(_HOW_MANY, since=since, as_of=as_of, most=_NEAR + 1)
    if near <= _NEAR:
        return False
    ((comes,),) = reading.rows(
        _COMES.format(
            holders=_HOLDERS,
            beside="" if known_at is None else ", submission",
            standing=standing(known_at),
            leg=_LEGS[0],
        ),
        holders=sorted(waiting.items()),
        as_of=as_of,
        known_at=known_at or "",
        most=MANY + 1,
    )
    return bool(comes > MANY)


def _rows(
    reading: Reading, as_of: date, known_at: str | None, starts: Mapping[str, date]
) -> Iterator[_Stored]:
    """Find the movements that were not over on their holder's day and may have begun by another."""
    said = in_force("movement", known_at)
    waiting = {party: start for party, start in starts.items() if start < as_of}
    asked: dict[str, Any] = {"as_of": as_of, "known_at": known_at or ""}
    since = min(waiting.values(), default=as_of)
    ((near,),) = reading.rows(_HOW_MANY, since=since, as_of=as_of, most=_NEAR + 1)
    if 0 < near <= _NEAR:
        found = _read(
            reading,
            f"{rows_of('movement')} WHERE {said} "
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
                f"WHERE {said} AND movement.date_last <= :as_of AND {leg}",
                holders=sorted(waiting.items()),
                **asked,
            )
    # What was not over by the day can have begun only where it is not of one day.
    begun = _read(
        reading,
        f"{rows_of('movement')} WHERE {said} AND movement.date_first <> movement.date_last "
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
        RecordedMovement(referred(row), decoded_movement(row, corrected_by(row)))
        for row in as_first_said(reading, "movement", rows)
    ]
