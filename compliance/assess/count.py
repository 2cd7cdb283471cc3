"""Counting: a declaration and its tail, put in terms of what counts when.

Here rows become terms and movements become changes; ``tally`` adds them up.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

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
from compliance.assess.tally import Change, Leg, Summation, Tally, Term
from compliance.assess.types import KnownType, TypeLookup
from compliance.values.dates import DateSpan
from compliance.values.evidence import Declaration, RecordedHolding, RecordedMovement
from compliance.values.span import ZERO, Span, total
from compliance.values.vocabulary import Basis, Status


class Counter:
    """Counts under one agreement, one catalogue and one set of readings."""

    def __init__(self, law: Agreement, lookup: TypeLookup, readings: Readings) -> None:
        self._law = law
        self._lookup = lookup if law.catalogue else (lambda _designation: None)
        self._sum = Summation(law, readings)

    def known(self, designation: str) -> KnownType | None:
        """Return what the catalogue knows of a designation."""
        return self._lookup(designation) if designation else None

    def tally(
        self,
        party: str,
        category: str,
        declaration: Declaration | None,
        movements: Iterable[RecordedMovement],
        day: date,
    ) -> Tally:
        """Count a party's holdings in a category at the end of a day."""
        base, terms = self._base(declaration, category)
        since = declaration.as_of if declaration else None
        changes = self._changes(movements, party, category, since, day)
        return self._sum.add_up(base, terms, changes, declaration)

    def tail(
        self,
        party: str,
        category: str,
        since: DateSpan | None,
        movements: Iterable[RecordedMovement],
        day: date,
    ) -> Tally:
        """Count only what movements add to what a party held at a date, or to whatever it held."""
        return self._sum.add_up(
            ZERO, (), self._changes(movements, party, category, since, day), None
        )

    def _base(
        self, declaration: Declaration | None, category: str
    ) -> tuple[Span, tuple[Term, ...]]:
        """Return the declared total, and the terms that stand beside it or explain it."""
        if declaration is None:
            return Span.at_least(0), ()
        rows = _widest(declaration.rows)
        own = [item for item in rows if item.row.category == category]
        others = [item for item in rows if item.row.category != category]
        totals = [i for i in own if not i.row.type and i.row.status.within_overall]
        overall = [i for i in totals if i.row.status is Status.OVERALL]
        base = total(_quantity(i) for i in overall)
        explained = frozenset(i.row.status for i in totals)
        terms = [
            term
            for item in own
            if item not in overall and (term := self._term(item, category, own, explained))
        ]
        for item in others:
            if item.row.type and (term := self._term(item, category, others, frozenset())):
                terms.append(term)
        within = [i.row.status for i in own if i.row.status.within_overall]
        only_in_service = bool(within) and set(within) == {Status.IN_SERVICE}
        partial = only_in_service or not within
        if partial or (declaration.basis is Basis.OBSERVED and any(i.row.more.site for i in own)):
            # What is in service, or seen at one site, is part of what is held.
            base = base + Span.at_least(0)
        return base, tuple(terms)

    def _term(
        self,
        item: RecordedHolding,
        category: str,
        siblings: list[RecordedHolding],
        explained: frozenset[Status],
    ) -> Term | None:
        """Return what a row adds, or ``None`` where it adds nothing under any answer.

        Args:
            item: the row.
            category: the category counted.
            siblings: the rows beside it.
            explained: the statuses of which a total stands: types of these explain the total.
        """
        row = item.row
        kind = by_category(
            self._law,
            category=category,
            stated=row.category,
            basis=row.basis,
            named=bool(row.type),
            known=self.known(row.type),
        )
        if kind.never:
            return None
        counts = kind & by_status(self._law, row.status, category)
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
        if already == counts:
            return None
        name = row.type or "items"
        return Term(item.ref, name, quantity, counts, already, kind)

    def _changes(
        self,
        movements: Iterable[RecordedMovement],
        party: str,
        category: str,
        since: DateSpan | None,
        day: date,
    ) -> tuple[Change, ...]:
        return tuple(
            change
            for item in movements
            if (change := self._change(item, party, category, since, day)) is not None
        )

    def _change(
        self,
        item: RecordedMovement,
        party: str,
        category: str,
        since: DateSpan | None,
        day: date,
    ) -> Change | None:
        row = item.row
        if row.date.first > day or (since and row.date.last <= since.first):
            return None
        kind = by_category(
            self._law,
            category=category,
            stated=row.category,
            basis=row.basis,
            named=bool(row.type),
            known=self.known(row.type),
        )
        if kind.never:
            return None
        departs = row.destination.party != party
        leaving = self._leaving(item, category, kind) if departs else kind
        legs = tuple(
            Leg(sign, belongs & by_status(self._law, account.status, category), belongs)
            for sign, account, belongs in ((-1, row.origin, leaving), (1, row.destination, kind))
            if account.party == party
        )
        if not legs or _cancels(legs):
            return None
        why = untimely(item, since, day) or unfounded(item, party, legs)
        rises = row.basis.counts_against and not untimely(item, since, day)
        return Change(item, row.type or "items", legs, not why, rises, why)

    def _leaving(self, item: RecordedMovement, category: str, kind: Stance) -> Stance:
        """Return when a departure lowers the count: a Party's own word for it is in its favour."""
        known = self.known(item.row.type)
        if kind.tests or known is None or not item.row.basis.own_statement:
            return kind
        return kind if known.may_be(category) else claim_accepted(self._law)


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
