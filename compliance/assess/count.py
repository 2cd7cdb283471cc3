"""Counting: a declaration and its tail, put in terms of what counts when.

Here rows become terms and movements become changes; ``tally`` adds them up.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import partial
from typing import NamedTuple

from compliance.agreement.law import Agreement
from compliance.agreement.select import Readings
from compliance.assess.certainty import unfounded, untimely
from compliance.assess.stance import (
    ALWAYS,
    NEVER,
    Stance,
    by_category,
    by_status,
    claim_accepted,
)
from compliance.assess.tally import (
    Change,
    Leg,
    Summation,
    Tally,
    Term,
    Three,
    Weights,
    weighted,
    weights,
)
from compliance.assess.types import KnownType, TypeLookup
from compliance.assess.weighed import Base, Passed, Place, Weighed
from compliance.values.dates import DateSpan
from compliance.values.evidence import Declaration, RecordedHolding, RecordedMovement
from compliance.values.records import Holding, Movement
from compliance.values.said import said
from compliance.values.span import ZERO, Span, total
from compliance.values.vocabulary import Basis, Status

ITEMS = said("items")
"""What is counted where no type is named."""


class Adds(NamedTuple):
    """What a movement adds to a count, below zero what it takes away.

    Attributes:
        possible: while it may or may not have happened in the time counted.
        happened: once it has, so far as its authority goes.
    """

    possible: Span
    happened: Span


class _Bearing(NamedTuple):
    """How movements that are alike bear on a party in a category, on any day.

    Attributes:
        unfounded: why their authority is not enough to be certain; empty where it is.
    """

    legs: tuple[Leg, ...]
    weights: Weights | None
    unfounded: str


class Counter:
    """Counts under one agreement, one catalogue and one set of readings."""

    def __init__(self, law: Agreement, lookup: TypeLookup, readings: Readings) -> None:
        self._law = law
        self._lookup = lookup if law.catalogue else (lambda _designation: None)
        self._sum = Summation(law, readings)
        self._stances: dict[tuple[str, str, Basis, str], Stance] = {}
        self._statuses: dict[tuple[Status, str], Stance] = {}
        self._bearings: dict[tuple[object, ...], _Bearing | Passed] = {}
        self._bases: dict[tuple[int, str], tuple[Declaration, Base]] = {}

    def known(self, designation: str) -> KnownType | None:
        """Return what the catalogue knows of a designation."""
        return self._lookup(designation) if designation else None

    def concerns(self, row: Holding | Movement, category: str) -> bool:
        """True where a row may count in a category under some answers."""
        return not self._kind(row, category).never

    def surely(self, item: RecordedMovement, category: str) -> bool:
        """True where what a movement moves is of a category under all answers, on either side."""
        kind = self._kind(item.row, category)
        return kind == ALWAYS and self._leaving(item, category, kind) == ALWAYS

    def _kind(self, row: Holding | Movement, category: str) -> Stance:
        key = (category, row.category, row.basis, row.type)
        found = self._stances.get(key)
        if found is None:
            found = self._stances[key] = by_category(
                self._law,
                category=category,
                stated=row.category,
                basis=row.basis,
                named=bool(row.type),
                known=self.known(row.type),
            )
        return found

    def _by_status(self, status: Status, category: str) -> Stance:
        found = self._statuses.get((status, category))
        if found is None:
            found = self._statuses[status, category] = by_status(self._law, status, category)
        return found

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
        tail = Tail(self, party, category, since, movements)
        return self.tally_with(category, declaration, tail.changes(day))

    def tally_with(
        self, category: str, declaration: Declaration | None, changes: tuple[Change, ...]
    ) -> Tally:
        """Count a declaration with what moved after it."""
        base = self.base(declaration, category)
        return self._sum.add_up(base.total, base.terms, changes, declaration)

    def tail(
        self,
        party: str,
        category: str,
        since: DateSpan | None,
        movements: Iterable[RecordedMovement],
        day: date,
    ) -> Tally:
        """Count only what movements add to what a party held at a date, or to whatever it held."""
        changes = Tail(self, party, category, since, movements).changes(day)
        return self._sum.add_up(ZERO, (), changes, None)

    def combinations(self, questions: frozenset[str]) -> Iterable[tuple[tuple[str, str], ...]]:
        """Return every set of answers under which a count is taken; none where too many."""
        return self._sum.combinations(questions)

    def base(self, declaration: Declaration | None, category: str) -> Base:
        """Return the declared total, and the rows that make it up, stand beside or explain it."""
        if declaration is None:
            return Base(Span.at_least(0), said("no declaration"), ())
        # A declaration is held on to with its base, so that its identity stays its own.
        _, base = self._bases.get((id(declaration), category), (None, None))
        if base is None:
            base = self._weighed(declaration, category)
            self._bases[id(declaration), category] = (declaration, base)
        return base

    def _weighed(self, declaration: Declaration, category: str) -> Base:
        rows = _widest(declaration.rows)
        own = [item for item in rows if item.row.category == category]
        others = [item for item in rows if item.row.category != category]
        totals = [i for i in own if not i.row.type and i.row.status.within_overall]
        overall = [i for i in totals if i.row.status is Status.OVERALL]
        explained = frozenset(i.row.status for i in totals)
        kept, stating_all = {i.ref for i in rows}, {i.ref for i in overall}
        weighed: list[Weighed] = []
        for item in declaration.rows:
            if item.ref in stating_all:
                term = Term(item.ref, ITEMS, _quantity(item), ALWAYS, NEVER, ALWAYS)
                weighed.append(Weighed(item, Place.TOTAL, term))
                continue
            mine = item.row.category == category
            if not mine and not item.row.type:
                continue
            siblings, statuses = (own, explained) if mine else (others, frozenset[Status]())
            found = self._term(item, category, siblings, statuses)
            if found is not None:
                place = Place.BESIDE if item.ref in kept else Place.WITHIN
                weighed.append(Weighed(item, place, found))
        declared = total(_quantity(i) for i in overall)
        why = _only_part(own, declaration.basis)
        if why:
            declared = declared + Span.at_least(0)
        return Base(declared, why, tuple(weighed))

    def _term(
        self,
        item: RecordedHolding,
        category: str,
        siblings: list[RecordedHolding],
        explained: frozenset[Status],
    ) -> Term | None:
        """Return what a row adds, or ``None`` where it is of another category under any answer.

        Args:
            item: the row.
            category: the category counted.
            siblings: the rows beside it.
            explained: the statuses of which a total stands: types of these explain the total.
        """
        row = item.row
        kind = self._kind(row, category)
        if kind.never:
            return None
        counts = kind & self._by_status(row.status, category)
        already = NEVER
        quantity = _quantity(item)
        if row.status.within_overall:
            inside_overall = row.status is not Status.OVERALL and any(
                other.row.status is Status.OVERALL
                and other.row.type == row.type
                and other.row.category == row.category
                for other in siblings
            )
            if inside_overall:
                already = kind
            elif row.type and not explained.isdisjoint({Status.OVERALL, row.status}):
                already = ALWAYS
            elif not row.type and any(
                other.row.type and other.row.status is Status.OVERALL for other in siblings
            ):
                # A total in service beside types held overall may be inside them or beside them.
                quantity = quantity.hull(ZERO)
        name = row.type or ITEMS
        return Term(item.ref, name, quantity, counts, already, kind)

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
        return Change(item, row.type or ITEMS, bearing.legs, settled, not why, rises, why)

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
        row = item.row
        key = (party, category, row.origin, row.destination, row.basis, row.type, row.category)
        found = self._bearings.get((key, item.assumed))
        if found is None:
            found = self._bearings[key, item.assumed] = self._weigh(item, party, category)
        return found

    def _weigh(self, item: RecordedMovement, party: str, category: str) -> _Bearing | Passed:
        row = item.row
        kind = self._kind(row, category)
        if kind.never:
            return Passed.ELSEWHERE
        departs = row.destination.party != party
        leaving = self._leaving(item, category, kind) if departs else kind
        legs = tuple(
            Leg(sign, belongs & self._by_status(account.status, category), belongs)
            for sign, account, belongs in ((-1, row.origin, leaving), (1, row.destination, kind))
            if account.party == party
        )
        if not legs or _cancels(legs):
            return Passed.UNMOVED
        return _Bearing(legs, weights(legs), unfounded(item, party, legs))

    def _leaving(self, item: RecordedMovement, category: str, kind: Stance) -> Stance:
        """Return when a departure lowers the count: a Party's own word for it is in its favour."""
        known = self.known(item.row.type)
        if kind.tests or known is None or not item.row.basis.own_statement:
            return kind
        return kind if known.may_be(category) else claim_accepted(self._law)


