"""Screens single purchases against a stretch of time, very many of them, very fast.

What a purchase does is the same everywhere: from its first possible day the highest possible count
is higher by its high bound, from its last possible day the lowest possible count is higher by its
low bound. So the course of a party in a category is reduced, once, to a margin for each step
between two turning days, and the worst margin from each step on is kept. One purchase is then two
bisections and a few comparisons, whatever the length of the stretch.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from compliance.agreement.provisions import Party
from compliance.assess.standing import Standing, Standings
from compliance.values.vocabulary import Verdict

Purchase = tuple[int, int | None, date, date]
"""At least so many, at most so many (``None`` where open), the first and last day they may come."""

_A_DAY = timedelta(days=1)
# Margins that no purchase can change.
_NEVER, _ALWAYS = -math.inf, math.inf


class Screen:
    """The margins of one party in one category over a stretch of time.

    It answers for what the party itself acquires, and what surely falls in the category.

    Attributes:
        since: the first day it answers for. On earlier days a declaration or an inspection that
            came later may contain the purchase, or be contradicted by it.
    """

    def __init__(
        self, course: Sequence[Standing], until: date, *, since: date, accept_stale: bool
    ) -> None:
        """Take the course.

        Args:
            course: the standings of one party in one category on every turning day, in order.
            until: the last day of the stretch.
            since: the first day to answer for, as ``settled_from`` gives it.
            accept_stale: judge on figures that are too old to speak for the day.

        Raises:
            ValueError: the course is empty.
        """
        if not course:
            raise ValueError("a course of no days has no margins")
        self.since = since
        margins = [_margins(standing, accept_stale=accept_stale) for standing in course]
        # The first step reaches back as far as anyone asks; after the last day nothing matters.
        self._days = [date.min, *(standing.day for standing in course[1:]), until + _A_DAY]
        self._over = _worst_to_come([over for over, _ in margins])
        self._surely = _worst_to_come([surely for _, surely in margins])
        self._over_before = [_NEVER, _NEVER]
        for over, _ in margins:
            self._over_before.append(max(self._over_before[-1], over))

    def judge(self, low: int, high: int | None, first: date, last: date) -> Verdict:
        """Return the verdict over the whole stretch with a purchase, as ``judge_all`` does."""
        return self.judge_all(((low, high, first, last),))[0]

    def judge_all(self, purchases: Iterable[Purchase]) -> list[Verdict]:
        """Return the verdict over the whole stretch with each purchase: the worst of any day.

        Args:
            purchases: each for itself.

        Returns:
            ``exceeds`` where some day surely does, ``within`` where every day surely is, else
            ``indeterminate``, days on which the limit does not bind yet included.

        Raises:
            ValueError: one may arrive before the first day this answers for.
        """
        since, days = self.since, self._days
        all_over, all_surely, all_before = self._over, self._surely, self._over_before
        exceeds_anyway = all_surely[1] > 0
        found: list[Verdict] = []
        for low, high, first, last in purchases:
            if first < since:
                raise ValueError(f"{first} is before {since}, the first day this answers for")
            if exceeds_anyway or all_surely[bisect_right(days, last)] + low > 0:
                found.append(Verdict.EXCEEDS)
                continue
            step = bisect_right(days, first)
            over = all_over[step] + (_ALWAYS if high is None else high)
            within = over <= 0 and all_before[step] <= 0
            found.append(Verdict.WITHIN if within else Verdict.INDETERMINATE)
        return found

    def room(self, day: date) -> int | None:
        """Return how many may still arrive on a day, and stay, with every later day within.

        Zero where none may; ``None`` where no number can be given: before ``since``, or where the
        ceiling or the count is not known.
        """
        over = self._over[bisect_right(self._days, day)]
        if day < self.since or math.isinf(over):
            return None
        return max(0, -int(over))


def settled_from(standings: Standings, party: Party, start: date) -> date:
    """Return the first day from which no declaration on record can contain what is acquired."""
    holders = [party.id, *(p.id for p in standings.law.parties if p.part_of == party.id)]
    declared = [
        declaration.as_of.last
        for holder in holders
        for declaration in standings.positions.declarations_of(holder)
    ]
    return max([start, *(day + timedelta(days=1) for day in declared)])


def _worst_to_come(margins: Sequence[float]) -> list[float]:
    """Return for each step, from 1, the greatest margin from it on; after the last, none."""
    found = [_NEVER]
    for margin in reversed(margins):
        found.append(max(margin, found[-1]))
    return [_NEVER, *found[::-1]]


def _margins(standing: Standing, *, accept_stale: bool) -> tuple[float, float]:
    """Return by how many a step may be over its ceiling, and by how many it surely is.

    At most zero means not over. They follow ``judge``, with what is added left open; the cut at
    zero does not matter, since no ceiling is below zero.
    """
    position, ceiling = standing.position, standing.judgement.ceiling
    certain = standing.party.membership_on(standing.day) is not None
    if ceiling is None or not certain or standing.verdict is Verdict.NOT_BINDING:
        return _ALWAYS, _NEVER
    counted = position.uncut
    surely = _NEVER
    if counted.low is not None and ceiling.high is not None:
        surely = counted.low - ceiling.high
    if not position.complete or position.counted is None:
        return _ALWAYS, _NEVER if position.stale else surely
    if position.stale and not accept_stale:
        return _ALWAYS, _NEVER
    judged = position.judged
    if counted.high is None or ceiling.low is None or judged is None or judged.high is None:
        return _ALWAYS, surely
    seen = judged.high - (position.counted.high or 0)
    over = counted.high + seen - ceiling.low
    return (_ALWAYS if seen > ceiling.low else over), surely
