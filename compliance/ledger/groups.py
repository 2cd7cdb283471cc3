"""Movements that are alike in all that bears on a count, told as one: their number and their sum.

A ledger may hold millions of movements, and a question turn on a year of them. The balances kept
by calendar year, ``turnover``, and sums over the rows of what is left of a year give the same
count as the rows themselves, since a count is linear in the quantities and equal in all else. They
are added up year by year on the lines on which they are told, see ``lines``.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from itertools import groupby

from compliance.ledger.adding import add_up
from compliance.ledger.conditions import standing
from compliance.ledger.kinds import MANY, kind_of
from compliance.ledger.lines import Lines
from compliance.ledger.periods import Periods, Plan, Stretch, end_of_year, kept_and_scanned
from compliance.ledger.reading import Reading, Row
from compliance.ledger.stored import date_of
from compliance.ledger.told import Sums
from compliance.values.evidence import Folding, RecordedMovement

_A_DAY = timedelta(days=1)

_LAST_KNOWN = "SELECT MAX(id) FROM submission WHERE recorded_at <= :known_at"

_NEXT_KEPT = "SELECT MIN(year) FROM turnover WHERE year > :after AND year <= :until"
_KEPT = """
SELECT {kind}, movements, quantity_low, quantity_high, open
FROM turnover WHERE year = :year
"""
# Of years that follow each other and need not be told apart.
_KEPT_TOGETHER = """
SELECT {kind} AS kind, CAST(SUM(movements) AS BIGINT),
    CAST(SUM(quantity_low) AS BIGINT), CAST(SUM(quantity_high) AS BIGINT),
    CAST(SUM(open) AS BIGINT), MIN(year), MAX(year)
FROM turnover WHERE year >= :first AND year <= :last
GROUP BY kind
"""

# One index holds all that is asked for. Columns of dates are numbers to SQLite as far as can be, so
# that to compare two it would try to read each of them as one.
_DAYS = """
SELECT {kind} AS kind, COUNT(*), CAST(SUM(quantity_low) AS BIGINT),
    CAST(COALESCE(SUM(quantity_high), 0) AS BIGINT), COUNT(*) - COUNT(quantity_high){years}
FROM movement_row
WHERE date_last > :after AND date_last <= :until AND NULLIF(date_first, date_last) IS NULL {known}
GROUP BY kind
"""
_YEARS = ", MIN(date_last), MAX(date_last)"
_KNOWN = "AND submission_id <= :last"

_ONE = """
1, quantity_low, COALESCE(quantity_high, 0), CASE WHEN quantity_high IS NULL THEN 1 ELSE 0 END
"""

# What was said of a day and is not in force: few beside all that was said.
_CORRECTED = """
SELECT {kind}, {one}, said.date_last
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
SELECT {kind}, {one}, date_first, date_last
FROM movement_row AS movement{beside}
WHERE movement.date_first <> movement.date_last
    AND movement.date_last > :after AND movement.date_last <= :until AND {standing}
