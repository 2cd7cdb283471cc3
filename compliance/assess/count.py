"""Counting: from a declaration and its tail to a span, exactly, under every open reading.

The count is a sum of terms. A term is a quantity with two stances: when it counts, and when it is
already part of another figure (a type inside a declared total, stored items inside an overall
holding). For each combination of answers to the open questions the sum is taken; the count is the
smallest span that holds all of them, so the same uncertain batch is never low in one line and high
in another.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from compliance.agreement.law import Agreement
from compliance.agreement.select import Readings
from compliance.assess.stance import ALWAYS, NEVER, Stance, answers_to, by_category, by_status
from compliance.assess.types import KnownType, TypeLookup
from compliance.values.dates import DateSpan
from compliance.values.evidence import Declaration, RecordedHolding, RecordedMovement
from compliance.values.records import Account
from compliance.values.span import ZERO, Span, hull, total
from compliance.values.vocabulary import Basis, State, Status

# Beyond this many combinations of answers each term is taken at its own widest: never too narrow.
_MOST_COMBINATIONS = 4096


@dataclass(frozen=True, slots=True)
class Term:
    """One quantity of a declaration.

    Attributes:
        counts: when it counts.
        already: when it is part of a figure counted elsewhere.
        excluded: True where the type belongs but a holding status may keep it out of the count.
    """

    ref: str
    name: str
    quantity: Span
    counts: Stance
    already: Stance
    belongs: Stance


@dataclass(frozen=True, slots=True)
class Leg:
    """One side of a movement as it bears on one party: +1 in, -1 out."""

    sign: int
    counts: Stance
    belongs: Stance


@dataclass(frozen=True, slots=True)
class Change:
    """A movement as it bears on one party.

    Attributes:
        certain: it surely happened after the declaration, on sufficient authority.
        rises: it is certain at least where it raises the count: less authority is enough for that.
        why: why it is not certain, in words; empty where it is.
    """

    recorded: RecordedMovement
    name: str
    legs: tuple[Leg, ...]
    certain: bool
    rises: bool
    why: str


@dataclass(frozen=True, slots=True)
class Tally:
    """A party's count in one category.

    Attributes:
        held: all that is held of the category, whatever its status.
        not_counted: how much of that is not counted.
        counted: before it is cut at zero.
        declaration: the one in use, if there is any.
        by_answer: for each open question that matters, the count under each of its answers.
        questions: every question that any row of the count turns on, open or closed.
    """

    held: Span
    not_counted: Span
    counted: Span
    declaration: Declaration | None
    terms: tuple[Term, ...]
    changes: tuple[Change, ...]
    by_answer: Mapping[str, Mapping[str, Span]]
    questions: frozenset[str]


class Counter:
    """Counts under one agreement, one catalogue and one set of readings."""

    def __init__(self, law: Agreement, lookup: TypeLookup, readings: Readings) -> None:
        self._law = law
        self._lookup = lookup if law.catalogue else (lambda _designation: None)
        self._readings = readings

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
        return self._add_up(base, terms, changes, declaration)

    def tail(
        self,
        party: str,
        category: str,
        since: DateSpan | None,
        movements: Iterable[RecordedMovement],
        day: date,
    ) -> Tally:
        """Count only what movements add to what a party held at a date, or to whatever it held."""
        return self._add_up(ZERO, (), self._changes(movements, party, category, since, day), None)

    def _add_up(
        self,
        base: Span,
        terms: tuple[Term, ...],
        changes: tuple[Change, ...],
        declaration: Declaration | None,
    ) -> Tally:
        stances = [s for t in terms for s in (t.counts, t.already)]
        stances += [leg.counts for change in changes for leg in change.legs]
        questions = frozenset(test.question for stance in stances for test in stance.tests)
        results = {
            combination: _evaluate(dict(combination), base, terms, changes)
            for combination in self._combinations(questions)
        }
        if not results:
            return self._separately(base, terms, changes, declaration, questions)
        return Tally(
            held=hull(result[0] for result in results.values()),
            not_counted=hull(result[2] for result in results.values()),
            counted=hull(result[1] for result in results.values()),
            declaration=declaration,
            terms=terms,
            changes=changes,
            by_answer=self._by_answer(questions, {c: r[1] for c, r in results.items()}),
            questions=questions,
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
        legs = tuple(
            Leg(sign, kind & by_status(self._law, account.status, category), kind)
            for sign, account in ((-1, row.origin), (1, row.destination))
            if account.party == party
        )
        if not legs or _cancels(legs):
            return None
        why = _untimely(item, since, day) or _unfounded(item, party, legs)
        rises = row.basis.counts_against and not _untimely(item, since, day)
        return Change(item, row.type or "items", legs, not why, rises, why)

    def _combinations(self, questions: frozenset[str]) -> Iterator[tuple[tuple[str, str], ...]]:
        names = sorted(questions)
        choices: list[tuple[str, ...]] = []
        for name in names:
            answer = self._readings.answer(name)
            choices.append((answer,) if answer is not None else answers_to(self._law, name))
        size = 1
        for choice in choices:
            size *= len(choice)
        if size > _MOST_COMBINATIONS:
            return
        for answers in itertools.product(*choices):
            yield tuple(zip(names, answers, strict=True))

    def _separately(
        self,
        base: Span,
        terms: tuple[Term, ...],
        changes: tuple[Change, ...],
        declaration: Declaration | None,
        questions: frozenset[str],
    ) -> Tally:
        """Take each term at its own widest: wider than need be, never narrower."""
        sums = [(base, base, ZERO)]
        for term in terms:
            stances = [term.counts, term.already]
            sums.append(self._own_widest(stances, (term,), ()))
        for change in changes:
            sums.append(self._own_widest([leg.counts for leg in change.legs], (), (change,)))
        return Tally(
            held=total(item[0] for item in sums),
            not_counted=total(item[2] for item in sums),
            counted=total(item[1] for item in sums),
            declaration=declaration,
            terms=terms,
            changes=changes,
            by_answer={},
            questions=questions,
        )

    def _own_widest(
        self, stances: list[Stance], terms: tuple[Term, ...], changes: tuple[Change, ...]
    ) -> tuple[Span, Span, Span]:
        own = frozenset(test.question for stance in stances for test in stance.tests)
        results = [
            _evaluate(dict(combination), ZERO, terms, changes)
            for combination in self._combinations(own)
        ]
        return (
            hull(r[0] for r in results),
            hull(r[1] for r in results),
            hull(r[2] for r in results),
        )

    def _by_answer(
        self, questions: frozenset[str], results: Mapping[tuple[tuple[str, str], ...], Span]
    ) -> dict[str, dict[str, Span]]:
        found: dict[str, dict[str, Span]] = {}
        for question in sorted(questions):
            if self._readings.answer(question) is not None:
                continue
            spans: dict[str, Span] = {}
            for combination, span in results.items():
                answer = dict(combination)[question]
                spans[answer] = spans[answer].hull(span) if answer in spans else span
            if len(set(spans.values())) > 1:
                found[question] = spans
        return found


def _evaluate(
    answers: Mapping[str, str], base: Span, terms: Iterable[Term], changes: Iterable[Change]
) -> tuple[Span, Span, Span]:
    """Return held, counted and not counted under one set of answers."""
    held = counted = base
    excluded = ZERO
    for term in terms:
        already = term.already.holds(answers)
        belongs = term.belongs.holds(answers)
        counts = term.counts.holds(answers)
        held = held + _times(belongs - already, term.quantity)
        counted = counted + _times(counts - already, term.quantity)
        excluded = excluded + _times(belongs - counts, term.quantity)
    for change in changes:
        held = held + effect(change, sum(g.sign for g in change.legs if g.belongs.holds(answers)))
        counted = counted + effect(
            change, sum(g.sign for g in change.legs if g.counts.holds(answers))
        )
        excluded = excluded + effect(
            change,
            sum(g.sign * (g.belongs.holds(answers) - g.counts.holds(answers)) for g in change.legs),
        )
    return held, counted, excluded.cut_at_zero()


def effect(change: Change, weight: int) -> Span:
    """Return what a movement adds: with certainty, or between nothing and all."""
    if weight == 0:
        return ZERO
    full = _times(weight, change.recorded.row.quantity)
    return full if change.certain or (weight > 0 and change.rises) else full.hull(ZERO)


def _times(weight: int, quantity: Span) -> Span:
    if weight == 0:
        return ZERO
    one = quantity if weight > 0 else -quantity
    return total([one] * abs(weight))


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


def _untimely(item: RecordedMovement, since: DateSpan | None, day: date) -> str:
    """Return why a movement may not have happened in the time counted; empty where it did."""
    row = item.row
    if row.state is State.PLANNED:
        return "planned, not reported as done"
    if row.date.last > day:
        return "may not have happened by then"
    if since and row.date.first <= since.last:
        return "may be in the declaration already"
    return ""


def _unfounded(item: RecordedMovement, party: str, legs: tuple[Leg, ...]) -> str:
    """Return why a movement's authority is not enough to be certain; empty where it is."""
    row = item.row
    leaves = row.origin.party == party and not _stays(row.destination, party)
    enters = row.destination.party == party and not _stays(row.origin, party)
    if leaves and not row.basis.removes:
        return f"a departure on the basis '{row.basis.value}' is not certain"
    if enters and not row.basis.counts_against:
        return f"an arrival on the basis '{row.basis.value}' is not certain"
    if not leaves and not enters:
        # Into a status that always counts, a change can only raise the count.
        raises = legs[-1].counts == legs[-1].belongs
        enough = row.basis.counts_against if raises else row.basis.removes
        if not enough:
            return f"a change of status on the basis '{row.basis.value}' is not certain"
    return ""


def _stays(account: Account, party: str) -> bool:
    return account.party == party
