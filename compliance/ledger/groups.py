"""Movements that are alike in all that bears on a count, told as one: their number and their sum.

A ledger may hold millions of movements, and a question turn on a year of them. The balances kept
by calendar year, ``turnover``, and sums over the rows of what is left of a year give the same
count as the rows themselves, since a count is linear in the quantities and equal in all else.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from itertools import islice

from compliance.ledger.conditions import in_force
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
    *("type", "category", "marking"),
)
_FROM_PARTY, _FROM_PLACE, _TO_PARTY, _TO_PLACE = (
    _ALIKE.index(name) for name in ("from_party", "from_place", "to_party", "to_place")
)
_MARKING = _ALIKE.index("marking")
_REDUCED = "@reduced:"
_A_DAY = timedelta(days=1)

# So many shapes are asked for in one statement.
_BATCH = 500

_LAST_KNOWN = "SELECT MAX(id) FROM submission WHERE recorded_at <= :known_at"

_KEPT = """
SELECT year, shape_id, basis, movements, quantity_low, quantity_high, open
FROM turnover WHERE year > :after AND year <= :until {undivided}
"""

# One index holds all that is asked for.
_DAYS = """
SELECT shape_id, basis, COUNT(*), SUM(quantity_low), COALESCE(SUM(quantity_high), 0),
    COUNT(*) - COUNT(quantity_high){years}
FROM movement_row
WHERE date_last > :after AND date_last <= :until AND date_first = date_last {known}
GROUP BY shape_id, basis
"""
_YEARS = ", MIN(date_last), MAX(date_last)"
_KNOWN = "AND submission_id <= :last"

# What was said of a day and is not in force: few beside all that was said.
_CORRECTED = """
SELECT said.shape_id, said.basis, said.date_last, said.quantity_low, said.quantity_high
FROM (
    SELECT corrects_submission, corrects_line FROM movement_row
    WHERE corrects_submission IS NOT NULL {known}
    UNION
    SELECT corrects_submission, corrects_line FROM withdrawal WHERE TRUE {known}
) AS later
JOIN movement_row AS said
    ON said.submission_id = later.corrects_submission AND said.line = later.corrects_line
WHERE said.date_last > :after AND said.date_last <= :until AND said.date_first = said.date_last
"""
_SPANS = """
SELECT shape_id, basis, date_first, date_last, quantity_low, quantity_high
FROM movement_row AS movement{beside}
WHERE movement.date_first <> movement.date_last
    AND movement.date_last > :after AND movement.date_last <= :until AND {standing}
