"""The sum of what counts, under every combination of answers to the open questions.

The count is a sum of terms. A term is a quantity with two stances: when it counts, and when it is
already part of another figure (a type inside a declared total, stored items inside an overall
holding). For each combination of answers to the open questions the sum is taken; the count is the
smallest span that holds all of them, so the same uncertain batch is never low in one line and high
in another.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from compliance.agreement.law import Agreement
from compliance.agreement.select import Readings
from compliance.assess.stance import Stance, answers_to
from compliance.values.evidence import Declaration, RecordedMovement
from compliance.values.frozen import frozen
from compliance.values.span import ZERO, Span, hull, total

# Beyond this many combinations of answers each term is taken at its own widest: never too narrow.
_MOST_COMBINATIONS = 4096


@frozen
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


@frozen
class Leg:
    """One side of a movement as it bears on one party: +1 in, -1 out."""

    sign: int
    counts: Stance
    belongs: Stance


Three = tuple[Span, Span, Span]
"""Held, counted and not counted."""


class Weights(NamedTuple):
    """How often what a movement moves is added: below zero, taken away."""

    held: int
    counted: int
    not_counted: int


def weights(legs: Iterable[Leg]) -> Weights | None:
    """Return the weights of a movement where they are the same whatever the answers, else none."""
    held = counted = 0
    for leg in legs:
        if leg.counts.tests or leg.belongs.tests:
            return None
        held += 0 if leg.belongs.never else leg.sign
        counted += 0 if leg.counts.never else leg.sign
    return Weights(held, counted, held - counted)


@frozen
class Change:
    """A movement as it bears on one party.

    Attributes:
        settled: what it adds, where no answer to a question changes that.
        certain: it surely happened after the declaration, on sufficient authority.
        rises: it is certain at least where it raises the count: less authority is enough for that.
        why: why it is not certain, in words; empty where it is.
    """

    recorded: RecordedMovement
    name: str
    legs: tuple[Leg, ...]
    settled: Three | None
    certain: bool
    rises: bool
    why: str

    @property
    def weight(self) -> int:
        """What it does to the count where it counts: +1 in, -1 out, 0 a change of status."""
        return sum(leg.sign for leg in self.legs)

    def ruled_out(self, readings: Readings) -> str:
        """Return the answer in force under which it counts nowhere; empty where it may count."""
        if self.settled is not None:
            return ""
        answers = [leg.counts.ruled_out(readings) for leg in self.legs]
        return answers[0] if all(answers) else ""


@frozen
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


class Summation:
    """Adds up under one agreement and one set of readings."""

    def __init__(self, law: Agreement, readings: Readings) -> None:
        self._law = law
        self._readings = readings

    def add_up(
        self,
        base: Span,
        terms: tuple[Term, ...],
        changes: tuple[Change, ...],
        declaration: Declaration | None,
        whole: Three | None = None,
    ) -> Tally:
        """Return the tally of a declared base, the terms beside it and the movements after it.

        Args:
            base: the declared totals.
            terms: what stands beside them.
            changes: what moved since.
            declaration: the one in use.
            whole: what base and terms add up to, where that is known to be ``settled``.
        """
        turning = [change for change in changes if change.settled is None]
        if whole is not None and not turning:
            held, counted, not_counted = whole
            if changes:
                moved = _moved(changes)
                held, counted = held + moved[0], counted + moved[1]
                not_counted = not_counted + moved[2]
            cut = not_counted.cut_at_zero()
            return Tally(held, cut, counted, declaration, terms, changes, {}, frozenset())
        stances = [s for t in terms for s in (t.counts, t.already)]
        stances += [leg.counts for change in turning for leg in change.legs]
        questions = frozenset(test.question for stance in stances for test in stance.tests)
        moved = _moved(changes)
        results = {
            combination: _evaluate(dict(combination), base, terms, turning, moved)
            for combination in self.combinations(questions)
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

    def combinations(self, questions: frozenset[str]) -> Iterator[tuple[tuple[str, str], ...]]:
        """Yield every set of answers to the questions; none where there are too many."""
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
            for combination in self.combinations(own)
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


def settled(base: Span, terms: Iterable[Term]) -> Three | None:
    """Return what a base and terms add up to where no answer changes that; ``None`` where any may.

    What is not counted is not cut at zero yet.
    """
    held, counted, not_counted = base, base, ZERO
    for term in terms:
        counts, already, belongs = term.counts, term.already, term.belongs
        if counts.tests or already.tests or belongs.tests:
            return None
        held = held + _times((not belongs.never) - (not already.never), term.quantity)
        counted = counted + _times((not counts.never) - (not already.never), term.quantity)
        not_counted = not_counted + _times(counts.never - belongs.never, term.quantity)
    return held, counted, not_counted


def _moved(changes: Iterable[Change]) -> Three:
    """Return what the movements add that add the same whatever the answers."""
    found = [change.settled for change in changes if change.settled is not None]
    return (
        total(held for held, _, _ in found),
        total(counted for _, counted, _ in found),
        total(not_counted for _, _, not_counted in found),
    )


def _evaluate(
    answers: Mapping[str, str],
    base: Span,
    terms: Iterable[Term],
    changes: Iterable[Change],
    moved: Three = (ZERO, ZERO, ZERO),
) -> Three:
    """Return held, counted and not counted under one set of answers.

    Args:
        answers: the answers.
        base: the declared total.
        terms: what stands beside it.
        changes: the movements whose bearing turns on answers.
        moved: what the others add.
    """
    held, counted = base + moved[0], base + moved[1]
    excluded = moved[2]
    for term in terms:
        already = term.already.holds(answers)
        belongs = term.belongs.holds(answers)
        counts = term.counts.holds(answers)
        held = held + _times(belongs - already, term.quantity)
        counted = counted + adds(term, answers)
        excluded = excluded + _times(belongs - counts, term.quantity)
    for change in changes:
        held = held + effect(change, sum(g.sign for g in change.legs if g.belongs.holds(answers)))
        counted = counted + moves(change, answers)
        excluded = excluded + effect(
            change,
            sum(g.sign * (g.belongs.holds(answers) - g.counts.holds(answers)) for g in change.legs),
        )
    return held, counted, excluded.cut_at_zero()


def adds(term: Term, answers: Mapping[str, str]) -> Span:
    """Return what a term adds to the count under a set of answers."""
    return _times(term.counts.holds(answers) - term.already.holds(answers), term.quantity)


def moves(change: Change, answers: Mapping[str, str]) -> Span:
    """Return what a movement adds to the count under a set of answers."""
    return effect(change, sum(leg.sign for leg in change.legs if leg.counts.holds(answers)))


def effect(change: Change, weight: int) -> Span:
    """Return what a movement adds: with certainty, or between nothing and all."""
    certain = change.certain or (weight > 0 and change.rises)
    return weighted(change.recorded.row.quantity, weight, certain=certain)


def weighted(quantity: Span, weight: int, *, certain: bool) -> Span:
    """Return a quantity so often: with certainty, or between nothing and all."""
    full = _times(weight, quantity)
    return full if certain else full.hull(ZERO)


def _times(weight: int, quantity: Span) -> Span:
    if weight == 0:
        return ZERO
    one = quantity if weight > 0 else -quantity
    return one if abs(weight) == 1 else total([one] * abs(weight))
