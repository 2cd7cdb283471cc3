"""Counting: a declaration and its tail, put in terms of what counts when.

Here rows become terms and movements become changes; ``tally`` adds them up.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from compliance.agreement.law import Agreement
from compliance.agreement.select import Readings
from compliance.assess.bases import ITEMS, UNTOLD, Bases
from compliance.assess.certainty import unfounded, untimely
from compliance.assess.stance import ALWAYS, Stance, claim_accepted
from compliance.assess.stances import Stances
from compliance.assess.tail import Tail
from compliance.assess.tally import (
    Change,
    Leg,
    Summation,
    Tally,
    Three,
    Weights,
    weighted,
    weights,
)
from compliance.assess.types import TypeLookup
from compliance.assess.weighed import Passed
from compliance.values.dates import DateSpan
from compliance.values.evidence import Declaration, RecordedMovement
from compliance.values.frozen import frozen
from compliance.values.records import Holding, Movement
from compliance.values.span import ZERO, Span
from compliance.values.vocabulary import Basis


@frozen
class Adds:
    """What a movement adds to a count, below zero what it takes away.

    Attributes:
        possible: while it may or may not have happened in the time counted.
        happened: once it has, so far as its authority goes.
    """

    possible: Span
    happened: Span


@frozen
class _Bearing:
    """How movements that are alike bear on a party in a category, on any day.

    Attributes:
        unfounded: why their authority is not enough to be certain; empty where it is.
    """

    legs: tuple[Leg, ...]
    weights: Weights | None
    unfounded: str


class Counter:
    """Counts under one agreement, one catalogue and one set of readings.

    Attributes:
        known: returns what the catalogue knows of a designation; see ``Stances.known``.
        base: returns what a declaration says of a category; see ``Bases.of``.
    """

    def __init__(self, law: Agreement, lookup: TypeLookup, readings: Readings) -> None:
        self._law = law
        self._sum = Summation(law, readings)
        self._stances = Stances(law, lookup)
        self._bases = Bases(self._stances)
        self._bearings: dict[tuple[object, ...], _Bearing | Passed] = {}
        self._sure: dict[tuple[str, str, Basis], str] = {}
        self.known = self._stances.known
        self.base = self._bases.of

    def concerns(self, row: Holding | Movement, category: str) -> bool:
        """True where a row may count in a category under some answers."""
        return not self._stances.of(row, category).never

    def surely(self, designation: str, stated: str, basis: Basis) -> str:
        """Return the category that what moves is of under all answers, and of no other.

        Empty where there is none. On either side: what a Party says to have left its holdings,
        too, surely left that category.

        Args:
            designation: the type.
            stated: the category stated.
            basis: of the movement.
        """
        key = designation, stated, basis
        found = self._sure.get(key)
        if found is None:
            found = self._sure[key] = self._surely(*key)
        return found

    def _surely(self, designation: str, stated: str, basis: Basis) -> str:
        may_be = [
            category.id
            for category in self._law.categories
            if not self._stances.of_kind(designation, stated, basis, category.id).never
        ]
        if len(may_be) != 1:
            return ""
        kind = self._stances.of_kind(designation, stated, basis, may_be[0])
        leaving = self._leaving(designation, basis, may_be[0], kind)
        return may_be[0] if kind == leaving == ALWAYS else ""

    def tally(
        self,
        party: str,
        category: str,
        declaration: Declaration | None,
        movements: Iterable[RecordedMovement],
        day: date,
    ) -> Tally:
        """Count a party's holdings in a category at the end of a day."""
        since = declaration.as_of if declaration else None
        tail = self.following(party, category, since, movements)
        return self.tally_with(category, declaration, tail.changes(day))

    def tally_with(
        self, category: str, declaration: Declaration | None, changes: tuple[Change, ...]
    ) -> Tally:
        """Count a declaration with what moved after it."""
        base = self.base(declaration, category)
        return self._sum.add_up(base.total, base.terms, changes, declaration, base.settled)

    def tail(
        self,
        party: str,
        category: str,
        since: DateSpan | None,
        movements: Iterable[RecordedMovement],
        day: date,
    ) -> Tally:
        """Count only what movements add to what a party held at a date, or to whatever it held."""
        changes = self.following(party, category, since, movements).changes(day)
        return self._sum.add_up(ZERO, (), changes, None)

    def following(
        self,
        party: str,
        category: str,
        since: DateSpan | None,
        movements: Iterable[RecordedMovement],
    ) -> Tail:
        """Return what moved after a date, as it bears on a party in a category."""
        return Tail(movements, lambda item, day: self.change(item, party, category, since, day))

    def combinations(self, questions: frozenset[str]) -> Iterable[tuple[tuple[str, str], ...]]:
        """Return every set of answers under which a count is taken; none where too many."""
        return self._sum.combinations(questions)

    def change(
        self,
        item: RecordedMovement,
        party: str,
        category: str,
        since: DateSpan | None,
        day: date,
    ) -> Change | Passed:
        """Return how a movement bears on a party in a category, or why it does not.

        Args:
            item: the movement.
            party: the party.
            category: the category counted.
            since: the date of the declaration it comes after, if there is one.
            day: the day at whose end is counted.
        """
        row = item.row
        if row.date.first > day:
            return Passed.AHEAD
        if since and row.date.last <= since.first:
            return Passed.BEFORE
        bearing = self._bearing(item, party, category)
        if isinstance(bearing, Passed):
            return bearing
        late = untimely(item, since, day)
        why = late or bearing.unfounded
        rises = row.basis.counts_against and not late
        settled: Three | None = None
        if bearing.weights is not None:
            held, counted, not_counted = (
                weighted(row.quantity, often, certain=not why or (often > 0 and rises))
                for often in bearing.weights
            )
            settled = held, counted, not_counted
        name = row.type or (UNTOLD if item.many else ITEMS)
        return Change(item, name, bearing.legs, settled, not why, rises, why)

    def adds(self, item: RecordedMovement, party: str, category: str) -> Adds | None:
        """Return what a movement adds to a count; ``None`` where that turns on a question."""
        bearing = self._bearing(item, party, category)
        if isinstance(bearing, Passed):
            return Adds(ZERO, ZERO)
        if bearing.weights is None:
            return None
        basis, quantity, often = item.row.basis, item.row.quantity, bearing.weights.counted
        founded = not bearing.unfounded or (often > 0 and basis.counts_against)
        possible = weighted(quantity, often, certain=False)
        return Adds(possible, weighted(quantity, often, certain=True) if founded else possible)

    def _bearing(self, item: RecordedMovement, party: str, category: str) -> _Bearing | Passed:
        row, origin, destination = item.row, item.row.origin, item.row.destination
        # Whose the other side is does not matter, nor who the party is.
        leaves = origin.status if origin.party == party else None
        comes = destination.status if destination.party == party else None
        key = (
            *(category, leaves, comes, row.basis, row.type, row.category),
            *(item.assumed, item.bases),
        )
        found = self._bearings.get(key)
        if found is None:
            found = self._bearings[key] = self._weigh(item, party, category)
        return found

    def _weigh(self, item: RecordedMovement, party: str, category: str) -> _Bearing | Passed:
        row = item.row
        kind = self._stances.of(row, category)
        if kind.never:
            return Passed.ELSEWHERE
        departs = row.destination.party != party
        leaving = self._leaving(row.type, row.basis, category, kind) if departs else kind
        legs = tuple(
            Leg(sign, belongs & self._stances.by_status(account.status, category), belongs)
            for sign, account, belongs in ((-1, row.origin, leaving), (1, row.destination, kind))
            if account.party == party
        )
        if not legs or _cancels(legs):
            return Passed.UNMOVED
        return _Bearing(legs, weights(legs), unfounded(item, party, legs))

    def _leaving(self, designation: str, basis: Basis, category: str, kind: Stance) -> Stance:
        """Return when a departure lowers the count: a Party's own word for it is in its favour."""
        known = self.known(designation)
        if kind.tests or known is None or not basis.own_statement:
            return kind
        return kind if known.may_be(category) else claim_accepted(self._law)


def _cancels(legs: tuple[Leg, ...]) -> bool:
    """True where a movement between two accounts of one party changes nothing at all."""
    return len(legs) == 2 and legs[0].counts == legs[1].counts
