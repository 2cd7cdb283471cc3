"""The book: what a later declaration should say, by an earlier one and what moved in between.

Opening plus what came minus what left is the book; what is declared minus the book is unexplained.
Each case of the open questions has a balance of its own, so that its spans add up exactly: a type
that may or may not count cannot be in the opening and out of the book.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum

from compliance.agreement.law import Agreement
from compliance.agreement.select import Readings
from compliance.assess import words
from compliance.assess.count import Counter
from compliance.assess.result import EvidenceRow
from compliance.assess.stance import answers_to
from compliance.assess.tally import Change, effect
from compliance.assess.types import TypeLookup
from compliance.values.dates import DateSpan
from compliance.values.evidence import Declaration, RecordedMovement
from compliance.values.frozen import frozen
from compliance.values.records import Account
from compliance.values.said import Said, english, said
from compliance.values.span import ZERO, Span, hull, total

# Beyond this many cases one balance stands for all of them: wider than need be, never narrower.
_MOST_CASES = 64


class Outcome(StrEnum):
    """What can be said of the unexplained difference."""

    EXPLAINED = "explained"
    UNEXPLAINED = "unexplained"
    CANNOT_TELL = "cannot_tell"


@frozen
class Moved:
    """A movement as it bears on the book.

    Attributes:
        kind: ``import``, ``from serbia``, ``reduced: destroyed``, ``change of status`` and so on.
        increase: how many it may have added.
        decrease: how many it may have taken away.
        why: why it is not certain, in words; empty where it is.
    """

    row: EvidenceRow
    kind: str
    increase: Span
    decrease: Span
    why: str


@frozen
class Balance:
    """An earlier figure carried forward, and the later one.

    Attributes:
        answers: the answers to open questions that it holds under; none where it holds whatever
            they are.
        opening: what the earlier declaration counts.
        book: what it counts on the later one's day, with what moved, before any cut at zero.
        declared: what the later declaration counts.
    """

    opening: Span
    moved: tuple[Moved, ...]
    book: Span
    declared: Span
    answers: tuple[tuple[tuple[str, str], ...], ...] = ()

    @property
    def increases(self) -> dict[str, Span]:
        """What came, by kind."""
        return _by_kind((item.kind, item.increase) for item in self.moved)

    @property
    def decreases(self) -> dict[str, Span]:
        """What left, by kind."""
        return _by_kind((item.kind, item.decrease) for item in self.moved)

    @property
    def unexplained(self) -> Span:
        """Declared minus book: above zero, more is declared than the record explains."""
        return self.declared - self.book

    @property
    def outcome(self) -> Outcome:
        """What can be said of it."""
        difference = self.unexplained
        if difference == ZERO:
            return Outcome.EXPLAINED
        above = difference.low is not None and difference.low > 0
        below = difference.high is not None and difference.high < 0
        return Outcome.UNEXPLAINED if above or below else Outcome.CANNOT_TELL


def disagree(balances: Sequence[Balance]) -> bool:
    """True where two figures differ whatever the answers: zero is in no case's difference."""
    return all(balance.outcome is Outcome.UNEXPLAINED for balance in balances)


class Books:
    """Draws up balances under one agreement, one catalogue and one set of readings."""

    def __init__(self, law: Agreement, lookup: TypeLookup, readings: Readings) -> None:
        self._law = law
        self._lookup = lookup
        self._readings = readings
        self.counter = Counter(law, lookup, readings)

    def balances(
        self,
        category: str,
        first: Declaration,
        second: Declaration,
        movements: Iterable[RecordedMovement],
    ) -> tuple[Balance, ...]:
        """Return the balance of two declarations of a party, for each case of the open questions.

        The book is what the count makes of the first declaration on the day of the second. Where
        the second is dated by a span, what moved within it may not be in it yet; where the two
        spans overlap, either may be the earlier one, and what moved may bear either way.

        Args:
            category: the category counted.
            first: the earlier declaration, by its last day.
            second: the later one.
            movements: the party's; others are of no account.
        """
        pair = _Pair(category, first, second, tuple(movements))
        questions = sorted(q for q in pair.questions(self.counter) if self._readings.is_open(q))
        choices = [answers_to(self._law, question) for question in questions]
        if math.prod(map(len, choices)) > _MOST_CASES:
            return (pair.balance(self.counter, self._widest),)
        cases: dict[tuple[str, ...], Balance] = {}
        for answers in itertools.product(*choices):
            readings = self._readings.with_answers(dict(zip(questions, answers, strict=True)))
            counter = Counter(self._law, self._lookup, readings)
            cases[answers] = pair.balance(counter, _Closed(readings))
        return _told_apart(questions, cases)

    def _widest(self, change: Change) -> Span:
        """Return what a movement may do under any answers."""
        questions = sorted(q for q in _questions([change]) if self._readings.is_open(q))
        choices = [answers_to(self._law, question) for question in questions]
        return hull(
            _Closed(self._readings.with_answers(dict(zip(questions, answers, strict=True))))(change)
            for answers in itertools.product(*choices)
        )


@frozen
class _Closed:
    """What a movement does where every question that it turns on is answered."""

    readings: Readings

    def __call__(self, change: Change) -> Span:
        answers = {q: self.readings.answer(q) or "" for q in _questions([change])}
        return effect(change, sum(leg.sign for leg in change.legs if leg.counts.holds(answers)))