"""
_SHAPES = f"""
SELECT id, state, {", ".join(_ALIKE)} FROM movement_shape WHERE id IN (:numbers)
"""  # noqa: S608 - names of the schema

_Alike = tuple[str, ...]
"""What movements that are told as one share, in the order of ``_ALIKE``."""

_Kind = tuple[int, str]
"""A shape and a basis."""

_Sum = list[int]
"""Movements, the sum of their low bounds, of the high ones, how many have none; first and last
year."""

_Group = tuple[str, ...]
"""The same with the basis, before the marking."""

_Between = tuple[int, int]
"""The periods that the dates of movements begin and end in."""


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
    first = min(starts.values(), default=until)
    if first >= until:
        return ()
    days = {until, *starts.values(), *(cut for cut in cuts if first <= cut <= until)}
    periods = Periods(days - {date.min})
    if known_at is None:
        plan = kept_and_scanned(periods, first, until)
        sums = _Sums(reading, periods, plan, None)
        # A year that is kept is kept from its beginning.
        after = end_of_year(_year_after(first) - 1)
        sums.add_kept(after.year if first > date.min else 0, until.year)
    else:
        # What was known at a moment is kept nowhere: it is added up from the rows.
        wanted = [s for s in periods.all() if first <= s.after and s.until <= until]
        plan = Plan(tuple(wanted), frozenset())
        sums = _Sums(reading, periods, plan, known_at)
        after = first
    sums.add_days()
    sums.add_spans(after, until)
    return tuple(_told(reading, sums, starts, until))


def _year_after(day: date) -> int:
    return (day + _A_DAY).year if day < date.max else day.year


class _Sums:
    """Adds up, by periods and shape.

    Attributes:
        periods: those that tell groups apart.
        found: the sums.
    """

    def __init__(
        self, reading: Reading, periods: Periods, plan: Plan, known_at: str | None
    ) -> None:
        self.periods = periods
        self.found: dict[_Between, dict[_Kind, _Sum]] = {}
        self._reading = reading
        self._plan = plan
        self._known_at = known_at

    def add_kept(self, after: int, until: int) -> None:
        """Add the kept balances of the years after one and up to another."""
        divided = sorted(self._plan.divided)
        query = _KEPT.format(undivided="AND year NOT IN (:divided)" if divided else "")
        last = None
        sums: dict[_Kind, _Sum] = {}
        for year, shape, basis, *some in self._reading.stream(
            query, after=after, until=until, divided=divided
        ):
            if year != last:
                last, number = year, self.periods.of(end_of_year(year))
                sums = self.found.setdefault((number, number), {})
            kind = shape, basis
            have = sums.get(kind)
            if have is None:
                sums[kind] = [*map(int, some), year, year]
            else:
                _add(have, 1, some, year, year)

    def add_days(self) -> None:
        """Add up the rows of days."""
        pieces = sorted(self._plan.scanned, key=lambda piece: piece.after)
        if not pieces:
            return
        last, known = 0, ""
        if self._known_at is not None:
            # They are numbered in the order of their recording.
            last = self._reading.rows(_LAST_KNOWN, known_at=self._known_at)[0][0] or 0
            known = _KNOWN
        for piece in pieces:
            between = piece.period, piece.period
            # That of one year need not be found.
            years = (piece.until.year,) * 2
            many_years = _year_after(piece.after) != piece.until.year
            query = _DAYS.format(known=known, years=_YEARS if many_years else "")
            for shape, basis, number, low, high, unbounded, *ends in self._reading.rows(
                query, after=piece.after, until=piece.until, last=last
            ):
                if many_years:
                    years = date_of(ends[0]).year, date_of(ends[1]).year
                self._add(between, (shape, basis), 1, (number, low, high, unbounded), *years)
        ends = [piece.until for piece in pieces]
        for shape, basis, on, low, high in self._reading.rows(
            _CORRECTED.format(known=known), after=pieces[0].after, until=ends[-1], last=last
        ):
            day = date_of(on)
            piece = pieces[bisect_left(ends, day)]
            if day > piece.after:
                between = piece.period, piece.period
                self._add(between, (shape, basis), -1, _one(low, high), day.year, day.year)

    def add_spans(self, after: date, until: date) -> None:
        """Add what may have happened on more than one day, where no kept balance has it."""
        plan, known_at = self._plan, self._known_at
        query = _SPANS.format(
            beside="" if known_at is None else ", submission",
            standing=_standing(known_at),
        )
        for shape, basis, first_day, last_day, low, high in self._reading.stream(
            query, after=after, until=until, known_at=known_at or ""
        ):
            begun, over = date_of(first_day), date_of(last_day)
            kind, one = (shape, basis), _one(low, high)
            if known_at is None and begun.year == over.year and over.year not in plan.divided:
                continue
            between = self.periods.of(begun), self.periods.of(over)
            self._add(between, kind, 1, one, begun.year, over.year)

    def _add(
        self, between: _Between, kind: _Kind, sign: int, sums: Sequence[int], first: int, last: int
    ) -> None:
        found = self.found.setdefault(between, {})
        have = found.get(kind)
        if have is None:
            found[kind] = [*(sign * int(some) for some in sums), first, last]
        else:
            _add(have, sign, sums, first, last)


def _add(have: _Sum, sign: int, sums: Sequence[int], first: int, last: int) -> None:
    have[0] += sign * int(sums[0])
    have[1] += sign * int(sums[1])
    have[2] += sign * int(sums[2])
    have[3] += sign * int(sums[3])
    have[4] = min(have[4], first)
    have[5] = max(have[5], last)


def _one(low: int, high: int | None) -> tuple[int, int, int, int]:
    return 1, low, high or 0, int(high is None)


def _standing(known_at: str | None) -> str:
    joined = "" if known_at is None else "submission.id = movement.submission_id AND "
    return joined + in_force("movement", known_at)


def _told(
    reading: Reading, sums: _Sums, starts: Mapping[str, date], until: date
) -> Iterator[RecordedMovement]:
    """Yield the groups that bear on anything asked about, in a fixed order."""
    numbers = {number for found in sums.found.values() for number, _ in found}
    shapes = _shapes(reading, numbers, starts)
    periods = sums.periods
    for between in sorted(sums.found):
        if periods.until(between[1]) > until:
            continue
        after, groups = periods.after(between[1]), dict[_Group, _Sum]()
        for (number, basis), some in sums.found[between].items():
            alike, since = shapes.get(number, ((), date.max))
            if not alike or after < since or not some[0]:
                continue
            group = (*alike[:_MARKING], basis, *alike[_MARKING:])
            have = groups.get(group)
            if have is None:
                groups[group] = some.copy()
            else:
                _add(have, 1, some, some[4], some[5])
        begins, ends = periods.first(between[0]), periods.until(between[1])
        for group in sorted(groups):
            many, low, high, unbounded, first, last = groups[group]
            dates = _dates(begins, ends, first, last)
            quantity = Span(low, None if unbounded else high)
            yield RecordedMovement(
                _name(group, dates, quantity, many), _row(group, dates, quantity), many=many
            )


def _shapes(
    reading: Reading, numbers: Collection[int], starts: Mapping[str, date]
) -> dict[int, tuple[_Alike, date]]:
    """Return what movements share by number, and the day after which they matter to a holder.

    Only of what is done, and of what matters to any.
    """
    found: dict[int, tuple[_Alike, date]] = {}
    rest = iter(sorted(numbers))
    while some := list(islice(rest, _BATCH)):
        for number, state, *alike in reading.rows(_SHAPES, numbers=some):
            since = min(
                starts.get(alike[_FROM_PARTY], date.max), starts.get(alike[_TO_PARTY], date.max)
            )
            if state == State.DONE.value and since < date.max:
                found[number] = _kinds(alike), since
    return found


def _kinds(alike: list[str]) -> _Alike:
    """Return what movements share, of an outside place only its kind."""
    for side in (_FROM_PLACE, _TO_PLACE):
        if not alike[side].startswith(_REDUCED):
            alike[side] = alike[side].partition(":")[0]
    return tuple(alike)


@cache
def _dates(begins: date, ends: date, first: int, last: int) -> DateSpan:
    return DateSpan(max(begins, date(first, 1, 1)), min(ends, date(last, 12, 31)))


def _name(group: _Group, dates: DateSpan, quantity: Span, many: int) -> str:
    """Return a name for a group, by what is told of it: the same on any machine."""
    told = "\0".join((*group, str(dates), str(quantity), str(many)))
    return f"{many}@{hashlib.sha256(told.encode()).hexdigest()[:12]}"


def _row(group: _Group, dates: DateSpan, quantity: Span) -> Movement:
    origin = _account(*group[_FROM_PARTY : _FROM_PLACE + 1])
    destination = _account(*group[_TO_PARTY : _TO_PLACE + 1])
    designation, category, basis, marking = group[_TO_PLACE + 1 :]
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
