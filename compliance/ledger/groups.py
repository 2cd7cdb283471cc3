"""Movements that are alike in all that bears on a count, told as one: their number and their sum.

A ledger may hold millions of movements, and a question turn on a year of them. The balances kept
by calendar year, ``turnover``, and sums over the rows of what is left of a year give the same
count as the rows themselves, since a count is linear in the quantities and equal in all else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

from compliance.ledger.conditions import HOLDERS, NOT_AT_ONCE, holders, in_force, legs
from compliance.ledger.periods import Periods, Plan, end_of_year, kept_and_scanned
from compliance.ledger.reading import Reading
from compliance.ledger.stored import date_of
from compliance.values.dates import DateSpan
from compliance.values.evidence import GROUPED_SOURCE, RecordedMovement
from compliance.values.records import Account, Movement, Particulars
from compliance.values.span import Span
from compliance.values.vocabulary import Basis, State, Status

_ALIKE = (
    *("from_party", "from_status", "from_place", "to_party", "to_status", "to_place"),
    *("type", "category", "basis", "marking"),
)
_KEYS = len(_ALIKE)
# A database sorts to group: sooner where the columns that differ most come first.
_SORTED_BY = (
    *("type", "to_party", "from_place", "from_party", "to_place", "from_status", "to_status"),
    *("category", "basis", "marking"),
)
_FROM_PARTY, _FROM_PLACE, _TO_PARTY, _TO_PLACE = (
    _ALIKE.index(name) for name in ("from_party", "from_place", "to_party", "to_place")
)
_REDUCED = "@reduced:"
_A_DAY = timedelta(days=1)

_MOVING = """
WITH {holders} SELECT party FROM holder WHERE EXISTS (
    SELECT 1 FROM movement WHERE from_party = holder.party AND from_party <> ''
        AND date_last > holder.since
) OR EXISTS (
    SELECT 1 FROM movement WHERE to_party = holder.party AND to_party <> ''
        AND date_last > holder.since
)
"""
_KEPT = """
WITH {holders}
SELECT {alike}, movements, quantity_low, quantity_high, open, turnover.year FROM turnover, holder
WHERE turnover.year <= :until AND {conditions}
"""
_DAYS = """
WITH stretch(number, after_day, until_day) AS (VALUES :stretches), {holders}
SELECT {alike}, COUNT(*), SUM(movement.quantity_low), COALESCE(SUM(movement.quantity_high), 0),
    COUNT(*) - COUNT(movement.quantity_high), stretch.number,
    MIN(movement.date_last), MAX(movement.date_last)
FROM movement, stretch, holder{beside}
WHERE movement.date_last > stretch.after_day AND movement.date_last <= stretch.until_day
    AND movement.date_first = movement.date_last AND movement.state = :done AND {conditions}
GROUP BY {sorted_by}, stretch.number
"""
_SPANS = """
SELECT {alike}, movement.quantity_low, movement.quantity_high, date_first, date_last
FROM movement{beside}
WHERE {at_once} AND movement.state = :done
    AND movement.date_last > :since AND movement.date_last <= :until AND {conditions}