class _Pair:
    """Two declarations of a party, and what may have moved in between."""

    def __init__(
        self,
        category: str,
        first: Declaration,
        second: Declaration,
        movements: tuple[RecordedMovement, ...],
    ) -> None:
        self._category = category
        self._first = first
        self._second = second
        self._recorded = {item.ref: item for item in movements}
        self._tail = [possible(item) if _within(item, second.as_of) else item for item in movements]
        # Where the later declaration may be the earlier one, so much further back things matter.
        self._since = replace(first.as_of, first=min(first.as_of.first, second.as_of.first))

    def questions(self, counter: Counter) -> frozenset[str]:
        """Return the questions that anything of it turns on."""
        day = self._second.as_of.last
        tallies = [
            counter.tally(d.party, self._category, d, (), day) for d in (self._first, self._second)
        ]
        return frozenset(q for tally in tallies for q in tally.questions) | _questions(
            self._changes(counter)
        )

    def balance(self, counter: Counter, contribution: Callable[[Change], Span]) -> Balance:
        """Return the balance.

        Args:
            counter: counts the two declarations.
            contribution: what a movement adds, below zero what it takes away.
        """
        party, day = self._first.party, self._second.as_of.last
        opening = counter.tally(party, self._category, self._first, (), day).counted
        declared = counter.tally(party, self._category, self._second, (), day).counted
        moved = tuple(
            found
            for change in self._changes(counter)
            if (found := self._moved(change, contribution(change))) is not None
        )
        came, left = total(m.increase for m in moved), total(m.decrease for m in moved)
        return Balance(opening, moved, opening + came - left, declared)

    def _changes(self, counter: Counter) -> tuple[Change, ...]:
        return counter.tail(
            self._first.party, self._category, self._since, self._tail, self._second.as_of.last
        ).changes

    def _moved(self, change: Change, contribution: Span) -> Moved | None:
        if contribution == ZERO:
            return None
        item = self._recorded[change.recorded.ref]
        came, left = contribution.cut_at_zero(), (-contribution).cut_at_zero()
        why = change.why
        if _within(item, self._second.as_of):
            why = why or said("may be after the later declaration")
        if self._may_be_before(item):
            # The other way round what came was not there yet, and what left was still there.
            back, forth = (left.hull(ZERO), came.hull(ZERO)), (came.hull(ZERO), left.hull(ZERO))
            after = item.row.date.last > self._first.as_of.first
            came, left = (back[0].hull(forth[0]), back[1].hull(forth[1])) if after else back
            why = said("either declaration may be the earlier one")
        kind = _kind(item.row.origin, item.row.destination, self._first.party)
        return Moved(words.evidence(item), kind, came, left, why)

    def _may_be_before(self, item: RecordedMovement) -> bool:
        """True where a movement may lie between the two the other way round."""
        first, second, moved = self._first.as_of, self._second.as_of, item.row.date
        return second.first < first.last and moved.last > second.first and moved.first <= first.last


def possible(item: RecordedMovement) -> RecordedMovement:
    """Return a movement that may be of none of the items in question, or not in the time."""
    return replace(item, row=replace(item.row, quantity=ZERO.hull(item.row.quantity)))


def _within(item: RecordedMovement, dates: DateSpan) -> bool:
    """True where a movement may be after a day that may be any of these, or may not."""
    return not dates.exact and item.row.date.last > dates.first


def _questions(changes: Iterable[Change]) -> frozenset[str]:
    return frozenset(
        test.question for change in changes for leg in change.legs for test in leg.counts.tests
    )


def _told_apart(
    questions: Sequence[str], cases: Mapping[tuple[str, ...], Balance]
) -> tuple[Balance, ...]:
    """Return each different balance once, with the answers that make the difference."""
    matter = [
        place
        for place in range(len(questions))
        if any(
            balance != cases[other]
            for answers, balance in cases.items()
            for other in cases
            if _without(place, answers) == _without(place, other)
        )
    ]
    found: dict[Balance, dict[tuple[tuple[str, str], ...], None]] = {}
    for answers, balance in cases.items():
        told = tuple((questions[place], answers[place]) for place in matter)
        found.setdefault(balance, {})[told] = None
    return tuple(
        replace(balance, answers=tuple(told) if matter else ()) for balance, told in found.items()
    )


def _without(place: int, answers: tuple[str, ...]) -> tuple[str, ...]:
    return answers[:place] + answers[place + 1 :]


def _kind(origin: Account, destination: Account, party: str) -> Said:
    """Return how what moved came or left."""
    if origin.party == destination.party == party:
        return said("change of status")
    arrives = destination.party == party
    other = origin if arrives else destination
    if other.party:
        return _from_or_to(other.party, arrives=arrives)
    place, _, more = other.place[1:].partition(":")
    usual = _WAYS_IN if arrives else _WAYS_OUT
    way = usual.get(place) or _from_or_to(place, arrives=arrives)
    if place == "reduced":
        return said("{way}: {method}", way=way, method=english(more.replace("_", " ")))
    return way


_WAYS_IN = {"import": said("import"), "production": said("production")}
_WAYS_OUT = {"export": said("export"), "lost": said("lost"), "reduced": said("reduced")}


def _from_or_to(account: str, *, arrives: bool) -> Said:
    return (
        said("from {account}", account=account)
        if arrives
        else said("to {account}", account=account)
    )


def _by_kind(parts: Iterable[tuple[str, Span]]) -> dict[str, Span]:
    found: dict[str, Span] = {}
    for kind, quantity in parts:
        if quantity != ZERO:
            found[kind] = found.get(kind, ZERO) + quantity
    return dict(sorted(found.items()))
