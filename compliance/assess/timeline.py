"""The days on which anything can change, and where a party stands on each of them.

Between two such days nothing does: neither law, nor declaration, nor movement. What holds on each
of them therefore holds on every day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from compliance.agreement.law import Agreement
from compliance.agreement.provisions import Category, Party, Period
from compliance.assess.position import Positions
from compliance.assess.standing import Standing, Standings
from compliance.values.dates import add_months

_A_DAY = timedelta(days=1)


def turning_days(standings: Standings, party: Party, start: date, until: date) -> tuple[date, ...]:
    """Return the first day, and each later one up to the last on which anything may change."""
    law = standings.law
    days = {start}
    days.update(of_law(law, party))
    holders = [party.id, *(p.id for p in law.parties if p.part_of == party.id)]
    for holder in holders:
        days.update(_of_evidence(standings.positions, holder))
        days.update(_of_age(standings, holder))
    return tuple(sorted(day for day in days if start <= day <= until))


def course(
    standings: Standings, party: Party, category: Category, days: Iterable[date]
) -> tuple[Standing, ...]:
    """Return where a party stands in a category on each of some days."""
    return tuple(standings.at(party, category, day) for day in days)


def of_law(law: Agreement, party: Party) -> Iterator[date]:
    """Yield the days on which the law on a party changes."""
    for limit in law.limits:
        if limit.party == party.id:
            yield from _bounds(limit.period)
            yield limit.binding_from
    for gap in law.ceiling_gaps:
        if party.id in gap.parties:
            yield from _bounds(gap.period)
    for membership in party.memberships:
        yield from _bounds(membership.period)
    for gap_ in party.gaps:
        yield from _bounds(gap_.period)
    for part in law.parties:
        if part.part_of == party.id and part.part_period is not None:
            yield from _bounds(part.part_period)


def days_of_parts(law: Agreement, *, last: date) -> frozenset[date]:
    """Return the days up to a last one on which a party's parts change, and those before."""
    turning = {
        day
        for part in law.parties
        if part.part_period is not None
        for day in _bounds(part.part_period)
    }
    days = {*turning, *(day - _A_DAY for day in turning if day > date.min)}
    return frozenset(day for day in days if day <= last)


def _of_evidence(positions: Positions, holder: str) -> Iterator[date]:
    for declaration in positions.declarations_of(holder):
        yield declaration.as_of.last
    for movement in positions.movements_of(holder):
        yield movement.row.date.first
        yield movement.row.date.last


def _of_age(standings: Standings, holder: str) -> Iterator[date]:
    """Yield the days on which a declaration becomes too old: none after a look ahead is made."""
    latest = standings.request.age_on or date.max
    for declaration in standings.positions.declarations_of(holder):
        until = add_months(declaration.as_of.last, standings.law.current_months)
        if until < latest:
            yield until + _A_DAY


def _bounds(period: Period) -> Iterator[date]:
    yield period.start
    if period.end is not None:
        yield period.end