class Tail:
    """What moved after a date, as it bears on a party in a category, day by day."""

    def __init__(
        self,
        counter: Counter,
        party: str,
        category: str,
        since: DateSpan | None,
        movements: Iterable[RecordedMovement],
    ) -> None:
        self._change = partial(counter.change, party=party, category=category, since=since)
        self._dated = [(item.row.date.first, item.row.date.last, item) for item in movements]
        # A movement bears in one way until its last day, and in one way from then on.
        self._begun: dict[int, Change | Passed] = {}
        self._over: dict[int, Change | Passed] = {}

    def changes(self, day: date) -> tuple[Change, ...]:
        """Return what of it bears on the count at the end of a day."""
        found: list[Change] = []
        for place, (first, last, item) in enumerate(self._dated):
            if first > day:
                continue
            known = self._over if last <= day else self._begun
            change = known.get(place)
            if change is None:
                change = known[place] = self._change(item, day=day)
            if isinstance(change, Change):
                found.append(change)
        return tuple(found)


def _only_part(own: list[RecordedHolding], basis: Basis) -> str:
    """Return why the rows on a category state only part of what is held; empty where all."""
    within = [i.row.status for i in own if i.row.status.within_overall]
    if not within:
        return said("only items reported apart from the holding are stated")
    if set(within) == {Status.IN_SERVICE}:
        return said("only what is in service is stated")
    if basis is Basis.OBSERVED and any(i.row.more.site for i in own):
        return said("only what was seen at a site is stated")
    return ""


def _quantity(item: RecordedHolding) -> Span:
    return Span.at_least(0) if item.row.withheld else item.row.quantity


def _widest(rows: Iterable[RecordedHolding]) -> list[RecordedHolding]:
    """Leave out the rows of single units and sites where the state's own row stands beside them.

    A unit's bare total is left out beside any row of the state's: its types are the state's.
    """
    rows = list(rows)
    state_wide = {
        (i.row.category, name, i.row.status)
        for i in rows
        if not i.row.more.unit and not i.row.more.site
        for name in (i.row.type, "")
    }
    return [
        i
        for i in rows
        if not (i.row.more.unit or i.row.more.site)
        or (i.row.category, i.row.type, i.row.status) not in state_wide
    ]


def _cancels(legs: tuple[Leg, ...]) -> bool:
    """True where a movement between two accounts of one party changes nothing at all."""
    return len(legs) == 2 and legs[0].counts == legs[1].counts