"""

_Sum = list[int]
"""Movements, the sum of their low bounds, of the high ones, how many have none; first and last
year."""


class _Group(NamedTuple):
    """What is told as one: the periods its dates begin and end in, and what it shares."""

    first: int
    last: int
    alike: Sequence[str]


def grouped(
    reading: Reading,
    *,
    until: date,
    known_at: str | None,
    starts: Mapping[str, date],
    cuts: Iterable[date],
) -> tuple[RecordedMovement, ...]:
    """Return what is done after each holder's start and was over by a day, told in groups.

    Args:
        reading: the ledger.
        until: the day.
        known_at: only submissions recorded by that moment.
        starts: by holder the day after which its movements matter.
        cuts: the days at whose end something may be asked or declared: movements are told as one
            only where the same of these lie before, between and after their days.
    """
    starts = _moving(reading, starts)
    first = min(starts.values(), default=until)
    if first >= until:
        return ()
    days = {until, *starts.values(), *(cut for cut in cuts if first <= cut <= until)}
    sums = _Sums(Periods(days - {date.min}), starts, until)
    if known_at is None:
        plan = kept_and_scanned(sums.periods, first, until)
        sums.since = {party: end_of_year(_year_after(day) - 1) for party, day in starts.items()}
        sums.add_kept(reading, plan)
    else:
        # What was known at a moment is kept nowhere: it is added up from the rows.
        wanted = [s for s in sums.periods.all() if first <= s.after and s.until <= until]
        plan = Plan(tuple(wanted), {}, frozenset())
    sums.add_days(reading, plan, known_at)
    sums.add_spans(reading, plan, known_at)
    return tuple(sums.told())


def _moving(reading: Reading, starts: Mapping[str, date]) -> dict[str, date]:
    """Return the holders that anything left or reached after their day: others need no search."""
    found = {
        party for (party,) in reading.rows(_MOVING.format(holders=HOLDERS), holders=holders(starts))
    }
    return {party: day for party, day in starts.items() if party in found}


def _year_after(day: date) -> int:
    return (day + _A_DAY).year if day < date.max else day.year


class _Sums:
    """Adds up, by group.

    Attributes:
        periods: those that tell groups apart.
        since: by holder the day after which its movements are read; some are then left out.
    """

    def __init__(self, periods: Periods, starts: Mapping[str, date], until: date) -> None:
        self.periods = periods
        self.since: Mapping[str, date] = starts
        self._starts = starts
        self._until = until
        self._sums: dict[_Group, _Sum] = {}

    def add_kept(self, reading: Reading, plan: Plan) -> None:
        """Add the kept balances of calendar years."""
        periods = _ByYear(self.periods, plan.remainder)
        left_out = " AND turnover.year NOT IN (:left_out)" if plan.left_out else ""
        for leg in legs("turnover", "turnover.year > holder.year"):
            query = _KEPT.format(
                holders=HOLDERS, alike=_columns("turnover", _ALIKE), conditions=leg + left_out
            )
            for found in reading.stream(
                query,
                holders=holders(self.since),
                until=self._until.year,
                left_out=sorted(plan.left_out),
            ):
                year = found[-1]
                period = periods[year]
                self._add(_Group(period, period, found[:_KEYS]), 1, found[_KEYS:-1], year, year)

    def add_days(self, reading: Reading, plan: Plan, known_at: str | None) -> None:
        """Add up the rows of days, and take them away from the kept balance they are in."""
        if not plan.scanned:
            return
        stretches = [(n, item.after, item.until) for n, item in enumerate(plan.scanned)]
        for leg in legs("movement", "stretch.after_day >= holder.since"):
            query = _DAYS.format(
                holders=HOLDERS,
                alike=_columns("movement", _ALIKE),
                sorted_by=_columns("movement", _SORTED_BY),
                beside=_beside(known_at),
                conditions=f"{leg} AND {_standing(known_at)}",
            )
            for found in reading.rows(
                query,
                stretches=stretches,
                holders=holders(self.since),
                done=State.DONE.value,
                known_at=known_at or "",
            ):
                piece = plan.scanned[found[-3]]
                years = date_of(found[-2]).year, date_of(found[-1]).year
                alike_, sums = _kinds(found[:_KEYS]), tuple(map(int, found[_KEYS:-3]))
                self._add(_Group(piece.period, piece.period, alike_), 1, sums, *years)
                taken = plan.remainder.get(piece.until.year)
                if taken is not None:
                    self._add(_Group(taken, taken, alike_), -1, sums, *years)

    def add_spans(self, reading: Reading, plan: Plan, known_at: str | None) -> None:
        """Add what may have happened on more than one day, where no kept balance has it."""
        last = self._until
        if last.year in plan.remainder:
            last = end_of_year(last.year)
        query = _SPANS.format(
            alike=_columns("movement", _ALIKE),
            beside=_beside(known_at),
            at_once=NOT_AT_ONCE,
            conditions=_standing(known_at),
        )
        for found in reading.stream(
            query,
            done=State.DONE.value,
            since=min(self.since.values()),
            until=last,
            known_at=known_at or "",
        ):
            *_, low, high, first_day, last_day = found
            begun, over = date_of(first_day), date_of(last_day)
            if not self._read(found[_FROM_PARTY], found[_TO_PARTY], over):
                continue
            one, years = (1, low, high or 0, int(high is None)), (begun.year, over.year)
            alike = _kinds(found[:_KEYS])
            if known_at is None and begun.year == over.year:
                if over.year not in plan.divided:
                    continue
                taken = plan.remainder.get(over.year)
                if taken is not None:
                    self._add(_Group(taken, taken, alike), -1, one, *years)
            self._add(_Group(self.periods.of(begun), self.periods.of(over), alike), 1, one, *years)

    def told(self) -> Iterator[RecordedMovement]:
        """Yield the groups that bear on anything asked about, in a fixed order."""
        wanted = [item for item in self._sums.items() if item[1][0] and self._bears(item[0])]
        for group, (many, low, high, unbounded, first_year, last_year) in sorted(wanted):
            first = max(self.periods.first(group.first), date(first_year, 1, 1))
            dates = DateSpan(first, min(self.periods.until(group.last), date(last_year, 12, 31)))
            quantity = Span(low, None if unbounded else high)
            yield RecordedMovement(
                _name(group.alike, dates, quantity, many),
                _row(group.alike, dates, quantity),
                many=many,
            )

    def _add(self, group: _Group, sign: int, sums: Sequence[int], first: int, last: int) -> None:
        found = self._sums.get(group)
        if found is None:
            found = self._sums[group] = [0, 0, 0, 0, first, last]
        found[0] += sign * sums[0]
        found[1] += sign * sums[1]
        found[2] += sign * sums[2]
        found[3] += sign * sums[3]
        found[4] = min(found[4], first)
        found[5] = max(found[5], last)

    def _read(self, origin: str, destination: str, over: date) -> bool:
        """True where a movement was over after the day from which a side of it is read."""
        return any(side in self.since and over > self.since[side] for side in (origin, destination))

    def _bears(self, group: _Group) -> bool:
        sides = (group.alike[_FROM_PARTY], group.alike[_TO_PARTY])
        start = min(self._starts[side] for side in sides if side in self._starts)
        return (
            self.periods.after(group.last) >= start
            and self.periods.until(group.last) <= self._until
        )


class _ByYear(dict[int, int]):
    """The period that the kept balance of a year goes to."""

    def __init__(self, periods: Periods, remainder: Mapping[int, int]) -> None:
        super().__init__(remainder)
        self._periods = periods

    def __missing__(self, year: int) -> int:
        self[year] = self._periods.of(end_of_year(year))
        return self[year]


def _columns(table: str, names: Iterable[str]) -> str:
    return ", ".join(f"{table}.{name}" for name in names)


def _beside(known_at: str | None) -> str:
    """Name the submissions beside the movements, where a moment asks for them."""
    return "" if known_at is None else ", submission"


def _standing(known_at: str | None) -> str:
    joined = "" if known_at is None else "submission.id = movement.submission_id AND "
    return joined + in_force("movement", known_at)


def _kinds(alike: Sequence[str]) -> tuple[str, ...]:
    """Return what movements share, of an outside place only its kind."""
    found = list(alike)
    for side in (_FROM_PLACE, _TO_PLACE):
        if not found[side].startswith(_REDUCED):
            found[side] = found[side].partition(":")[0]
    return tuple(found)


def _name(alike: Sequence[str], dates: DateSpan, quantity: Span, many: int) -> str:
    """Return a name for a group, by what is told of it: the same on any machine."""
    told = "\0".join((*alike, str(dates), str(quantity), str(many)))
    return f"{many}@{hashlib.sha256(told.encode()).hexdigest()[:12]}"


def _row(alike: Sequence[str], dates: DateSpan, quantity: Span) -> Movement:
    origin = _account(*alike[_FROM_PARTY : _FROM_PLACE + 1])
    destination = _account(*alike[_TO_PARTY : _TO_PLACE + 1])
    designation, category, basis, marking = alike[_TO_PLACE + 1 :]
    return Movement(
        date=dates,
        type=designation,
        category=category,
        quantity=quantity,
        origin=origin,
        destination=destination,
        state=State.DONE,
        basis=_BASES[basis],
        source=GROUPED_SOURCE,
        more=_marked(marking),
    )


_BASES = {basis.value: basis for basis in Basis}


@cache
def _account(party: str, status: str, place: str) -> Account:
    return Account(party, Status(status)) if party else Account(place=place)


@cache
def _marked(marking: str) -> Particulars:
    return Particulars(marking=marking)