"""
_Between = tuple[int, int]
"""The periods that the dates of movements begin and end in."""

_Some = list[int]
"""Movements, the sum of their low bounds, of the high ones, how many have none."""


def grouped(
    reading: Reading,
    *,
    until: date,
    known_at: str | None,
    starts: Mapping[str, date],
    cuts: Iterable[date],
    folding: Folding | None = None,
) -> tuple[RecordedMovement, ...]:
    """Return what is done after each holder's start and was over by a day, told in groups.

    Args:
        reading: the ledger.
        until: the day.
        known_at: only submissions recorded by that moment.
        starts: by holder the day after which its movements matter.
        cuts: the days at whose end something may be asked or declared: movements are told as one
            only where the same of these lie before, between and after their days.
        folding: what more may be told as one than is alike.
    """
    first = min(starts.values(), default=until)
    if first >= until:
        return ()
    days = {until, *starts.values(), *(cut for cut in cuts if first <= cut <= until)}
    periods = Periods(days - {date.min})
    lines = Lines(reading, starts, folding)
    if known_at is None:
        plan = kept_and_scanned(periods, first, until)
        sums = _Adding(reading, periods, plan, None, lines)
        # A year that is kept is kept from its beginning.
        after = end_of_year(_year_after(first) - 1)
        sums.add_days()
        sums.add_spans(after, until)
        sums.add_kept(after.year if first > date.min else 0, until.year)
    else:
        # What was known at a moment is kept nowhere: it is added up from the rows.
        wanted = [s for s in periods.all() if first <= s.after and s.until <= until]
        plan = Plan(tuple(wanted), frozenset(), {})
        sums = _Adding(reading, periods, plan, known_at, lines)
        sums.add_days()
        sums.add_spans(first, until)
    return tuple(sums.told(until))


def _year_after(day: date) -> int:
    return (day + _A_DAY).year if day < date.max else day.year


class _Adding:
    """Adds up, by periods and line."""

    def __init__(
        self, reading: Reading, periods: Periods, plan: Plan, known_at: str | None, lines: Lines
    ) -> None:
        self._periods = periods
        self._found: dict[_Between, dict[int, Sums]] = {}
        self._reading = reading
        self._plan = plan
        self._known_at = known_at
        self._lines = lines
        # Of the years of which a part is wanted, what of their kept balances is no part of it.
        self._apart: dict[int, dict[int, _Some]] = {year: {} for year in plan.rests}

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
        ends = [piece.until for piece in pieces]
        corrected: list[dict[int, _Some]] = [{} for _ in pieces]
        for kind, *one, on in self._reading.rows(
            _CORRECTED.format(known=known, kind=kind_of("said"), one=_ONE),
            after=pieces[0].after,
            until=ends[-1],
            last=last,
        ):
            place = bisect_left(ends, day := date_of(on))
            if day > pieces[place].after:
                _put(corrected[place], kind, one)
        for piece, less in zip(pieces, corrected, strict=True):
            # The years of what lies in one need not be found.
            query = _DAYS.format(
                kind=kind_of("movement_row"),
                known=known,
                years=_YEARS if _years(piece) else "",
            )
            rows = self._reading.rows(query, after=piece.after, until=piece.until, last=last)
            self._add_piece(piece, _without(rows, less))

    def _add_piece(self, piece: Stretch, rows: Sequence[Row]) -> None:
        between = piece.period, piece.period
        if _years(piece):
            of_years: dict[tuple[int, int], list[Row]] = {}
            for *row, first, last in rows:
                of = date_of(first).year, date_of(last).year
                of_years.setdefault(of, []).append(row)
            for of, some in of_years.items():
                self._add(between, some, of)
            return
        year = piece.until.year
        self._add(between, rows, (year, year))
        if year in self._apart:
            for kind, *one in rows:
                _put(self._apart[year], kind, one)

    def add_spans(self, after: date, until: date) -> None:
        """Add what may have happened on more than one day, where no kept balance has it."""
        known_at = self._known_at
        query = _SPANS.format(
            kind=kind_of("movement"),
            one=_ONE,
            beside="" if known_at is None else ", submission",
            standing=standing(known_at),
        )
        # Of few days much is said.
        placed = cache(self._placed)
        alike: dict[tuple[int, int, int, int], list[Row]] = {}
        for kind, *one, first_day, last_day in self._reading.stream(
            query, after=after, until=until, known_at=known_at or ""
        ):
            (begun_in, begun), (over_in, year) = placed(first_day), placed(last_day)
            if known_at is None and begun == year and year not in self._plan.divided:
                if year not in self._apart:
                    continue
                _put(self._apart[year], kind, one)
            key = begun_in, over_in, begun, year
            alike.setdefault(key, []).append((kind, *one))
        for (begun_in, over_in, begun, year), some in alike.items():
            self._add((begun_in, over_in), some, (begun, year))

    def _placed(self, day: date | str) -> tuple[int, int]:
        """Return the period and the year of a day as it is read."""
        found = date_of(day)
        return self._periods.of(found), found.year

    def add_kept(self, after: int, until: int) -> None:
        """Add the kept balances of the years after one and up to another.

        What is apart from the rest of a year must have been found before.
        """
        kind = kind_of("turnover")
        alone, together = _KEPT.format(kind=kind), _KEPT_TOGETHER.format(kind=kind)
        kept = (y for y in self._kept_years(after, until) if y not in self._plan.divided)
        for (period, _), run in groupby(kept, key=self._told_with):
            first, *others = run
            if others:
                rows = self._reading.rows(together, first=first, last=others[-1])
                self._add((period, period), rows, None)
            else:
                rows = self._reading.rows(alone, year=first)
                apart = self._apart.get(first, {})
                self._add((period, period), _without(rows, apart), (first, first))

    def _told_with(self, year: int) -> tuple[int, int]:
        """Return the period that a kept year is told in, and the year where it stays alone."""
        rest = self._plan.rests.get(year)
        return (rest.period, year) if rest else (self._periods.of(end_of_year(year)), 0)

    def _kept_years(self, after: int, until: int) -> Iterator[int]:
        # One after the other: each is found by the index.
        while True:
            ((year,),) = self._reading.rows(_NEXT_KEPT, after=after, until=until)
            if year is None:
                return
            yield year
            after = year

    def _add(self, between: _Between, rows: Sequence[Row], years: tuple[int, int] | None) -> None:
        """Add rows of a kind and four sums to their lines.

        Args:
            between: the periods they are of.
            rows: the rows.
            years: the first and the last that any is of; ``None`` where each tells its own.
        """
        if not rows:
            return
        legs = self._lines.legs
        legs.learn(row[0] // MANY for row in rows)
        after = self._periods.after(between[1])
        if after < legs.latest:
            since = legs.since
            rows = [row for row in rows if after >= since.get(row[0] // MANY, date.max)]
        add_up(self._found.setdefault(between, {}), self._lines, rows, years)

    def told(self, until: date) -> Iterator[RecordedMovement]:
        """Yield what was added up and was over by a day, in a fixed order."""
        periods = self._periods
        for between in sorted(self._found):
            begins, ends = periods.first(between[0]), periods.until(between[1])
            if ends <= until:
                yield from self._lines.told(self._found[between], begins, ends)


def _years(piece: Stretch) -> bool:
    """True where a piece may be of more years than one."""
    return _year_after(piece.after) != piece.until.year


def _put(sums: dict[int, _Some], kind: int, some: Sequence[int]) -> None:
    have = sums.get(kind)
    sums[kind] = list(some) if have is None else [a + b for a, b in zip(have, some, strict=True)]


def _without(rows: Sequence[Row], apart: Mapping[int, _Some]) -> Sequence[Row]:
    """Return sums without what is apart of them."""
    if not apart:
        return rows
    return [_less(row, apart[row[0]]) if row[0] in apart else row for row in rows]


def _less(row: Row, apart: Sequence[int]) -> Row:
    return (row[0], *(a - b for a, b in zip(row[1:5], apart, strict=True)), *row[5:])
