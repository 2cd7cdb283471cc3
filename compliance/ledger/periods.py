"""How a stretch of time falls into periods in which movements that are alike bear alike on a count.

Between two neighbouring *cuts*, the days of declarations and the days asked about, it does not
matter on which day a movement happened. So what moved in such a period can be told as a sum: that
of a calendar year is kept, the rest of a year is added up from the rows.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import NamedTuple

_A_DAY = timedelta(days=1)

# So many days of a year are sooner read and taken away than all the others read.
_FEW_DAYS = 45


class Stretch(NamedTuple):
    """Days after ``after`` and up to ``until``, inside one period.

    Attributes:
        period: the number of the period.
    """

    period: int
    after: date
    until: date


class Periods:
    """The periods between cuts, numbered from 0 in order of time; the first has no beginning."""

    def __init__(self, cuts: Iterable[date]) -> None:
        self.cuts = sorted(set(cuts))

    def of(self, day: date) -> int:
        """Return the number of the period that a day lies in."""
        return bisect_left(self.cuts, day)

    def after(self, number: int) -> date:
        """Return the last day before a period."""
        return self.cuts[number - 1] if number else date.min

    def first(self, number: int) -> date:
        """Return the first day of a period."""
        return self.cuts[number - 1] + _A_DAY if number else date.min

    def until(self, number: int) -> date:
        """Return the last day of a period."""
        return self.cuts[number] if number < len(self.cuts) else date.max

    def all(self) -> list[Stretch]:
        """Return every period whole."""
        numbers = range(len(self.cuts) + 1)
        return [Stretch(n, self.after(n), self.until(n)) for n in numbers]

    def in_year(self, year: int) -> list[Stretch]:
        """Return the pieces into which the cuts divide a calendar year."""
        before, last = end_of_year(year - 1), end_of_year(year)
        inside = [cut for cut in self.cuts if before < cut < last]
        days = [before, *inside, last]
        return [Stretch(self.of(until), after, until) for after, until in itertools.pairwise(days)]


class Plan(NamedTuple):
    """From where the sums are taken.

    Attributes:
        scanned: to be added up from the rows.
        divided: the calendar years whose kept balance is of no use: a cut divides them.
        rests: by calendar year the piece of it that is what is left of the kept balance once all
            the others, which are scanned, are taken away from it.
    """

    scanned: tuple[Stretch, ...]
    divided: frozenset[int]
    rests: Mapping[int, Stretch]


def kept_and_scanned(periods: Periods, first: date, last: date) -> Plan:
    """Return how what moved after ``first`` and up to ``last``, both cuts, is found soonest.

    A year that no cut divides is kept whole. Where a few days of one are apart from all others,
    these days are read and taken away. Of one that is divided otherwise the rows are read.
    """
    scanned: list[Stretch] = []
    divided: set[int] = set()
    rests: dict[int, Stretch] = {}
    for year in sorted({cut.year for cut in periods.cuts}):
        pieces = periods.in_year(year)
        if len(pieces) == 1:
            continue
        most = max(pieces, key=_days)
        apart = [piece for piece in pieces if piece is not most]
        if end_of_year(year) <= last and sum(map(_days, apart)) <= _FEW_DAYS:
            rests[year] = most
            scanned += apart
        else:
            divided.add(year)
            scanned += (p for p in pieces if first <= p.after and p.until <= last)
    return Plan(tuple(scanned), frozenset(divided), rests)


def _days(piece: Stretch) -> int:
    return (piece.until - piece.after).days


def end_of_year(year: int) -> date:
    """Return the last day of a calendar year, the first there is before any."""
    return date(year, 12, 31) if year > 0 else date.min
